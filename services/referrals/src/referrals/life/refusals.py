"""How a referral says no."""

from collections.abc import Mapping, Sequence

from ledger.decider import Refusal
from referrals.codes import Check


class NotScreened(Refusal):
    """A child's safety is looked at before anything is decided; `missing` names what is open."""

    def __init__(self, missing: Sequence[Check]) -> None:
        self.missing = tuple(missing)
        super().__init__(*(each.value for each in missing))

    @property
    def details(self) -> Mapping[str, str]:
        """The missing checks, as codes with commas between them."""
        return {"missing": ",".join(each.value for each in self.missing)}


class NotEligible(Refusal):
    """The screening found that the family may not have the service."""


class IsDuplicate(Refusal):
    """The screening found another referral of the same concern, which goes on instead."""


class AlreadyDecided(Refusal):
    """The referral was taken on, declined or withdrawn."""


class OlderThanKnown(Refusal):
    """The referral says already what its sender said later than that."""


class RedirectUnderWay(Refusal):
    """The referral is offered to another authority, which has it or is still to answer."""


class NotInReferral(Refusal):
    """The referral names no such person."""


class NotAsked(Refusal):
    """No such information was asked for."""
