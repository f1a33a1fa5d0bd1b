"""`python -m faults`: one campaign of faults, checked."""

import argparse
import asyncio
import logging
import os
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

import uvloop

from faults.campaign import Campaign, NotRecovered, Plan, beginning
from faults.checking import check
from faults.ledger import append, entered
from faults.registry import CLASSES
from faults.scene import Fault, FaultClass
from stack.places import FOLDER, checkout
from stack.testing import sweep

EACH = 40
TOTAL = 1_500
MINUTES = 55
ROUNDS_A_SETTLE = 4
SAMPLE_CLIENTS = 3
SHOWN = 60


def main() -> None:
    """Run a campaign as the command line asks for it."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    asked = _asked()
    kinds = [each.strip() for each in asked.classes.split(",")]
    if asked.sample:
        plan = Plan(
            asked.seed,
            dict.fromkeys(kinds, 1),
            asked.minutes,
            rounds_a_settle=ROUNDS_A_SETTLE,
            clients=SAMPLE_CLIENTS,
            replays=1,
        )
    else:
        plan = Plan(asked.seed, counts(kinds, asked.each, asked.total), asked.minutes)
    folder = checkout() / FOLDER / "faults" / f"{plan.seed}-{os.getpid()}"
    folder.mkdir(parents=True)
    ledger = Path(asked.ledger) if asked.ledger else None
    sys.exit(uvloop.run(campaign(plan, folder, ledger, asked.hold)))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="faults", description=__doc__)
    seed = int(os.environ.get("FAULTS_SEED") or secrets.randbelow(1_000_000))
    minutes = float(os.environ.get("FAULTS_MINUTES") or MINUTES)
    parser.add_argument("--seed", type=int, default=seed)
    parser.add_argument("--each", type=int, default=EACH, help="proved faults of each class")
    parser.add_argument("--total", type=int, default=TOTAL, help="proved faults in all, at least")
    parser.add_argument("--classes", default=",".join(CLASSES))
    parser.add_argument("--minutes", type=float, default=minutes, help="no new fault after these")
    parser.add_argument("--sample", action="store_true", help="one fault of each class")
    parser.add_argument("--ledger", default="", help="the file that the campaign is added to")
    parser.add_argument(
        "--hold", type=float, default=0, help="seconds to leave a platform up that is not well"
    )
    asked = parser.parse_args()
    unknown = [each for each in asked.classes.split(",") if each.strip() not in CLASSES]
    if unknown:
        parser.error(f"{', '.join(unknown)}: the classes are {', '.join(CLASSES)}")
    return asked


def counts(kinds: Sequence[str], each: int, total: int) -> dict[str, int]:
    """Return how many faults of each class: cheap ones fill up to the total."""
    found = dict.fromkeys(kinds, each)
    heavy = sum(CLASSES[kind].weight - 1 for kind in kinds)
    left = max(0, total - each * len(kinds))
    if heavy:
        for kind in kinds:
            found[kind] += -(-left * (CLASSES[kind].weight - 1) // heavy)
    return found


async def campaign(plan: Plan, folder: Path, ledger: Path | None, hold_s: float) -> int:
    """Run a campaign and check it; 0 where all was proved, recovered, and as it must be."""
    await sweep()
    sys.stdout.write(f"seed {plan.seed}; starting a platform of its own\n")
    sys.stdout.flush()
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
        report = await check(folder)
        sys.stdout.write(f"{report.as_text()}\n")
        sys.stdout.flush()
        if not report.green:
            running.keep_logs()
            await asyncio.sleep(hold_s)
        if ledger is not None:
            append(ledger, entered(folder, report))
    missing = plan_left(running)
    for kind, number in missing.items():
        sys.stdout.write(f"{kind}: {number} faults could not be proved\n")
    return 0 if report.green and not missing else 1


def plan_left(running: Campaign) -> dict[str, int]:
    """Return how many faults of each class are missing."""
    left = {kind: number - running.proved[kind] for kind, number in running.plan.counts.items()}
    return {kind: number for kind, number in left.items() if number > 0}


def say(running: Campaign, known: FaultClass, faults: Sequence[Fault], took_s: float) -> None:
    """Say what was broken and how long it took to recover."""
    done, wanted = running.proved.total(), sum(running.plan.counts.values())
    proved = sum(each.proved for each in faults)
    names = ", ".join(dict.fromkeys(each.target for each in faults))
    short = names if len(names) < SHOWN else names[: SHOWN - 1] + "…"
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
