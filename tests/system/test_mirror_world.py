"""Two authorities with the same families: nobody of one learns of the other's, or changes them.

Every RPC is called by people of one partnership, in the other's authority and then in their own
with the other's ids. An RPC without a case in the table fails the test.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import grpc
import pytest
import pytest_asyncio
from google.protobuf.message import Message

from chassis.edge.contract import described, is_reading
from chassis.roles import Role
from tests.system.installation import Installation
from tests.system.office import Office, commanded, reading
from tests.system.submissions import line
from tests.system.worlds import World, worlds
from throughline.casework.v1 import casework_pb2, casework_pb2_grpc
from throughline.groups.v1 import groups_pb2, groups_pb2_grpc
from throughline.history.v1 import history_pb2, history_pb2_grpc
from throughline.notifications.v1 import notifications_pb2, notifications_pb2_grpc
from throughline.referrals.v1 import people_pb2, people_pb2_grpc, referrals_pb2, referrals_pb2_grpc
from throughline_cli.reaching import SERVICES

CONTRACTS = (referrals_pb2, people_pb2, casework_pb2, groups_pb2, notifications_pb2, history_pb2)
STUBS = {
    "referrals": referrals_pb2_grpc.ReferralsServiceStub,
    "people": people_pb2_grpc.PeopleServiceStub,
    "casework": casework_pb2_grpc.CaseworkServiceStub,
    "groups": groups_pb2_grpc.GroupsServiceStub,
    "notifications": notifications_pb2_grpc.NotificationsServiceStub,
    "history": history_pb2_grpc.HistoryServiceStub,
}
HOMES = {"people": "referrals"}
"""Where a contract is not its process's only one: who serves it."""

NOT_FOUND, OK = grpc.StatusCode.NOT_FOUND, grpc.StatusCode.OK
NEWCOMER = "6b0f4d0a-4a0e-4d5c-8f5d-1d2f3a4b5c6d"
MANAGER, WORKER = Role.TEAM_MANAGER, Role.SUPPORT_WORKER
FACILITATOR, AUDITOR = Role.GROUP_FACILITATOR, Role.AUDITOR


@dataclass(frozen=True, slots=True)
class Case:
    """One way to ask for something of a world. Texts in braces are the names of ids there.

    `own`: what comes of it in the caller's own authority; OK is an answer with nothing of theirs.
    `role` is one that has the verb.
    """

    rpc: str
    asks: dict[str, Any] = field(default_factory=dict)
    role: Role = MANAGER
    own: grpc.StatusCode = NOT_FOUND
    service: str = ""

    def __str__(self) -> str:
        about = next(iter(self.asks), "")
        return f"{self.service}{self.rpc.rsplit('.', 1)[-1]} {about}".strip()

    @property
    def method(self) -> Any:
        """The RPC as its contract describes it."""
        package, name = self.rpc.split("/")
        home = HOMES.get(package, package)
        full = f"throughline.{home}.v1.{package.capitalize()}Service"
        return described(full).methods_by_name[name]

    def request(self, caller: World, theirs: World) -> Message:
        """Return the request, in the caller's world, with the ids of the other."""
        kind = getattr(_contract(self.rpc), self.method.input_type.name)
        filled = {name: _filled(value, theirs) for name, value in self.asks.items()}
        context = (
            reading(caller.authority, purpose="direct-care")
            if is_reading(self.method.input_type)
            else commanded(caller.authority)
        )
        request: Message = kind(**filled)
        getattr(request, "context").MergeFrom(context)  # noqa: B009 # generated, known by name
        if self.rpc == "casework/RecordSession":
            getattr(request, "context").occurred.day = theirs.day.isoformat()  # noqa: B009 # same
        return request


def _contract(rpc: str) -> Any:
    return next(each for each in CONTRACTS if _name(each) == rpc.partition("/")[0])


