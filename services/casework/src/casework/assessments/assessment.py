"""The assessments of a case, one at a time: asked for, considered under headings, completed.

Being assessed gives no right to a service: what is provided is decided on notice (DOMAIN §2.2).
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias, assert_never
from uuid import UUID

from casework.assessments.assessment_commands import (
    AbandonAssessment,
    AssessmentCommand,
    CompleteAssessment,
    ConsiderHeading,
    NoteAssessmentOverdue,
    RecountAssessment,
    StartAssessment,
    Terms,
)
from casework.assessments.assessment_events import (
    AbandonReason,
    AssessmentAbandoned,
    AssessmentCompleted,
    AssessmentEvent,
    AssessmentKind,
    AssessmentOverdue,
    AssessmentRecounted,
    AssessmentStarted,
    HeadingConsidered,
)
from casework.assessments.heading import Considered, Heading, HeadingsMissing, missing, with_entry
from casework.rules.due import DueBy
from ledger.decider import Decider, Refusal


@dataclass(frozen=True, slots=True)
class NotAssessed:
    """No assessment was ever begun."""


@dataclass(frozen=True, slots=True)
class Known:
    """The assessment that was begun last."""

    case_id: UUID
    child: UUID
    assessment_id: UUID
    terms: Terms
    due: DueBy


@dataclass(frozen=True, slots=True)
class Underway:
    """It is being made; its latest entry under each heading."""

    known: Known
    entries: tuple[Considered, ...]
    overdue: frozenset[date]


@dataclass(frozen=True, slots=True)
class Completed:
    """It is over, with the needs that it found."""

    known: Known
    entries: tuple[Considered, ...]
    on: date
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Abandoned:
    """It came to no end."""

    known: Known
    on: date
    reason: AbandonReason


class NoSuchAssessment(Refusal):
    """No assessment of the case was begun."""


class AssessmentUnderway(Refusal):
    """Another assessment of the case is not over yet."""


class AssessmentIsOver(Refusal):
    """The assessment is over: what is learned now is for another one, or for a review."""


class EndedOtherwise(Refusal):
    """The assessment ended already, on another day or in another way."""


class ServicesNotNamed(Refusal):
    """A limited assessment names the services to which it is limited, a full one names none."""


class ConflictsUnsettled(Refusal):
    """Sources contradict each other: it is to be resolved first, or left standing with a reason."""


Assessment: TypeAlias = NotAssessed | Underway | Completed | Abandoned


def decide(  # noqa: PLR0911 # a row a command
    command: AssessmentCommand, assessment: Assessment
) -> list[AssessmentEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command, assessment:
        case StartAssessment(), _:
            return _start(command, assessment)
        case NoteAssessmentOverdue(due_on), Underway(known, _, noted) if (
            due_on == known.due.on and due_on not in noted
        ):
            return [AssessmentOverdue(known.case_id, known.child, known.assessment_id, due_on)]
        case RecountAssessment(which, day), Underway(known) if (
            which == known.assessment_id and day != known.due.on
        ):
            return [_recounted(command, known)]
        # Completed at the last moment, or noted or counted already.
        case NoteAssessmentOverdue() | RecountAssessment(), _:
            return []
        case _, NotAssessed():
            raise NoSuchAssessment
        case ConsiderHeading(), Underway(known, entries):
            return [] if command.entry in entries else [_considered(command, known)]
        case CompleteAssessment(), Underway():
            return [_completed(command, assessment)]
        case AbandonAssessment(on, reason), Underway(known):
            ended = (known.case_id, known.child, known.assessment_id, on, reason)
            return [AssessmentAbandoned(*ended)]
        case _:
            return _again(command, assessment)


def _start(command: StartAssessment, assessment: Assessment) -> list[AssessmentEvent]:
    terms = command.terms
    match assessment:
        # The same request again is the same answer, so that callers may retry.
        case Underway(known) | Completed(known) | Abandoned(known) if (
            known.assessment_id == command.assessment_id
        ):
            return []
        case Underway():
            raise AssessmentUnderway
        case NotAssessed() | Completed() | Abandoned():
            pass
    if (terms.kind is AssessmentKind.LIMITED) is not bool(terms.services):
        raise ServicesNotNamed
    return [
        AssessmentStarted(
            command.case_id,
            command.child,
            command.assessment_id,
            terms.kind,
            terms.services,
            terms.asked_by,
            terms.requested_on,
            terms.on,
            terms.joint,
            command.due.on,
            command.due.rule,
        )
    ]


def _recounted(command: RecountAssessment, known: Known) -> AssessmentRecounted:
    about = (known.case_id, known.child, known.assessment_id)
    return AssessmentRecounted(*about, command.due_on, known.due.on, command.calendar)


def _considered(command: ConsiderHeading, known: Known) -> HeadingConsidered:
    entry = command.entry
    return HeadingConsidered(
        known.case_id,
        known.child,
        known.assessment_id,
        entry.entry_id,
        entry.heading,
        entry.relevance,
        entry.rests_on,
        command.words,
        command.birth_family,
    )


def _completed(command: CompleteAssessment, assessment: Underway) -> AssessmentCompleted:
    known = assessment.known
    full = known.terms.kind is AssessmentKind.FULL
    # A limited one says at least what the person needs who asks for the service.
    lacking = missing(assessment.entries, tuple(Heading) if full else (Heading.PERSON,))
    if lacking:
        raise HeadingsMissing(lacking)
    if command.unsettled:
        raise ConflictsUnsettled
    return AssessmentCompleted(
        known.case_id,
        known.child,
        known.assessment_id,
        command.on,
        command.needs,
        command.words,
    )


def _again(
    command: ConsiderHeading | CompleteAssessment | AbandonAssessment, assessment: Assessment
) -> list[AssessmentEvent]:
    """Answer what is said of an assessment that is over: the same again, or a refusal."""
    match command, assessment:
        case ConsiderHeading(entry=entry), Completed(entries=entries) if entry in entries:
            return []
        case CompleteAssessment(on, needs), Completed(on=day, needs=found):
            if (on, needs) == (day, found):
                return []
            raise EndedOtherwise
        case AbandonAssessment(on, reason), Abandoned(on=day, reason=why):
            if (on, reason) == (day, why):
                return []
            raise EndedOtherwise
        case _:
            raise AssessmentIsOver


def evolve(  # noqa: PLR0911 # a row an event
    assessment: Assessment, event: AssessmentEvent
) -> Assessment:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event, assessment:
        case AssessmentStarted(), _:
            return Underway(_known(event), (), frozenset())
        case HeadingConsidered(), Underway(entries=entries):
            new = Considered(event.entry_id, event.heading, event.relevance, event.rests_on)
            return replace(assessment, entries=with_entry(entries, new))
        case AssessmentOverdue(due_on=day), Underway(overdue=noted):
            return replace(assessment, overdue=noted | {day})
        case AssessmentRecounted(due_on=day), Underway(known):
            anew = replace(known, due=replace(known.due, on=day))
            return replace(assessment, known=anew)
        case AssessmentCompleted(on=on, needs=needs), Underway(known, entries):
            return Completed(known, entries, on, needs)
        case AssessmentAbandoned(on=on, reason=reason), Underway(known):
            return Abandoned(known, on, reason)
        case (
            (
                HeadingConsidered()
                | AssessmentOverdue()
                | AssessmentRecounted()
                | AssessmentCompleted()
                | AssessmentAbandoned()
            ),
            _,
        ):
            return assessment
        case _:
            assert_never(event)


def _known(event: AssessmentStarted) -> Known:
    terms = Terms(
        event.kind,
        event.services,
        event.asked_by,
        event.requested_on,
        event.on,
        event.joint,
    )
    due = DueBy(event.due_on, event.rule)
    return Known(event.case_id, event.child, event.assessment_id, terms, due)


DECIDER: Decider[AssessmentCommand, Assessment, AssessmentEvent] = Decider(
    "Assessment", NotAssessed(), decide, evolve
)
