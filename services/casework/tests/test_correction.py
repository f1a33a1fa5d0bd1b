"""A corrected session shows both wordings, and what was known when; every opening is recorded."""

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import grpc
import pytest
import pytest_asyncio
from google.protobuf.timestamp_pb2 import Timestamp

from chassis.commands.access import READS
from chassis.commands.own_events import SealedDataRead
from chassis.roles import Role
from ledger.ids import stream_of
from throughline.casework.v1 import casework_pb2 as pb

if TYPE_CHECKING:
    from services.casework.tests.conftest import Office
    from services.casework.tests.speaking import Speaker

WRONG, RIGHT = "He said he hates the new school.", "He said he hates the new uniform."


def registration(valid_from: str, valid_to: str, body: str = "hcpc") -> pb.Registration:
    return pb.Registration(body=body, valid_from=valid_from, valid_to=valid_to)


async def entries(by: "Speaker", case_id: str, **more: Any) -> list[Any]:
    told = await by.ask(
        "ReadChronology", purpose="direct-care", case_id=case_id, unseal=True, **more
    )
    return [each for each in told.entries if each.kind.startswith("session-")]


@pytest_asyncio.fixture(loop_scope="session")
async def tess(office: "Office") -> "Speaker":
    return await office.registered(
        "therapist", registrations=(registration("2024-06-01", "2026-05-31"),)
    )


async def recorded(by: "Speaker", case_id: str, day: str = "2025-09-01", **more: Any) -> Any:
    told = {
        "kind": "therapy",
        "minutes": 50,
        "attendance": pb.Attendance(attended=["adoptive-parent", "child"]),
        "notes": WRONG,
    } | more
    return await by.do("RecordSession", day, case_id=case_id, **told)


async def test_both_wordings_stay_and_say_which_sets_which_right(
    office: "Office", tess: "Speaker"
) -> None:
    case_id = str(await office.led_case(tess))
    session = await recorded(tess, case_id)
    known_before = Timestamp()
    known_before.FromDatetime(office.today)
    (before,) = await entries(tess, case_id)
    await office.let_pass(days=1)
    await tess.do(
        "CorrectSession",
        case_id=case_id,
        session_id=session.session_id,
        corrects=before.event_id,
        reason="wrong-wording",
        notes=RIGHT,
    )
    first, second = await entries(tess, case_id)
    assert (first.words["notes"], second.words["notes"]) == (WRONG, RIGHT)
    assert (first.corrected_by, second.corrects) == (second.event_id, first.event_id)
    assert (first.occurred, second.occurred) == (before.occurred, before.occurred)
    assert second.headline == (
        "Session corrected (wrong wording; notes): therapy, 50 minutes, with child, adoptive parent"
    )
    # As it was known the day before, nothing had been set right.
    (then,) = await entries(tess, case_id, known_at=known_before)
    assert (then.words["notes"], then.corrected_by) == (WRONG, "")
    # As of the day of the session, with corrections applied, the first wording has given way.
    (as_of,) = await entries(tess, case_id, as_of="2025-09-01")
    assert as_of.words["notes"] == RIGHT
    answer = await tess.ask("GetCase", case_id=case_id)
    assert (answer.case.sessions, answer.case.corrections) == (1, 1)


async def test_a_session_moved_to_another_day_happened_then(
    office: "Office", tess: "Speaker"
) -> None:
    case_id = str(await office.led_case(tess))
    session = await recorded(tess, case_id, "2025-09-01")
    (entry,) = await entries(tess, case_id)
    await tess.do(
        "CorrectSession",
        "2025-08-29",
        case_id=case_id,
        session_id=session.session_id,
        corrects=entry.event_id,
        reason="wrong-date",
    )
    moved, original = await entries(tess, case_id)
    assert (moved.kind, moved.occurred.day) == ("session-corrected", "2025-08-29")
    assert original.corrected_by == moved.event_id
    assert list(moved.words) == []
    answer = await tess.ask("GetCase", case_id=case_id)
    assert answer.case.last_session_on == "2025-08-29"
    (as_of,) = await entries(tess, case_id, as_of="2025-08-31")
    assert as_of.event_id == moved.event_id


