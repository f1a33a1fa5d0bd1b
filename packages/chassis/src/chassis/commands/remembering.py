"""What a repeated command is answered: what was remembered with its id the first time."""

import json
from collections.abc import Mapping
from uuid import UUID

from chassis.acting import Done
from ledger.commands import Duplicate

MARK = "\x1e"
"""ASCII's record separator: stands after a service's outcome, which never holds it."""


def remembered(outcome: str, versions: Mapping[UUID, int], position: int) -> str:
    """Write what is remembered of a command that left a stream of its own as it was.

    The store remembers by itself the streams that a command writes, and no others.
    """
    left = {"versions": {str(stream): version for stream, version in versions.items()}}
    return outcome + MARK + json.dumps(left | {"position": position}, separators=(",", ":"))


def recalled(duplicate: Duplicate) -> Done:
    """Answer a repeated command as the first time."""
    outcome, marked, left = duplicate.outcome.partition(MARK)
    if not marked:
        return Done(dict(duplicate.versions), duplicate.position, outcome, duplicate=True)
    kept = json.loads(left)
    versions = {UUID(stream): version for stream, version in kept["versions"].items()}
    position = max(duplicate.position, kept["position"])
    return Done(versions, position, outcome, duplicate=True)
