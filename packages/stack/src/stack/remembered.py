"""Small files of JSON that are written whole or not at all, for what must outlive this process."""

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PRIVATE = 0o600


def recall(file: Path) -> dict[str, Any]:
    """Return what was remembered, and nothing where there is nothing readable.

    All that is kept so can be made again, hence a file that somebody spoiled is set aside.
    """
    try:
        found = json.loads(file.read_text())
    except FileNotFoundError:
        return {}
    except (ValueError, UnicodeDecodeError):
        file.replace(file.with_suffix(".unreadable"))
        return {}
    return found if isinstance(found, dict) else {}


def remember(file: Path, what: dict[str, Any]) -> None:
    """Write the file, readable by this user alone; whoever reads sees the old or the new one."""
    write_private(file, json.dumps(what, indent=2, sort_keys=True).encode() + b"\n")


@contextlib.contextmanager
def changing(file: Path) -> Iterator[dict[str, Any]]:
    """Give what is remembered, to be changed in place, and write it if it was changed."""
    what = recall(file)
    before = json.dumps(what, sort_keys=True)
    yield what
    if json.dumps(what, sort_keys=True) != before:
        remember(file, what)


def write_private(file: Path, content: bytes) -> None:
    """Put a file in its place at once, with access for this user alone."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    with os.fdopen(handle, "wb") as out:
        os.fchmod(out.fileno(), PRIVATE)
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    Path(name).replace(file)
