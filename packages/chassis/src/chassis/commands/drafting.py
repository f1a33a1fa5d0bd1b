"""From steps to bytes: decide on each stream, seal what is personal, chain the leaves."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from chassis.acting import Act, Step
from chassis.commands.remembering import remembered
from chassis.commands.situation import Looked
from chassis.edge.malformed import Malformed, Violation
from chassis.failures import Conflicted
from chassis.running import telemetry
from evidence.leaf import LeafInput, make_leaf
from ledger.commands import AppendCommand, Claim, Head, Loaded, NewEvent, StreamAppend, Turn
from ledger.envelope import Occurred
from ledger.ids import new_id
from ledger.personal import OpenBlock
from ledger.registry import Registry, encode_metadata, encode_sealed

if TYPE_CHECKING:
    from chassis.service import Outcome
    from vault.vault import Vault

AHEAD = timedelta(minutes=5)
"""How far `occurred_at` may lie after `recorded_at` (clocks of others differ a little)."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A command ready to append, with what it decided."""

    command: AppendCommand
    outcome: str
    events: tuple[tuple[UUID, object], ...]
    # The versions of the steps' streams once it is appended, in the order of the steps.
    versions: dict[UUID, int]
    # Up to where the steps' streams were read.
    position: int


@dataclass(frozen=True, slots=True)
class _Decided:
    """What was decided on one stream, not yet sealed."""

    step: Step
    head: Head
    events: tuple[object, ...]
    take: tuple[Claim, ...]
    release: tuple[Claim, ...]
    subjects: tuple[UUID, ...]
    turn: Turn | None


async def draft(
    act: Act,
    steps: Sequence[Step],
    looked: Looked,
    registry: Registry,
    vault: "Vault",
    outcome: "Outcome",
) -> Draft:
    """Decide the steps on the streams as loaded and make the append; Refusal passes through.

    `looked` holds every stream that was read for the command: those on which nothing is decided are
    checked again at the append, so that a decision never rests on a state that has passed.
    """
    loaded, now = looked.loaded, await looked.now()
    _check_expectation(act, steps, loaded)
    occurred = act.occurred or Occurred(now)
    if occurred.at > now + AHEAD:
        raise Malformed(
            [Violation("context.occurred", "in-the-future", "at most 5 minutes after the clock")]
        )
    decided = [
        _decide(stream_id, steps, looked)
        for stream_id in dict.fromkeys(step.stream_id for step in steps)
    ]
    events = tuple((each.step.stream_id, event) for each in decided for event in each.events)
    said = outcome(act.command, events)
    versions = {each.step.stream_id: each.head.version + len(each.events) for each in decided}
    position = _read_to([loaded[stream_id] for stream_id in versions])
    # What was left as it was, the store would not remember.
    left = any(not each.events for each in decided)
    return Draft(
        AppendCommand(
            command_id=act.command_id,
            tenant=act.tenant,
            scope=act.scope,
            streams=tuple(await _appends(act, decided, loaded, occurred, now, registry, vault)),
            outcome=remembered(said, versions, position) if left else said,
            turn=next((each.turn for each in decided if each.turn), None),
        ),
        said,
        events,
        versions,
        position,
    )


async def _appends(
    act: Act,
    decided: Sequence[_Decided],
    loaded: Mapping[UUID, Loaded],
    occurred: Occurred,
    now: datetime,
    registry: Registry,
    vault: "Vault",
) -> list[StreamAppend]:
    """Seal what was decided; beside it stand the streams that must be as they were read."""
    encoded = [[registry.encode(event) for event in each.events] for each in decided]
    await vault.warm(
        act.tenant,
        {(b.subject, b.block) for stream in encoded for _, blocks in stream for b in blocks},
    )
    written = [
        await _seal(act, each, pairs, occurred, now, registry, vault)
        for each, pairs in zip(decided, encoded, strict=True)
        if each.events
    ]
    only_read = loaded.keys() - {each.stream_id for each in written}
    return written + [
        _unchanged(stream_id, loaded[stream_id].head) for stream_id in only_read if written
    ]


def _read_to(streams: Sequence[Loaded]) -> int:
    """Return the position of the newest event that was read, itself or in a snapshot."""
    read = [each.events[-1].position for each in streams if each.events]
    kept = [each.snapshot.position for each in streams if each.snapshot]
    return max([*read, *kept], default=0)


