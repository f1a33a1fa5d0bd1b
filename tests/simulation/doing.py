"""What clients of the services do in stories, in words of the domain."""

import copy
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from casework.cases.case import AcceptedReferral, CloseReason, TakeOnReferral
from casework.closures import checklist, closure
from casework.closures.commands import CloseCase
from casework.places.commands import RequestPlace
from casework.workers.profile import WorkerKind
from casework.workers.worker_commands import RegisterWorker
from chassis.commands.own_events import ParkedRecordSkipped
from chassis.inward.parking import RecordSkip
from groups import streams as places
from groups.asks import AskForPlace
from groups.cohort import PublishCohort, Terms
from groups.programme import PublishProgramme
from ledger.personal import Plain
from referrals.codes import (
    Check,
    Conflict,
    Duplicates,
    Eligibility,
    Identity,
    SafeContact,
    Safeguarding,
    Urgency,
)
from referrals.intake.answer import Answer as SubmissionAnswer
from referrals.intake.answer import ChildAnswer
from referrals.intake.compose import ReceiveSubmission
from referrals.intake.submission import Places, Submission, parse
from referrals.life.calls import ScreenReferral, TakeDuty
from referrals.life.commands import AcceptReferral, Answer
from tests.simulation.memories import take_away
from tests.simulation.process import HOME, Client
from tests.simulation.world import BEGINS

if TYPE_CHECKING:
    from chassis.acting import Done

DEMO = Path(__file__).parents[2] / "demo"
SUBMITTED: dict[str, Any] = json.loads((DEMO / "intake-2025.jsonl").read_bytes().splitlines()[0])
SLUGS = frozenset({"northmoor", "westmarch"})
TODAY = BEGINS.date()


async def submitted(
    client: Client, label: str, *, children: int = 1, danger: bool = False, keys: str = ""
) -> tuple[ChildAnswer, ...]:
    """Submit children; those of a key are known by it."""
    known_by = tuple(f"{keys}{number}" if keys else None for number in range(children))
    command = ReceiveSubmission(submission(children, danger=danger), known_by, frozenset())
    done: Done = await client.do(label, "referrals", command)
    return SubmissionAnswer.decode(done.outcome).children


def submission(children: int = 1, *, danger: bool = False) -> Submission:
    """Return what is submitted in all stories."""
    document = copy.deepcopy(SUBMITTED)
    document["family"]["children"] = document["family"]["children"][:children]
    document["received_at"] = BEGINS.isoformat()
    document["safeguarding"]["immediate_danger"] = danger
    return parse(json.dumps(document).encode(), Places(SLUGS, SLUGS, frozenset()))


async def screened(client: Client, label: str, referral: UUID) -> None:
    """Screen a referral in which nothing is found."""
    answers = [
        (Check.SAFEGUARDING, Safeguarding.NONE),
        (Check.IDENTITY, Identity.NEW),
        (Check.DUPLICATES, Duplicates.NONE),
        (Check.ELIGIBILITY, Eligibility.ELIGIBLE),
        (Check.URGENCY, Urgency.ROUTINE),
        (Check.CONFLICT, Conflict.NONE),
        (Check.SAFE_CONTACT, SafeContact.SAFE),
    ]
    given = (Answer(check, code.value, None, Plain(None)) for check, code in answers)
    screen = ScreenReferral(referral, (*given, TakeDuty()))
    await client.do(f"screen {label}", "referrals", screen)


async def accepted(client: Client, label: str, referral: UUID) -> None:
    """Screen a referral and take it on."""
    await screened(client, label, referral)
    await client.do(f"accept {label}", "referrals", AcceptReferral(referral))


async def case_of(client: Client, label: str, at: UUID = HOME, child: str = "") -> UUID:
    """Take on a child's case; answer its id."""
    case_id, referral = client.fresh(f"case {child or label}"), client.fresh(f"referral {label}")
    contact, family = client.fresh(f"contact {label}"), client.fresh(f"family {child or label}")
    on = AcceptedReferral(referral, "AB-25-111", family, contact, (), None, TODAY)
    command = TakeOnReferral(case_id, client.fresh(f"child {child or label}"), on)
    await client.do(f"case {label}", "casework", command, at)
    return case_id


async def closed(client: Client, label: str, case_id: UUID) -> None:
    """Close a case."""
    asked = (each for each in checklist.Item if each not in checklist.BY_FACTS)
    answers = tuple(checklist.Answer(each, checklist.Done.DONE) for each in asked)
    terms = closure.Terms(CloseReason.PLANNED_END, closure.Wish.AGREES, None, answers)
    command = CloseCase(case_id, CloseReason.PLANNED_END, None, Plain("well"), terms)
    await client.do(f"close {label}", "casework", command)


async def worker(client: Client) -> UUID:
    """Register a worker."""
    who = client.fresh("worker")
    command = RegisterWorker(who, WorkerKind.SUPPORT_WORKER, (), (), (), Plain("Amina"))
    await client.do("worker", "casework", command)
    return who


async def cohort(client: Client, room: int, open_to: Sequence[UUID] = (HOME,)) -> UUID:
    """Publish a cohort with room for so many families, and wait until all know of it."""
    cohort_id = await published(client, room, open_to)
    await client.settled()
    return cohort_id


async def published(
    client: Client, room: int, open_to: Sequence[UUID] = (HOME,), until: date | None = None
) -> UUID:
    """Publish a cohort."""
    programme, cohort_id = client.fresh("programme"), client.fresh("cohort")
    await client.do("programme", "groups", PublishProgramme(programme, "SafeBase", 4))
    last = until or TODAY
    terms = Terms(programme, room, (TODAY,), 3, last)
    await client.do("cohort", "groups", PublishCohort(cohort_id, terms, tuple(open_to)))
    return cohort_id


async def asked(client: Client, label: str, cohort_id: UUID, at: UUID = HOME) -> UUID:
    """Ask for a place through casework; answer the place's id."""
    case_id = await case_of(client, label, at)
    request = client.fresh(f"request {label}")
    await client.do(f"ask {label}", "casework", RequestPlace(request, case_id, cohort_id), at)
    return places.place_of(at, request)


async def directly(client: Client, label: str, cohort_id: UUID, at: UUID = HOME) -> UUID:
    """Ask for a place at the groups themselves."""
    request = client.fresh(f"request {label}")
    place = places.place_of(at, request)
    who = [client.fresh(f"{what} {label}") for what in ("family", "contact")]
    ask = AskForPlace(place, request, cohort_id, who[0], who[1], None, None, None)
    await client.do(f"ask {label}", "groups", ask, at)
    return place


async def skipped(client: Client, consumer: str) -> None:
    """Leave out what waits first: who does so records it, then it is taken away."""
    memory = client.world.kept[consumer].heard
    for stream, wait in sorted(memory.waits.items()):
        record = wait.records[min(wait.records)]
        fact = ParkedRecordSkipped(consumer, stream[1], record.version, "not readable")
        await client.do(f"skip {consumer}", consumer, RecordSkip(fact), stream[0])
        client.once(f"skipped {consumer}", lambda record=record: take_away(memory, record))  # type: ignore[misc] # at once
        break
