"""A bundle verifies with its zip and public keys alone, and nothing in it can change unnoticed."""

import io
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from evidence.bundle import (
    BadBundle,
    make_bundle,
    part_name,
    read_bundle,
    repacked,
    uncommaed,
    unpack_bundle,
    write_bundle,
    write_manifest,
)
from evidence.container import pack
from evidence.history import entry_of, history_of, narrative_of, write_history
from evidence.leaf import make_leaf
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


def _remade(data: bytes, service: str, part: bytes) -> bytes:
    """Put another part into a bundle and make everything that follows from it fit."""
    files = unpack_bundle(data)
    files[part_name(service)] = part
    events = {
        name[6:-5]: [decode_event(line, TENANT) for line in uncommaed(split_part(content)[1])]
        for name, content in files.items()
        if name.startswith("parts/")
    }
    told = history_of(events)
    files["history.json"] = write_history(told)
    files["narrative.md"] = narrative_of(CASE, told).encode()
    del files["manifest.json"]
    return repacked({**files, "manifest.json": write_manifest(TENANT, CASE, files, events)})


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


def test_any_zip_program_can_read_it(casework: Any) -> None:
    data = _bundle(casework)
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert opened.testzip() is None
        assert {each: opened.read(each) for each in opened.namelist()} == unpack_bundle(data)
        assert opened.namelist()[0] == "README.txt"


def test_it_is_written_and_read_as_a_file(casework: Any, tmp_path: Any) -> None:
    path = tmp_path / "case.zip"
    write_bundle(path, TENANT, CASE, {"casework": casework.part()})
    assert _verified(read_bundle(path), casework).ok
    assert [each.name for each in tmp_path.iterdir()] == ["case.zip"]


def test_one_byte_changed_in_an_event_names_the_event(
    groups: Any, new_log: Callable[[str], Any]
) -> None:
    referrals = new_log("referrals")
    referrals.record("referral", "ReferralReceived")
    data = _bundle(groups, referrals)
    chance = random.Random(7)  # noqa: S311 # which bit flips is no secret
    for log in (groups, referrals):
        part = log.part()
        start, spans = data.index(part), _spans(log, part)
        for offset in range(len(part)):
            changed = bytearray(data)
            changed[start + offset] ^= 1 << chance.randrange(8)
            first = _verified(bytes(changed), groups, referrals).first
            assert first is not None, offset
            for low, high, event_id in spans:
                if low <= offset < high:
                    assert first.event is not None, (offset, first)
                    assert (first.event.service, first.event.event_id) == (log.service, event_id)


def _spans(log: Any, part: bytes) -> list[tuple[int, int, UUID]]:
    """Say where in a part each event's line begins and ends."""
    low = part.index(b"\n") + 1
    spans = []
    for row, line in zip(log.rows, part[low:].split(b"\n")[:-2], strict=True):
        spans.append((low, low + len(line.removesuffix(b",")), row.columns.event_id))
        low += len(line) + 1
    return spans


def test_one_byte_changed_anywhere_else_is_found(groups: Any) -> None:
    data, part = _bundle(groups), groups.part()
    start = data.index(part)
    for place in [*range(start), *range(start + len(part), len(data))]:
        changed = bytearray(data)
        changed[place] ^= 0x20 if place % 2 else 1
        assert not _verified(bytes(changed), groups).ok, place


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


def test_an_event_rewritten_with_all_that_follows_from_it_is_still_found(casework: Any) -> None:
    data = _bundle(casework)
    forged = _forged(casework, payload=b'{"number": 4711, "note": null}')
    # Whoever holds the log's signing key could do it; so everything but the signature fits.
    assert _verified(_remade(data, "casework", forged.part()), casework).ok
    lines = casework.part().split(b"\n")
    lines[2], lines[4] = (forged.part().split(b"\n")[line] for line in (2, 4))
    report = _verified(_remade(data, "casework", b"\n".join(lines)), casework)
    assert report.first is not None
    assert report.first.event is not None
    assert report.first.event.event_id == casework.rows[1].columns.event_id
    assert "not proved to be in the signed log" in _first(report)


def _forged(log: Any, payload: bytes) -> Any:
    """Return a log with another second event, and everything after it made to fit."""
    copy = type(log)(log.service)
    for number, row in enumerate(log.rows):
        version, previous = copy.heads.get(row.columns.stream_id, (0, bytes(32)))
        columns = row.columns
        if number == 1:
            columns = replace(columns, payload=payload)
        leaf = make_leaf(columns, previous)
        copy.heads[columns.stream_id] = (version + 1, leaf)
        copy.frontier, complete = copy.frontier.append([leaf])
        copy.nodes.update(complete)
        copy.rows.append(replace(row, columns=columns, leaf_hash=leaf, logged=leaf))
    return copy


def test_an_event_left_out_in_the_middle_of_a_stream_is_found(casework: Any) -> None:
    rows = [row for row in casework.rows if row is not casework.rows[0]]
    part = casework.part(rows)
    without = part.replace(
        part[part.index(b'"predecessors"') : part.index(b',"events"')], b'"predecessors":[]'
    )
    report = _verified(_remade(_bundle(casework), "casework", without), casework)
    assert "the version before it is missing" in _first(report)


