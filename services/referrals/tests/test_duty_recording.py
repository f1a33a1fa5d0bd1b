"""Facts of who owes a child the service over gRPC: recorded once, sealed, and nobody else's."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from chassis.roles import Role
from ledger.clock import start_of_day
from referrals.deadlines import fall_due
from referrals.duty.deadlines import SPAN
from referrals.streams import timeline_stream
from throughline.referrals.v1 import duty_pb2 as pb
from throughline.referrals.v1 import worklists_pb2
from throughline.referrals.v1.duty_pb2_grpc import DutyServiceStub
from throughline.referrals.v1.worklists_pb2_grpc import WorklistsServiceStub

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.

RECORDED: dict[str, dict[str, Any]] = {
    "RecordOrder": {"kind": "adoption", "ordered_on": "2023-03-14", "placing_authority": "saltby"},
    "RecordOrderSetAside": {"order": str(uuid4()), "set_aside_on": "2025-11-03"},
    "RecordPlacement": {"authority": "saltby", "from_day": "2022-01-31"},
    "RecordResidence": {"authority": "estover", "from_day": "2025-11-03"},
    "RecordAgreement": {"authority": "saltby", "from_day": "2026-01-01", "reference": "AB 12"},
    "RecordFinancialSupport": {"authority": "saltby", "agreed_on": "2022-01-31"},
    "WithdrawFacts": {"facts": [str(uuid4())]},
}


class Line:
    """A child's line, as somebody of some authorities speaks of it."""

    def __init__(self, door: Any, child: str, role: Role = Role.DUTY_WORKER, *slugs: str) -> None:
        self.door, self.child = door, child
        self.stub = door.speak(role, slugs=slugs or ("northmoor",), stub=DutyServiceStub)

    async def record(self, method: str, slug: str = "northmoor", **fields: Any) -> Any:
        """Record something, with the fields of RECORDED where no others are given."""
        request = getattr(pb, f"{method}Request")
        given = {"context": self.door.command(slug), "child": self.child} | fields
        return await getattr(self.stub, method)(request(**(RECORDED[method] | given)))

    async def read(self, **fields: Any) -> Any:
        """Read all of it."""
        context = self.door.reading(purpose=fields.pop("purpose", ""))
        request = pb.GetDutyTimelineRequest(context=context, child=self.child, **fields)
        return await self.stub.GetDutyTimeline(request)

    async def fact(self, kind: str) -> str:
        """Return the id of the last fact of a kind."""
        return str([each.fact_id for each in (await self.read()).facts if each.kind == kind][-1])


async def line(door: Any, referrals: Any, **child: object) -> Line:
    """Return the line of a child whom northmoor just came to know."""
    answer = await door.submit(referrals, door.fresh(**child))
    return Line(door, answer.children[0].child)


