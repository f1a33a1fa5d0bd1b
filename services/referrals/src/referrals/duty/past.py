"""What is and was known of who owes a child the service: told from the events, up to an instant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ledger.envelope import Recorded
from referrals.duty.facts import AnyFact, Fact
from referrals.duty.line import Line
from referrals.duty.timeline import (
    TIMELINE,
    ResponsibilityChanged,
    ResponsibilityDetermined,
    line_of,
)


@dataclass(frozen=True, slots=True)
class Told:
    """What was known at an instant, in the order in which it was recorded.

    `corrected_by`: of a fact that was set right, the one that did so.
    """

    line: Line
    facts: tuple[Recorded[AnyFact], ...]
    corrected_by: Mapping[UUID, UUID]
    determinations: tuple[Recorded[ResponsibilityDetermined], ...]
    changes: tuple[Recorded[ResponsibilityChanged], ...]


def told(events: Sequence[Recorded[Any]], known_at: datetime | None) -> Told:
    """Return what was known at an instant, or what is known."""
    known = [each for each in events if known_at is None or each.envelope.recorded_at <= known_at]
    facts = tuple(each for each in known if isinstance(each.event, Fact))
    return Told(
        line=line_of(TIMELINE.fold(each.event for each in known)),
        facts=facts,
        corrected_by={wrong: each.event.fact for each in facts for wrong in each.event.corrects},
        determinations=tuple(
            each for each in known if isinstance(each.event, ResponsibilityDetermined)
        ),
        changes=tuple(each for each in known if isinstance(each.event, ResponsibilityChanged)),
    )
