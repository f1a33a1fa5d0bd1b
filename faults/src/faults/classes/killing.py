"""F01: a process dies by SIGKILL at a random time."""

import asyncio
import signal

from faults.installation import STANDBY
from faults.scene import Fault, FaultClass, Scene
from throughline_cli.reaching import SERVICES


async def _one(scene: Scene, name: str, after_s: float) -> Fault:
    await asyncio.sleep(after_s)
    fault = Fault("F01", name)
    fault.proof["pid"] = scene.installation.fleet.pid(name)
    status = await scene.installation.fleet.kill(name)
    await scene.installation.fleet.up([name])
    return fault.prove(holds=status == -signal.SIGKILL, exit_status=status)


async def inject(scene: Scene, number: int) -> list[Fault]:
    """Kill processes at random moments, each started again at once."""
    every = [name for each in SERVICES for name in scene.installation.processes(each)]
    names = scene.some([each for each in every if each != STANDBY], number)
    return list(
        await asyncio.gather(*(_one(scene, name, scene.rng.uniform(0.05, 0.8)) for name in names))
    )


F01 = FaultClass("F01", "a process killed at a random time", inject, at_once=3)