def _name(contract: Any) -> str:
    return str(contract.__name__).rpartition(".")[2].removesuffix("_pb2")


def _filled(value: Any, world: World) -> Any:
    if value == "{submission}":
        return line(world.submission).raw
    if value == "{worker}":
        return world.worker
    if isinstance(value, str) and value.startswith("{"):
        return world[value[1:-1]]
    return value


CASES = (
    Case(
        "referrals/SubmitReferral",
        {"submission": "{submission}"},
        own=grpc.StatusCode.INVALID_ARGUMENT,
    ),
    Case(
        "referrals/ScreenReferral",
        {
            "referral_id": "{undecided}",
            "safeguarding": "none",
            "urgency": "routine",
            "eligibility": "eligible",
            "identity": "new",
            "duplicates": "none",
            "duty_holder": "looked-up",
            "conflict_of_interest": "none",
            "safe_contact": "safe",
        },
    ),
    Case(
        "referrals/RecordScreening",
        {
            "referral_id": "{undecided}",
            "checks": [{"check": "safeguarding", "answer": "immediate-danger"}],
        },
    ),
    Case("referrals/WithdrawReferral", {"referral_id": "{undecided}", "reason": "moved-away"}),
    Case(
        "referrals/AmendReferral",
        {
            "referral_id": "{undecided}",
            "reason": "mistaken-entry",
            "codes": {"field": "needs", "codes": ["sleep"]},
        },
    ),
    Case(
        "referrals/AddInformation",
        {"referral_id": "{undecided}", "source": "school", "basis": "fact", "words": "Of ours."},
    ),
    Case(
        "referrals/RecordNeeds",
        {
            "referral_id": "{undecided}",
            "person_id": "{child}",
            "needs": [{"kind": "language", "code": "pol"}],
        },
    ),
    Case(
        "referrals/RequestAssessment",
        {"referral_id": "{undecided}", "asked_by": "self", "asked_for": "adopted-person"},
    ),
    Case(
        "referrals/AskForInformation",
        {"referral_id": "{undecided}", "source": "school", "words": "When was it?"},
    ),
    Case(
        "referrals/RecordInformation",
        {
            "referral_id": "{undecided}",
            "inquiry_id": NEWCOMER,
            "basis": "fact",
            "words": "In June.",
        },
    ),
    Case("referrals/AcceptReferral", {"referral_id": "{undecided}"}),
    Case("referrals/DeclineReferral", {"referral_id": "{undecided}", "reason": "withdrawn"}),
    Case("referrals/GetReferral", {"referral_id": "{referral}"}),
    Case("referrals/GetReferral", {"unseal": True, "referral_id": "{referral}"}),
    Case("referrals/ListReferrals", {"page_size": 500}, own=OK),
    Case("referrals/GetPerson", {"person_id": "{child}"}),
    Case("referrals/GetPerson", {"unseal": True, "person_id": "{contact}"}),
    # It is for a service alone, whoever asks of people.
    Case(
        "referrals/GetContact",
        {"person_id": "{contact}"},
        own=grpc.StatusCode.PERMISSION_DENIED,
    ),
    Case(
        "people/RecordName",
        {
            "person_id": "{child}",
            "kind": "changed",
            "side": "after-adoption",
            "given_name": "Ann",
            "family_name": "Other",
        },
    ),
    Case("people/RecordBirthDate", {"person_id": "{child}", "date_of_birth": "2014-01-01"}),
    Case(
        "people/RecordIdentifier",
        {
            "person_id": "{child}",
            "kind": "nhs-number",
            "side": "after-adoption",
            "value": "9434765919",
        },
    ),
    Case(
        "people/RecordAddress",
        {
            "person_id": "{child}",
            "address_lines": ["1 Quay"],
            "town": "Saltby",
            "postcode": "ZZ9 9ZZ",
        },
    ),
    Case(
        "people/RecordChannel",
        {"person_id": "{contact}", "way": "email", "value": "ann@example.org"},
    ),
    Case(
        "people/EndChannel",
        {
            "person_id": "{contact}",
            "channel_id": NEWCOMER,
            "on": "2025-06-01",
            "reason": "moved",
        },
    ),
    Case(
        "people/ForbidContact",
        {"person_id": "{contact}", "from_day": "2025-06-01", "reason": "asked"},
    ),
    Case(
        "people/AllowContact",
        {"person_id": "{contact}", "order_id": NEWCOMER, "on": "2025-06-01"},
    ),
    Case("people/PartIdentity", {"person_id": "{child}", "on": "2025-06-01"}),
    Case("people/FindMatches", {"person_id": "{child}"}),
    Case(
        "people/FindMatches",
        {"typed_in": {"given_name": "Ann", "family_name": "Other", "postcode": "ZZ9 9ZZ"}},
        own=OK,
    ),
    Case("people/ListMatchProposals", {"page_size": 500}, own=OK),
    Case("people/ConfirmMatch", {"person_id": "{child}", "other_id": "{contact}"}),
    Case(
        "people/RejectMatch",
        {"person_id": "{child}", "other_id": "{contact}", "difference": "twins"},
    ),
    Case(
        "people/LinkPersons",
        {"person_id": "{child}", "other_id": "{contact}", "relation": "parent"},
    ),
    Case("people/MergePersons", {"person_id": "{child}", "into_id": "{contact}"}),
    Case("people/UnmergePersons", {"person_id": "{child}", "into_id": "{contact}"}),
    Case("people/GetIdentity", {"person_id": "{child}"}),
    # An id of theirs would be theirs no longer: the same person may work for both.
    Case(
        "casework/RegisterWorker",
        {"worker_id": NEWCOMER, "kind": "support-worker", "display_name": "Ann"},
        own=OK,
    ),
    Case(
        "casework/ChangeWorkerRegistration",
        {
            "worker_id": "{contact}",
            "registration": {
                "body": "hcpc",
                "valid_from": "2025-01-01",
                "valid_to": "2026-01-01",
            },
        },
    ),
    Case("casework/GetWorker", {"worker_id": "{worker}"}),
    Case(
        "casework/AllocateCase",
        {"case_id": "{case}", "worker_id": "{worker}", "reason": "handover"},
    ),
    Case(
        "casework/RecordSession",
        {"case_id": "{case}", "kind": "direct-work", "minutes": 30, "attendance": {}},
        role=WORKER,
    ),
    Case(
        "casework/CorrectSession",
        {
            "case_id": "{case}",
            "session_id": "{session}",
            "corrects": "{entry}",
            "reason": "omission",
            "minutes": 5,
        },
    ),
    Case("casework/RequestPlace", {"case_id": "{case}", "cohort_id": "{cohort}"}),
    Case("casework/CloseCase", {"case_id": "{case}", "reason": "moved", "summary": "Gone."}),
    Case("casework/GetCase", {"case_id": "{case}"}),
    Case("casework/ListCases", {"state": "open", "limit": 200}, own=OK),
    Case("casework/ListCaseload", {"worker_id": "{worker}"}, own=OK),
    Case("casework/ReadChronology", {"case_id": "{case}"}),
    Case("casework/ReadChronology", {"unseal": True, "case_id": "{case}"}),
    Case("groups/PublishProgramme", {"name": "Ours", "usual_sessions": 2}, FACILITATOR, OK),
    Case(
        "groups/PublishCohort",
        {
            "programme_id": "{programme}",
            "capacity_families": 2,
            "session_days": ["2030-01-01"],
            "offer_days": 3,
            "referral_deadline": "2030-01-01",
        },
        FACILITATOR,
        # No programme, or no cohort, that is known or open here: a refusal that the domain names.
        grpc.StatusCode.FAILED_PRECONDITION,
    ),
    Case(
        "groups/RequestPlace",
        {"cohort_id": "{cohort}", "family_id": "{family}", "contact": "{contact}"},
        FACILITATOR,
        grpc.StatusCode.FAILED_PRECONDITION,
    ),
    Case("groups/AcceptPlace", {"place_id": "{place}"}, FACILITATOR),
    Case("groups/DeclinePlace", {"place_id": "{place}"}, FACILITATOR),
    Case(
        "groups/RecordAttendance",
        {"place_id": "{place}", "session_number": 1, "attendance": "absent"},
        FACILITATOR,
    ),
    Case("groups/GetCohort", {"cohort_id": "{cohort}"}, FACILITATOR),
    Case("groups/ListCohorts", {"limit": 200}, FACILITATOR, OK),
    Case("groups/GetPlace", {"place_id": "{place}"}, FACILITATOR),
    Case("groups/ListPlaces", {"cohort_id": "{cohort}"}, FACILITATOR, OK),
    Case(
        "notifications/PublishTemplate",
        {"code": "case-allocated", "channel": "in-app", "subject": "News", "text": "A case."},
        own=OK,
    ),
    Case("notifications/GetTemplate", {"code": "case-allocated"}, own=OK),
    Case("notifications/ListInbox", {"limit": 100}, WORKER, OK),
    Case("notifications/AcknowledgeMessage", {"message_id": "{note}"}, WORKER),
    Case("notifications/ListMessages", {"case_id": "{case}"}, own=OK),
    Case("notifications/ListMessages", {"recipient": "{contact}"}, own=OK),
    Case("notifications/GetMessage", {"message_id": "{note}"}),
    Case("notifications/GetMessage", {"unseal": True, "message_id": "{note}"}, WORKER),
    *(
        Case(f"history/{rpc}", {about: value}, AUDITOR, OK, service)
        for service in SERVICES
        for rpc, about, value in (
            ("ReadHistory", "case_id", "{case}"),
            ("ReadHistory", "stream_id", "{stream}"),
            ("ReadHistory", "subject", "{child}"),
            ("ReadHistory", "subject", "{contact}"),
            ("ExportEvidence", "case_id", "{case}"),
            ("ExportEvidence", "stream_id", "{stream}"),
        )
    ),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call: a status and all that was answered, as text."""

    code: grpc.StatusCode
    text: str = ""


async def ask(case: Case, caller: World, inside: World, theirs: World) -> Answer:
    """Let somebody of one world ask, inside a world, for what is another's."""
    package, name = case.rpc.split("/")
    service = case.service or HOMES.get(package, package)
    if case.service:
        theirs = _at(theirs, service)
    stub: Any = STUBS[package](caller.people[case.role][service])
    call = getattr(stub, name)(case.request(inside, theirs), timeout=20)
    try:
        if case.method.server_streaming:
            parts = [each async for each in call]
            chunks = b"".join(getattr(each, "chunk", b"") for each in parts)
            return Answer(OK, "".join(map(str, parts)) + chunks.decode())
        return Answer(OK, str(await call))
    except grpc.aio.AioRpcError as error:
        return Answer(error.code(), error.details() or "")


def _at(world: World, service: str) -> World:
    """Return a world whose `stream` is one that a service keeps there."""
    ids = world.ids | {"stream": world.ids[f"stream in {service}"]}
    return World(
        world.authority, world.slug, world.people, world.worker, world.submission, world.day, ids
    )


async def streams_of(platform: Installation, world: World) -> dict[str, str]:
    """Return a stream of each service's store that an authority keeps."""
    found = {}
    for name in SERVICES:
        async with platform.superuser(name) as connection:
            stream = await connection.fetchval(
                "select stream_id from es.events where tenant = $1 order by position desc limit 1",
                world.authority,
            )
            found[f"stream in {name}"] = str(stream)
    return found


async def events_of(platform: Installation, world: World) -> dict[str, int]:
    """Count an authority's events in every store."""
    found = {}
    for name in SERVICES:
        async with platform.superuser(name) as connection:
            found[name] = await connection.fetchval(
                "select count(*) from es.events where tenant = $1", world.authority
            )
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def mirrored(platform: Installation, office: Office) -> tuple[World, World]:
    """Give an authority of each partnership, with the same family in both."""
    ours, theirs = await worlds(office, "saltby", "colne-bay")
    for each in (ours, theirs):
        each.ids.update(await streams_of(platform, each))
    return ours, theirs


def test_every_rpc_has_a_case() -> None:
    there = {
        f"{_name(contract)}/{method.name}"
        for contract in CONTRACTS
        for service in contract.DESCRIPTOR.services_by_name.values()
        for method in service.methods
    }
    assert {each.rpc for each in CASES} == there


async def test_the_worlds_are_the_same_where_they_can_be(mirrored: tuple[World, World]) -> None:
    ours, theirs = mirrored
    assert ours.submission["submission_id"] == theirs.submission["submission_id"]
    for part in ("adults", "contact"):
        assert ours.submission["family"].get(part) == theirs.submission["family"].get(part)
    assert ours.authority != theirs.authority


async def test_its_own_people_are_answered(mirrored: tuple[World, World]) -> None:
    _, theirs = mirrored
    readings = [each for each in CASES if is_reading(each.method.input_type)]
    answers = await asyncio.gather(*(ask(each, theirs, theirs, theirs) for each in readings))
    found = {str(case): answer.code for case, answer in zip(readings, answers, strict=True)}
    assert Counter(found.values()).keys() == {OK, grpc.StatusCode.PERMISSION_DENIED}
    assert [name for name, code in found.items() if code is not OK] == [
        "referrals/GetContact person_id"
    ]


@pytest.mark.parametrize("inside", ["theirs", "our own"])
async def test_nobody_of_another_partnership_finds_or_changes_anything(
    platform: Installation, office: Office, mirrored: tuple[World, World], inside: str
) -> None:
    ours, theirs = mirrored
    await office.operator.settle()
    before = await events_of(platform, theirs)
    world = theirs if inside == "theirs" else ours
    answers = await asyncio.gather(*(ask(each, ours, world, theirs) for each in CASES))
    await office.operator.settle()
    wrong = {
        str(case): answer
        for case, answer in zip(CASES, answers, strict=True)
        if answer.code is not (NOT_FOUND if inside == "theirs" else case.own)
        or any(each in answer.text for each in told_by(ours, theirs, case))
    }
    assert wrong == {}
    assert await events_of(platform, theirs) == before


def told_by(ours: World, theirs: World, case: Case) -> set[str]:
    """Return what an answer must not hold: all that is theirs and was not said in the question."""
    said = {_filled(each, _at(theirs, case.service or "casework")) for each in case.asks.values()
            if isinstance(each, str)}  # fmt: skip
    return {str(theirs.authority), *theirs.ids.values()} - set(ours.ids.values()) - said


async def test_a_place_in_their_group_is_not_had_by_asking_for_our_own_family(
    platform: Installation, office: Office, mirrored: tuple[World, World]
) -> None:
    ours, theirs = mirrored
    await office.operator.settle()
    before = await events_of(platform, theirs)
    stub = casework_pb2_grpc.CaseworkServiceStub(ours.people[MANAGER]["casework"])
    request = casework_pb2.RequestPlaceRequest(
        context=commanded(ours.authority), case_id=ours["case"], cohort_id=theirs["cohort"]
    )
    answered = await stub.RequestPlace(request)
    await office.operator.settle()
    case = await stub.GetCase(
        casework_pb2.GetCaseRequest(context=reading(ours.authority), case_id=ours["case"])
    )
    states = {each.request_id: each.state for each in case.places}
    assert states[answered.request_id] in {"requested", "declined"}
    assert await events_of(platform, theirs) == before
