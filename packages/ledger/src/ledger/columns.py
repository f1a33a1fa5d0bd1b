"""Commands as the arguments of es.append and its like (migrations/0005, 0010, 0014)."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from ledger.batches import in_order
from ledger.commands import AppendCommand, NewEvent, Passes, StreamAppend, Turn

Row = tuple[Any, ...]

COMMAND = 6
STREAM = 8
CLAIM = 3
EVENT = 12


def columns(batch: Sequence[AppendCommand]) -> list[Any]:
    """Return the arguments of es.append, in order. Places are counted from 1."""
    scopes: dict[frozenset[UUID], int] = {}
    commands: list[Row] = []
    streams: list[Row] = []
    taken: list[Row] = []
    released: list[Row] = []
    events: list[Row] = []
    for number, command in enumerate(batch, start=1):
        scope = scopes.setdefault(command.scope, len(scopes) + 1)
        first = len(streams) + 1
        # Those with events stand first, so that a range says which they are.
        parts = in_order(command)
        for part in parts:
            place = len(streams) + 1
            streams.append(_stream(number, part, len(events) + 1))
            taken.extend((place, claim.kind, claim.value) for claim in part.take)
            released.extend((place, claim.kind, claim.value) for claim in part.release)
            events.extend(_event(place, event) for event in part.events)
        last = first - 1 + sum(1 for part in parts if part.events)
        commands.append((command.command_id, command.tenant, scope, command.outcome, first, last))
    return [
        [scope_text(each) for each in scopes],
        len({(batch[each[0] - 1].tenant, each[1]) for each in streams}) < len(streams),
        *_transposed(commands, COMMAND),
        *_transposed(streams, STREAM),
        *_transposed(taken, CLAIM),
        *_transposed(released, CLAIM),
        *_transposed(events, EVENT),
    ]


def is_plain(batch: Sequence[AppendCommand]) -> bool:
    """Tell whether es.append_alone takes a batch: one command, one stream, no claims, no turn."""
    if len(batch) != 1 or len(batch[0].streams) != 1 or batch[0].turn is not None:
        return False
    [part] = batch[0].streams
    return bool(part.events) and not part.take and not part.release


def plain(command: AppendCommand) -> list[Any]:
    """Return the arguments of es.append_alone, in order."""
    [part] = command.streams
    return [
        scope_text(command.scope),
        command.command_id,
        command.tenant,
        command.outcome,
        part.stream_id,
        part.category,
        part.case_id,
        part.base,
        part.base_leaf,
        *_transposed([_event(0, event)[1:] for event in part.events], EVENT - 1),
    ]


def turning(turn: Turn, batch: Sequence[AppendCommand]) -> list[Any]:
    """Return the arguments of es.append_turning, in order."""
    way = "passes" if isinstance(turn, Passes) else "returns"
    return [way, turn.case_id, *columns(batch)]


def scope_text(scope: Iterable[UUID]) -> str:
    """Write a scope as PostgreSQL writes an array of uuid."""
    return "{" + ",".join(map(str, scope)) + "}"


def _stream(command: int, part: StreamAppend, first_event: int) -> Row:
    return (
        command,
        part.stream_id,
        part.category,
        part.case_id,
        part.base,
        part.base_leaf,
        first_event,
        len(part.events),
    )


def _event(stream: int, event: NewEvent) -> Row:
    return (
        stream,
        event.event_id,
        event.type,
        event.schema_version,
        event.occurred_at,
        event.occurred_precision,
        event.recorded_at,
        event.payload,
        event.sealed,
        event.metadata,
        event.blinding,
        event.leaf_hash,
    )


def _transposed(rows: Sequence[Row], width: int) -> Iterable[Sequence[Any]]:
    return list(zip(*rows, strict=True)) if rows else [()] * width
