"""At every instant exactly one lead, or a gap that says its last day: held against a naive reading.

    python -m services.casework.tests.lead_oracle --histories 10000 --seed 1

The naive reading knows nothing of states or lines: it lives through each hour with a set of leads,
and for late facts it paints hour after hour. It shares no code with what it is held against.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from casework.allocations.allocation_states import lead_of
from casework.allocations.leading import lead_at, leading
from ledger.envelope import Recorded
from services.casework.tests.lead_histories import BEGINS, Life, lives

HOUR = timedelta(hours=1)


@dataclass
class Seen:
    """What was looked at."""

    histories: int = 0
    facts: int = 0
    refused: int = 0
    handovers: int = 0
    gaps: int = 0
    instants: int = 0


def check(life: Life, seen: Seen) -> None:
    """Raise AssertionError where the two readings differ, or where not exactly one leads."""
    facts = life.facts
    seen.histories, seen.facts = seen.histories + 1, seen.facts + len(facts)
    seen.refused += life.refused
    leads = _as_it_was_recorded(facts, seen)
    assert leads == ({lead_of(life.state)} - {None})
    painted = _painted(facts, life.hour)
    line = leading(facts)
    for hour, worker in enumerate(painted):
        assert lead_at(line, BEGINS + hour * HOUR) == worker, (hour, worker)
    seen.instants += len(painted)
    _pairs(facts, seen)


def _as_it_was_recorded(facts: Sequence[Recorded[Any]], seen: Seen) -> set[UUID]:
    """Keep a set of leads, from which only who is named goes: never two, none only in a gap."""
    leads: set[UUID] = set()
    in_gap = True
    for each in facts:
        said = each.event
        match type(said).__name__:
            case "CaseAllocated":
                if said.previous_worker is not None:
                    leads.remove(said.previous_worker)
                assert said.worker not in leads
                leads.add(said.worker)
                in_gap = False
            case "LeadEnded":
                leads.remove(said.worker)
                assert said.due_on
                in_gap, seen.gaps = True, seen.gaps + 1
            case "LeadAwaited":
                assert not leads
                assert said.due_on
                in_gap = True
            case "AllocationEnded":
                if said.worker is not None:
                    leads.remove(said.worker)
                in_gap = True
            case _:
                pass
        assert len(leads) == (0 if in_gap else 1)
    return leads


def _painted(facts: Sequence[Recorded[Any]], last: int) -> list[UUID | None]:
    """Paint each hour from the one in which a fact was true, in the order of recording."""
    hours: list[UUID | None] = [None] * (last + 2)
    for each in facts:
        kind = type(each.event).__name__
        if kind not in {"CaseAllocated", "LeadEnded", "LeadAwaited", "AllocationEnded"}:
            continue
        begins = round((each.envelope.occurred.at - BEGINS) / HOUR)
        for hour in range(begins, len(hours)):
            hours[hour] = each.event.worker if kind == "CaseAllocated" else None
    return hours


def _pairs(facts: Sequence[Recorded[Any]], seen: Seen) -> None:
    """Look at each handover: offered before, accepted once, the lead changing in that instant."""
    offered = set()
    for number, each in enumerate(facts):
        said = each.event
        match type(said).__name__:
            case "HandoverOffered":
                offered.add((said.offer_id, said.worker))
            case "HandoverAccepted":
                offered.remove((said.offer_id, said.worker))
                follows = facts[number + 1].event
                assert type(follows).__name__ == "CaseAllocated"
                assert (follows.previous_worker, follows.worker) == (said.from_worker, said.worker)
                assert facts[number + 1].envelope.occurred == each.envelope.occurred
                seen.handovers += 1
            case _:
                pass


def main(arguments: Sequence[str]) -> Seen:
    """Check as many histories as are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    seen = Seen()
    for life in lives(asked.seed, asked.histories):
        check(life, seen)
    return seen


if __name__ == "__main__":
    sys.stdout.write(f"{main(sys.argv[1:])}\n")
