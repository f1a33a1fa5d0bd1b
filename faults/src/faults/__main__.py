"""`python -m faults`: one campaign of faults, checked."""

import argparse
import asyncio
import os
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

import uvloop

from faults.campaign import Campaign, NotRecovered, Plan, beginning
from faults.registry import CLASSES
from faults.scene import Fault, FaultClass
from stack.places import FOLDER, checkout
from stack.testing import sweep

EACH = 40


def main() -> None:
    """Run a campaign as the command line asks for it."""
    parser = argparse.ArgumentParser(prog="faults", description=__doc__)
    seed = int(os.environ.get("FAULTS_SEED") or secrets.randbelow(1_000_000))
    parser.add_argument("--seed", type=int, default=seed)
    parser.add_argument("--each", type=int, default=EACH, help="proved faults of each class")
    parser.add_argument("--total", type=int, default=0, help="proved faults in all, at least")
    parser.add_argument("--classes", default=",".join(CLASSES))
    parser.add_argument(
        "--minutes", type=float, default=float(os.environ.get("FAULTS_MINUTES", "60"))
    )
    parser.add_argument(
        "--hold", type=float, default=0, help="seconds to leave a platform up that did not recover"
    )
    asked = parser.parse_args()
    kinds = [each.strip() for each in asked.classes.split(",")]
    unknown = [each for each in kinds if each not in CLASSES]
    if unknown:
        parser.error(f"{', '.join(unknown)}: the classes are {', '.join(CLASSES)}")
    plan = Plan(asked.seed, counts(kinds, asked.each, asked.total), asked.minutes)
    sys.exit(uvloop.run(campaign(plan, asked.hold)))


def counts(kinds: Sequence[str], each: int, total: int) -> dict[str, int]:
    """Return how many faults of each class: cheap ones fill up to the total."""
    found = dict.fromkeys(kinds, each)
    heavy = sum(CLASSES[kind].weight - 1 for kind in kinds)
    left = max(0, total - each * len(kinds))
    if heavy:
        for kind in kinds:
            found[kind] += -(-left * (CLASSES[kind].weight - 1) // heavy)
    return found


async def campaign(plan: Plan, hold_s: float = 0) -> int:
    """Run a campaign; 0 where everything recovered."""
    await sweep()
    folder = checkout() / FOLDER / "faults" / f"{plan.seed}-{os.getpid()}"
    sys.stdout.write(f"seed {plan.seed}; starting a platform of its own\n")
    async with beginning(plan, folder) as running:
        try:
            await running.run(say)
        except NotRecovered as stuck:
            sys.stdout.write(f"NOT RECOVERED: {stuck}\n")
            sys.stdout.flush()
            await asyncio.sleep(hold_s)
            return 1
        finally:
            told(running, folder)
    return 0


def say(running: Campaign, known: FaultClass, faults: Sequence[Fault], took_s: float) -> None:
    """Say what was broken and how long it took to recover."""
    done, wanted = running.proved.total(), sum(running.plan.counts.values())
    proved = sum(each.proved for each in faults)
    names = ", ".join(dict.fromkeys(each.target for each in faults))
    short = names if len(names) < 60 else names[:57] + "…"
    sys.stdout.write(
        f"{done:5}/{wanted}  {known.kind}  {proved}/{len(faults)} proved"
        f"  recovered in {took_s:5.1f} s  {short}\n"
    )
    for each in faults:
        if not each.proved:
            sys.stdout.write(f"         not proved: {each.target}: {each.proof}\n")
    sys.stdout.flush()


def told(running: Campaign, folder: Path) -> None:
    """Say what the campaign came to."""
    for kind in running.plan.counts:
        sys.stdout.write(f"{kind}  {running.proved[kind]} proved of {running.tried[kind]}\n")
    slowest = max(running.recoveries, default=0.0)
    sys.stdout.write(
        f"{running.book.lines} lines of history, slowest recovery {slowest:.1f} s, in {folder}\n"
    )


if __name__ == "__main__":
    main()
