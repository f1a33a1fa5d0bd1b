"""F04: a leader stops as if it slept, another leads, and it wakes: a zombie that may write nothing.

That PostgreSQL takes the sleeper for gone is made to happen at once, by ending the connection that
holds its lock; a consumer is taken for gone by the broker, after its session's time.
"""

import hashlib
import signal
from typing import Any

import psutil

from faults.installation import SPLIT, STANDBY
from faults.scene import Fault, FaultClass, Scene, becomes

LED_WITHIN_S = 10.0
STANDBY_SLEEPS = 0.5

# As ledger.leadership makes the number of a lock.
_TAG, _TAG_SHIFT, _DIGEST_BYTES = 29544, 48, 6

_EPOCHS = "select name, epoch, owner from es.checkpoints where shard = 0"
_HOLDERS = """
select distinct pid from pg_locks
 where locktype = 'advisory' and granted and objsubid = 1
   and database = (select oid from pg_database where datname = current_database())
   and (classid::bigint << 32) | objid::bigint = any($1::bigint[])
"""
_END = "select pg_terminate_backend(pid) from unnest($1::integer[]) pid"


async def inject(scene: Scene, number: int) -> list[Fault]:
    """Let leaders sleep until others lead, and wake them."""
    async with scene.store(SPLIT) as store:
        leaders = await _leaders(scene, store)
        asleep = _chosen(scene, leaders, number)
        faults = [await _sleep(scene, store, name, leaders[name]) for name in asleep]
        await scene.work.flows(calls=5)
        for fault in faults:
            await _wake(scene, store, fault)
    return faults


def _chosen(scene: Scene, leaders: dict[str, list[str]], number: int) -> list[str]:
    """Choose who sleeps: never both of those who could take over from each other."""
    others = sorted(leaders.keys() - {STANDBY})
    if STANDBY in leaders and (not others or scene.rng.random() < STANDBY_SLEEPS):
        return [STANDBY]
    return scene.some(others, number)


async def _leaders(scene: Scene, store: Any) -> dict[str, list[str]]:
    """Return the checkpoints that each process of the split service leads."""
    fleet = scene.installation.fleet
    pids = {fleet.pid(name): name for name in scene.installation.processes(SPLIT)}
    led: dict[str, list[str]] = {}
    for row in await store.fetch(_EPOCHS):
        pid = int(row["owner"].rpartition(":")[2] or 0)
        if pid in pids and row["epoch"] > 0:
            led.setdefault(pids[pid], []).append(row["name"])
    return led


async def _sleep(scene: Scene, store: Any, name: str, led: list[str]) -> Fault:
    fleet = scene.installation.fleet
    before = {row["name"]: row["epoch"] for row in await store.fetch(_EPOCHS)}
    fault = Fault("F04", name)
    fleet.send(name, signal.SIGSTOP)
    await becomes(lambda: _is(scene, name, psutil.STATUS_STOPPED), 2.0)
    fault.proof |= {"state": fleet.state(name), "pid": fleet.pid(name), "led": led}
    locks = [_lock(each) for each in led]
    ended = await store.fetch(_HOLDERS, locks)
    await store.fetch(_END, [row["pid"] for row in ended])

    async def moved() -> bool:
        epochs = {row["name"]: row["epoch"] for row in await store.fetch(_EPOCHS)}
        fault.proof["epochs"] = {each: [before[each], epochs[each]] for each in led}
        return all(epochs[each] > before[each] for each in led)

    fault.proved = bool(await becomes(moved, LED_WITHIN_S))
    return fault


async def _wake(scene: Scene, store: Any, fault: Fault) -> None:
    fleet = scene.installation.fleet
    stopped = fleet.state(fault.target) == psutil.STATUS_STOPPED
    fleet.send(fault.target, signal.SIGCONT)
    owners = {row["name"]: row["owner"] for row in await store.fetch(_EPOCHS)}
    new = [owners[each] for each in fault.proof["led"]]
    holds = fault.proved and stopped
    fault.prove(holds=holds, led_by=new, state_when_woken="stopped" if stopped else "running")


async def _is(scene: Scene, name: str, state: str) -> bool:
    return scene.installation.fleet.state(name) == state


def _lock(name: str) -> int:
    digest = hashlib.sha256(f"{name}\0{0}".encode()).digest()
    return (_TAG << _TAG_SHIFT) | int.from_bytes(digest[:_DIGEST_BYTES])


F04 = FaultClass("F04", "a leader asleep past its lease, then awake", inject, at_once=4)
