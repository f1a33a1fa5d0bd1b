"""Named places where a process may be told to die, so that a test can prove what survives it.

`THROUGHLINE_CRASH_AT=relay.after-publish` kills the process there the first time.
`THROUGHLINE_CRASH_ORDERS` names a file that may appear later: whoever first comes to the point that
it names makes it its own, by the name of its pid, adds how many points it had passed, and dies.
Both are read only in the environments demo and test.
"""

import os
import signal
from pathlib import Path
from typing import Final

_INVENTED: Final = os.environ.get("THROUGHLINE_ENVIRONMENT") in {"demo", "test"}
_AT: Final = os.environ.get("THROUGHLINE_CRASH_AT", "") if _INVENTED else ""
_ORDERS: Final = os.environ.get("THROUGHLINE_CRASH_ORDERS", "") if _INVENTED else ""


class _Passed:
    """How many points this process has come to."""

    points = 0


def point(name: str) -> None:
    """Die here by SIGKILL if that was asked for."""
    if name == _AT:
        os.kill(os.getpid(), signal.SIGKILL)
    if _ORDERS:
        _Passed.points += 1
        _obey(Path(_ORDERS), name)


def _obey(order: Path, name: str) -> None:
    """Die if the order is for this point and nobody else has taken it."""
    try:
        if order.read_text(encoding="utf-8") != name:
            return
        taken = order.rename(order.with_suffix(f".{os.getpid()}"))
    except FileNotFoundError:
        return
    with taken.open("a", encoding="utf-8") as proof:
        proof.write(f" {_Passed.points}")
        proof.flush()
        os.fsync(proof.fileno())
    os.kill(os.getpid(), signal.SIGKILL)
