"""F20: rows of read models are altered, checkpoints dropped or set ahead. F21: rebuilds are killed.

While rows are wrong no client works: what he would be told is known to be wrong. The rebuild is
what an operator does about it, and afterwards each row is as it was.
"""

import asyncio
import signal
from collections import defaultdict
from collections.abc import Sequence
from typing import TypeAlias

import asyncpg

from faults.installation import SPLIT, STANDBY
from faults.plan import READ_MODELS
from faults.rebuilding import Rebuild, key_of
from faults.scene import Fault, FaultClass, Scene, becomes

Store: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

MODELS_A_ROUND = 3
CHECKPOINTS = 0.3
AHEAD = 1_000_000
HALTED_WITHIN_S = 20.0
HALTED = "history changed"

_NUMBERS = """
select column_name from information_schema.columns
 where table_schema = $1 and table_name = $2 and data_type in ('integer', 'bigint')
   and not (column_name = any($3))
"""


async def altered(scene: Scene, number: int) -> list[Fault]:
    """Alter rows of some read models and have those rebuilt; sometimes a checkpoint goes too."""
    await scene.work.quiet()
    await scene.operator.settle()
    models = scene.some(list(READ_MODELS), min(MODELS_A_ROUND, number))
    faults: list[Fault] = []
    if scene.rng.random() < CHECKPOINTS:
        faults.append(await _checkpoint(scene))
    share = -(-(number - len(faults)) // len(models))
    rows: dict[tuple[str, str, str], list[Fault]] = defaultdict(list)
    for model in models:
        service, _, table = model
        async with scene.store(service) as store:
            rows[model] = await _alter(scene, store, service, table, share)
    for model, broken in rows.items():
        await _rebuilt(scene, model, broken)
    return (faults + [each for broken in rows.values() for each in broken])[:number]


async def _alter(scene: Scene, store: Store, service: str, table: str, number: int) -> list[Fault]:
    """Delete rows, or change a number in them."""
    key = await key_of(store, table)
    schema, _, name = table.partition(".")
    numbers = [row["column_name"] for row in await store.fetch(_NUMBERS, schema, name, key)]
    order = ", ".join(f"{each}::text" for each in key)
    found = await store.fetch(
        f"select array[{order}] as key, md5(t::text) as hash from {table} t order by {order}"
    )
    faults = []
    where = f"array[{order}] = $1::text[]"
    for row in scene.some(list(found), number):
        fault = Fault("F20", f"{service} {table}")
        change = scene.rng.choice((*numbers, None))
        statement = (
            f"delete from {table} where {where}"
            if change is None
            else f"update {table} set {change} = coalesce({change}, 0) + 1 where {where}"
        )
        try:
            await store.execute(statement, row["key"])
        except asyncpg.IntegrityConstraintViolationError:
            await store.execute(f"delete from {table} where {where}", row["key"])
        during = await store.fetchval(
            f"select md5(t::text) from {table} t where {where}", row["key"]
        )
        fault.proof |= {
            "service": service,
            "table": table,
            "key": row["key"],
            "before": row["hash"],
            "during": during or "",
        }
        fault.proved = during != row["hash"]
        faults.append(fault)
    return faults


async def _rebuilt(scene: Scene, model: tuple[str, str, str], faults: Sequence[Fault]) -> None:
    """Rebuild a read model; each row must be what it was."""
    service, projection, table = model
    rebuild = await Rebuild.begin(scene.installation, service, projection)
    said = await rebuild.done()
    async with scene.store(service) as store:
        order = ", ".join(f"{each}::text" for each in await key_of(store, table))
        now = f"select md5(t::text) from {table} t where array[{order}] = $1::text[]"
        for each in faults:
            after = await store.fetchval(now, each.proof["key"])
            same = after == each.proof["before"]
            each.proof |= {"after": after or "", "as_before": same, "rebuild": said}
            each.prove(holds=each.proved)


async def _checkpoint(scene: Scene) -> Fault:
    """Drop a projection's checkpoint, or set it where the log has not come to."""
    name, table = "chronology", "read.chronology"
    ahead = scene.rng.random() < 0.5  # noqa: PLR2004 # one or the other
    fault = Fault("F20", f"{SPLIT} checkpoint {name} {'ahead' if ahead else 'dropped'}")
    place = "select position || ' ' || epoch from es.checkpoints where name = $1"
    async with scene.store(SPLIT) as store:
        before = await store.fetchval(place, name)
        if ahead:
            change = f"update es.checkpoints set position = position + {AHEAD} where name = $1"
        else:
            change = "delete from es.checkpoints where name = $1"
        await store.execute(change, name)
        during = await store.fetchval(place, name)
    fault.proof |= {"service": SPLIT, "checkpoint": name, "before": before, "during": during or ""}
    fault.proved = before != during
    if ahead:
        # Whoever leads must see it and stand still, for a person to decide; that is what is done.
        for each in (f"{SPLIT}-project", STANDBY):
            await scene.installation.fleet.kill(each)
        await scene.installation.fleet.up([f"{SPLIT}-project", STANDBY])
        fault.proof["halted"] = bool(await becomes(lambda: _halted(scene), HALTED_WITHIN_S))
    await _rebuilt(scene, (SPLIT, name, table), ())
    if ahead:
        for each in (f"{SPLIT}-project", STANDBY):
            await scene.installation.fleet.kill(each)
        await scene.installation.fleet.up([f"{SPLIT}-project", STANDBY])
    async with scene.store(SPLIT) as store:
        fault.proof["after"] = await store.fetchval(place, name)
    return fault.prove(holds=fault.proved)


async def _halted(scene: Scene) -> bool:
    logs = scene.installation.stack.settings.places.logs
    said = [file.read_text(errors="replace") for file in logs.glob(f"{SPLIT}-*.jsonl")]
    return any(HALTED in each for each in said)


async def killed(scene: Scene, number: int) -> list[Fault]:
    """Rebuild read models while people write; kill each rebuild, and have it go on."""
    models = scene.some(list(READ_MODELS), number)
    return list(await asyncio.gather(*(_killed(scene, *model) for model in models)))


async def _killed(scene: Scene, service: str, projection: str, table: str) -> Fault:
    fault = Fault("F21", f"{service} {projection}")
    begun = await Rebuild.begin(scene.installation, service, projection)
    said = await begun.says()
    await scene.rest(0.0, 0.02)
    status = await begun.kill()
    writes = scene.work.gate.calls
    again = await (await Rebuild.begin(scene.installation, service, projection)).done()
    fault.proof |= {"table": table, "said": said, "exit_status": status, "again": again}
    fault.proof["calls_meanwhile"] = scene.work.gate.calls - writes
    return fault.prove(holds=status == -signal.SIGKILL and said is not None)


F20 = FaultClass("F20", "read models altered, then rebuilt", altered, at_once=30, weight=8)
F21 = FaultClass("F21", "a rebuild killed under writes", killed, at_once=2)