def test_versions_known_to_be_left_out_are_counted(casework: Any) -> None:
    rows = [row for row in casework.rows if row is not casework.rows[0]]
    data = make_bundle(TENANT, CASE, {"casework": casework.part(rows)})
    report = _verified(data, casework)
    assert report.ok
    assert report.counts.left_out == 1


def test_leaf_hashes_of_earlier_versions_that_nothing_follows_are_refused(casework: Any) -> None:
    part = casework.part([row for row in casework.rows if row is not casework.rows[0]])
    head = part.split(b"\n")[0]
    mixed = b"\n".join([head, *casework.part().split(b"\n")[1:]])
    report = _verified(_remade(_bundle(casework), "casework", mixed), casework)
    assert "no event follows" in _first(report)


@pytest.mark.parametrize("way", ["twice", "swapped"])
def test_events_twice_or_out_of_order_are_found(casework: Any, way: str) -> None:
    lines = casework.part().split(b"\n")
    if way == "twice":
        lines.insert(2, lines[1])
    else:
        lines[1], lines[2] = lines[2], lines[1]
    report = _verified(_remade(_bundle(casework), "casework", b"\n".join(lines)), casework)
    assert "does not stand in the log's order" in _first(report)


def test_an_event_taken_out_with_its_line_is_named(casework: Any) -> None:
    files = unpack_bundle(_bundle(casework))
    lines = files["parts/casework.json"].split(b"\n")
    del lines[3]
    files["parts/casework.json"] = b"\n".join(lines)
    report = _verified(repacked(files), casework)
    assert report.first is not None
    assert report.first.event is not None
    assert report.first.event.event_id == casework.rows[2].columns.event_id


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


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/passwd", "parts/../x.json", "parts/a/b.json", "x", "parts/.json", ""]
)
def test_a_file_of_another_name_is_refused(casework: Any, name: str) -> None:
    data = pack([*unpack_bundle(_bundle(casework)).items(), (name, b"x")])
    with pytest.raises(BadBundle, match="no file of the name"):
        unpack_bundle(data)
    assert not _verified(data, casework).ok


def test_two_files_of_one_name_are_refused(casework: Any) -> None:
    files = list(unpack_bundle(_bundle(casework)).items())
    assert "repeat" in _first(_verified(pack([*files, files[-1]]), casework))


def test_a_zip_packed_by_another_program_is_refused(casework: Any) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in unpack_bundle(_bundle(casework)).items():
            archive.writestr(name, content)
    assert "packed by another program" in _first(_verified(packed.getvalue(), casework))


def test_what_is_no_bundle_at_all_is_refused(casework: Any) -> None:
    for data in (b"", b"PK", b"PK\x03\x04", b"hello", bytes(1000)):
        assert not _verified(data, casework).ok
    data = _bundle(casework)
    for cut in (1, 100, len(data) // 2, len(data) - 1):
        assert not _verified(data[:cut], casework).ok
    assert not _verified(data + b"x", casework).ok
    assert not _verified(b"x" + data, casework).ok


def test_no_garbage_makes_the_verifier_fail_otherwise_than_by_a_finding(casework: Any) -> None:
    data = _bundle(casework)
    chance = random.Random(11)  # noqa: S311 # which bytes change is no secret
    for _ in range(400):
        changed = bytearray(data)
        for _ in range(chance.randrange(1, 6)):
            low = chance.randrange(len(changed))
            changed[low : low + chance.randrange(0, 30)] = chance.randbytes(chance.randrange(0, 30))
        if bytes(changed) != data:
            assert not _verified(bytes(changed), casework).ok


def test_json_that_lies_about_its_types_is_a_finding(casework: Any) -> None:
    part = casework.part()
    for old, new in (
        (b'"version":1', b'"version":true'),
        (b'"version":1', b'"version":1e0'),
        (b'"version":1', b'"version":99999999999999999999'),
        (b'"leaf_index":0', b'"leaf_index":-1'),
        (b'"type":"CaseOpened"', b'"type":null'),
        (b'"proof":[', b'"proof":[[],'),
        (b'"events":[', b'"events":[['),
        (b'"type":"CaseOpened"', b'"type":"CaseOpened","type":"CaseOpened"'),
        (b'"recorded_at":"2025', b'"recorded_at":"0000'),
        (b'"version":1', b'"version":' + b"[" * 100_000),
    ):
        files = unpack_bundle(_bundle(casework))
        files["parts/casework.json"] = part.replace(old, new, 1)
        assert not _verified(repacked(files), casework).ok


def test_a_part_refuses_events_of_another_authority(casework: Any) -> None:
    event = decode_event(split_part(casework.part())[1][0].removesuffix(","), uuid4())
    with pytest.raises(BadPart, match="all of its authority"):
        write_part("casework", TENANT, casework.note(), {}, [event])


def test_the_manifest_is_plain_json(casework: Any) -> None:
    manifest = json.loads(unpack_bundle(_bundle(casework))["manifest.json"])
    assert manifest["case_id"] == str(CASE)
    assert len(manifest["events"]["casework"]) == 5
