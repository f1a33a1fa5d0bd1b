"""How a proposal says no: each refusal names what is missing, and until when."""

from collections.abc import Mapping
from datetime import date

from ledger.decider import Refusal


class NoSuchNotice(Refusal):
    """The authority has no proposal of that id."""


class AnotherProposal(Refusal):
    """The proposal of that id is another one."""


class AddresseeAndChildDiffer(Refusal):
    """A notice to a child who understands goes to that child, any other to somebody else."""


class TextVersionUnknown(Refusal):
    """A new text has the number after the last one."""


class NoticeIsIssued(Refusal):
    """The notice is issued: another text is another proposal."""


class ProposalIsWithdrawn(Refusal):
    """The authority does not go on with this proposal."""


class DecidedBefore(Refusal):
    """It is decided: what was decided is changed by a new proposal."""


class NotTheirNotice(Refusal):
    """Only whom the notice is addressed to, or the child, can say that the family is satisfied."""


class NoticeNotIssued(Refusal):
    """The notice has not been issued: nobody outside knows of the proposal."""


class NoticeNotServed(Refusal):
    """No service of the notice is on record, and nobody has answered it: no period runs."""


class RepresentationsOpen(Refusal):
    """The family can make representations until a day, and has not, nor is it satisfied."""

    def __init__(self, last_day: date) -> None:
        super().__init__(last_day)
        self.last_day = last_day

    @property
    def details(self) -> Mapping[str, str]:
        """Until when it can."""
        return {"until": self.last_day.isoformat()}


class AssessmentNotCompleted(Refusal):
    """No completed assessment is there, and no urgent provision stands in for it."""


class FromDayMissing(Refusal):
    """A decision that changes what is done says from which day: not before the decision itself."""

    def __init__(self, earliest: date) -> None:
        super().__init__(earliest)
        self.earliest = earliest

    @property
    def details(self) -> Mapping[str, str]:
        """The earliest day."""
        return {"earliest": self.earliest.isoformat()}


class OwnProposal(Refusal):
    """Whoever wrote a proposal does not decide on it."""


class DecidedOtherwise(Refusal):
    """It is decided already, otherwise or on another day."""
