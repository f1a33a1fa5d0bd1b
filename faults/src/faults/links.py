"""Wires between the parts of a platform that can be cut, held, slowed and torn, and count it.

A link listens on a port of its own and carries bytes to another. What it does wrong it counts: the
counter is the proof that a fault met somebody.
"""

import asyncio
import contextlib
import socket
import struct
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from stack.ports import LOOPBACK

CHUNK_BYTES = 65_536
CONNECT_S = 5.0

# Linger for no time at all: closing then sends a reset.
_RESET = struct.pack("ii", 1, 0)


class Way(StrEnum):
    """The direction of bytes, as whoever connects sees it."""

    THERE = "there"
    BACK = "back"


BOTH = frozenset(Way)


class How(StrEnum):
    """What a link does to the bytes."""

    CUT = "cut"
    """Ends every connection and takes no new one."""
    HOLD = "hold"
    """Keeps bytes back: neither an error nor an answer."""
    DELAY = "delay"
    """Carries bytes late."""
    RESET = "reset"
    """Carries half of what comes, then resets the connection."""


@dataclass(frozen=True, slots=True)
class Hindrance:
    """What is wrong with a link for a while."""

    how: How
    ways: frozenset[Way] = BOTH
    seconds: float = 0.0


class Link:
    """One wire: from a port on loopback to another."""

    def __init__(self, name: str, port: int, target: int) -> None:
        self.name = name
        self.port = port
        self.met: Counter[str] = Counter()
        self._target = target
        self._hindrance: Hindrance | None = None
        self._lifted = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._carrying: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(
            self._connected, LOOPBACK, self.port, limit=CHUNK_BYTES
        )

    async def stop(self) -> None:
        """Take no new connection and end those there are."""
        self.lift()
        if self._server is not None:
            self._server.close()
        self._end_all()
        for each in self._carrying:
            each.cancel()
        await asyncio.gather(*self._carrying, return_exceptions=True)

    def hinder(self, hindrance: Hindrance) -> Counter[str]:
        """Begin to be faulty; return the counters of this fault, which go on counting."""
        self.met = Counter()
        self._lifted.clear()
        self._hindrance = hindrance
        if hindrance.how is How.CUT:
            self.met["connections_ended"] = self._end_all()
        return self.met

    def lift(self) -> None:
        """Be sound again: what was held goes on."""
        self._hindrance = None
        self._lifted.set()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hindrance = self._hindrance
        if hindrance is not None and hindrance.how is How.CUT:
            self.met["connections_refused"] += 1
            _tear(writer)
            return
        try:
            async with asyncio.timeout(CONNECT_S):
                there, back = await asyncio.open_connection(
                    LOOPBACK, self._target, limit=CHUNK_BYTES
                )
        except (OSError, TimeoutError):
            _tear(writer)
            return
        self._open |= {writer, back}
        tasks = [
            asyncio.create_task(self._carry(reader, back, Way.THERE)),
            asyncio.create_task(self._carry(there, writer, Way.BACK)),
        ]
        self._carrying.update(tasks)
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in tasks:
                each.cancel()
            self._carrying.difference_update(tasks)
            self._open -= {writer, back}
            writer.close()
            back.close()

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Way
    ) -> None:
        try:
            while data := await reader.read(CHUNK_BYTES):
                hindrance = self._hindrance
                if hindrance is not None and way in hindrance.ways:
                    if hindrance.how is How.RESET:
                        await self._tear_midway(writer, data)
                        return
                    await self._delayed(hindrance, data)
                writer.write(data)
                await writer.drain()
        except (OSError, RuntimeError):
            return

    async def _delayed(self, hindrance: Hindrance, data: bytes) -> None:
        match hindrance.how:
            case How.HOLD:
                self.met["bytes_held"] += len(data)
                await self._lifted.wait()
            case How.DELAY:
                self.met["chunks_delayed"] += 1
                # Jitter from what is carried: the same bytes come late by the same time.
                await asyncio.sleep(hindrance.seconds * (0.5 + len(data) % 16 / 16))
            case How.CUT | How.RESET:
                return

    async def _tear_midway(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        self.met["connections_reset"] += 1
        self.met["bytes_lost"] += len(data) - len(data) // 2
        writer.write(data[: len(data) // 2])
        await writer.drain()
        _tear(writer)

    def _end_all(self) -> int:
        ended = len(self._open) // 2
        for each in list(self._open):
            _tear(each)
        self._open.clear()
        return ended


def _tear(writer: asyncio.StreamWriter) -> None:
    """Close with a reset, not with a farewell."""
    found: socket.socket | None = writer.get_extra_info("socket")
    if found is not None:
        with contextlib.suppress(OSError):
            found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()


async def stop_all(links: Iterable[Link]) -> None:
    """End links."""
    await asyncio.gather(*(each.stop() for each in links))
