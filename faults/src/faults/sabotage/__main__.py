"""`make sabotage`: plants one bug after the other; the programme that is to catch each must."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from faults.ledger import note_sabotage
from faults.sabotage.bug import Bug
from faults.sabotage.known import BUGS
from faults.sabotage.planting import PROOF, VARIABLE

PATIENCE_S = 240.0
CAMPAIGN = "campaign "
FAILED = 1
"""Pytest's exit status where tests were run and at least one failed."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a programme came to: its exit status, what failed first, the proof, how long it took."""

    status: int
    first: str
    planted: bool
    took_s: float
    said: str


def run(programme: Sequence[str], bug: Bug | None) -> Ran:
    """Run tests, with a bug or as they are."""
    with tempfile.TemporaryDirectory() as folder:
        proof = Path(folder) / "proof"
        planted = {VARIABLE: bug.name, PROOF: str(proof)} if bug else {}
        began = time.monotonic()
        try:
            done = subprocess.run(  # noqa: S603 # the words are those above
                _words(programme, bug),
                env={**os.environ, **planted},
                capture_output=True,
                text=True,
                timeout=PATIENCE_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Ran(-1, "", proof.exists(), PATIENCE_S, f"not done within {PATIENCE_S:g} s")
        took_s = time.monotonic() - began
        return Ran(done.returncode, _first(done.stdout), proof.exists(), took_s, done.stdout)


def _words(programme: Sequence[str], bug: Bug | None) -> list[str]:
    if programme[0].startswith(CAMPAIGN):
        kinds = programme[0].split()[1:]
        return [sys.executable, "-m", "faults.sabotage.campaigning", *kinds]
    words = [sys.executable, "-m", "pytest", "-p", "faults.sabotage.plugin", "-q"]
    return [*words, "--tb=short", "-rfE", *(["-x"] if bug else []), *programme]


def _first(said: str) -> str:
    """Return which test failed first, as pytest's summary names it."""
    # Before the summary stands what was logged, which may begin with such a word too.
    for line in said.rpartition("short test summary info")[2].splitlines():
        if line.startswith(("FAILED ", "ERROR ")):
            return line.split(" ")[1]
    return ""


def caught(ran: Ran) -> bool:
    """Whether a bug was planted and a test said so."""
    return ran.planted and ran.status == FAILED and bool(ran.first)


def main() -> int:
    """Run the whole programme, or the bugs that are named."""
    parser = argparse.ArgumentParser(prog="sabotage", description=__doc__)
    parser.add_argument("bugs", nargs="*", metavar="BUG", help="all, if none is named")
    parser.add_argument("--record", type=Path, help="the ledger to write the outcome to")
    parser.add_argument(
        "--verbose", action="store_true", help="what a programme said if not caught"
    )
    parser.add_argument("--list", action="store_true", help="name the bugs")
    asked = parser.parse_args()
    if unknown := [each for each in asked.bugs if each not in BUGS]:
        parser.error(f"{', '.join(unknown)}: no such bug; --list names them")
    chosen = [BUGS[name] for name in asked.bugs or BUGS]
    if asked.list:
        for each in chosen:
            sys.stdout.write(f"{each.name:<34} {each.what}\n")
        return 0
    return _run_all(chosen, asked.record, verbose=asked.verbose)


def _run_all(chosen: Sequence[Bug], record: Path | None, *, verbose: bool) -> int:
    for programme in _programmes(chosen):
        sound = run(programme, None)
        if sound.status != 0:
            sys.stdout.write(
                f"{sound.said}\n{programme} fails without any bug: nothing is shown.\n"
            )
            return 1
        sys.stdout.write(f"without a bug all of it passes, in {sound.took_s:.0f} s\n")
        sys.stdout.flush()
    rows = []
    for bug in chosen:
        ran = run(bug.programme, bug)
        rows.append(_row(bug, ran))
        mark = "caught" if caught(ran) else "NOT CAUGHT" if ran.planted else "NOT PLANTED"
        sys.stdout.write(f"{mark:<11} {bug.name:<34} {ran.took_s:4.0f} s  {ran.first}\n")
        if verbose and not caught(ran):
            sys.stdout.write(ran.said[-4000:] + "\n")
        sys.stdout.flush()
    number = sum(bool(each["caught"]) for each in rows)
    sys.stdout.write(f"caught {number}/{len(rows)}\n")
    if record is not None:
        seen = {"date": time.strftime("%Y-%m-%d"), "commit": _commit(), "how": "in one run"}
        note_sabotage(record, {**seen, "bugs": rows})
    return 0 if number == len(rows) else 1


def _programmes(chosen: Sequence[Bug]) -> list[list[str]]:
    """Return all that is run, once: the tests together, each campaign for itself."""
    every = sorted({each for bug in chosen for each in bug.programme})
    tests = [each for each in every if not each.startswith(CAMPAIGN)]
    campaigns = [[each] for each in every if each.startswith(CAMPAIGN)]
    return [*([tests] if tests else []), *campaigns]


def _row(bug: Bug, ran: Ran) -> dict[str, object]:
    by = ran.first or ", ".join(bug.programme)
    took_s = round(ran.took_s, 1)
    return {"bug": bug.name, "what": bug.what, "caught": caught(ran), "by": by, "took_s": took_s}


def _commit() -> str:
    """Return the commit that was spoilt; `+` where the tree has changes."""
    head = _git("rev-parse", "HEAD")
    return head + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")


def _git(*words: str) -> str:
    done = subprocess.run(  # noqa: S603 # the words are those above
        ["git", *words],  # noqa: S607 # git, as found
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
