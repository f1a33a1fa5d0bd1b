"""A sample of what `python -m services.casework.tests.lead_oracle` holds for 10,000 histories."""

import pytest

from casework.allocations.allocation_events import CaseAllocated
from services.casework.tests.lead_histories import lives
from services.casework.tests.lead_oracle import Seen, check, main


def test_at_every_instant_one_leads_or_a_gap_is_told() -> None:
    seen = main(["--histories", "150", "--seed", "7"])
    assert seen.histories == 150
    assert seen.handovers
    assert seen.gaps
    assert seen.refused


def test_the_oracle_notices_a_naming_that_is_lost() -> None:
    life = next(
        each
        for each in lives(7, 100)
        if sum(isinstance(fact.event, CaseAllocated) for fact in each.facts) > 1
    )
    first = next(n for n, each in enumerate(life.facts) if isinstance(each.event, CaseAllocated))
    del life.facts[first]
    with pytest.raises((AssertionError, KeyError)):
        check(life, Seen())
