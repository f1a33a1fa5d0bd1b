"""All planted bugs, by name."""

from collections.abc import Mapping

from faults.sabotage.bug import Bug
from faults.sabotage.bugs import appending, following, hearing, platform, relaying, walls

BUGS: Mapping[str, Bug] = {
    each.name: each
    for each in (
        *appending.BUGS,
        *following.BUGS,
        *relaying.BUGS,
        *hearing.BUGS,
        *walls.BUGS,
        *platform.BUGS,
    )
}


def bug(name: str) -> Bug:
    """Return a bug. Raises KeyError for one that there is not."""
    return BUGS[name]
