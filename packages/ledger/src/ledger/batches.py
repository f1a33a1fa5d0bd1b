"""What every store asks of a batch before it looks at it, and which commands may share one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from uuid import UUID

from ledger.commands import ABOUT_THE_RECORD, AppendCommand, Claim, StreamAppend

LEAF_BYTES = 32


class BadBatch(ValueError):  # noqa: N818 # named for what it is; a fault of the program, not of a caller
    """The batch breaks what `Store.append` asks of it. Nothing was written."""


def check(batch: Sequence[AppendCommand]) -> None:
    """Raise BadBatch where commands of a batch may not go together, or one is malformed."""
    _once("command", [(each.tenant, each.command_id) for each in batch])
    taken = [(each.tenant, claim) for each in batch for claim in _taken(each)]
    _once("claim", taken)
    asked = set(taken)
    streams = Counter((each.tenant, part.stream_id) for each in batch for part in each.streams)
    for command in batch:
        _check_alone(command)
        if command.turn is not None and (len(batch) > 1 or not with_events(command)):
            raise BadBatch(f"command {command.command_id} turns custody: alone, and with events")
        if len(command.streams) > 1 and any(
            streams[command.tenant, part.stream_id] > 1 for part in command.streams
        ):
            raise BadBatch(f"command {command.command_id} shares one of its several streams")
        own = set(_taken(command))
        for claim in _released(command):
            if (command.tenant, claim) in asked and claim not in own:
                raise BadBatch(f"a claim of kind {claim.kind} is released and taken in one batch")


def footprint(command: AppendCommand) -> Iterator[object]:
    """Yield what no other command of the same batch may have: command id, streams, claims."""
    tenant = command.tenant
    yield tenant, command.command_id
    for part in command.streams:
        yield tenant, part.stream_id
    for claim in chain(_taken(command), _released(command)):
        yield tenant, claim


def _check_alone(command: AppendCommand) -> None:
    _once("stream", [part.stream_id for part in command.streams])
    for part in command.streams:
        if part.base < 0 or len(part.base_leaf) != LEAF_BYTES:
            raise BadBatch(f"stream {part.stream_id}: base and its leaf of 32 bytes are not right")
        if (part.take or part.release) and not part.events:
            raise BadBatch(f"stream {part.stream_id}: claims go with events")
        if any(b.recorded_at < a.recorded_at for a, b in pairwise(part.events)):
            raise BadBatch(f"stream {part.stream_id}: recorded_at goes back")


def _once(what: str, keys: Sequence[object]) -> None:
    if len(set(keys)) < len(keys):
        raise BadBatch(f"a {what} stands twice")


def _taken(command: AppendCommand) -> Iterator[Claim]:
    return chain.from_iterable(part.take for part in command.streams)


def _released(command: AppendCommand) -> Iterator[Claim]:
    return chain.from_iterable(part.release for part in command.streams)


def in_order(command: AppendCommand) -> list[StreamAppend]:
    """Return the streams of a command: those it writes, then those whose version it only checks."""
    return sorted(command.streams, key=_only_checked)


def begins(part: StreamAppend) -> bool:
    """Tell whether a stream of a case would begin, which custody may forbid."""
    return (
        part.base == 0
        and bool(part.events)
        and part.case_id is not None
        and part.category not in ABOUT_THE_RECORD
    )


def _only_checked(part: StreamAppend) -> bool:
    return not part.events


def with_events(command: AppendCommand) -> list[StreamAppend]:
    """Return the streams that a command writes, not those whose version it only checks."""
    return [part for part in command.streams if part.events]


def versions_after(command: AppendCommand) -> dict[UUID, int]:
    """Return the versions of the streams that a command writes, once it is appended."""
    return {part.stream_id: part.base + len(part.events) for part in with_events(command)}
