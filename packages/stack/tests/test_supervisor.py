"""Programs stay up when their starter ends, are found again, and are ended by pid only."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from stack.errors import StackError
from stack.ports import answers, port_of
from stack.processes import Process, alive, of_this_process
from stack.remembered import changing, recall, remember
from stack.settings import Provider
from stack.supervisor import Program, Supervisor
from stack.testing import discard, throwaway_settings
from stack.waiting import holds_within

LISTENS = "import http.server,sys; http.server.test(port=int(sys.argv[1]), bind='127.0.0.1')"
OBSTINATE = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(60)
"""


@pytest_asyncio.fixture(loop_scope="session")
async def supervisor() -> AsyncIterator[Supervisor]:
    """Give a supervisor of no programs yet."""
    settings = throwaway_settings(Provider.EMBEDDED)
    settings.places.make()
    made = Supervisor(settings.places)
    yield made
    await made.down()
    await discard(settings.places.folder)


@pytest.fixture
def listener(supervisor: Supervisor) -> Program:
    """Give a program that is ready when it listens."""
    port = port_of(supervisor.places, "listener")

    async def listens() -> bool:
        return answers(port)

    return Program(
        "listener",
        (sys.executable, "-c", LISTENS, str(port)),
        address=f"127.0.0.1:{port}",
        ready=listens,
        patience_seconds=20,
    )


async def test_a_program_is_up_once_it_is_ready_and_is_started_once(
    supervisor: Supervisor, listener: Program
) -> None:
    await supervisor.up([listener])
    (before,) = supervisor.status()
    assert before.running
    assert answers(int(listener.address.rpartition(":")[2]))
    await Supervisor(supervisor.places).up([listener])
    assert supervisor.status() == [before]


async def test_a_program_that_died_is_started_again(
    supervisor: Supervisor, listener: Program
) -> None:
    await supervisor.up([listener])
    (before,) = supervisor.status()
    os.kill(before.pid or 0, signal.SIGKILL)
    assert await holds_within(10, lambda: not supervisor.status()[0].running)
    await supervisor.up([listener])
    (after,) = supervisor.status()
    assert after.running
    assert after.pid != before.pid


async def test_another_supervisor_ends_the_programs(
    supervisor: Supervisor, listener: Program
) -> None:
    await supervisor.up([listener])
    await Supervisor(supervisor.places).down()
    assert supervisor.status() == []
    assert not answers(int(listener.address.rpartition(":")[2]))


async def test_a_program_that_does_not_end_when_asked_is_killed(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stack.supervisor.STOP_SECONDS", 0.3)
    log = supervisor.places.logs / "obstinate.log"

    async def says() -> bool:
        return "up" in log.read_text()

    await supervisor.up([Program("obstinate", (sys.executable, "-c", OBSTINATE), ready=says)])
    await supervisor.down()
    assert supervisor.status() == []


async def test_a_pid_that_is_another_program_by_now_is_left_alone(supervisor: Supervisor) -> None:
    other = await asyncio.create_subprocess_exec("sleep", "60")
    ours = replace(of_this_process(), started=of_this_process().started - 100)
    remember(
        supervisor.places.processes,
        {"gone": {"pid": other.pid, "started": 1.0}, "gone2": ours.record()},
    )
    assert [each.running for each in supervisor.status()] == [False, False]
    await supervisor.down()
    assert other.returncode is None
    assert alive(of_this_process())
    other.kill()
    await other.wait()


async def test_a_program_whose_start_was_never_written_down_is_found(
    supervisor: Supervisor, listener: Program
) -> None:
    await supervisor.up([listener])
    (before,) = supervisor.status()
    with changing(supervisor.places.processes) as processes:
        processes.clear()
    assert supervisor.status()[0].pid == before.pid
    await supervisor.down()
    assert not alive(Process.recorded(recall(supervisor.places.processes).get("listener")))
    assert not answers(int(listener.address.rpartition(":")[2]))


async def test_a_program_that_ends_before_it_is_ready_is_said_with_its_last_words(
    supervisor: Supervisor, listener: Program
) -> None:
    words = "import sys; sys.exit('THROUGHLINE_KAFKA is missing')"
    failing = replace(listener, name="failing", command=(sys.executable, "-c", words))
    with pytest.raises(StackError, match=r"failing ended.*\n.*THROUGHLINE_KAFKA is missing"):
        await supervisor.up([failing])


async def test_a_program_runs_to_its_end_with_its_environment(supervisor: Supervisor) -> None:
    words = "import os, sys; sys.exit(os.environ['WORD'] != 'given')"
    command = (sys.executable, "-c", words)
    await supervisor.run(Program("good", command, {"WORD": "given"}))
    with pytest.raises(StackError, match="bad failed"):
        await supervisor.run(Program("bad", command, {"WORD": "other"}))
