"""One matter of consent in a case: what each who may decide said, and what it comes to.

Given, refused or withdrawn by each person for himself, at any time. Where they do not agree nothing
rests on it until a manager and a clinician decide, with reasons. Sharing stops in the same instant,
and that is recorded first. Past work stays valid; safeguarding asks for no consent.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias, assert_never
from uuid import UUID

from casework.consents.consent_events import (
    Answer,
    Capacity,
    Competence,
    CompetenceAssessed,
    ConsentBegan,
    ConsentCeased,
    ConsentDecided,
    ConsentDisputed,
    ConsentEvent,
    ConsentGiven,
    ConsentRefused,
    ConsentWithdrawn,
    DecisionOutcome,
    Matter,
    Purpose,
    Said,
    SharingStarted,
    SharingStopped,
)
from casework.consents.consent_states import (
    Agreed,
    Asked,
    Consent,
    Decided,
    Declined,
    Disputed,
    Finding,
    Known,
    NeverAsked,
    Unanswered,
    Word,
    holds,
    is_denied,
)
from casework.workers.worker import Registered, WorkerKind
from ledger.decider import Decider, Refusal
from ledger.personal import Plain

CLINICIANS = frozenset({WorkerKind.THERAPIST, WorkerKind.SOCIAL_WORKER})
"""Kinds of worker who may decide, with a manager, over a disagreement."""


@dataclass(frozen=True, slots=True)
class About:
    """Which consent: a matter in a child's case."""

    case_id: UUID
    child: UUID
    matter: Matter


@dataclass(frozen=True, slots=True)
class Say:
    """Record what somebody who may decide says."""

    about: About
    answer: Answer
    said: Said
    how: Plain[str | None]


@dataclass(frozen=True, slots=True)
class AssessCompetence:
    """Record whether the child can decide this matter; the assessor was looked up."""

    about: About
    found: Competence
    assessor: Registered
    on: date
    reasons: Plain[str]


@dataclass(frozen=True, slots=True)
class Decide:
    """Record what a manager and a clinician decided; the clinician was looked up."""

    outcome: DecisionOutcome
    clinician: Registered
    on: date
    reasons: Plain[str]


class NotFoundCompetent(Refusal):
    """A child under 16 decides only what it was found competent to decide."""


class NothingToWithdraw(Refusal):
    """That person has not agreed to it."""


class NothingDisputed(Refusal):
    """Those who may decide it do not disagree: there is nothing to decide for them."""


class NotAClinician(Refusal):
    """A therapist or social worker takes part in the decision and assesses competence."""


ConsentCommand: TypeAlias = Say | AssessCompetence | Decide


def decide(command: ConsentCommand, consent: Consent) -> list[ConsentEvent]:
    """Say what follows: the stop of sharing first, then the word, then what it comes to."""
    fact: ConsentEvent | None
    match command:
        case Say():
            fact = _said(command, consent)
        case AssessCompetence():
            fact = _assessed(command, consent)
        case Decide():
            fact = _decided(command, consent)
        case _:
            assert_never(command)
    return [] if fact is None else _with_effects(fact, consent)


def after(command: ConsentCommand, consent: Consent) -> Consent:
    """Return how it will stand once the command is carried out. Raises as `decide` does."""
    for event in decide(command, consent):
        consent = evolve(consent, event)
    return consent


def _said(
    command: Say, consent: Consent
) -> ConsentGiven | ConsentRefused | ConsentWithdrawn | None:
    known = _known(consent, command.about)
    before, said, about = known.word_of(command.said.by), command.said, command.about
    # The same word again is the same answer, so that callers may retry; asked anew on a later day
    # and answered alike, it is a new fact.
    if before == Word(command.answer, said):
        return None
    if said.capacity is Capacity.COMPETENT_CHILD and not known.competent:
        raise NotFoundCompetent
    match command.answer:
        case Answer.GIVEN:
            return ConsentGiven(about.case_id, about.child, about.matter, said, command.how)
        case Answer.REFUSED:
            return ConsentRefused(about.case_id, about.child, about.matter, said, command.how)
        case Answer.WITHDRAWN:
            if before is not None and before.answer is Answer.WITHDRAWN:
                return None
            if before is None or before.answer is not Answer.GIVEN:
                raise NothingToWithdraw
            return ConsentWithdrawn(about.case_id, about.child, about.matter, said, command.how)


def _assessed(command: AssessCompetence, consent: Consent) -> CompetenceAssessed | None:
    assessor, about = _clinician(command.assessor), command.about
    known = _known(consent, about)
    if known.findings and known.findings[-1] == Finding(command.found, assessor, command.on):
        return None
    return CompetenceAssessed(
        about.case_id,
        about.child,
        about.matter,
        command.found,
        assessor,
        command.on,
        command.reasons,
    )


