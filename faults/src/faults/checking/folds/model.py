"""A read model as it must be: the columns that matter, by the values of its key."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from faults.checking.evidence import Event


@dataclass(frozen=True, slots=True)
class Model:
    """A table of the schema `read`. The authority is the first of each key."""

    table: str
    key: tuple[str, ...]
    rows: dict[tuple[str, ...], dict[str, Any]] = field(default_factory=dict)

    def row(self, event: Event, *thing: object) -> dict[str, Any]:
        """Return the row of a thing in the authority of an event; made where it is not there."""
        return self.rows.setdefault(self.key_of(event, *thing), {})

    def known(self, event: Event, *thing: object) -> dict[str, Any]:
        """Return the row of a thing that must be there; changes to one that is not are void."""
        return self.rows.get(self.key_of(event, *thing), {})

    def drop(self, event: Event, *thing: object) -> None:
        """Let a row go."""
        self.rows.pop(self.key_of(event, *thing), None)

    @staticmethod
    def key_of(event: Event, *thing: object) -> tuple[str, ...]:
        """Return the key of a thing in the authority of an event."""
        return (str(event.tenant), *(str(each) for each in thing))


def types(events: Sequence[Event], *names: str) -> list[Event]:
    """Return the events of some types, in their order."""
    return [each for each in events if each.type in names]
