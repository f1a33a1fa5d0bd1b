"""Small numbers are not shown, nor can they be worked out from what is shown beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

FEWEST: Final = 5
"""The smallest number of children that is shown; none at all is shown as 0."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """A number that is not shown."""


HIDDEN: Final = Hidden()
Shown: TypeAlias = int | Hidden


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers by group, which make up the total."""

    total: Shown
    groups: Mapping[str, Shown]


def suppressed(groups: Mapping[str, int]) -> Table:
    """Return what may be shown of numbers by group, with their total.

    A number from 1 to 4 is hidden. Where the hidden ones could be worked out from the total, the
    smallest others are hidden too, until there are two at least and together they come to 5 at
    least: each of them may then be anything from 0 to 5, for whoever knows all that is shown. A
    total from 1 to 4 is hidden with all its groups. The same numbers always hide the same, so that
    asking again tells nothing more.
    """
    total = sum(groups.values())
    if 0 < total < FEWEST:
        return Table(HIDDEN, dict.fromkeys(groups, HIDDEN))
    hidden = {name for name, number in groups.items() if 0 < number < FEWEST}
    # The smallest first, those with none last: an empty group hides nobody.
    others = sorted(
        groups.keys() - hidden, key=lambda name: (groups[name] == 0, groups[name], name)
    )
    while hidden and not _safe([groups[name] for name in hidden]):
        hidden.add(others.pop(0))
    return Table(
        total, {name: HIDDEN if name in hidden else number for name, number in groups.items()}
    )


def _safe(numbers: list[int]) -> bool:
    return len(numbers) > 1 and sum(numbers) >= FEWEST
