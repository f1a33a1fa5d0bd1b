"""A consent taken back in mid-treatment: sharing and sessions stop at once, a person decides."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from chassis.roles import Role
from throughline.casework.v1 import casework_pb2 as pb
from throughline.casework.v1 import consents_pb2, sessions_pb2

if TYPE_CHECKING:
    from services.casework.tests.conftest import Office
    from services.casework.tests.speaking import Speaker

pytestmark = pytest.mark.asyncio(loop_scope="session")

THERAPY = consents_pb2.ConsentMatter(purpose="therapy")
SCHOOL = consents_pb2.ConsentMatter(purpose="share", party="agency:school")
HCPC = pb.Registration(body="hcpc", valid_from="2020-01-01", valid_to="2030-01-01")


def speaks(capacity: str = "parental-responsibility") -> consents_pb2.CaseConsentSpeaker:
    return consents_pb2.CaseConsentSpeaker(person_id=str(uuid4()), capacity=capacity)


async def consents(by: "Speaker", case_id: str) -> dict[str, consents_pb2.CaseConsent]:
    answer = await by.ask("ListCaseConsents", case_id=case_id)
    return {each.matter.purpose: each for each in answer.consents}


async def held(by: "Speaker", case_id: str) -> sessions_pb2.ListBookingsResponse:
    answer: sessions_pb2.ListBookingsResponse = await by.ask("ListBookings", case_id=case_id)
    return answer


async def test_a_mother_takes_back_what_she_agreed_to(office: "Office") -> None:
    lead = await office.registered("therapist", registrations=(HCPC,))
    manager = office.speaker(Role.TEAM_MANAGER)
    case_id = str(await office.led_case(lead))
    mother, father, child = speaks(), speaks(), speaks("competent-child")
    agree: dict[str, Any] = {"case_id": case_id, "matters": [THERAPY, SCHOOL]}
    await lead.do("GiveCaseConsent", given_by=mother, how="On the form.", **agree)
    await lead.do("GiveCaseConsent", given_by=father, case_id=case_id, matters=[THERAPY])
    soon = Timestamp()
    soon.FromDatetime(datetime(2025, 9, 9, 14, tzinfo=UTC))
    booked = await lead.do(
        "ScheduleSession", case_id=case_id, kind="therapy", starts_at=soon, minutes=50
    )
    assert not (await held(lead, case_id)).bookings[0].held_because

    # All that she gave, in one breath; the other parent and the child want to go on.
    await manager.do("WithdrawCaseConsent", case_id=case_id, withdrawn_by=mother)
    lead.seen = manager.seen
    stand = await consents(lead, case_id)
    assert {name: each.state for name, each in stand.items()} == {
        "share": "declined",
        "therapy": "disputed",
    }
    answer = await held(lead, case_id)
    assert list(answer.bookings[0].held_because) == ["intervention-paused"]
    assert [each.cause for each in answer.pauses] == ["consent"]

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await lead.do("GiveCaseConsent", given_by=child, case_id=case_id, matters=[THERAPY])
    assert "NotFoundCompetent" in str(refused.value.details()) + str(refused.value)
    found: dict[str, Any] = {
        "matter": THERAPY,
        "found": "competent",
        "reasons": "She understands it.",
    }
    await lead.do("AssessCompetence", case_id=case_id, **found)
    await lead.do("GiveCaseConsent", given_by=child, case_id=case_id, matters=[THERAPY])

    with pytest.raises(grpc.aio.AioRpcError) as denied:
        await lead.do("DecideConsent", case_id=case_id, matter=THERAPY, outcome="go-on")
    assert denied.value.code() is grpc.StatusCode.PERMISSION_DENIED
    await manager.do(
        "DecideConsent",
        case_id=case_id,
        matter=THERAPY,
        outcome="go-on",
        clinician_id=str(lead.id),
        reasons="She wants it, and it helps her.",
    )
    lead.seen = manager.seen
    assert (await consents(lead, case_id))["therapy"].outcome == "go-on"
    assert not (await held(lead, case_id)).bookings[0].held_because

    await lead.do(
        "RecordSession",
        day="2025-08-30",
        case_id=case_id,
        kind="therapy",
        minutes=50,
        notes="We went on.",
        attendance=pb.Attendance(attended=["child"]),
        booking_id=booked.booking_id,
    )
    assert not (await held(lead, case_id)).bookings
    kinds = [each.kind for each in (await lead.ask("ReadChronology", case_id=case_id)).entries]
    stopped, withdrawn = kinds.index("sharing-stopped"), kinds.index("consent-withdrawn")
    assert stopped < withdrawn < kinds.index("intervention-paused")
    assert kinds.index("consent-decided") < kinds.index("intervention-resumed")
    tasks = [each for each in kinds if each.startswith("task-")]
    assert tasks == ["task-raised", "task-raised", "task-settled", "task-settled"]


async def test_whoever_leads_another_case_finds_no_booking_in_it(office: "Office") -> None:
    lead, other = [await office.registered("support-worker") for _ in range(2)]
    case_id, theirs = [str(await office.led_case(each)) for each in (lead, other)]
    soon = Timestamp()
    soon.FromDatetime(datetime(2025, 9, 9, 14, tzinfo=UTC))
    booked = await lead.do(
        "ScheduleSession", case_id=case_id, kind="direct-work", starts_at=soon, minutes=50
    )
    with pytest.raises(grpc.aio.AioRpcError) as absent:
        await other.do(
            "CancelSession", case_id=theirs, booking_id=booked.booking_id, reason="safety"
        )
    assert absent.value.code() is grpc.StatusCode.NOT_FOUND
