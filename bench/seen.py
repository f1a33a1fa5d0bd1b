"""A fold of no meaning, for loads with and without a snapshot of it."""

from dataclasses import dataclass

from ledger.decider import Decider
from ledger.samples import Happened
from ledger.snapshots import Codec, codec_of


@dataclass(frozen=True, slots=True)
class Seen:
    """How often something happened in a stream."""

    times: int = 0


def _seen(seen: Seen, _happened: Happened) -> Seen:
    return Seen(seen.times + 1)


SEEN: Decider[None, Seen, Happened] = Decider("Thing", Seen(), lambda _c, _s: (), _seen)
TAIL = 50
"""Events behind a snapshot: half of those after which the next one is made."""


def codec() -> Codec[Seen]:
    """Return what writes the fold's states as bytes."""
    return codec_of(SEEN)
