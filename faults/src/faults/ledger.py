"""The ledger of campaigns: one entry a campaign, appended to `docs/faults.json`, never changed.

What stands in it was seen: faults that were proved, by class; what the checker found; how long
recovery took. Beside each zero stands the bound that so many trials allow (3/n, 95 %).
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from faults.checking import reading
from faults.checking.evidence import Evidence
from faults.checking.recovering import Recovery, recoveries
from faults.checking.report import Report

Entry: TypeAlias = dict[str, Any]

LOST = ("I1",)
TWICE = ("I3",)
FORMAT = 1
OUTCOMES = ("ok", "refused", "in_doubt")


def entered(folder: Path, report: Report) -> Entry:
    """Return a campaign's entry, from its folder and what the checker found."""
    told = reading.campaign(folder).told
    injected = reading.faults(folder)
    attempts = reading.attempts(folder)
    outcomes = Counter(each.outcome for each in attempts)
    took = recoveries(Evidence(faults=injected))
    return {
        "commit": told["commit"],
        "seed": told["seed"],
        "date": str(told["started"])[:10],
        "minutes": round((told["finished_at"] - told["started_at"]) / 60, 1),
        "machine": told["machine"],
        "attempts": {name: outcomes[name] for name in OUTCOMES},
        "commands": len({each.command_id for each in attempts if each.command_id}),
        "faults": {
            kind: {
                "injected": sum(each.kind == kind for each in injected),
                "proved": sum(each.kind == kind and each.proved for each in injected),
                "recovery_s": _recovery(took.get(kind)),
            }
            for kind in sorted({each.kind for each in injected})
        },
        "recovery_s": _recovery(took.get("all")),
        "lost": sum(report.of(name).wrong for name in LOST),
        "twice": sum(report.of(name).wrong for name in TWICE),
        "violations": {each.invariant: each.wrong for each in report.findings},
        "looked_at": {each.invariant: each.looked_at for each in report.findings},
    }


def _recovery(found: Recovery | None) -> Mapping[str, float] | None:
    if found is None:
        return None
    return {
        "p50": round(found.p50_s, 2),
        "p95": round(found.p95_s, 2),
        "max": round(found.longest_s, 2),
    }


def load(file: Path) -> dict[str, Any]:
    """Return the whole ledger; one that was never written is empty. Raises ValueError."""
    if not file.is_file():
        return {"format": FORMAT, "campaigns": [], "failures": [], "sabotage": None}
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    if found.get("format") != FORMAT:
        raise ValueError(f"{file}: format {found.get('format')}, not {FORMAT}")
    return found


def append(file: Path, entry: Entry) -> None:
    """Add a campaign behind those that are there; the file is replaced whole, or not at all."""
    found = load(file)
    found["campaigns"].append(entry)
    save(file, found)


def note_sabotage(file: Path, ran: Mapping[str, Any]) -> None:
    """Put the latest run of the sabotage programme in the place of the one before."""
    found = load(file)
    found["sabotage"] = ran
    save(file, found)


def save(file: Path, ledger: Mapping[str, Any]) -> None:
    """Write the ledger."""
    beside = file.with_suffix(".new")
    beside.write_text(json.dumps(ledger, indent=1) + "\n", encoding="utf-8")
    beside.replace(file)


def bound(wrong: int, trials: int) -> str:
    """Say how often it may happen at most, by what was seen: with 0 in n trials, 3/n (95 %)."""
    if trials == 0:
        return "nothing was tried"
    if wrong:
        return f"{wrong} in {trials}"
    return f"0 in {trials}: at most {3 / trials:.2%}"


def smallest(entry: Entry) -> tuple[str, int]:
    """Return the class with the fewest proved faults, and how many it has."""
    proved = {kind: each["proved"] for kind, each in entry["faults"].items()}
    kind = min(proved, key=lambda each: (proved[each], each), default="none")
    return kind, proved.get(kind, 0)


def total(entry: Entry) -> int:
    """Return how many proved faults a campaign had."""
    return sum(each["proved"] for each in entry["faults"].values())


def together(entries: Sequence[Entry]) -> Counter[str]:
    """Return the proved faults of all campaigns by class."""
    found: Counter[str] = Counter()
    for entry in entries:
        for kind, each in entry["faults"].items():
            found[kind] += each["proved"]
    return found