async def test_a_correction_names_the_latest_entry_of_that_session(
    office: "Office", tess: "Speaker"
) -> None:
    case_id = str(await office.led_case(tess))
    session = await recorded(tess, case_id)
    (entry,) = await entries(tess, case_id)
    right = {
        "case_id": case_id,
        "session_id": session.session_id,
        "corrects": entry.event_id,
        "reason": "omission",
    }
    await tess.do("CorrectSession", **right, minutes=55)
    for wrong, status in (
        ({"minutes": 60}, grpc.StatusCode.FAILED_PRECONDITION),
        ({"minutes": 60, "corrects": str(uuid4())}, grpc.StatusCode.INVALID_ARGUMENT),
        ({"minutes": 60, "session_id": str(uuid4())}, grpc.StatusCode.NOT_FOUND),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await tess.do("CorrectSession", **(right | wrong))
        assert refused.value.code() is status


async def test_a_session_of_one_case_is_not_corrected_under_another(
    office: "Office", tess: "Speaker"
) -> None:
    case_id, other = str(await office.led_case(tess)), str(await office.led_case(tess))
    session = await recorded(tess, case_id)
    (entry,) = await entries(tess, case_id)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await tess.do(
            "CorrectSession",
            case_id=other,
            session_id=session.session_id,
            corrects=entry.event_id,
            reason="omission",
            minutes=10,
        )
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND


async def test_words_stay_sealed_unless_asked_for_and_each_opening_is_recorded(
    office: "Office", tess: "Speaker"
) -> None:
    case_id = str(await office.led_case(tess))
    await recorded(tess, case_id)
    told = await tess.ask("ReadChronology", case_id=case_id)
    (closed,) = [each for each in told.entries if each.kind == "session-recorded"]
    assert (list(closed.sealed_fields), dict(closed.words)) == (["notes"], {})
    auditor = office.speaker(Role.AUDITOR)
    auditor.seen = tess.seen
    (opened,) = await entries(auditor, case_id)
    assert opened.words["notes"] == WRONG
    stream = stream_of("casework", "access", f"{case_id}:{auditor.id}")
    stored = await office.parts.shell.store.read(auditor.authority, stream)
    reads = [office.parts.service.registry.decode(each).event for each in stored]
    assert READS.category == "access"
    assert [(type(each), each.purpose, each.fields) for each in reads] == [
        (SealedDataRead, "direct-care", ("notes",))
    ]


async def test_nobody_reads_words_without_a_purpose(office: "Office", tess: "Speaker") -> None:
    case_id = str(await office.led_case(tess))
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await tess.ask("ReadChronology", case_id=case_id, unseal=True)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "context.purpose" in str(refused.value.details())


async def test_a_lapsed_registration_stops_clinical_work_of_later_days_only(
    office: "Office",
) -> None:
    late = await office.registered(
        "therapist", registrations=(registration("2023-09-01", "2099-08-31"),)
    )
    case_id, other = str(await office.led_case(late)), uuid4()
    manager = office.speaker(Role.TEAM_MANAGER)
    ended = registration("2023-09-01", "2025-08-31")
    await manager.do("ChangeWorkerRegistration", worker_id=str(late.id), registration=ended)
    await office.accept(uuid4(), other)
    with pytest.raises(grpc.aio.AioRpcError, match="RegistrationLapsed"):
        await manager.do(
            "AllocateCase", case_id=str(other), worker_id=str(late.id), reason="new-case"
        )
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await recorded(late, case_id, "2025-09-01")
    assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert "RegistrationLapsed" in str(refused.value.details())
    await recorded(late, case_id, "2025-08-31")
    await recorded(late, case_id, "2025-09-01", kind="home-visit")
    await manager.do(
        "ChangeWorkerRegistration",
        worker_id=str(late.id),
        registration=registration("2025-09-01", "2027-08-31"),
    )
    await recorded(late, case_id, "2025-09-01")
    manager_saw = await manager.ask("GetWorker", purpose="supervision", worker_id=str(late.id))
    assert manager_saw.display_name == f"Name of {late.id}"
    assert [each.valid_to for each in manager_saw.registrations] == ["2025-08-31", "2027-08-31"]
    assert (await manager.ask("GetWorker", worker_id=str(late.id))).display_name == ""
