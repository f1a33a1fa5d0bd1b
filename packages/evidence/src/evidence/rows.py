"""Holds a log's live rows against its signed checkpoints: altered, missing, inserted, reordered.

Rows are given, so that no database is needed here; they come in the order of their positions. The
log's own tables are not trusted either: what counts is that the leaves, made again from the rows,
give the roots that were signed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from evidence.leaf import NO_LEAF, LeafColumns, make_leaf
from evidence.merkle import Frontier
from evidence.notes import BadNote, Checkpoint, Verifier, open_checkpoint, origin_of
from evidence.report import Counts, EventName, Finding, Report, events_first

_TOGETHER: Final = 1_000


@dataclass(frozen=True, slots=True)
class LiveRow:
    """An event as it stands in the store, and where the log has it (None: not in the log yet).

    `logged` is the leaf hash that the log's own tables keep for that place, where they do.
    """

    columns: LeafColumns
    leaf_hash: bytes
    leaf_index: int | None
    logged: bytes | None = None


@dataclass
class _Log:
    """The state of going through the rows once."""

    origin: str
    service: str
    pending: list[Checkpoint] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    heads: dict[UUID, tuple[int, bytes]] = field(default_factory=dict)
    unlogged: list[EventName] = field(default_factory=list)
    events: int = 0
    # The log so far: the next index, and the tree of the leaves before it while it can be made.
    size: int = 0
    frontier: Frontier = field(default_factory=Frontier)
    leaves: list[bytes] = field(default_factory=list)
    provable: bool = True
    # The size of the largest checkpoint that was found right.
    proved: int = 0

    def found(self, what: str, event: EventName | None = None) -> None:
        """Note something wrong."""
        self.findings.append(Finding(self.origin, what, event))

    def add(self, leaf: bytes) -> None:
        """Add the next leaf."""
        self.leaves.append(leaf)
        self.size += 1
        if len(self.leaves) == _TOGETHER:
            self.root()

    def root(self) -> bytes:
        """Return the root of the leaves so far."""
        self.frontier, _ = self.frontier.append(self.leaves)
        self.leaves = []
        return self.frontier.root()


def verify_rows(
    service: str,
    tenant: UUID,
    rows: Iterable[LiveRow],
    notes: Sequence[str],
    verifiers: Sequence[Verifier],
) -> Report:
    """Check all rows of an authority in one service against signed checkpoints of its log.

    `notes` are the checkpoints to hold the rows against, of the store and, above all, those kept
    outside of it: one of more leaves than there are now shows that the store was rolled back.
    Memory grows with the number of streams, not of rows.
    """
    log = _Log(origin_of(service, tenant), service)
    checkpoints = _open_notes(log, notes, verifiers)
    log.pending = sorted(checkpoints, key=lambda each: each.size)
    _check_roots(log)
    for row in rows:
        _check_row(log, tenant, row)
        _check_roots(log)
    if log.pending:
        signed, there = log.pending[-1].size, log.size
        log.found(f"rolled back: {signed} leaves were signed, the rows end after leaf {there - 1}")
    counts = Counts(events=log.events, streams=len(log.heads), checkpoints=len(checkpoints))
    return Report(counts, events_first(log.findings), tenant)


def _open_notes(log: _Log, notes: Sequence[str], verifiers: Sequence[Verifier]) -> list[Checkpoint]:
    opened: dict[int, Checkpoint] = {}
    for note in notes:
        try:
            checkpoint = open_checkpoint(note, log.origin, verifiers)
        except BadNote as error:
            log.found(f"a checkpoint is not to be trusted: {error}")
            continue
        if opened.setdefault(checkpoint.size, checkpoint) != checkpoint:
            log.found(f"forked: two roots were signed for {checkpoint.size} leaves")
    if not opened:
        log.found("there is no signed checkpoint to hold the rows against")
    return list(opened.values())


def _check_row(log: _Log, tenant: UUID, row: LiveRow) -> None:
    columns = row.columns
    name = EventName(log.service, columns.stream_id, columns.version, columns.event_id)
    log.events += 1
    if columns.tenant != tenant:
        log.found("it is a row of another authority", name)
    leaf = _check_chain(log, row, name)
    if row.leaf_index is None:
        # Right at the end, where the log has not come to yet.
        log.unlogged.append(name)
        return
    for inserted in log.unlogged:
        log.found("inserted: the log passes over it", inserted)
    log.unlogged.clear()
    if row.logged not in {None, leaf}:
        log.found("altered: the log keeps another leaf for it", name)
    _take_place(log, row.leaf_index, leaf, name)


def _take_place(log: _Log, index: int, leaf: bytes, name: EventName) -> None:
    """Add the leaf to the tree, in its place."""
    if index < log.size:
        log.found(f"reordered or inserted: it claims place {index} behind others", name)
        log.provable = False
    elif index > log.size:
        log.found(f"missing before it: the rows of leaves {log.size} to {index - 1}", name)
        log.provable, log.size = False, index + 1
    elif log.provable:
        log.add(leaf)
    else:
        log.size += 1


def _check_chain(log: _Log, row: LiveRow, name: EventName) -> bytes:
    """Make the leaf again on the one before it in its stream, where that is known."""
    version, previous = log.heads.get(name.stream_id, (0, NO_LEAF))
    log.heads[name.stream_id] = (max(version, name.version), row.leaf_hash)
    stated = row.leaf_hash if len(row.leaf_hash) == len(NO_LEAF) else NO_LEAF
    if name.version <= version:
        log.found(f"reordered or inserted: its stream was at version {version} already", name)
        return stated
    if name.version > version + 1:
        missing = f"{version + 1} to {name.version - 1}"
        log.found(f"missing before it: versions {missing} of its stream", name)
        return stated
    try:
        leaf = make_leaf(row.columns, previous)
    except (ValueError, TypeError, OverflowError):
        leaf = NO_LEAF
    if leaf != row.leaf_hash:
        log.found("altered: what is stored of it does not give its leaf hash", name)
    return leaf


def _check_roots(log: _Log) -> None:
    while log.pending and log.pending[0].size <= log.size:
        checkpoint = log.pending.pop(0)
        if not log.provable:
            continue
        if checkpoint.root == log.root():
            log.proved = checkpoint.size
        else:
            # Every later root differs too, and would tell nothing new.
            log.provable = False
            leaves = f"leaves {log.proved} to {checkpoint.size - 1}"
            log.found(f"altered: {leaves} are not those that were signed")
