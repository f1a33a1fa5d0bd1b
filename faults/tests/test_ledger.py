"""The ledger of campaigns keeps what was seen, and the document says no more than that."""

import json
from pathlib import Path
from typing import Any

import pytest

from faults.checking.checker import judge
from faults.checking.evidence import Evidence
from faults.checking.sound import sound
from faults.document import document
from faults.ledger import append, bound, entered, load, note_sabotage, save, smallest

CAMPAIGN = {
    "format": 1,
    "seed": 7,
    "commit": "abc",
    "started": "2026-11-23T08:00:00+00:00",
    "started_at": 60.0,
    "finished_at": 360.0,
    "machine": {"cores": 2, "memory_bytes": 2**34, "system": "Linux"},
}
ATTEMPT = {"kind": "command", "client": 1, "service": "casework", "rpc": "Do", "op": 1}
FAULT = {"target": "casework-relay", "proof": {}}


def lines(file: Path, *rows: dict[str, Any]) -> None:
    """Write a file of JSON lines."""
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give what a campaign of three faults leaves behind; one of them was not proved."""
    (tmp_path / "campaign.json").write_text(json.dumps(CAMPAIGN))
    attempt = ATTEMPT | {"tenant": "0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a01"}
    attempt |= {"command_id": "0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a02"}
    began = attempt | {"at": 1.0, "outcome": "invoked"}
    lines(tmp_path / "history.jsonl", began, attempt | {"at": 2.0, "outcome": "ok"})
    lines(
        tmp_path / "faults.jsonl",
        FAULT | {"class": "F01", "n": 1, "proved": True, "recovered_s": 1.0},
        FAULT | {"class": "F01", "n": 2, "proved": False, "recovered_s": 9.0},
        FAULT | {"class": "F17", "n": 3, "proved": True, "recovered_s": 3.0},
    )
    return tmp_path


def test_an_entry_counts_proved_faults_and_what_the_checker_found(folder: Path) -> None:
    entry = entered(folder, judge(sound().evidence()))
    assert entry["faults"]["F01"]["injected"] == 2
    assert entry["faults"]["F01"]["proved"] == 1
    assert entry["recovery_s"] == {"p50": 1.0, "p95": 3.0, "max": 3.0}
    assert (entry["minutes"], entry["commands"], entry["lost"], entry["twice"]) == (5.0, 1, 0, 0)
    assert entry["looked_at"]["I22"] == 1


def test_campaigns_are_appended_and_the_rest_is_kept(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "faults.json"
    save(file, load(file) | {"failures": [{"seed": 1}]})
    entry = entered(folder, judge(sound().evidence()))
    append(file, entry)
    append(file, entry | {"seed": 8})
    note_sabotage(file, {"date": "2026-11-23", "commit": "abc", "bugs": []})
    found = load(file)
    assert [each["seed"] for each in found["campaigns"]] == [7, 8]
    assert found["failures"] == [{"seed": 1}]
    assert found["sabotage"]["bugs"] == []


def test_beside_a_zero_stands_what_so_many_trials_allow() -> None:
    assert bound(0, 1500) == "0 in 1500: at most 0.20%"
    assert bound(2, 1500) == "2 in 1500"
    assert bound(0, 0) == "nothing was tried"


def test_the_document_names_the_smallest_class_and_what_nobody_looked_at(folder: Path) -> None:
    entry = entered(folder, judge(Evidence()))
    assert smallest(entry) == ("F01", 1)
    failure = {"found": "2026-11-23", "seed": 3, "seen": "s", "cause": "c", "test": "t"}
    bug = {"bug": "early-answer", "what": "w", "by": "tests/x.py", "caught": False}
    written = document(
        {
            "campaigns": [entry],
            "failures": [failure],
            "sabotage": {"date": "d", "commit": "c+", "how": "in one run", "bugs": [bug]},
        }
    )
    assert "The smallest class is F01, with 1 proved faults" in written
    assert "| I22 | a read sees as far as its token | nothing: not shown | 0 |" in written
    assert "| 2026-11-23 | 3 | s | c | t |" in written
    assert "Caught 0/1 on d at c+, in one run." in written
    assert "**not caught** by `tests/x.py`" in written


def test_a_ledger_without_campaigns_says_so() -> None:
    written = document({"campaigns": [], "failures": [], "sabotage": None})
    assert written.count("None yet.") == 2


def test_a_ledger_of_another_format_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "faults.json"
    file.write_text('{"format": 9}')
    with pytest.raises(ValueError, match="format 9"):
        load(file)
