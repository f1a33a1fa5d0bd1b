"""The urgent path as its callers meet it: danger is told at any hour, and nobody waits unseen."""

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import grpc
import pytest

from casework.streams import concern_about, concern_stream
from casework.urgent import published
from chassis.roles import Role

if TYPE_CHECKING:
    from services.casework.tests.conftest import Office
    from services.casework.tests.speaking import Speaker

# Each story has an authority of its own, since each sets its rotas anew.
WESTMARCH, HARROWDALE, COLNE_BAY, SALTBY, NORTHMOOR = (
    UUID(f"0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a{n:02x}") for n in (1, 2, 5, 3, 4)
)


async def next_evening(office: "Office") -> datetime:
    """Go to nine in the evening, on a day that is none of the office's hours."""
    evening = office.today.replace(hour=21, minute=0) + timedelta(days=1)
    await office.go_to(evening)
    return evening


async def on_call(office: "Office", at: UUID, hours: int = 12) -> "Speaker":
    worker = await office.registered("therapist", at=at)
    until = office.today + timedelta(hours=hours)
    await worker.do("StartOnCall", post="on-call", until=until)
    return worker


async def managing(office: "Office", at: UUID, hours: int = 24) -> "Speaker":
    manager = await office.registered("team-manager", at=at)
    until = office.today + timedelta(hours=hours)
    await manager.do("StartOnCall", post="duty-manager", until=until)
    return manager


async def danger(office: "Office", at: UUID, **told: Any) -> tuple[UUID, UUID]:
    """Hear of danger; answer the referral's id and the concern's."""
    referral = uuid4()
    data = {"referral_id": str(referral), "family_id": str(uuid4()), "child": str(uuid4())} | told
    await office.hear(office.record("referrals", "DangerReported", data, None, at))
    return referral, concern_about(at, referral)


async def told(office: "Office", at: UUID, concern_id: UUID) -> list[Any]:
    """Return what others are told of a concern."""
    stored = await office.parts.shell.store.read(at, concern_stream(concern_id))
    facts = [office.parts.shell.registry.decode(each) for each in stored]
    return [said for each in facts if (said := published.publish(each)) is not None]


async def test_danger_out_of_hours_is_told_to_the_worker_on_call_by_the_rota(
    office: "Office",
) -> None:
    manager = await managing(office, WESTMARCH, hours=60)
    await next_evening(office)
    worker = await on_call(office, WESTMARCH)
    _, concern_id = await danger(office, WESTMARCH)
    [raised] = await told(office, WESTMARCH, concern_id)
    assert raised.out_of_hours
    assert raised.tell == (manager.id, worker.id)
    assert raised.unstaffed == ()
    worker.seen = await office.newest()
    await worker.do("AcknowledgeConcern", concern_id=str(concern_id))
    found = await worker.ask("GetConcern", concern_id=str(concern_id))
    assert (found.concern.state, found.concern.acknowledged_by) == ("acknowledged", str(worker.id))
    assert [each.kind for each in found.entries] == ["concern-raised", "concern-acknowledged"]


async def test_with_nobody_on_call_the_manager_is_told_and_the_gap_is_on_record(
    office: "Office",
) -> None:
    manager = await managing(office, SALTBY, hours=1)
    await next_evening(office)
    _, concern_id = await danger(office, SALTBY)
    [raised] = await told(office, SALTBY, concern_id)
    assert (raised.tell, raised.unstaffed) == ((manager.id,), ("on-call",))
    manager.seen = await office.newest()
    listed = await manager.ask("ListConcerns", state="raised")
    [summary] = [each for each in listed.concerns if each.concern_id == str(concern_id)]
    assert summary.unstaffed


