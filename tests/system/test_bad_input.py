"""Malformed requests to the real services: told by field path and code, they change nothing."""

from typing import Any
from uuid import UUID

from chassis.roles import Role
from tests.system.desk import (
    CASEWORK,
    GROUPS,
    REFERRALS,
    Desk,
    Request,
    Told,
    of_child,
    raw,
    screening,
    session,
    submission,
)
from tests.system.installation import Installation
from tests.system.office import commanded
from throughline.common.v1.common_pb2 import Occurred
from throughline.groups.v1 import groups_pb2 as groups
from throughline.referrals.v1 import referrals_pb2 as referrals

NOBODY = UUID("00000000-0000-4000-8000-000000000000")


def cohort(**changes: Any) -> Request:
    known: dict[str, Any] = {
        "programme_id": str(NOBODY),
        "capacity_families": 8,
        "session_days": ["2025-03-01"],
        "offer_days": 4,
        "referral_deadline": "2025-03-01",
    }
    return lambda desk: (
        f"{GROUPS}PublishCohort",
        groups.PublishCohortRequest(
            context=commanded(desk.case.authority), **(known | changes)
        ).SerializeToString(),
    )


def invalid(field: str, code: str) -> Told:
    return Told("INVALID_ARGUMENT", field, code)


MALFORMED: dict[str, tuple[Request, Told]] = {
    "no protobuf": (
        raw(f"{CASEWORK}RecordSession", b"\xff\xff\xff"),
        invalid("request", "not-protobuf"),
    ),
    "nothing": (raw(f"{CASEWORK}RecordSession", b""), invalid("context.authority", "required")),
    "an unknown field": (
        lambda desk: (
            f"{CASEWORK}RecordSession",
            desk.session().SerializeToString() + b"\xfa\x07\x03abc",
        ),
        invalid("#127", "unknown-field"),
    ),
    "an unknown code": (
        screening(safeguarding="perhaps"),
        invalid("safeguarding", "unknown-code"),
    ),
    "another unknown code": (session(kind="walk"), invalid("kind", "unknown-code")),
    "a command without an id": (
        screening(context={"command_id": ""}),
        invalid("context.command_id", "required"),
    ),
    "an id that is none": (session(case_id="the case"), invalid("case_id", "not-a-uuid")),
    "a day that is none": (
        session(occurred=Occurred(day="2024-02-30")),
        invalid("context.occurred.day", "bad-date"),
    ),
    "a day that is none, in a list": (
        cohort(session_days=["2025-02-29"]),
        invalid("session_days[0]", "bad-date"),
    ),
    "a time to come": (
        session(occurred=Occurred(day="2199-12-31")),
        invalid("context.occurred", "in-the-future"),
    ),
    "an oversize text": (session(notes="x" * 20_001), invalid("notes", "too-long")),
    "a control character": (session(notes="a\x00b"), invalid("notes", "control-character")),
    "too much": (session(minutes=721), invalid("minutes", "out-of-range")),
    "an authority that is no id": (
        screening(context={"authority": "westmarch"}),
        invalid("context.authority", "not-a-uuid"),
    ),
    "a submission that is no JSON": (
        lambda desk: (
            f"{REFERRALS}SubmitReferral",
            referrals.SubmitReferralRequest(
                context=commanded(desk.case.authority), submission=b'{"submission_id": '
            ).SerializeToString(),
        ),
        invalid("submission", "malformed"),
    ),
    "NaN in a submission": (
        submission(placement_at_risk=float("nan")),
        invalid("submission", "malformed"),
    ),
    "an unknown field of a submission": (submission(colour="blue"), invalid("colour", "malformed")),
    "a naive timestamp": (
        submission(received_at="2024-12-30T10:00:00"),
        invalid("received_at", "naive-timestamp"),
    ),
    "a child's birth on no day": (
        of_child(date_of_birth="2015-02-30"),
        invalid("family.children[0].date_of_birth", "bad-date"),
    ),
    "an unknown need": (submission(needs=["a-pony"]), invalid("needs[0]", "unknown-need")),
    "words too long": (
        submission(in_their_words="x" * 20_001),
        invalid("in_their_words", "malformed"),
    ),
    "a submission for another authority": (
        submission(received_by="harrowdale"),
        invalid("received_by", "other-authority"),
    ),
}


async def test_malformed_requests_are_told_their_field_and_change_nothing(
    platform: Installation, desk: Desk
) -> None:
    token = desk.token(Role(desk.worker.kind), Role.DUTY_WORKER, Role.GROUP_FACILITATOR)
    before = await platform.events()
    found = {
        what: await desk.send(*request(desk), token) for what, (request, _) in MALFORMED.items()
    }
    assert found == {what: told for what, (_, told) in MALFORMED.items()}
    assert await platform.events() == before


async def test_more_bytes_than_any_request_has_are_refused(
    platform: Installation, desk: Desk
) -> None:
    before = await platform.events()
    request = desk.session(notes="x" * 1_100_000).SerializeToString()
    told = await desk.send(f"{CASEWORK}RecordSession", request, desk.token(Role(desk.worker.kind)))
    assert told.status == "RESOURCE_EXHAUSTED"
    assert await platform.events() == before
