"""What a submission is answered with, the first time and each time again: no personal data."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import TypeAdapter

from referrals.life.events import ReferralReceived


@dataclass(frozen=True, slots=True)
class ChildAnswer:
    """One child's referral. `duty_holder`: None where it is undetermined."""

    referral: UUID
    case: UUID
    reference: str
    child: UUID
    known_before: bool
    duty_holder: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A submission's referrals, in the order of its children.

    `digest` is the blind index of its content, so that its id is not used for another.
    """

    submission: UUID
    family: UUID
    urgent: bool
    children: tuple[ChildAnswer, ...]
    digest: str = ""

    def encode(self) -> str:
        """Write the answer as it is remembered with the command id."""
        return _ADAPTER.dump_json(self).decode()

    @classmethod
    def decode(cls, outcome: str) -> "Answer":
        """Read a remembered answer."""
        return _ADAPTER.validate_json(outcome)


_ADAPTER: TypeAdapter[Answer] = TypeAdapter(Answer)


def answer_of(received: Sequence[ReferralReceived], digest: str) -> Answer:
    """Return the answer to the submission that made these referrals (at least one)."""
    first = received[0]
    return Answer(
        submission=first.submission,
        family=first.family,
        urgent=first.urgent,
        children=tuple(
            ChildAnswer(
                each.referral,
                each.case,
                each.reference,
                each.child,
                each.known_before,
                each.duty_holder,
            )
            for each in sorted(received, key=lambda each: each.number)
        ),
        digest=digest,
    )