async def test_a_planned_shift_begins_by_itself_and_danger_is_told_to_its_worker(
    office: "Office",
) -> None:
    evening = await next_evening(office)
    worker = await office.registered("therapist", at=HARROWDALE)
    [unstaffed, _] = (await worker.ask("GetOnCall")).posts
    assert (unstaffed.post, unstaffed.unstaffed) == ("on-call", True)
    starts_at = evening + timedelta(hours=1)
    shift: dict[str, Any] = {"starts_at": starts_at, "until": starts_at + timedelta(hours=2)}
    await worker.do("PlanOnCall", post="on-call", **shift)
    end = starts_at + timedelta(hours=2)
    other: dict[str, Any] = {"starts_at": end, "until": end + timedelta(hours=1)}
    await worker.do("PlanOnCall", post="on-call", **other)
    await worker.do("DropPlannedOnCall", post="on-call", starts_at=other["starts_at"])
    [on_call, _] = (await worker.ask("GetOnCall")).posts
    assert [each.worker_id for each in on_call.planned] == [str(worker.id)]
    await office.go_to(starts_at)

    async def stands() -> bool:
        [now, _] = (await worker.ask("GetOnCall")).posts
        return bool(now.worker_id == str(worker.id) and not now.planned and not now.unstaffed)

    await office.until(stands, "the planned shift has begun")
    _, concern_id = await danger(office, HARROWDALE)
    [raised] = await told(office, HARROWDALE, concern_id)
    assert worker.id in raised.tell
    await worker.do("EndOnCall", post="on-call")


async def test_what_nobody_acknowledges_goes_out_again_until_somebody_does(
    office: "Office",
) -> None:
    evening = await next_evening(office)
    worker = await on_call(office, COLNE_BAY)
    _, concern_id = await danger(office, COLNE_BAY)

    async def escalations() -> int:
        said = await told(office, COLNE_BAY, concern_id)
        return sum(isinstance(each, published.ConcernEscalated) for each in said)

    async def once() -> bool:
        return await escalations() == 1

    async def twice() -> bool:
        return await escalations() == 2

    await office.go_to(evening + timedelta(minutes=16))
    await office.until(once, "one escalation")
    await office.go_to(evening + timedelta(minutes=47))
    await office.until(twice, "two escalations")
    duty = office.speaker(Role.DUTY_WORKER, at=COLNE_BAY)
    await duty.do("AcknowledgeConcern", concern_id=str(concern_id))
    await office.go_to(evening + timedelta(hours=3))
    assert await escalations() == 2
    assert worker.id in (await told(office, COLNE_BAY, concern_id))[1].tell


async def test_the_same_danger_heard_twice_is_one_concern_and_a_screen_adds_its_source(
    office: "Office",
) -> None:
    referral, concern_id = await danger(office, WESTMARCH)
    again = {"referral_id": str(referral), "screen_id": str(uuid4())}
    for _ in range(2):
        await office.hear(office.record("referrals", "DangerReported", again, None))
    duty = office.speaker(Role.DUTY_WORKER)
    duty.seen = await office.newest()
    found = await duty.ask("GetConcern", concern_id=str(concern_id))
    assert [each.kind for each in found.entries] == ["concern-raised", "concern-repeated"]


async def test_a_screen_that_belongs_to_a_referral_later_stays_one_concern(
    office: "Office",
) -> None:
    screen, child, case_id = uuid4(), uuid4(), uuid4()
    found = {"screen_id": str(screen), "referral_id": None, "family_id": None, "child": None}
    await office.hear(office.record("referrals", "DangerReported", found, None))
    known = found | {"referral_id": str(uuid4()), "child": str(child)}
    await office.hear(office.record("referrals", "DangerReported", known, case_id))
    duty = office.speaker(Role.DUTY_WORKER)
    duty.seen = await office.newest()
    concern_id = str(concern_about(WESTMARCH, screen))
    answer = await duty.ask("GetConcern", concern_id=concern_id)
    assert [each.kind for each in answer.entries] == ["concern-raised", "concern-identified"]
    assert (answer.concern.child, answer.concern.case_id) == (str(child), str(case_id))


