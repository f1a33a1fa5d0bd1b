"""A short campaign as a programme of sabotage: a platform at work, a few faults, the checker.

`python -m faults.sabotage.campaigning F01 F03`: exits with 1, and names the invariants, where the
checker found violations. Invariants that so short a campaign does not look at count for nothing.
"""

import faults.sabotage.plugin  # isort: skip # noqa: F401 # first: it plants what is imported below

import asyncio
import sys
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from faults.campaign import Campaign, NotRecovered, Plan, beginning
from faults.checking import Report, check
from stack.places import FOLDER, checkout

SEED = 4
MINUTES = 3.0
TRIES = 3


async def campaign(kinds: Sequence[str]) -> Report | None:
    """Inject one fault of each class and judge what is left; None where it did not recover."""
    plan = Plan(SEED, dict.fromkeys(kinds, 1), MINUTES, replays=0)
    faults = checkout() / FOLDER / "faults"
    faults.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=faults) as name:
        async with AsyncExitStack() as stack:
            running, folder = await _begun(stack, plan, Path(name))
            try:
                await running.run(lambda *_: None)
            except NotRecovered:
                return None
            return await check(folder)


async def _begun(stack: AsyncExitStack, plan: Plan, within: Path) -> tuple[Campaign, Path]:
    """Begin; what a bug that strikes by chance breaks before anybody is at work shows nothing."""
    for number in range(1, TRIES):
        try:
            return await _entered(stack, plan, within)
        except Exception:  # noqa: BLE001 # whatever the bug did: it is tried again, and told
            sys.stderr.write(f"try {number} could not begin:\n{traceback.format_exc()}\n")
    return await _entered(stack, plan, within)


async def _entered(stack: AsyncExitStack, plan: Plan, within: Path) -> tuple[Campaign, Path]:
    folder = Path(tempfile.mkdtemp(dir=within))
    return await stack.enter_async_context(beginning(plan, folder)), folder


def main(kinds: Sequence[str]) -> int:
    """Say what the checker found, as pytest names what failed."""
    report = asyncio.run(campaign(kinds))
    sys.stdout.write("short test summary info\n")
    if report is None:
        sys.stdout.write("FAILED checker:not-recovered\n")
        return 1
    wrong = [each for each in report.findings if each.wrong]
    for each in wrong:
        sys.stdout.write(f"FAILED checker:{each.invariant} ({each.means}: {each.wrong} times)\n")
    sys.stdout.write(report.as_text() + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
