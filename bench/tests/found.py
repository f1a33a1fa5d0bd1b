"""A run with round figures, for tests of what is made of one."""

from typing import Any


def cell(rate: float, p50: float = 1.0, p99: float = 2.0) -> dict[str, Any]:
    """Return one cell."""

    def spread(middle: float) -> dict[str, float]:
        return {"low": middle * 0.9, "middle": middle, "high": middle * 1.1}

    return {
        "repeats": 5,
        "rate": spread(rate),
        "p50_ms": spread(p50),
        "p95_ms": spread(p50 * 1.5),
        "p99_ms": spread(p99),
    }


MACHINE = {
    "cores": 2,
    "memory_gib": 24,
    "processor": "A Processor",
    "system": "Linux x86_64",
    "python": "3.11.7",
    "postgresql": "18.4",
    "settings": {"fsync": "on"},
    "cores_at_work_before": 0.1,
}


def found(**changes: Any) -> dict[str, Any]:
    """Return a run of appends, growth, calls and a profile; `changes` replace parts."""
    at = {"low": 1.0, "middle": 2.0, "high": 3.0}
    made: dict[str, Any] = {
        "measured_at": "2026-01-02T03:04:05+00:00",
        "minutes": 7,
        "plan": {"name": "quick", "repeats": 5, "seconds": 1.0},
        "machine": MACHINE,
        "said": [],
        "appends": {
            "by": {
                "same": {"16": cell(1000)},
                "bare": {"16": cell(2000)},
                "ledger": {"16": cell(1500)},
                "message-db": {"16": cell(500)},
                "eventsourcing": {"16": cell(100)},
            },
            "rows": {"ledger": {"acknowledged": 1234567, "rows": 1234567}},
            "copy": at,
            "copied": 50000,
        },
        "growth": {
            "writers": 16,
            "seconds": 1.0,
            "by": {
                "append": {"100000": cell(10, p50=2.0), "1000000": cell(10, p50=2.6)},
                "go-on": {"100000": cell(10, p50=2.0), "1000000": cell(10, p50=2.7)},
            },
        },
        "calls": {
            "bytes": 147,
            "by": {"echo": {"16": cell(1000, p99=10)}, "command": {"16": cell(350, p99=40)}},
            "unanswered": {"DEADLINE_EXCEEDED": 3},
            "rows": {"acknowledged": 1, "rows": 1},
        },
        "profiles": {
            "append 16": {"samples": 100, "self": [["f (a.py)", 60.0]], "total": [["g|h", 90.0]]},
            "relay": {"not_taken": "nobody may look"},
        },
        "failed": {"relay": "RuntimeError: gone"},
    }
    return made | changes