async def test_a_gap_at_an_hour_that_must_have_somebody_is_told_to_the_manager(
    office: "Office",
) -> None:
    manager = await managing(office, NORTHMOOR, hours=60)
    await next_evening(office)
    worker = await on_call(office, NORTHMOOR, hours=2)
    now = await worker.ask("GetOnCall")
    by_post = {each.post: each for each in now.posts}
    assert by_post["on-call"].worker_id == str(worker.id)
    assert by_post["on-call"].wanted
    assert by_post["duty-manager"].worker_id == str(manager.id)
    await worker.do("EndOnCall", post="on-call")
    now = await worker.ask("GetOnCall")
    assert next(each for each in now.posts if each.post == "on-call").worker_id == ""
    events = await office.parts.worker_pool.fetch(
        "select payload from es.events where tenant = $1 and type = 'OnCallUncovered'", NORTHMOOR
    )
    gaps = [json.loads(each["payload"]) for each in events]
    assert [each["tell"] for each in gaps if each["post"] == "on-call"] == [[str(manager.id)]]


async def test_a_call_at_night_is_handed_to_police_and_authority_whatever_the_case(
    office: "Office",
) -> None:
    evening = await next_evening(office)
    worker = await on_call(office, WESTMARCH)
    child = uuid4()
    raised = await worker.do(
        "RaiseConcern", child=str(child), source="call", words="She says that she was hit."
    )
    concern_id = raised.concern_id
    await worker.do("RecordEmergencyTold", concern_id=concern_id, body="police", words="Ref 1")
    await worker.do(
        "ReferConcern",
        concern_id=concern_id,
        to_authority="harrowdale",
        consent="not-sought-urgent",
        words="No time to ask.",
    )
    await worker.do("AcknowledgeConcern", concern_id=concern_id)
    duty = office.speaker(Role.DUTY_WORKER)
    duty.seen = worker.seen
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await duty.do("CloseConcern", concern_id=concern_id, outcome="handed-over", words="Done.")
    assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    found = await worker.ask("GetConcern", purpose="safeguarding", concern_id=concern_id)
    assert found.entries[0].words == "She says that she was hit."
    assert found.entries[2].whom == "harrowdale"
    assert found.concern.answer_by > evening.date().isoformat()
    await duty.do("RecordAuthorityAnswer", concern_id=concern_id, from_authority="harrowdale")
    await duty.do("CloseConcern", concern_id=concern_id, outcome="handed-over", words="Done.")
    closed = await duty.ask("GetConcern", concern_id=concern_id)
    assert (closed.concern.state, closed.concern.answer_by) == ("closed", "")
    assert all(each.words == "" for each in closed.entries)


async def test_an_authority_that_is_silent_is_escalated_as_its_day_ends(office: "Office") -> None:
    evening = await next_evening(office)
    worker = await on_call(office, WESTMARCH)
    raised = await worker.do("RaiseConcern", source="agency", words="A school rang.")
    concern_id = UUID(raised.concern_id)
    await worker.do("AcknowledgeConcern", concern_id=str(concern_id))
    await worker.do(
        "ReferConcern",
        concern_id=str(concern_id),
        to_authority="harrowdale",
        consent="given",
    )

    async def silent() -> bool:
        said = await told(office, WESTMARCH, concern_id)
        return any(getattr(each, "reason", "") == "authority-silent" for each in said)

    assert not await silent()
    await office.go_to(evening + timedelta(days=5))
    await office.until(silent, "the escalation of a silent authority")


async def test_whoever_is_not_told_of_a_concern_does_not_see_it(office: "Office") -> None:
    _, concern_id = await danger(office, WESTMARCH)
    stranger = office.speaker(Role.THERAPIST)
    stranger.seen = await office.newest()
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stranger.ask("GetConcern", concern_id=str(concern_id))
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND
    with pytest.raises(grpc.aio.AioRpcError) as forbidden:
        await stranger.ask("ListConcerns", state="raised")
    assert forbidden.value.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_a_worker_starts_and_ends_his_own_shift_and_no_other(office: "Office") -> None:
    worker = await office.registered("social-worker")
    other = str(uuid4())
    until = office.today + timedelta(hours=1)
    asked: tuple[tuple[str, dict[str, Any]], ...] = (
        ("StartOnCall", {"until": until}),
        ("EndOnCall", {}),
    )
    for rpc, more in asked:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await worker.do(rpc, post="on-call", worker_id=other, **more)
        assert refused.value.code() is grpc.StatusCode.NOT_FOUND