def _unchanged(stream_id: UUID, head: Head) -> StreamAppend:
    """Have the append check that a stream on which the decision rests is as it was read."""
    return StreamAppend(stream_id, "", head.case_id, head.version, head.leaf_hash, ())


def _check_expectation(act: Act, steps: Sequence[Step], loaded: Mapping[UUID, Loaded]) -> None:
    if act.expected_version is None or not steps:
        return
    actual = loaded[steps[0].stream_id].head.version
    if actual != act.expected_version:
        raise Conflicted(f"the stream is at version {actual}")


def _decide(stream_id: UUID, steps: Sequence[Step], looked: Looked) -> _Decided:
    """Decide all steps of one stream in order, each on the outcome of the one before."""
    own = [step for step in steps if step.stream_id == stream_id]
    decider = own[0].decider
    if any(step.decider is not decider for step in own):
        raise TypeError(f"stream {stream_id}: two deciders")
    state = looked.folded(decider, stream_id)
    events: list[object] = []
    take: list[Claim] = []
    release: list[Claim] = []
    turn: Turn | None = None
    for step in own:
        fresh = list(decider.decide(step.command, state))
        state = decider.fold(fresh, state)
        if fresh:
            take.extend(step.take)
            release.extend(step.release)
            turn = step.turn or turn
        events.extend(fresh)
    subjects = tuple(dict.fromkeys(each for step in own for each in step.subjects))
    head = looked.loaded[stream_id].head
    return _Decided(own[0], head, tuple(events), tuple(take), tuple(release), subjects, turn)


async def _seal(
    act: Act,
    decided: _Decided,
    encoded: Sequence[tuple[bytes, list[OpenBlock]]],
    occurred: Occurred,
    now: datetime,
    registry: Registry,
    vault: "Vault",
) -> StreamAppend:
    """Seal, hash and chain the events of one stream, in order."""
    step, head = decided.step, decided.head
    recorded_at = max(now, head.recorded_at) if head.recorded_at else now
    case_id = step.case_id or head.case_id
    previous = head.leaf_hash
    sealed_events: list[NewEvent] = []
    for number, (event, (payload, blocks)) in enumerate(
        zip(decided.events, encoded, strict=True), start=head.version + 1
    ):
        name = type(event).__name__
        schema_version = registry.schema_version(event)
        sealed = encode_sealed(
            zip(
                await vault.seal(act.tenant, step.stream_id, number, name, schema_version, blocks),
                [list(block.fields) for block in blocks],
                strict=True,
            )
        )
        metadata = _metadata(act, decided, blocks, case_id)
        made = LeafInput(
            tenant=act.tenant,
            stream_id=step.stream_id,
            version=number,
            event_id=new_id(),
            command_id=act.command_id,
            type=name,
            schema_version=schema_version,
            occurred_at=occurred.at,
            occurred_precision=occurred.precision,
            recorded_at=recorded_at,
            payload=payload,
            sealed=sealed,
            metadata=metadata,
            blinding=secrets.token_bytes(32),
        )
        previous = make_leaf(made, previous)
        sealed_events.append(_new_event(made, previous))
    return StreamAppend(
        stream_id=step.stream_id,
        category=step.decider.category,
        case_id=case_id,
        base=head.version,
        base_leaf=head.leaf_hash,
        events=tuple(sealed_events),
        take=decided.take,
        release=decided.release,
    )


def _metadata(
    act: Act, decided: _Decided, blocks: Sequence[OpenBlock], case_id: UUID | None
) -> bytes:
    people = dict.fromkeys([*decided.subjects, *(block.subject for block in blocks)])
    return encode_metadata(
        decided.step.decider.category,
        act.actor,
        act.correlation_id or act.command_id,
        causation_id=act.causation_id,
        traceparent=telemetry.current_traceparent(),
        basis=act.basis,
        corrects=act.corrects,
        subjects=tuple(people),
        case_id=case_id,
    )


def _new_event(made: LeafInput, leaf: bytes) -> NewEvent:
    fields: dict[str, Any] = {
        name: getattr(made, name) for name in NewEvent.__dataclass_fields__ if name != "leaf_hash"
    }
    return NewEvent(**fields, leaf_hash=leaf)
