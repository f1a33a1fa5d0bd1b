"""Commands of no meaning, for tests and benchmarks of stores."""

import secrets
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID, uuid4

from ledger.commands import AppendCommand, Appended, Claim, Head, NewEvent, StreamAppend, Turn
from ledger.envelope import Actor
from ledger.feed import Feed
from ledger.ids import new_id
from ledger.looking import HEAD_ONLY, Wanted
from ledger.registry import Registry, encode_metadata
from ledger.store import Store

FIRST = Head()
FILLER = "x" * 180


@dataclass(frozen=True, slots=True)
class Happened:
    """Something happened; nobody says what."""

    text: str


REGISTRY = Registry().register("Thing", Happened)


def event(
    at: datetime | None = None,
    *,
    text: str = FILLER,
    case_id: UUID | None = None,
    subjects: Sequence[UUID] = (),
) -> NewEvent:
    """Make an event, recorded now unless told otherwise; its leaf is 32 random bytes."""
    recorded_at = at or datetime.now(UTC)
    return NewEvent(
        event_id=new_id(),
        type=Happened.__name__,
        schema_version=1,
        occurred_at=recorded_at,
        occurred_precision="instant",
        recorded_at=recorded_at,
        payload=_payload(text),
        sealed=b"",
        metadata=_metadata(case_id, tuple(subjects)),
        blinding=secrets.token_bytes(32),
        leaf_hash=secrets.token_bytes(32),
    )


@lru_cache
def _payload(text: str) -> bytes:
    return REGISTRY.encode(Happened(text))[0]


@lru_cache
def _metadata(case_id: UUID | None, subjects: tuple[UUID, ...]) -> bytes:
    nobody = Actor("nobody", "none")
    return encode_metadata("Thing", nobody, UUID(int=0), case_id=case_id, subjects=subjects)


def part(
    stream_id: UUID,
    base: Head = FIRST,
    count: int = 1,
    *,
    at: datetime | None = None,
    text: str = FILLER,
    case_id: UUID | None = None,
    subjects: Sequence[UUID] = (),
    take: Iterable[Claim] = (),
    release: Iterable[Claim] = (),
    category: str = "Thing",
) -> StreamAppend:
    """Make `count` events for a stream that stands at `base`."""
    return StreamAppend(
        stream_id=stream_id,
        category=category,
        case_id=case_id,
        base=base.version,
        base_leaf=base.leaf_hash,
        events=tuple(
            event(at, text=text, case_id=case_id, subjects=subjects) for _ in range(count)
        ),
        take=tuple(take),
        release=tuple(release),
    )


def head_after(made: StreamAppend) -> Head:
    """Return where the stream stands once a part is appended."""
    last = made.events[-1]
    return Head(made.base + len(made.events), last.recorded_at, last.leaf_hash, made.case_id)


def command(
    tenant: UUID,
    *parts: StreamAppend,
    scope: Iterable[UUID] | None = None,
    outcome: str = "",
    command_id: UUID | None = None,
    turn: Turn | None = None,
) -> AppendCommand:
    """Make a command of an authority, by a caller who may act for it unless `scope` says else."""
    return AppendCommand(
        command_id=command_id or uuid4(),
        tenant=tenant,
        scope=frozenset([tenant] if scope is None else scope),
        streams=parts,
        outcome=outcome,
        turn=turn,
    )


@dataclass(frozen=True)
class Kept:
    """A store under test with its feed. `pass_custody` makes a stream read-only."""

    store: Store
    feed: Feed
    pass_custody: Callable[[UUID, UUID], Awaitable[None]]

    async def append(self, *batch: AppendCommand) -> list[Appended]:
        """Append commands, all of which are expected to stand."""
        answers = await self.store.append(batch)
        stood = [each for each in answers if isinstance(each, Appended)]
        if len(stood) < len(answers):
            raise AssertionError(answers)
        return stood

    async def head(self, tenant: UUID, stream_id: UUID) -> Head:
        """Return where a stream stands."""
        wanted = Wanted({stream_id: HEAD_ONLY})
        found = await self.store.look(tenant, frozenset([tenant]), wanted)
        return found.streams[stream_id].head
