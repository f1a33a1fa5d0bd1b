"""Folded states as bytes, and who writes them: a long stream is then read from its last one on.

A snapshot is of one fold: by other code it is void. Sealed values are in it as sealed as in the
events; a state with a plain one is refused.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, get_type_hints
from uuid import UUID

from ledger.commands import Loaded, Snapshot, StoredEvent
from ledger.decider import Decider
from ledger.registry import Registry
from ledger.release import release_of
from ledger.state_bytes import NotEncodable, StateBytes
from ledger.store import Store, StoreFault, StoreUnavailable

S = TypeVar("S")

EVERY = 100
"""So many events folded beyond the last snapshot make the next one worth its writing."""

WAITING = 64
"""Snapshots that wait to be written; the next is let go of, and made again another time."""


class Codec(Generic[S]):
    """Writes the states of one decider as bytes, and reads them back equal."""

    def __init__(self, decider: Decider[Any, S, Any]) -> None:
        self.fold_id = _fold_id(decider)
        self._bytes = StateBytes([_states(decider)])

    def encode(self, state: S) -> bytes:
        """Write a state. Raises NotEncodable, also for one that would not be read back equal."""
        encoded = self._bytes.write(state)
        if self.decode(encoded) != state:
            raise NotEncodable(f"{type(state).__name__} is not read back as it was written")
        return encoded

    def decode(self, encoded: bytes) -> S:
        """Read a state."""
        state: S = self._bytes.read(encoded)
        return state


_CODECS: dict[object, Codec[Any]] = {}


def codec_of(decider: Decider[Any, S, Any]) -> Codec[S]:
    """Return the codec of a decider's states, made once."""
    if decider.evolve not in _CODECS:
        _CODECS[decider.evolve] = Codec(decider)
    return _CODECS[decider.evolve]


def folded(registry: Registry, decider: Decider[Any, S, Any], loaded: Loaded) -> S:
    """Return the state of a stream, from its snapshot on where it was read with one.

    Raises LookupError where that is of another fold.
    """
    start: S | None = None
    if loaded.snapshot is not None:
        codec = codec_of(decider)
        if codec.fold_id != loaded.snapshot.fold_id:
            raise LookupError(f"{decider.category}: read with the snapshot of another fold")
        start = codec.decode(loaded.snapshot.state)
    return decider.fold((registry.decode(each).event for each in loaded.events), start)


@dataclass(frozen=True, slots=True)
class _Made:
    """A state that is to be written."""

    tenant: UUID
    stream_id: UUID
    codec: Codec[Any]
    state: Any
    version: int
    position: int


class SnapshotWriter:
    """Writes snapshots behind the requests: none waits for it, and none fails with it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: asyncio.Queue[_Made] = asyncio.Queue(WAITING)
        self._writing: asyncio.Task[None] | None = None
        self.written = 0

    def offer(self, decider: Decider[Any, S, Any], stored: Sequence[StoredEvent], state: S) -> None:
        """Take the state after stored events, the last of which are given.

        It is let go of where they are few, where too many wait, and where the last of them is not
        committed yet: it may come to nothing.
        """
        if len(stored) < EVERY or stored[-1].position < 1 or self._waiting.full():
            return
        codec = codec_of(decider)
        last = stored[-1]
        self._waiting.put_nowait(
            _Made(last.tenant, last.stream_id, codec, state, last.version, last.position)
        )
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all(), name="snapshots")

    async def close(self) -> None:
        """Write what waits, and end."""
        if self._writing is not None:
            await self._writing

    async def _write_all(self) -> None:
        while not self._waiting.empty():
            made = self._waiting.get_nowait()
            # What cannot be written is folded from its events, as if it had never been tried.
            with suppress(NotEncodable, StoreUnavailable, StoreFault):
                state = made.codec.encode(made.state)
                snapshot = Snapshot(made.version, made.position, made.codec.fold_id, state)
                await self._store.keep_snapshot(made.tenant, made.stream_id, snapshot)
                self.written += 1


def _states(decider: Decider[Any, Any, Any]) -> Any:
    """Return the type of a decider's states, as its fold says; where it names none, anything."""
    try:
        return get_type_hints(decider.evolve).get("return", Any)
    except NameError:
        return Any


def _fold_id(decider: Decider[Any, Any, Any]) -> str:
    """Name a fold: another function, or other code anywhere in its package, is another fold."""
    evolve = decider.evolve
    package = evolve.__module__.partition(".")[0]
    return f"{evolve.__module__}.{evolve.__qualname__}:{release_of(package, 'ledger')}"
