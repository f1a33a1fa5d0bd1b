"""F02: a process dies at a named point. F03: a relay dies between publishing and its checkpoint."""

import asyncio
import contextlib
import signal
from collections import defaultdict
from pathlib import Path

from faults.installation import SPLIT, orders
from faults.scene import Fault, FaultClass, Scene, becomes
from faults.topics import Told, reading
from throughline_cli.reaching import SERVICES

DIES_WITHIN_S = 15.0
HOURS_TO_A_DEADLINE = 60.0

POINTS = {
    "execute.before-append": SERVICES,
    "execute.after-append": SERVICES,
    "relay.before-publish": SERVICES,
    "relay.after-publish": SERVICES,
    "relay.after-checkpoint": SERVICES,
    "react.after-commands": SERVICES,
    "react.before-heard": SERVICES,
    "react.after-heard": SERVICES,
    "react.before-offsets": SERVICES,
    "react.after-offsets": SERVICES,
    "project.before-page": SERVICES,
    "project.after-page": SERVICES,
    "notarise.before-commit": SERVICES,
    "notarise.after-commit": SERVICES,
    "clock.before-command": (SPLIT, "groups"),
    "clock.before-fired": (SPLIT, "groups"),
    "clock.after-fired": (SPLIT, "groups"),
    "sender.before-send": ("notifications",),
    "sender.after-send": ("notifications",),
}

BETWEEN = "relay.after-publish"


async def at_points(scene: Scene, number: int) -> list[Fault]:
    """Let a process of each of some services die at a point, all at about the same time."""
    services = scene.some(list(SERVICES), number)
    chosen = {
        service: scene.rng.choice([name for name, at in POINTS.items() if service in at])
        for service in services
    }
    dying = [
        asyncio.create_task(_dies(scene, "F02", service, point))
        for service, point in chosen.items()
    ]
    if any(point.startswith("clock.") for point in chosen.values()):
        await scene.time_passes(HOURS_TO_A_DEADLINE)
    return list(await asyncio.gather(*dying))


async def between(scene: Scene, number: int) -> list[Fault]:
    """Let relays die when what they have sent is acknowledged and not yet noted."""
    services = scene.some(list(SERVICES), number)
    async with reading(scene.installation.kafka) as topics:
        begins = {each: await topics.ends(each) for each in services}
        faults = await asyncio.gather(*(_dies(scene, "F03", each, BETWEEN) for each in services))
        for service, fault in zip(services, faults, strict=True):
            if not fault.proved:
                continue

            async def twice(service: str = service) -> list[tuple[Told, list[int]]]:
                seen: dict[Told, list[int]] = defaultdict(list)
                for record in await topics.since(begins[service]):
                    told = Told.by(record)
                    if told is not None:
                        seen[told].append(record.offset)
                return [(told, at) for told, at in seen.items() if len(at) > 1]

            found = await becomes(twice, DIES_WITHIN_S)
            fault.proved = bool(found)
            if found:
                told, offsets = found[0]
                fault.proof |= {
                    "topic": f"throughline.{service}.v1",
                    "stream": told.stream,
                    "version": told.version,
                    "offsets": offsets,
                    "twice": len(found),
                }
    return list(faults)


async def _dies(scene: Scene, kind: str, service: str, point: str) -> Fault:
    """Order a death, wait for it, and start again whoever died."""
    installation = scene.installation
    order = orders(installation.folder, service)
    ready = order.with_suffix(".making")
    ready.write_text(point, encoding="utf-8")
    fault = Fault(kind, f"{service} {point}")
    ready.rename(order)
    fleet = installation.fleet
    names = installation.processes(service)

    async def dead() -> list[str]:
        return [name for name in names if name in fleet.dead()]

    found = await becomes(dead, DIES_WITHIN_S)
    with contextlib.suppress(FileNotFoundError):
        order.unlink()
    if not found:
        return fault.prove(holds=False, why="nobody came to the point")
    name = found[0]
    status, pid = fleet.dead()[name], fleet.pid(name)
    proof = order.with_suffix(f".{pid}")
    said = _said(proof)
    proof.unlink(missing_ok=True)
    await fleet.up(found)
    fault.target = f"{name} {point}"
    passed = int(said.removeprefix(point) or 0) if said.startswith(point) else 0
    return fault.prove(
        holds=status == -signal.SIGKILL and passed > 0,
        exit_status=status,
        pid=pid,
        point=point,
        points_passed=passed,
    )


def _said(proof: Path) -> str:
    return proof.read_text(encoding="utf-8") if proof.exists() else ""


F02 = FaultClass("F02", "a process killed at a named point", at_points, at_once=4)
F03 = FaultClass("F03", "a relay killed between publish and checkpoint", between, at_once=4)
