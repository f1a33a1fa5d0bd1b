"""F08: the broker is killed, and is slow to come back."""

import asyncio
import os
import signal

import psutil
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from faults.installation import KAFKA
from faults.scene import Fault, FaultClass, Scene

SLOWEST_S = 3.0


async def inject(scene: Scene, _number: int) -> list[Fault]:
    """Kill the broker and start it after a while."""
    broker = scene.installation.stack.kafka
    pid = broker.status().pid
    fault = Fault("F08", KAFKA, {"pid": pid})
    if pid is None:
        return [fault.prove(holds=False, why="no broker")]
    process = psutil.Process(pid)
    os.kill(pid, signal.SIGKILL)
    await asyncio.to_thread(psutil.wait_procs, [process], 5)
    gone = not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    silent = await _silent(scene.installation.kafka)
    away_s = scene.rng.uniform(0.0, SLOWEST_S)
    await asyncio.sleep(away_s)
    await broker.start()
    return [fault.prove(holds=gone and silent, gone=gone, no_metadata=silent, away_s=away_s)]


async def _silent(kafka: str) -> bool:
    """Whether nobody tells the cluster's metadata."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka, request_timeout_ms=1_000)
    try:
        await admin.start()
    except (KafkaError, OSError):
        return True
    finally:
        await admin.close()
    return False


F08 = FaultClass("F08", "the broker killed and slow to start", inject)