def _decided(command: Decide, consent: Consent) -> ConsentDecided | None:
    match consent:
        case Decided(outcome=outcome) if outcome is command.outcome:
            return None
        case Disputed(known) | Decided(known):
            return ConsentDecided(
                known.case_id,
                known.child,
                known.matter,
                command.outcome,
                _clinician(command.clinician),
                command.on,
                command.reasons,
            )
        case _:
            raise NothingDisputed


def _clinician(worker: Registered) -> UUID:
    if worker.kind not in CLINICIANS:
        raise NotAClinician
    return worker.worker


def _with_effects(fact: ConsentEvent, consent: Consent) -> list[ConsentEvent]:
    """Add what the fact brings about; whoever must stop sharing hears of that before all else."""
    after = evolve(consent, fact)
    if isinstance(after, NeverAsked):
        return [fact]
    known, party = after.known, after.known.matter.party
    decided = [fact]
    if isinstance(after, Disputed) and not isinstance(consent, Disputed):
        times = known.disputes + 1
        decided.append(ConsentDisputed(known.case_id, known.child, known.matter, times))
    if party is None:
        return [*decided, *_of_work(known, consent, after)]
    if holds(after) and not holds(consent):
        return [*decided, SharingStarted(known.case_id, known.child, party)]
    # Also where it never held here: whoever heard otherwise elsewhere stops now.
    if is_denied(after) and not is_denied(consent):
        return [SharingStopped(known.case_id, known.child, party), *decided]
    return decided


def _of_work(known: Known, before: Consent, after: Consent) -> list[ConsentBegan | ConsentCeased]:
    if holds(before) == holds(after):
        return []
    told = ConsentBegan if holds(after) else ConsentCeased
    return [told(known.case_id, known.child, known.matter)]


def evolve(  # noqa: PLR0911 # a row an event
    consent: Consent, event: ConsentEvent
) -> Consent:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event:
        case ConsentGiven(said=said):
            return _with_word(consent, event, Word(Answer.GIVEN, said))
        case ConsentRefused(said=said):
            return _with_word(consent, event, Word(Answer.REFUSED, said))
        case ConsentWithdrawn(said=said):
            return _with_word(consent, event, Word(Answer.WITHDRAWN, said))
        case CompetenceAssessed(found=found, assessor=assessor, on=on):
            known = _known(consent, About(event.case_id, event.child, event.matter))
            finding = Finding(found, assessor, on)
            return _standing(replace(known, findings=(*known.findings, finding)))
        case ConsentDecided(outcome=outcome, clinician=clinician):
            if isinstance(consent, NeverAsked):
                return consent
            return Decided(consent.known, outcome, clinician)
        case ConsentDisputed(times=times):
            if isinstance(consent, NeverAsked):
                return consent
            return replace(consent, known=replace(consent.known, disputes=times))
        # They say what the words come to.
        case ConsentBegan() | ConsentCeased() | SharingStarted() | SharingStopped():
            return consent
        case _:
            assert_never(event)


def _with_word(
    consent: Consent, event: ConsentGiven | ConsentRefused | ConsentWithdrawn, word: Word
) -> Consent:
    known = _known(consent, About(event.case_id, event.child, event.matter))
    before = known.word_of(word.said.by)
    others = tuple(each for each in known.words if each.said.by != word.said.by)
    now = replace(known, words=(*others, word))
    # Who says again what he said does not undo what was decided over it.
    if isinstance(consent, Decided) and before is not None and before.answer is word.answer:
        return replace(consent, known=now)
    return _standing(now)


def _standing(known: Known) -> Asked:
    answers = {each.answer is Answer.GIVEN for each in known.counted}
    if answers == {True, False}:
        return Disputed(known)
    if answers == {True}:
        return Agreed(known)
    return Declined(known) if answers else Unanswered(known)


def _known(consent: Consent, about: About) -> Known:
    if isinstance(consent, NeverAsked):
        return Known(about.case_id, about.child, about.matter)
    return consent.known


DECIDER: Decider[ConsentCommand, Consent, ConsentEvent] = Decider(
    "Consent", NeverAsked(), decide, evolve
)


def sharing_with(party: str) -> Matter:
    """Return the matter of sharing with a party, such as "agency:school"."""
    return Matter(Purpose.SHARE, party)


ASSESS, THERAPY = Matter(Purpose.ASSESS, None), Matter(Purpose.THERAPY, None)
