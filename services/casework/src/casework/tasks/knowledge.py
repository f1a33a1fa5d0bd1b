"""Which decisions of a case were taken on earlier knowledge: a fact comes late, or is set right.

A person judges each of them; nothing is changed by itself. A fact told on the day on which it
happened is in time. Pure.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from casework.assessments.assessment_events import AssessmentCompleted
from casework.assessments.formulation import FormulationAgreed
from casework.cases.case import CaseClosed
from casework.cases.duty_line import DutyLearned
from casework.consents.consent_events import (
    CompetenceAssessed,
    ConsentDecided,
    ConsentGiven,
    ConsentRefused,
    ConsentWithdrawn,
)
from casework.decisions.notice_events import DecisionMade, RepresentationMade
from casework.information.conflict import ConflictLeftStanding, ConflictResolved
from casework.information.item import InformationCorrected, InformationReceived
from casework.provision.provision import UrgentProvisionAuthorised
from casework.reviews.review_events import ReviewCompleted
from casework.sessions.session import SessionCorrected, SessionRecorded
from ledger.clock import london_day, start_of_day
from ledger.envelope import Occurred, Recorded


class FactKind(StrEnum):
    """What a decision may rest on."""

    SESSION = "session"
    INFORMATION = "information"
    ASSESSMENT = "assessment"
    CONSENT = "consent"
    REPRESENTATION = "representation"
    DUTY = "duty"


FACTS: Mapping[type, FactKind] = {
    SessionRecorded: FactKind.SESSION,
    SessionCorrected: FactKind.SESSION,
    InformationReceived: FactKind.INFORMATION,
    InformationCorrected: FactKind.INFORMATION,
    AssessmentCompleted: FactKind.ASSESSMENT,
    ConsentGiven: FactKind.CONSENT,
    ConsentRefused: FactKind.CONSENT,
    ConsentWithdrawn: FactKind.CONSENT,
    CompetenceAssessed: FactKind.CONSENT,
    RepresentationMade: FactKind.REPRESENTATION,
    DutyLearned: FactKind.DUTY,
}
"""What is learned by an event. A fact that is not here makes nobody look again."""

_HEARD_AND_SEEN = frozenset({FactKind.SESSION, FactKind.INFORMATION})
_ALL = frozenset(FactKind)

RESTS_ON: Mapping[type, frozenset[FactKind]] = {
    ConflictResolved: frozenset({FactKind.INFORMATION}),
    ConflictLeftStanding: frozenset({FactKind.INFORMATION}),
    FormulationAgreed: _HEARD_AND_SEEN,
    AssessmentCompleted: _HEARD_AND_SEEN,
    ReviewCompleted: _HEARD_AND_SEEN | {FactKind.ASSESSMENT},
    ConsentDecided: frozenset({FactKind.CONSENT}),
    UrgentProvisionAuthorised: frozenset({FactKind.INFORMATION, FactKind.DUTY}),
    # What is activated with it rests on the same, and is judged with it.
    DecisionMade: _ALL,
    CaseClosed: _ALL - {FactKind.REPRESENTATION},
}
"""On which kinds of facts a recorded decision rests. What is not here is no decision."""


def is_late(fact: Recorded[Any]) -> bool:
    """Tell whether a fact came after its day, or sets an earlier entry right."""
    if type(fact.event) not in FACTS:
        return False
    at = fact.envelope
    return at.corrects is not None or london_day(true_from(fact).at) < london_day(at.recorded_at)


def true_from(fact: Recorded[Any]) -> Occurred:
    """Return since when a fact was true: who owed the service may be learned long after."""
    if isinstance(fact.event, DutyLearned):
        return Occurred(start_of_day(fact.event.effect_from), "day")
    return fact.envelope.occurred


def taken_before(fact: Recorded[Any], history: Iterable[Recorded[Any]]) -> list[Recorded[Any]]:
    """Return the decisions that a late fact might have changed, in the order of the record.

    Those that rest on facts of its kind, were recorded before it, and were taken when it was true
    already; of a correction, when the entry that it sets right was.
    """
    if not is_late(fact):
        return []
    known, at = list(history), fact.envelope
    since = [each.envelope.occurred for each in known if each.envelope.event_id == at.corrects]
    kind = FACTS[type(fact.event)]
    return [
        each
        for each in known
        if kind in RESTS_ON.get(type(each.event), ())
        and each.envelope.position < at.position
        # What one act records together was known together.
        and each.envelope.command_id != at.command_id
        and any(_was_true(when, each.envelope.occurred) for when in (true_from(fact), *since))
    ]


def _was_true(fact: Occurred, decision: Occurred) -> bool:
    """Whether a fact was true when a decision was taken, as exactly as both are known."""
    if fact.is_day or decision.is_day:
        return london_day(fact.at) <= london_day(decision.at)
    return fact.at <= decision.at