async def refused(door: Any, call: Any) -> tuple[grpc.StatusCode, str]:
    """Return the status, and the field or the reason, with which a call was refused."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    status = caught.value.code()
    if status is grpc.StatusCode.NOT_FOUND:
        # Absence says nothing more.
        return status, ""
    field, code = door.fault(caught.value)
    return status, str(field or code)


UNKNOWN = {"legal_status": "unknown", "adoption_order_date": None, "placing_authority": None}


async def test_each_kind_of_fact_is_recorded_once_and_can_be_read(
    front_door: Any, duty: Any
) -> None:
    about = await line(front_door, duty, **UNKNOWN)
    again = pb.RecordOrderRequest(
        context=front_door.command(), child=about.child, **RECORDED["RecordOrder"]
    )
    order = await about.stub.RecordOrder(again)
    repeated = await about.stub.RecordOrder(again)
    assert repeated.receipt.duplicate
    assert repeated.fact_id == order.fact_id
    await about.record("RecordOrderSetAside", order=order.fact_id)
    for method in ("RecordPlacement", "RecordResidence", "RecordAgreement"):
        await about.record(method)
    paid = await about.record("RecordFinancialSupport")
    await about.record("WithdrawFacts", facts=[paid.fact_id])
    told = await about.read()
    assert [(each.kind, each.authority, each.from_day, each.code) for each in told.facts] == [
        ("ChildReferred", "anc", "2025-01-15", ""),
        ("ResidenceLearned", "northmoor", "2025-01-15", ""),
        ("LegalStatusUnknown", "", "", ""),
        ("OrderMade", "saltby", "2023-03-14", "adoption"),
        ("OrderSetAside", "", "2025-11-03", ""),
        ("ChildPlaced", "saltby", "2022-01-31", ""),
        ("ResidenceLearned", "estover", "2025-11-03", ""),
        ("HolderAgreed", "saltby", "2026-01-01", ""),
        ("FinancialSupportAgreed", "saltby", "2022-01-31", ""),
        ("FactWithdrawn", "", "", ""),
    ]
    assert told.facts[-2].corrected_by == told.facts[-1].fact_id
    assert told.facts[0].submission_id
    assert not told.facts[3].submission_id


async def test_the_agreement_is_opened_for_a_purpose_and_the_reading_recorded(
    front_door: Any, duty: Any
) -> None:
    about = await line(front_door, duty)
    await about.record("RecordAgreement", words="Northmoor could not yet.")
    assert {each.reference for each in (await about.read()).facts} == {""}
    status, field = await refused(front_door, about.read(unseal=True))
    assert (status, field) == (grpc.StatusCode.INVALID_ARGUMENT, "context.purpose")
    opened = (await about.read(unseal=True, purpose="direct-care")).facts[-1]
    assert (opened.reference, opened.words) == ("AB 12", "Northmoor could not yet.")
    assert await front_door.readings_of(about.child) == 1


async def test_the_day_after_the_last_one_the_change_is_recorded_once(
    front_door: Any, duty: Any
) -> None:
    about = await line(
        front_door, duty, adoption_order_date="2022-12-31", placing_authority="saltby"
    )
    told = await about.read()
    assert [each.duty_holder for each in told.spans] == ["saltby", "northmoor"]
    assert told.duty_holder == "northmoor"
    [first] = told.changes
    # When it was recorded, the clock stood at the day after the last one.
    assert (first.duty_holder, first.from_day) == ("northmoor", "2026-01-01")
    stream = timeline_stream(UUID(about.child))
    asked = fall_due(SPAN, stream, start_of_day(date.fromisoformat(first.from_day)))
    await front_door.do(asked, front_door.authority("northmoor"))
    assert len((await about.read()).changes) == 1


async def test_lists_say_who_owes_it_now_and_not_who_did_at_receipt(
    front_door: Any, duty: Any
) -> None:
    child = (await front_door.submit(duty, front_door.fresh(adoption_order_date=None))).children[0]
    about = Line(front_door, child.child)
    lists = front_door.speak(Role.DUTY_WORKER, slugs=("northmoor",), stub=WorklistsServiceStub)

    async def shown(**filters: Any) -> list[str]:
        await front_door.seen()
        found, token = [], ""
        while True:
            page = await lists.ReadWorklist(
                worklists_pb2.ReadWorklistRequest(
                    context=front_door.reading(),
                    list="new",
                    page_size=500,
                    page_token=token,
                    filters=worklists_pb2.WorklistFilters(**filters),
                )
            )
            found += [e.duty_holder for e in page.entries if e.referral_id == child.referral_id]
            token = page.next_page_token
            if not token:
                return found

    before = await shown()
    await about.record("RecordAgreement", authority="saltby", from_day="2026-01-01")
    assert before != ["saltby"]
    assert await shown() == ["saltby"]
    assert await shown(duty_holder="saltby") == ["saltby"]
    await about.record("WithdrawFacts", facts=[await about.fact("HolderAgreed")])
    assert await shown() == before
    assert await shown(duty_holder="saltby") == []


async def test_what_was_known_at_an_instant_is_told_and_the_future_is_not(
    front_door: Any, duty: Any
) -> None:
    about = await line(front_door, duty, **UNKNOWN)
    first = (await about.read()).facts[-1].recorded_at
    before = Timestamp(seconds=first.seconds - 1)
    assert not (await about.read(known_at=before)).facts
    assert len((await about.read(known_at=first)).facts) == 3
    later = Timestamp(seconds=first.seconds + 10**8)
    status, field = await refused(front_door, about.read(known_at=later))
    assert (status, field) == (grpc.StatusCode.INVALID_ARGUMENT, "known_at")


@pytest.mark.parametrize(
    ("method", "field", "value"),
    [
        ("RecordOrder", "kind", "wedding"),
        ("RecordOrder", "ordered_on", "2023-02-30"),
        ("RecordOrder", "placing_authority", "atlantis"),
        ("RecordOrder", "corrects[0]", ["no-fact"]),
        ("RecordOrder", "corrects", [str(uuid4())] * 21),
        ("RecordOrderSetAside", "set_aside_on", ""),
        ("RecordOrderSetAside", "order", ""),
        ("RecordPlacement", "placed_by", None),
        ("RecordPlacement", "without_agency", "stork"),
        ("RecordResidence", "authority", ""),
        ("RecordResidence", "from_day", ""),
        ("RecordAgreement", "to_day", "2025-12-31"),
        ("RecordAgreement", "reference", ""),
        ("RecordFinancialSupport", "agreed_on", ""),
        ("WithdrawFacts", "facts", []),
        ("WithdrawFacts", "child", ""),
    ],
)
async def test_what_is_not_as_it_must_be_is_named(
    front_door: Any, method: str, field: str, value: Any
) -> None:
    about = Line(front_door, str(uuid4()))
    fields = {field.removesuffix("[0]"): value} if field != "placed_by" else {"authority": value}
    status, named = await refused(front_door, about.record(method, **fields))
    assert (status, named) == (grpc.StatusCode.INVALID_ARGUMENT, field)


@pytest.mark.parametrize(
    ("method", "fields", "reason"),
    [
        ("RecordOrderSetAside", {}, "UnknownFact"),
        ("RecordOrder", {"corrects": [str(uuid4())]}, "UnknownFact"),
        ("WithdrawFacts", {}, "UnknownFact"),
    ],
)
async def test_what_does_not_fit_is_refused(
    front_door: Any, duty: Any, method: str, fields: dict[str, Any], reason: str
) -> None:
    about = await line(front_door, duty)
    status, named = await refused(front_door, about.record(method, **fields))
    assert (status, named) == (grpc.StatusCode.FAILED_PRECONDITION, reason)


@pytest.mark.parametrize("method", RECORDED)
async def test_nobody_learns_of_or_changes_another_authoritys_line(
    front_door: Any, duty: Any, method: str
) -> None:
    theirs = await line(front_door, duty)
    ours = Line(front_door, theirs.child, Role.DUTY_WORKER, "westmarch")
    for slug in ("westmarch", "northmoor"):
        status, _ = await refused(front_door, ours.record(method, slug))
        assert status is grpc.StatusCode.NOT_FOUND
    status, _ = await refused(front_door, ours.read())
    assert status is grpc.StatusCode.NOT_FOUND
    assert len((await theirs.read()).facts) == 3


@pytest.mark.parametrize("method", RECORDED)
async def test_who_only_reads_records_nothing(front_door: Any, duty: Any, method: str) -> None:
    child = (await line(front_door, duty)).child
    auditor = Line(front_door, child, Role.AUDITOR)
    assert (await auditor.read()).child == child
    for role in (Role.AUDITOR, Role.SUPPORT_WORKER):
        status, _ = await refused(front_door, Line(front_door, child, role).record(method))
        assert status is grpc.StatusCode.PERMISSION_DENIED
    status, _ = await refused(front_door, Line(front_door, child, Role.OPERATOR).read())
    assert status is grpc.StatusCode.PERMISSION_DENIED
