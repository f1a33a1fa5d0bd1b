"""A process killed in the middle of a place's way loses nothing and gives nothing out twice."""

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from chassis.roles import Role
from groups import streams
from groups.cohort import COHORT, Published

if TYPE_CHECKING:
    from chassis.running.settings import Settings
    from services.groups.tests.conftest import Running

WESTMARCH, HARROWDALE = (UUID(f"0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a{n:02x}") for n in range(1, 3))
PATIENCE_S = 60


def environment(settings: "Settings", crash_at: str) -> dict[str, str]:
    """Say the settings of the test's own process to another."""
    said = settings.model_dump(mode="json", exclude={"peers"}, exclude_none=True)
    ours = {f"THROUGHLINE_{name.upper()}": str(value) for name, value in said.items()}
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | ours | {"THROUGHLINE_CRASH_AT": crash_at}


async def killed(groups: "Running", role: str, point: str) -> None:
    """Run a role in a process of its own until it is killed at a point."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "groups", role), env=environment(groups.parts.settings, point)
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            status = await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert status == -signal.SIGKILL


@pytest.mark.parametrize(
    ("role", "point"),
    [
        ("react", "react.after-commands"),
        ("react", "react.after-heard"),
        ("react", "react.before-offsets"),
        ("relay", "relay.after-publish"),
    ],
)
async def test_a_process_killed_at_any_point_leaves_every_place_to_be_given_out_once(
    groups: "Running", role: str, point: str
) -> None:
    async with groups.calling(Role.GROUP_FACILITATOR, WESTMARCH, HARROWDALE) as by:
        cohort = await by.cohort(2)
        await by.stands(await by.ask(cohort, uuid4(), HARROWDALE), "offered", authority=HARROWDALE)
        await groups.break_off(role)
        asked = [await by.ask(cohort, uuid4()) for _ in range(3)]
        await killed(groups, role, point)
        groups.begin(role)
        stand = [await by.stands(each, "offered", "waiting") for each in asked]
        state = await groups.parts.shell.state(
            WESTMARCH, COHORT, streams.cohort_stream(UUID(cohort))
        )
    assert sorted(stand) == ["offered", "waiting", "waiting"]
    assert isinstance(state, Published)
    assert (len(state.held), len(state.waiting)) == (2, 2)
