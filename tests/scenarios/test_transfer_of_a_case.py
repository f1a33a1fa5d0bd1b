"""A case moves to another partnership: custody at one instant, and nothing from before adoption."""

from uuid import uuid4

import grpc
import pytest

from tests.scenarios.duty_lines import DutyLine
from tests.scenarios.families import Child, child
from tests.scenarios.front_door import Referral
from tests.scenarios.world import World

SHARE = "share/authority:northmoor"
PARENT = str(uuid4())


async def test_a_case_moves_to_another_partnership(world: World) -> None:
    await world.at("2026-01-05")
    told = child(order="2019-05-02", placed_by="westmarch")
    c11 = await world.duty("westmarch").refer(told, lives_in="westmarch")
    await c11.screen()
    await c11.accept()
    await world.settle()
    before = await c11.case.allocate()
    concern = await world.safety("westmarch").raise_concern(
        "She was left alone.", child=c11.child, case_id=c11.case_id
    )
    await concern.acknowledge()
    await concern.close("support-in-case")

    # They moved on the tenth; consent, then the offer with what would go along.
    await world.at("2026-01-12")
    leaving = world.leaving("westmarch", c11.case_id)
    preview = await leaving.preview()
    assert preview["safeguarding"] == (1, True)
    with pytest.raises(grpc.aio.AioRpcError, match="NoConsentToShare"):
        await leaving.offer("authority", "northmoor", "family-moved")
    await c11.case.consents.give(PARENT, SHARE)
    transfer = await leaving.offer(
        "authority", "northmoor", "family-moved", parts=["consents", "sessions"]
    )
    await world.settle()
    arriving = world.arriving("northmoor")
    [offered] = await arriving.offered(c11.case_id)
    assert list(offered.parts) == ["case", "safeguarding", "consents", "sessions"]

    await world.at("2026-01-19")
    there = c11.case.of("northmoor")
    await arriving.accept(transfer, there.lead.id)
    await world.settle()
    assert await arriving.offered(c11.case_id, "whole")

    # One instant: custody, the lead there, the end of the lead here.
    custody = await leaving.custody()
    assert custody.holder == str(world.stage.authority("northmoor"))
    [passing] = custody.passings
    now, behind = (await there.stands()).case, (await c11.case.stands()).case
    assert (now.state, now.lead) == ("open", there.lead.id)
    assert (behind.state, behind.lead) == ("transferred", "")
    assert now.lead_since.instant == passing.at
    assert f"{passing.at.ToDatetime():%F}" == "2026-01-19"
    assert c11.case_id not in [each.case_id for each in await before.caseload()]

    # The old side keeps its record and adds nothing; the new one has what came along.
    assert (await c11.case.chronology())[-1].kind in {"custody-passed", "allocation-ended"}
    with pytest.raises(grpc.aio.AioRpcError, match="CustodyPassed"):
        await c11.case.consents.give(PARENT, "share/agency:school")
    came = await world.leaving("northmoor", c11.case_id).came_along()
    assert {each.part for each in came} == {"case", "safeguarding", "consents"}
    told_of = next(each for each in came if each.type == "ConcernRaised")
    assert "She was left alone." in told_of.words
    assert all(each.origin_authority == str(world.stage.authority("westmarch")) for each in came)

    await the_family_is_reached(world, told, c11)


async def the_family_is_reached(world: World, told: Child, moved: Referral) -> None:
    """Look for the family at the front door there: known by the same ids, and a letter goes out."""
    known = await world.person("northmoor", moved.child).identity()
    assert [each.family_name for each in known.names] == [told.surname]
    lines = [DutyLine(world.duty(each).actor, moved.child) for each in ("westmarch", "northmoor")]
    assert await lines[1].said() == await lines[0].said() != []
    await world.at("2026-01-20")
    notice = await moved.case.of("northmoor").deciding.propose()
    await notice.issue()
    await world.settle()
    prepared = await notice.serve("first-class-post")
    assert (prepared.blocked, prepared.address.split("\n")[1]) == ("", "Lower Fell")


async def test_the_duty_changes_in_mid_treatment_and_nobody_leaves_first(world: World) -> None:
    await world.at("2026-01-05")
    told = child(order="2023-03-14", placed_by="saltby")
    c3 = await world.duty("saltby").refer(told, lives_in="northmoor")
    await c3.screen()
    await c3.accept()
    await world.settle()
    await c3.case.allocate()

    await world.at("2026-03-15 00:01")
    await world.settle()
    here, there = world.changing_duty("saltby"), world.changing_duty("northmoor")
    standing = await here.stands(c3.case_id)
    assert (standing.state, standing.to, standing.from_day) == (
        "handing-on",
        "northmoor",
        "2026-03-15",
    )
    assert list(standing.stays) == ["financial-support-before-order"]
    assert (await there.arrived(c3.child)).state == "came"
    assert (await c3.case.stands()).case.state == "open"
    with pytest.raises(grpc.aio.AioRpcError, match="DutyNotHandedOn"):
        await c3.case.close("out-of-responsibility")

    await world.at("2026-03-20")
    await there.take_on(c3.child)
    await world.settle()
    assert (await here.stands(c3.case_id)).state == "handed-on"
    await c3.case.close("out-of-responsibility")
