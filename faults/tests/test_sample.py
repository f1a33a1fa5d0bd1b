"""One fault of each class on a platform at work: each is proved, then all is as it must be.

The campaign runs in a process of its own, as `make faults` runs it.
"""

import asyncio
import os
import sys

import pytest

from faults.registry import CLASSES
from stack.places import checkout

SEED = "20"
PATIENCE_S = 280.0


@pytest.mark.system
async def test_one_fault_of_each_class_leaves_nothing_lost_and_nothing_twice() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "faults", "--sample", "--seed", SEED),
        cwd=checkout(),
        env={**os.environ, "GRPC_ENABLE_FORK_SUPPORT": "0"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            out, _ = await process.communicate()
    except TimeoutError:
        process.terminate()
        await process.wait()
        raise
    said = out.decode()
    assert process.returncode == 0, said
    for kind in CLASSES:
        assert f"{kind}  1 proved of" in said, said
