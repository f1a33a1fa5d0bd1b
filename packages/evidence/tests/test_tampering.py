"""Whoever changes a bundle, with whatever care, is found, and the event is named."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from evidence.bundle import (
    make_bundle,
    part_name,
    repacked,
    uncommaed,
    unpack_bundle,
    write_manifest,
)
from evidence.history import history_of, narrative_of, write_history
from evidence.leaf import make_leaf
from evidence.part import decode_event, split_part
from evidence.report import Report
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
