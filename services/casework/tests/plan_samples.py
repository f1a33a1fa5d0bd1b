"""A plan as it may be proposed, for tests: invented, whole, small."""

from datetime import date
from typing import Any
from uuid import UUID

from casework.plans.document import (
    CameOf,
    Criterion,
    Frequency,
    Funding,
    Goal,
    Measure,
    Need,
    Party,
    PlanDocument,
    PlannedService,
    ServiceType,
    Setting,
    View,
)

MONITOR = UUID(int=66)

therapy = PlannedService(
    key="therapy",
    goal="nights",
    kind=ServiceType.THERAPY,
    provider="house-of-play",
    setting=Setting.CLINIC,
    starts_on=date(2025, 12, 1),
    sessions=12,
    frequency=Frequency.WEEKLY,
    cost_pence=120_000,
    funding=Funding.FUND,
)
hers = View("hers", Party.CHILD, CameOf.DECIDED, ("therapy",))
theirs = View("theirs", Party.PARENTS, CameOf.NOT_YET, ())


def a_plan(**changed: Any) -> PlanDocument:
    """Make a whole plan, but for what is said to be otherwise."""
    parts: dict[str, Any] = {
        "needs": (Need("sleep", "sleep"),),
        "goals": (Goal("nights", "sleep"),),
        "services": (therapy,),
        "measures": (Measure("sdq-1", "therapy", "sdq", date(2026, 3, 2)),),
        "parts": (),
        "contacts": (),
        "risks": (),
        "contributions": (),
        "views": (hers, theirs),
        "criteria": (Criterion("slept", "nights"),),
        "contingencies": (),
        "monitor": MONITOR,
        "review_on": None,
    }
    return PlanDocument(**parts | changed)
