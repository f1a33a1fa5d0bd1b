"""Wires carry bytes as they are; one that is hindered goes wrong as it is told to, and counts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from faults.links import BOTH, Hindrance, How, Link, Way
from stack.ports import LOOPBACK, choose

SOON_S = 5.0


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(1000):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def linked() -> AsyncIterator[Link]:
    server = await asyncio.start_server(echo, LOOPBACK, 0)
    target = server.sockets[0].getsockname()[1]
    link = Link("one → other", choose([target]), target)
    await link.start()
    try:
        yield link
    finally:
        await link.stop()
        server.close()


@asynccontextmanager
async def speaking(
    link: Link,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(LOOPBACK, link.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def answered(reader: asyncio.StreamReader, number: int) -> bytes:
    async with asyncio.timeout(SOON_S):
        return await reader.readexactly(number)


async def test_a_sound_link_carries_everything() -> None:
    async with linked() as link, speaking(link) as (reader, writer):
        writer.write(b"x" * 300_000)
        assert await answered(reader, 300_000) == b"x" * 300_000
        assert not link.met


async def test_a_cut_ends_connections_and_refuses_new_ones_until_it_is_lifted() -> None:
    async with linked() as link, speaking(link) as (reader, writer):
        writer.write(b"one")
        await answered(reader, 3)
        met = link.hinder(Hindrance(How.CUT))
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await answered(reader, 1)
        async with speaking(link) as (other, _):
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await answered(other, 1)
        assert met == {"connections_ended": 1, "connections_refused": 1}
        link.lift()
        async with speaking(link) as (again, speaker):
            speaker.write(b"two")
            assert await answered(again, 3) == b"two"


async def test_what_is_held_one_way_arrives_when_it_is_lifted() -> None:
    async with linked() as link, speaking(link) as (reader, writer):
        met = link.hinder(Hindrance(How.HOLD, frozenset([Way.BACK])))
        writer.write(b"held")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await reader.read(1)
        assert met == {"bytes_held": 4}
        link.lift()
        assert await answered(reader, 4) == b"held"


async def test_a_reset_comes_in_the_middle_of_an_answer() -> None:
    async with linked() as link, speaking(link) as (reader, writer):
        met = link.hinder(Hindrance(How.RESET, frozenset([Way.BACK])))
        writer.write(b"12345678")
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await answered(reader, 8)
        assert met == {"connections_reset": 1, "bytes_lost": 4}


async def test_what_is_delayed_comes_late_and_whole() -> None:
    async with linked() as link, speaking(link) as (reader, writer):
        met = link.hinder(Hindrance(How.DELAY, BOTH, 0.05))
        loop = asyncio.get_running_loop()
        began = loop.time()
        writer.write(b"slow")
        assert await answered(reader, 4) == b"slow"
        assert loop.time() - began >= 0.05
        assert met["chunks_delayed"] == 2
