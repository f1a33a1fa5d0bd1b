"""A bundle verifies with its zip and public keys alone, and tells what is wrong with it."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from evidence.bundle import (
    BadBundle,
    make_bundle,
    repacked,
    unpack_bundle,
)
from evidence.history import entry_of, history_of
from evidence.part import BadPart, decode_event, split_part, write_part
from evidence.report import Counts, Report
from evidence.verify import verify_bundle

TENANT = UUID("0b5e6ab0-0000-4000-8000-000000000001")
CASE = UUID("0b5e6ab0-0000-4000-8000-0000000000ca")


def _bundle(*logs: Any) -> bytes:
    return make_bundle(TENANT, CASE, {log.service: log.part() for log in logs})


def _verified(data: bytes, *logs: Any) -> Report:
    return verify_bundle(data, [log.verifier for log in logs])


def _first(report: Report) -> str:
    assert report.first is not None
    return str(report.first)


def test_an_untouched_bundle_verifies(casework: Any, groups: Any) -> None:
    report = _verified(_bundle(casework, groups), casework, groups)
    assert report.findings == ()
    assert report.ok
    assert report.counts == Counts(parts=2, events=7, streams=4, checkpoints=2)
    assert (report.tenant, report.case_id) == (TENANT, CASE)


def test_a_service_that_knows_nothing_of_the_case_has_an_empty_part(
    casework: Any, new_log: Callable[[str], Any]
) -> None:
    empty = new_log("notifications")
    assert _verified(_bundle(casework, empty), casework, empty).ok


def test_a_service_that_never_recorded_anything_has_no_checkpoint_but_one_with_events_must(
    casework: Any, new_log: Callable[[str], Any]
) -> None:
    empty = new_log("notifications")
    parts = {"casework": casework.part(), "notifications": _unsigned(empty.part())}
    report = _verified(make_bundle(TENANT, CASE, parts), casework, empty)
    assert report.ok
    assert report.counts.checkpoints == 1
    parts["casework"] = _unsigned(casework.part())
    report = _verified(make_bundle(TENANT, CASE, parts), casework, empty)
    assert "its checkpoint is not to be trusted" in _first(report)


def _unsigned(part: bytes) -> bytes:
    low = part.index(b'"checkpoint":"') + len(b'"checkpoint":"')
    return part[:low] + part[part.index(b'","schemas"') :]


@pytest.mark.parametrize("name", ["README.txt", "narrative.md", "history.json", "manifest.json"])
def test_a_changed_file_is_named(casework: Any, name: str) -> None:
    files = unpack_bundle(_bundle(casework))
    files[name] = files[name].replace(b"e", b"E", 1)
    assert _verified(repacked(files), casework).first is not None
    assert any(name in str(each) for each in _verified(repacked(files), casework).findings)


@pytest.mark.parametrize("name", ["README.txt", "narrative.md", "history.json", "manifest.json"])
def test_a_missing_file_is_named(casework: Any, name: str) -> None:
    files = unpack_bundle(_bundle(casework))
    del files[name]
    findings = _verified(repacked(files), casework).findings
    assert any(name in str(each) for each in findings)


def test_a_part_that_is_missing_is_named(casework: Any, groups: Any) -> None:
    assert "parts/groups.json: the part is missing" in _first(
        _verified(_bundle(casework), casework, groups)
    )
    files = unpack_bundle(_bundle(casework, groups))
    del files["parts/groups.json"]
    found = [str(each) for each in _verified(repacked(files), casework).findings]
    assert "parts/groups.json: it is missing" in found


def test_keys_inside_the_bundle_are_never_trusted(casework: Any, groups: Any) -> None:
    assert "no key of throughline/groups" in _first(_verified(_bundle(casework, groups), casework))
    assert not verify_bundle(_bundle(casework), []).ok


def test_versions_known_to_be_left_out_are_counted(casework: Any) -> None:
    rows = [row for row in casework.rows if row is not casework.rows[0]]
    data = make_bundle(TENANT, CASE, {"casework": casework.part(rows)})
    report = _verified(data, casework)
    assert report.ok
    assert report.counts.left_out == 1


def test_a_part_of_another_service_or_authority_is_refused(casework: Any, groups: Any) -> None:
    with pytest.raises(BadBundle, match="is a part of casework"):
        make_bundle(TENANT, CASE, {"groups": casework.part()})
    with pytest.raises(BadBundle, match="is a part of casework"):
        make_bundle(uuid4(), CASE, {"casework": casework.part()})
    files = unpack_bundle(_bundle(casework, groups))
    files["parts/groups.json"] = files["parts/casework.json"]
    assert not _verified(repacked(files), casework, groups).ok


def test_an_event_of_another_case_is_found(casework: Any) -> None:
    stray = casework.record("case of a sibling", "CaseOpened", case_id=uuid4())
    report = _verified(_bundle(casework), casework)
    assert report.first is not None
    assert report.first.event is not None
    assert report.first.event.event_id == stray.columns.event_id
    assert "it belongs to case" in _first(report)


@pytest.mark.parametrize("change", ["altered", "left out", "added", "moved"])
def test_a_history_that_tells_it_otherwise_is_found(casework: Any, change: str) -> None:
    told = [entry_of("casework", row.columns) for row in casework.rows]
    told[1]["corrected_by"] = told[3]["event_id"]
    parts = {"casework": casework.part()}
    assert _verified(make_bundle(TENANT, CASE, parts, told), casework).ok
    if change == "altered":
        told[2] = {**told[2], "data": {"number": 3}}
    elif change == "left out":
        del told[2]
    elif change == "added":
        told.append({**told[2], "event_id": str(uuid4())})
    else:
        told[0], told[2] = told[2], told[0]
    report = _verified(make_bundle(TENANT, CASE, parts, told), casework)
    assert "history.json" in _first(report)


def test_empty_values_and_none_at_all_tell_the_same_history(casework: Any) -> None:
    told = history_of({"casework": []}) + [
        entry_of("casework", row.columns) for row in casework.rows
    ]
    told[1]["corrected_by"] = told[3]["event_id"]
    wordy = [{**each, "on_behalf_of": "", "corrects": each.get("corrects", "")} for each in told]
    for each in wordy:
        each["data"] = {**each.get("data", {}), "summary": None}
    data = make_bundle(TENANT, CASE, {"casework": casework.part()}, wordy)
    assert _verified(data, casework).ok


def test_the_narrative_tells_the_case_in_plain_words(casework: Any) -> None:
    text = unpack_bundle(_bundle(casework))["narrative.md"].decode()
    assert "## 1 September 2025" in text
    assert "09:31:00 casework: **Session recorded**" in text
    assert f"Was set right by event {casework.rows[3].columns.event_id}" in text
    assert "Sealed: summary." in text


def test_a_part_refuses_events_of_another_authority(casework: Any) -> None:
    event = decode_event(split_part(casework.part())[1][0].removesuffix(","), uuid4())
    with pytest.raises(BadPart, match="all of its authority"):
        write_part("casework", TENANT, casework.note(), {}, [event])


def test_the_manifest_is_plain_json(casework: Any) -> None:
    manifest = json.loads(unpack_bundle(_bundle(casework))["manifest.json"])
    assert manifest["case_id"] == str(CASE)
    assert len(manifest["events"]["casework"]) == 5
