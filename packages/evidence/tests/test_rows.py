"""Live rows are held against signed checkpoints: whatever the owner of the tables does is found."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from evidence.leaf import NO_LEAF, make_leaf
from evidence.merkle import Frontier
from evidence.report import Report
from evidence.rows import LiveRow, verify_rows

TENANT = UUID("0b5e6ab0-0000-4000-8000-000000000001")


@pytest.fixture
def log(new_log: Any) -> Any:
    """Give a log of twelve events in three streams, with a checkpoint after the fifth."""
    log = new_log("casework")
    log.notes = []
    for number in range(12):
        log.record(f"stream {number % 3}", "SessionRecorded")
        if number in {4, 9}:
            log.notes.append(log.note())
    log.notes.append(log.note())
    return log


def _held(log: Any, rows: list[LiveRow], notes: list[str] | None = None) -> Report:
    chosen = log.notes if notes is None else notes
    return verify_rows("casework", TENANT, iter(rows), chosen, [log.verifier])


def _altered(row: LiveRow, **columns: Any) -> LiveRow:
    return replace(row, columns=replace(row.columns, **columns))  # type: ignore[type-var] # a LeafInput


def _first(report: Report) -> str:
    assert report.first is not None
    return str(report.first)


def test_rows_that_nobody_touched_are_right(log: Any) -> None:
    report = _held(log, log.rows)
    assert report.findings == ()
    assert (report.counts.events, report.counts.streams, report.counts.checkpoints) == (12, 3, 3)


def test_events_after_the_last_checkpoint_and_not_yet_in_the_log_are_right(log: Any) -> None:
    log.record("stream 0", "SessionRecorded")
    late = replace(log.record("stream 1", "SessionRecorded"), leaf_index=None, logged=None)
    assert _held(log, [*log.rows[:-1], late]).ok


@pytest.mark.parametrize("number", range(12))
@pytest.mark.parametrize(
    "columns",
    [
        {"payload": b"{}"},
        {"sealed": b"x"},
        {"metadata": b"{}"},
        {"type": "Other"},
        {"occurred_precision": "month"},
        {"event_id": UUID(int=1)},
        {"command_id": UUID(int=1)},
        {"blinding": bytes(32)},
        {"blinding": b""},
        {"schema_version": 2},
    ],
)
def test_an_altered_row_is_named(log: Any, number: int, columns: dict[str, Any]) -> None:
    rows = list(log.rows)
    rows[number] = _altered(rows[number], **columns)
    report = _held(log, rows)
    assert report.first is not None
    assert report.first.event is not None
    assert report.first.event.version == rows[number].columns.version
    assert report.first.event.stream_id == rows[number].columns.stream_id
    assert "altered" in _first(report)


def _rewritten(log: Any, number: int) -> list[LiveRow]:
    """Alter one row and make everything that follows from it fit, in the store and in its log."""
    rows, heads = [], dict[UUID, bytes]()
    for index, row in enumerate(log.rows):
        changed = _altered(row, payload=b"{}") if index == number else row
        leaf = make_leaf(changed.columns, heads.get(row.columns.stream_id, NO_LEAF))
        heads[row.columns.stream_id] = leaf
        rows.append(replace(changed, leaf_hash=leaf, logged=leaf))
    return rows


@pytest.mark.parametrize(
    ("number", "leaves"), [(0, "0 to 4"), (4, "0 to 4"), (5, "5 to 9"), (11, "10 to 11")]
)
def test_a_row_altered_with_all_hashes_made_to_fit_is_found_between_two_checkpoints(
    log: Any, number: int, leaves: str
) -> None:
    assert [str(each) for each in _held(log, _rewritten(log, number)).findings] == [
        f"throughline/casework/{TENANT}: altered: leaves {leaves} are not those that were signed"
    ]


def test_the_logs_own_tables_tell_which_row_it_was_while_they_are_left_alone(log: Any) -> None:
    rows = [
        replace(row, logged=honest.leaf_hash)
        for row, honest in zip(_rewritten(log, 7), log.rows, strict=True)
    ]
    report = _held(log, rows)
    assert report.first is not None
    assert report.first.event is not None
    assert report.first.event.event_id == rows[7].columns.event_id
    assert "the log keeps another leaf" in _first(report)


@pytest.mark.parametrize("number", range(11))
def test_a_missing_row_is_found(log: Any, number: int) -> None:
    rows = [row for row in log.rows if row.leaf_index != number]
    found = [str(each) for each in _held(log, rows).findings]
    assert any(f"missing before it: the rows of leaves {number} to {number}" in e for e in found)


def test_a_missing_row_is_found_even_where_the_log_is_numbered_anew(log: Any) -> None:
    rows = [row for row in log.rows if row.leaf_index != 4]
    rows = [replace(row, leaf_index=index) for index, row in enumerate(rows)]
    assert "missing before it: versions 2 to 2 of its stream" in _first(_held(log, rows))


@pytest.mark.parametrize("gone", [1, 5, 12])
def test_a_store_rolled_back_behind_a_checkpoint_kept_outside_is_found(log: Any, gone: int) -> None:
    rows = log.rows[: 12 - gone]
    report = _held(log, rows)
    assert "rolled back: 12 leaves were signed" in _first(report)
    # Without the note that was kept outside it would pass, which is why it is kept.
    if gone == 2:
        assert _held(log, rows, log.notes[:2]).ok


def test_a_rollback_passes_for_whoever_kept_no_checkpoint_outside(log: Any) -> None:
    assert _held(log, log.rows[:10], log.notes[:2]).ok


def test_an_inserted_row_is_found(log: Any) -> None:
    forged = log.rows[3]
    forged = replace(
        _altered(forged, event_id=uuid4(), stream_id=uuid4(), version=1),
        leaf_index=None,
        logged=None,
    )
    forged = replace(forged, leaf_hash=make_leaf(forged.columns, NO_LEAF))
    rows = [*log.rows[:6], forged, *log.rows[6:]]
    assert "inserted: the log passes over it" in _first(_held(log, rows))


def test_a_row_inserted_into_the_log_too_is_found(log: Any) -> None:
    forged = _altered(log.rows[3], event_id=uuid4(), stream_id=uuid4(), version=1)
    leaf = make_leaf(forged.columns, NO_LEAF)
    rows = [*log.rows[:6], replace(forged, leaf_hash=leaf, logged=leaf), *log.rows[6:]]
    rows = [replace(row, leaf_index=index) for index, row in enumerate(rows)]
    assert "leaves 5 to 9 are not those that were signed" in _first(_held(log, rows))


def test_a_second_event_of_a_version_is_found(log: Any) -> None:
    rows = [*log.rows, replace(log.rows[11], leaf_index=None)]
    assert "its stream was at version 4 already" in _first(_held(log, rows))


def test_rows_that_changed_places_are_found(log: Any) -> None:
    rows = list(log.rows)
    rows[2], rows[6] = rows[6], rows[2]
    assert not _held(log, rows).ok
    renumbered = [
        replace(row, leaf_index=index, logged=log.rows[index].leaf_hash)
        for index, row in enumerate(rows)
    ]
    assert not _held(log, renumbered).ok
    unlogged = [replace(row, leaf_index=index, logged=None) for index, row in enumerate(rows)]
    assert not _held(log, unlogged).ok


def test_a_forked_log_is_found(log: Any) -> None:
    twin = type(log)("casework")
    for number in range(12):
        twin.record(f"stream {number % 3}", "Other")
    assert "forked: two roots" in _first(_held(log, log.rows, [*log.notes, twin.note()]))


def test_a_row_of_another_authority_is_found(log: Any) -> None:
    rows = list(log.rows)
    rows[5] = _altered(rows[5], tenant=uuid4())
    assert "another authority" in _first(_held(log, rows))


def test_without_a_checkpoint_that_a_known_key_signed_nothing_is_right(log: Any) -> None:
    assert "no signed checkpoint" in _first(_held(log, log.rows, []))
    strangers = verify_rows("casework", TENANT, log.rows, log.notes, [])
    assert not strangers.ok


def test_an_empty_store_fits_an_empty_log(log: Any, new_log: Any) -> None:
    empty = new_log("casework")
    assert empty.frontier == Frontier()
    assert _held(log, [], [empty.note()]).ok
