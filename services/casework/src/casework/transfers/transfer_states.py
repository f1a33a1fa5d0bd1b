"""How a transfer stands on the side that began it."""

from dataclasses import dataclass
from typing import TypeAlias

from casework.transfers.codes import RevokeReason
from casework.transfers.events import CustodyPassed, TransferEvent, TransferOffered


@dataclass(frozen=True, slots=True)
class Staying:
    """The case is offered to nobody. `last`: the transfer that ended last, as it ended."""

    last: TransferEvent | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """An answer is awaited."""

    said: TransferOffered


@dataclass(frozen=True, slots=True)
class AskedBack:
    """The other authority is asked to let go of it, unless it has accepted."""

    said: TransferOffered
    reason: RevokeReason


@dataclass(frozen=True, slots=True)
class Gone:
    """Another authority holds the case."""

    passed: CustodyPassed


Transfer: TypeAlias = Staying | Offered | AskedBack | Gone
