"""A duty changes in mid-treatment: tasks on both sides, and nobody leaves first."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

import grpc
import pytest

from chassis.roles import Role
from services.casework.tests.conftest import HARROWDALE

if TYPE_CHECKING:
    from services.casework.tests.conftest import Office
    from services.casework.tests.own_news import News
    from services.casework.tests.speaking import Speaker

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def refused(name: str, doing: Any) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await doing
    assert name in str(error.value.details()) + str(error.value.debug_error_string())


async def changed(office: "Office", child: str, before: str, now: str) -> None:
    told = {"child": child, "duty_holder": now, "before": before, "from_day": "2025-09-01"}
    await office.hear(office.record("referrals", "ResponsibilityChanged", told, None))


async def begun(office: "Office", news: "News") -> tuple["Speaker", "Speaker", str, str]:
    """Let the duty of a case go from westmarch to harrowdale."""
    lead = await office.registered("therapist")
    case_id = str(await office.led_case(lead))
    manager = office.speaker(Role.TEAM_MANAGER)
    there = office.speaker(Role.TEAM_MANAGER, at=HARROWDALE)
    manager.seen = lead.seen
    child = (await manager.ask("GetCase", case_id=case_id)).case.child
    await changed(office, child, "westmarch", "harrowdale")
    await news.told(manager, there)
    return manager, there, case_id, child


async def raised(office: "Office", kind: str) -> list[UUID]:
    """Return the authorities in whose record tasks of a kind were raised, in order."""
    rows = await office.parts.worker_pool.fetch(
        "select tenant from es.events where type = 'TaskRaised'"
        " and convert_from(payload, 'utf8')::jsonb ->> 'kind' = $1 order by position",
        kind,
    )
    return [row["tenant"] for row in rows]


async def test_neither_side_closes_before_the_other_has_the_duty(
    office: "Office", news: "News"
) -> None:
    before = len(await raised(office, "hand-on-duty")), len(await raised(office, "take-on-duty"))
    manager, there, case_id, child = await begun(office, news)
    standing = await manager.ask("GetDutyChange", case_id=case_id)
    assert (standing.state, standing.to) == ("handing-on", "harrowdale")
    assert list(standing.stays) == ["financial-support-before-order"]
    after = len(await raised(office, "hand-on-duty")), len(await raised(office, "take-on-duty"))
    assert after == (before[0] + 1, before[1] + 1)
    assert (await raised(office, "take-on-duty"))[-1] == HARROWDALE
    await refused("DutyNotHandedOn", manager.close(case_id, "out-of-responsibility"))

    assert (await there.ask("GetArrivedDuty", child=child)).state == "came"
    await there.do("TakeDutyOn", child=child)
    await news.told(manager, there)
    assert (await manager.ask("GetDutyChange", case_id=case_id)).state == "handed-on"
    await manager.close(case_id, "out-of-responsibility")


async def test_who_goes_on_by_choice_says_so_and_the_other_waits_for_nothing(
    office: "Office", news: "News"
) -> None:
    manager, there, case_id, child = await begun(office, news)
    await manager.do("KeepDutyByChoice", case_id=case_id, words="The therapy ends in April.")
    await news.told(manager, there)
    assert (await manager.ask("GetDutyChange", case_id=case_id)).state == "kept"
    await refused("not found", there.ask("GetArrivedDuty", child=child))
    await manager.close(case_id, "out-of-responsibility")


async def test_a_duty_that_did_not_change_after_all_leaves_nothing_to_do(
    office: "Office", news: "News"
) -> None:
    manager, there, case_id, child = await begun(office, news)
    await changed(office, child, "harrowdale", "westmarch")
    await news.told(manager, there)
    await refused("not found", manager.ask("GetDutyChange", case_id=case_id))
    await refused("not found", there.ask("GetArrivedDuty", child=child))
    await manager.close(case_id, "out-of-responsibility")


async def settled(office: "Office", kind: str) -> int:
    """Count the tasks of a kind that are settled, of all authorities."""
    return int(
        await office.parts.worker_pool.fetchval(
            "select count(*) from es.events o join es.events r using (tenant, stream_id)"
            " where o.type = 'TaskSettled' and r.type = 'TaskRaised'"
            " and convert_from(r.payload, 'utf8')::jsonb ->> 'kind' = $1",
            kind,
        )
    )


async def test_a_case_that_goes_to_who_owes_the_service_takes_the_duty_along(
    office: "Office", news: "News"
) -> None:
    before = await settled(office, "hand-on-duty"), await settled(office, "take-on-duty")
    manager, there, case_id, child = await begun(office, news)
    theirs = await office.registered("social-worker", at=HARROWDALE)
    offered = await manager.do(
        "OfferTransfer",
        case_id=case_id,
        kind="authority",
        to="harrowdale",
        ground="statutory-duty",
        reason="duty-changed",
    )
    await news.told(manager, there)
    assert (await there.ask("GetArrivedDuty", child=child)).state == "came"
    await there.do("AcceptTransfer", transfer_id=offered.transfer_id, lead=str(theirs.id))
    await news.told(manager, there)
    assert (await manager.ask("GetDutyChange", case_id=case_id)).state == "handed-on"
    assert (await there.ask("GetArrivedDuty", child=child)).state == "taken-on"
    after = await settled(office, "hand-on-duty"), await settled(office, "take-on-duty")
    assert after == (before[0] + 1, before[1] + 1)
    # Nothing of the duty keeps the case open there.
    theirs.seen = there.seen
    await theirs.close(case_id, "goals-met")
