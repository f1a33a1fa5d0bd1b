"""Submissions for tests: lines of the year of referrals, and invented ones nobody knows yet."""

import json
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from stack.places import checkout
from throughline_cli.lines import Line

YEAR = checkout() / "demo" / "intake-2025.jsonl"
EXPECTED = YEAR.with_suffix(".expected.json")

RECEIVED_AT = "2024-12-30T10:00:00+00:00"
"""Before the first instant of a platform's simulated clock."""

Submission = dict[str, Any]


@cache
def _year() -> tuple[str, ...]:
    return tuple(YEAR.read_text(encoding="utf-8").splitlines())


def year() -> list[Submission]:
    """Return the submissions of the year, the bad ones too."""
    return [json.loads(line) for line in _year()]


def refused() -> dict[str, str]:
    """Return which submissions of the year are to be refused, and why."""
    expected: dict[str, str] = json.loads(EXPECTED.read_bytes())["refusals"]
    return expected


def invented(received_by: str = "westmarch", **changes: Any) -> Submission:
    """Return a submission about one child, whom nobody knows and whom `received_by` owes a service.

    `changes` replace fields at the top.
    """
    name = f"Q{uuid4().hex[:10]}"
    made = deepcopy(_pattern())
    made["submission_id"] = str(uuid4())
    made["received_at"] = RECEIVED_AT
    made["received_by"] = received_by
    made["partnership"] = "wap" if received_by in {"westmarch", "harrowdale", "saltby"} else "anc"
    made["referrer"] |= {"name": name, "email": f"{name.lower()}@example.org"}
    made["family"] |= {"lives_in": received_by, "protected_address": False}
    adult = made["family"]["adults"][0]
    adult |= {"name": f"Adult {name}", "email": f"{name.lower()}@example.org"}
    adult["contact_preference"] = "email"
    del made["family"]["children"][1:]
    child = made["family"]["children"][0]
    child |= {"given_name": "Ann", "family_name": name, "placing_authority": received_by}
    return made | changes


def line(submission: Submission, number: int = 1) -> Line:
    """Return a submission as a line of a file."""
    raw = json.dumps(submission).encode()
    return Line(number, raw, submission["submission_id"], submission["received_by"], None)


def write(file: Path, submissions: Iterator[Submission] | list[Submission]) -> Path:
    """Write submissions to a file, one a line."""
    file.write_text("".join(json.dumps(each) + "\n" for each in submissions), encoding="utf-8")
    return file


@cache
def _pattern() -> Submission:
    """Return a submission of the year that breaks no rule."""
    bad = refused()
    return next(each for each in year() if each["submission_id"] not in bad)
