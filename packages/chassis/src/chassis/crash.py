"""Named places where a process may be told to die, so that a test can prove what survives it.

`THROUGHLINE_CRASH_AT=relay.after-publish` kills the process there the first time; it is read only
in the environments demo and test.
"""

import os
import signal
from typing import Final

_AT: Final = (
    os.environ.get("THROUGHLINE_CRASH_AT", "")
    if os.environ.get("THROUGHLINE_ENVIRONMENT") in {"demo", "test"}
    else ""
)


def point(name: str) -> None:
    """Die here by SIGKILL if that was asked for."""
    if name == _AT:
        os.kill(os.getpid(), signal.SIGKILL)
