"""The servers outlive their starter, are found again, and come back after any of them is killed."""

import asyncio
import json
import os
import signal
import sys
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import psutil
import pytest_asyncio
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from stack.processes import Launch, Process, alive, start
from stack.programs import issuer, mailcatcher
from stack.remembered import recall, remember, write_private
from stack.server import Status
from stack.server_user import server_user
from stack.settings import External, Provider
from stack.stack import Stack, stack_of
from stack.supervisor import Supervisor
from stack.testing import discard, throwaway_settings
from stack.waiting import holds_within

TOPIC = "throughline.casework.v1"
STARTER = """
import asyncio, os, signal, sys
from pathlib import Path
from stack.places import Places
from stack.settings import Provider, Purpose, Settings
from stack.stack import stack_of
folder, cache, topics = map(Path, sys.argv[1:])
settings = Settings(Places(folder, cache), topics, Provider.EMBEDDED, Purpose.TEST)
asyncio.run(stack_of(settings).start())
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def own() -> AsyncIterator[Stack]:
    """Give a stack that the tests of this file may break, started by a process that is gone."""
    settings = throwaway_settings(Provider.EMBEDDED)
    places = settings.places
    starter = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", STARTER),
        *(str(each) for each in (places.folder, places.cache, settings.topics_file)),
    )
    assert await starter.wait() == -signal.SIGKILL
    yield stack_of(settings)
    await discard(places.folder)


async def test_the_servers_outlive_the_process_that_started_them(own: Stack) -> None:
    before = own.status()
    assert [each.running for each in before] == [True, True]
    await own.start()
    assert own.status() == before


async def test_what_was_acknowledged_is_there_after_both_servers_were_killed(own: Stack) -> None:
    await _write(own, "row", b"record")
    for each in own.status():
        await _kill(each)
    assert [each.running for each in own.status()] == [False, False]
    await own.start()
    assert await _read(own) == ("row", b"record")


async def test_postgres_starts_though_another_process_has_the_pid_of_the_killed_one(
    own: Stack,
) -> None:
    postgres = own.postgres.status()
    await _kill(postgres)
    places = own.settings.places
    # As after a reboot: the pid in the stale file is that of a living process of the same user.
    other = start(
        Launch(["sleep", "60"], places.logs / "other.log", places.folder, user=server_user())
    )
    stale = places.postgres / "postmaster.pid"
    lines = stale.read_text().splitlines()
    stale.write_text("\n".join([str(other.pid), *lines[1:]]) + "\n")
    await own.start()
    assert own.postgres.status().running
    assert alive(other)
    os.kill(other.pid, signal.SIGKILL)


async def test_servers_are_found_though_the_record_of_them_is_lost(own: Stack) -> None:
    before = own.status()
    write_private(own.settings.places.processes, b'{"half a rec')
    assert own.status() == before
    await own.start()
    assert own.status() == before


async def test_passwords_that_were_lost_are_set_anew(own: Stack) -> None:
    old = recall(own.settings.places.passwords)
    kept = {"postgres": old["postgres"]}
    own.settings.places.passwords.unlink()
    remember(own.settings.places.passwords, kept)
    await own.start()
    new = recall(own.settings.places.passwords)
    assert new["casework_owner"] != old["casework_owner"]
    connection = await asyncpg.connect(own.urls().databases.urls("casework").handler)
    await connection.close()


async def test_the_token_issuer_and_the_mail_catcher_come_up(own: Stack) -> None:
    supervisor = Supervisor(own.settings.places)
    await supervisor.up([issuer(own), mailcatcher(own)])
    assert [each.name for each in supervisor.status() if each.running] == ["issuer", "mailcatcher"]
    assert (await asyncio.to_thread(_keys_of, own.whereabouts().issuer))["keys"]
    await supervisor.down()


async def test_servers_of_somebody_else_are_provisioned_and_left_running(own: Stack) -> None:
    theirs = External(own.postgres.superuser_url(), own.kafka.bootstrap)
    settings = throwaway_settings(Provider.EXTERNAL)
    ours = stack_of(replace(settings, provider=Provider.EXTERNAL, external=theirs))
    await ours.start()
    connection = await asyncpg.connect(ours.urls().databases.urls("groups").worker)
    await connection.close()
    await ours.stop()
    assert [each.running for each in own.status()] == [True, True]
    await discard(settings.places.folder)


async def test_stopping_twice_is_stopping_once(own: Stack) -> None:
    await own.stop()
    await own.stop()
    assert [each.running for each in own.status()] == [False, False]


def _keys_of(issuer_url: str) -> dict[str, list[object]]:
    with urllib.request.urlopen(f"{issuer_url}/jwks.json", timeout=10) as answer:  # noqa: S310 # ours
        keys: dict[str, list[object]] = json.load(answer)
        return keys


async def _kill(status: Status) -> None:
    pid = status.pid
    assert pid is not None
    process = Process.recorded({"pid": pid, "started": _started(pid)})
    os.kill(pid, signal.SIGKILL)
    assert await holds_within(10, lambda: not alive(process))


def _started(pid: int) -> float:
    return psutil.Process(pid).create_time()


async def _write(own: Stack, row: str, record: bytes) -> None:
    connection = await asyncpg.connect(own.urls().databases.urls("casework").owner)
    await connection.execute("create table kept as select $1::text as what", row)
    await connection.close()
    async with AIOKafkaProducer(
        bootstrap_servers=own.kafka.bootstrap, enable_idempotence=True
    ) as producer:
        await producer.send_and_wait(TOPIC, record, partition=0)


async def _read(own: Stack) -> tuple[str, bytes]:
    connection = await asyncpg.connect(own.urls().databases.urls("casework").owner)
    row = await connection.fetchval("select what from kept")
    await connection.close()
    async with AIOKafkaConsumer(bootstrap_servers=own.kafka.bootstrap) as consumer:
        partition = TopicPartition(TOPIC, 0)
        consumer.assign([partition])
        await consumer.seek_to_beginning(partition)
        record = await asyncio.wait_for(consumer.getone(), timeout=30)
    return row, record.value
