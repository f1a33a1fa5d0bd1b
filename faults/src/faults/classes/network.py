"""F11: a wire is cut, wholly or one way. F13: it is slow, torn in mid-answer, or half open."""

import asyncio
from collections.abc import Awaitable, Callable

from faults.installation import CLIENTS, KAFKA, POSTGRES
from faults.links import BOTH, Hindrance, How, Way
from faults.scene import Fault, FaultClass, Scene, becomes
from throughline_cli.reaching import SERVICES

LINKS = (
    *(f"{each} → {POSTGRES}" for each in SERVICES),
    *(f"{each} → {KAFKA}" for each in SERVICES),
    *(f"{CLIENTS} → {each}" for each in ("referrals", "casework")),
    "notifications → referrals",
)
"""Wires on which something always goes."""

CUTS = (
    Hindrance(How.CUT),
    Hindrance(How.HOLD, frozenset([Way.THERE])),
    Hindrance(How.HOLD, frozenset([Way.BACK])),
)
TROUBLES = (
    Hindrance(How.DELAY, BOTH, 0.2),
    Hindrance(How.RESET, frozenset([Way.BACK])),
    Hindrance(How.HOLD, BOTH),
)
MET_WITHIN_S = 6.0
LEAST_S, MOST_S = 0.3, 2.5


def _of(
    kind: str, troubles: tuple[Hindrance, ...]
) -> Callable[[Scene, int], Awaitable[list[Fault]]]:
    async def inject(scene: Scene, number: int) -> list[Fault]:
        names = scene.some(list(LINKS), number)
        return list(
            await asyncio.gather(
                *(
                    _one(
                        scene,
                        kind,
                        name,
                        scene.rng.choice(troubles),
                        scene.rng.uniform(LEAST_S, MOST_S),
                    )
                    for name in names
                )
            )
        )

    return inject


async def _one(scene: Scene, kind: str, name: str, hindrance: Hindrance, seconds: float) -> Fault:
    """Hinder a link for a while, longer if nothing has met with it by then."""
    link = scene.installation.links[name]
    ways = "" if hindrance.ways == BOTH else f" {'/'.join(sorted(hindrance.ways))}"
    fault = Fault(kind, f"{name}: {hindrance.how}{ways}")
    met = link.hinder(hindrance)
    try:
        await asyncio.sleep(seconds)

        async def somebody() -> bool:
            return met.total() > 0

        await becomes(somebody, MET_WITHIN_S)
    finally:
        link.lift()
    if hindrance.how is How.HOLD and hindrance.ways == BOTH:
        # Half open: one side has forgotten the connection, and says so when it is spoken to.
        link.hinder(Hindrance(How.CUT))
        link.lift()
    return fault.prove(holds=met.total() > 0, seconds=round(seconds, 2), counters=dict(met))


F11 = FaultClass("F11", "a wire cut, wholly or one way", _of("F11", CUTS), at_once=3)
F13 = FaultClass("F13", "a wire slow, torn or half open", _of("F13", TROUBLES), at_once=3)
