"""A call to whoever is on call on Christmas Eve: told at once, and chased when nobody answers."""

from uuid import uuid4

from chassis.roles import Role
from tests.scenarios.world import World


async def test_an_authority_that_is_silent_over_christmas_is_told_of_at_midnight(
    world: World,
) -> None:
    await world.at("2025-12-24 17:30")
    manager = world.safety("westmarch", Role.TEAM_MANAGER)
    on_call = world.stage.staff.workers(world.stage.authority("westmarch"))[0]
    await manager.start_on_call("2025-12-29 09:00", worker=on_call.id)

    await world.at("2025-12-24 21:15")
    child = str(uuid4())
    concern = await manager.raise_concern("She says that she was hit.", child=child)
    await concern.emergency_told("police", occurred="2025-12-24 21:15")
    await concern.refer("harrowdale", words="There was no time to ask.")
    await concern.acknowledge()
    await world.settle()
    stands = (await concern.stands()).concern
    assert (stands.out_of_hours, stands.unstaffed) == (True, False)
    # Christmas, Boxing Day and a weekend lie between.
    assert stands.answer_by == "2025-12-29"

    await world.at("2025-12-29 23:59")
    done = ["concern-raised", "emergency-told", "referred-to-la", "concern-acknowledged"]
    assert [each.kind for each in (await concern.stands()).entries] == done
    await world.at("2025-12-30 00:00")
    assert [each.kind for each in (await concern.stands()).entries] == [*done, "la-overdue"]

    await concern.answered("harrowdale")
    await concern.close("enquiry-by-authority")
    await world.settle()
    assert (await concern.stands()).concern.state == "closed"
