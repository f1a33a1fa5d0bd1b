"""How much is measured: the whole, or a quick look; and bounds for trying the machinery out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """The size of everything in one run. Times in seconds, sizes in events."""

    name: str
    repeats: int
    # One cell of appends or calls: so many writers, one contender, once.
    seconds: float
    writers: tuple[int, ...]
    # Events that are in the table before; the last is compared with the first.
    growth: tuple[int, ...]
    loads: tuple[int, ...]
    relayed: int
    rebuilt: int
    heard: int
    # Commands a second, and for how long, on the way to another service.
    arrival_rates: tuple[int, ...]
    arrival_seconds: float
    history: int
    readings: int
    profile_seconds: float


QUICK = Plan(
    name="quick",
    repeats=5,
    seconds=0.8,
    writers=(1, 16, 64, 256),
    growth=(100_000, 1_000_000),
    loads=(1, 100, 10_000),
    relayed=60_000,
    rebuilt=200_000,
    heard=10_000,
    arrival_rates=(100, 500),
    arrival_seconds=5.0,
    history=1_000,
    readings=60,
    profile_seconds=4.0,
)

FULL = Plan(
    name="full",
    repeats=5,
    seconds=3.0,
    writers=(1, 16, 64, 256),
    growth=(100_000, 1_000_000, 10_000_000),
    loads=(1, 100, 10_000),
    relayed=300_000,
    rebuilt=1_000_000,
    heard=30_000,
    arrival_rates=(100, 500),
    arrival_seconds=15.0,
    history=1_000,
    readings=300,
    profile_seconds=8.0,
)

SMOKE = Plan(
    name="smoke",
    repeats=1,
    seconds=0.3,
    writers=(1, 16),
    growth=(10_000, 20_000),
    loads=(1, 100),
    relayed=5_000,
    rebuilt=5_000,
    heard=1_000,
    arrival_rates=(20,),
    arrival_seconds=1.0,
    history=50,
    readings=10,
    profile_seconds=2.0,
)
"""Not for figures: it tries the machinery."""

PLANS = {each.name: each for each in (QUICK, FULL, SMOKE)}
