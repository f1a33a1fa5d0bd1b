"""An invitation: what an authority knows of a cohort that is open to its families.

It stands in the invited authority's own record, since a command there cannot look into the host's:
from it a request for a place learns who the host is and until when one may ask, and attendance
learns the day of a session.
"""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias, assert_never
from uuid import UUID

from groups.cohort import Terms
from ledger.decider import Decider, NotYet, Refusal


@dataclass(frozen=True, slots=True)
class LearnOfCohort:
    """A cohort was opened to this authority by its host."""

    cohort_id: UUID
    host: UUID
    terms: Terms


@dataclass(frozen=True, slots=True)
class InvitationReceived:
    """Families of this authority may ask the host for places in the cohort."""

    cohort_id: UUID
    host: UUID
    terms: Terms


@dataclass(frozen=True, slots=True)
class NotInvited:
    """The authority has not heard of the cohort."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Its families may ask for places."""

    host: UUID
    terms: Terms

    def session_day(self, number: int) -> date:
        """Return the day of a session, of which 1 is the first."""
        if not 1 <= number <= len(self.terms.session_days):
            raise NoSuchSession
        return self.terms.session_days[number - 1]


class CohortNotOpenHere(NotYet):
    """The authority has not (or not yet) heard that the cohort is open to its families."""


class NoSuchSession(Refusal):
    """The cohort has no session of that number."""


InvitationState: TypeAlias = NotInvited | Invited


def decide(command: LearnOfCohort, invitation: InvitationState) -> list[InvitationReceived]:
    """Take note once: the terms of a cohort do not change, so what is heard again is known."""
    match invitation:
        case NotInvited():
            return [InvitationReceived(command.cohort_id, command.host, command.terms)]
        case Invited():
            return []
        case _:
            assert_never(invitation)


def evolve(_invitation: InvitationState, event: InvitationReceived) -> InvitationState:
    """Fold one recorded fact into the state."""
    return Invited(event.host, event.terms)


INVITATION: Decider[LearnOfCohort, InvitationState, InvitationReceived] = Decider(
    "Invitation", NotInvited(), decide, evolve
)
