"""Invented families: submissions that break no rule, each from a seed."""

import json
import random
from copy import deepcopy
from functools import cache
from typing import Any
from uuid import UUID

from stack.places import checkout

RECEIVED_AT = "2024-12-30T10:00:00+00:00"
"""Before the first instant of a platform's simulated clock."""

TWO_CHILDREN = 0.2
IN_DANGER = 0.05


def submission(rng: random.Random, authority: str, partnership: str) -> dict[str, Any]:
    """Return a submission about one or two children whom nobody knows yet."""
    made = deepcopy(_pattern())
    name = f"Q{rng.getrandbits(40):010x}"
    made["submission_id"] = str(UUID(int=rng.getrandbits(128), version=4))
    made["received_at"] = RECEIVED_AT
    made["received_by"] = authority
    made["partnership"] = partnership
    made["referrer"] |= {"name": name, "email": f"{name.lower()}@example.org"}
    made["family"] |= {"lives_in": authority, "protected_address": False}
    adult = made["family"]["adults"][0]
    adult |= {"name": f"Adult {name}", "email": f"{name.lower()}@example.org"}
    [child, *_] = made["family"]["children"]
    names = ["Ann", "Ben"][: 1 + (rng.random() < TWO_CHILDREN)]
    made["family"]["children"] = [
        {**child, "given_name": given, "family_name": name, "placing_authority": authority}
        for given in names
    ]
    made["safeguarding"] |= {"immediate_danger": rng.random() < IN_DANGER}
    return made


@cache
def _pattern() -> dict[str, Any]:
    """Return a submission of the year that breaks no rule."""
    year = checkout() / "demo" / "intake-2025.jsonl"
    refused = json.loads(year.with_suffix(".expected.json").read_bytes())["refusals"]
    lines = map(json.loads, year.read_text(encoding="utf-8").splitlines())
    found: dict[str, Any] = next(each for each in lines if each["submission_id"] not in refused)
    return found
