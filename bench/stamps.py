"""What a plot shows, in one word, so that a plot can be held against the figures."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

SHOWS = {"appends": "appends", "latency": "appends", "growth": "growth", "calls": "calls"}
"""Each plot's part of the figures."""


def stamp(figures: Mapping[str, Any]) -> str:
    """Return the digest of what a plot shows."""
    told = json.dumps(figures, sort_keys=True)
    return f"sha256:{hashlib.sha256(told.encode()).hexdigest()}"
