"""Checks one service's part: each event against its leaf, its stream's chain and the signed log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

from evidence.bundle import Listed, part_name
from evidence.leaf import NO_LEAF, make_leaf
from evidence.merkle import NotProved, verify_inclusion
from evidence.notes import BadNote, Checkpoint, Verifier, open_checkpoint, origin_of
from evidence.part import (
    BadPart,
    PartEvent,
    PartHead,
    decode_event,
    decode_head,
    schemas_of,
    split_part,
)
from evidence.report import EventName, Finding


@dataclass
class CheckedPart:
    """What was found in a part: the events that could be read, with the names to call them by."""

    service: str
    tenant: UUID
    listed: Sequence[Listed]
    findings: list[Finding] = field(default_factory=list)
    events: list[tuple[EventName, PartEvent]] = field(default_factory=list)
    checkpoint: Checkpoint | None = None
    left_out: int = 0

    def found(self, what: str, event: EventName | None = None) -> None:
        """Note something wrong."""
        self.findings.append(Finding(part_name(self.service), what, event))

    def name(self, number: int) -> EventName | None:
        """Name the event on a line as the manifest lists it."""
        if number >= len(self.listed):
            return None
        each = self.listed[number]
        return EventName(self.service, each.stream_id, each.version, each.event_id)


def verify_part(
    service: str,
    tenant: UUID,
    data: bytes,
    listed: Sequence[Listed],
    verifiers: Sequence[Verifier],
) -> CheckedPart:
    """Check a part's bytes. `listed` are the manifest's lines for it; they serve to name events."""
    part = CheckedPart(service, tenant, listed)
    try:
        first, lines = split_part(data)
    except BadPart as error:
        part.found(str(error))
        return part
    head = _head(part, first, verifiers)
    _read_lines(part, lines)
    _check_order(part)
    _check_events(part, {} if head is None else head.predecessors)
    if head is not None and head.schemas != schemas_of([event for _, event in part.events]):
        part.found("the schemas it names are not those of its events")
    return part


def _head(part: CheckedPart, line: str, verifiers: Sequence[Verifier]) -> PartHead | None:
    try:
        head = decode_head(line)
    except BadPart as error:
        part.found(str(error))
        return None
    if (head.service, head.tenant) != (part.service, part.tenant):
        part.found(f"it is a part of {head.service[:80]!r} of authority {head.tenant}")
    if not head.checkpoint and not part.listed:
        # A log without a leaf has nothing to sign; whoever has events must have signed them.
        return head
    try:
        origin = origin_of(part.service, part.tenant)
        part.checkpoint = open_checkpoint(head.checkpoint, origin, verifiers)
    except BadNote as error:
        part.found(f"its checkpoint is not to be trusted: {error}")
    return head


def _read_lines(part: CheckedPart, lines: Sequence[str]) -> None:
    """Read each line as the event that the manifest lists for it."""
    for number, raw in enumerate(lines):
        name = part.name(number)
        last = number == len(lines) - 1
        line = raw if last else raw.removesuffix(",")
        if line == raw and not last:
            part.found("its line is not written as a service writes it", name)
        try:
            event = decode_event(line, part.tenant)
        except BadPart as error:
            part.found(f"line {number + 2}: {error}", name)
            continue
        columns = event.columns
        own = EventName(part.service, columns.stream_id, columns.version, columns.event_id)
        if name is not None and name != own:
            part.found("the part holds another event in its place", name)
        elif name is None:
            part.found("the manifest does not list it", own)
        elif sha256(line.encode("latin-1")).hexdigest() != part.listed[number].sha256:
            part.found("it is not as the manifest lists it", name)
        part.events.append((name or own, event))
    for number in range(len(lines), len(part.listed)):
        part.found("it is missing", part.name(number))


def _check_order(part: CheckedPart) -> None:
    before, seen = -1, set[tuple[UUID, int]]()
    for name, event in part.events:
        if event.leaf_index <= before:
            part.found("it does not stand in the log's order", name)
        if (key := (event.columns.stream_id, event.columns.version)) in seen:
            part.found("its stream has two events of this version", name)
        before = event.leaf_index
        seen.add(key)


def _check_events(part: CheckedPart, predecessors: Mapping[tuple[UUID, int], bytes]) -> None:
    """Make each leaf again, on the leaf before it in its stream, and prove it in the log."""
    leaves: dict[tuple[UUID, int], bytes] = {}
    heads: dict[UUID, int] = {}
    for name, event in part.events:
        stream_id, version = event.columns.stream_id, event.columns.version
        previous = NO_LEAF if version == 1 else leaves.get((stream_id, version - 1))
        if previous is None:
            previous = predecessors.get((stream_id, version - 1))
            part.left_out += version - 1 - heads.get(stream_id, 0)
        if previous is None:
            part.found("the version before it is missing from the part", name)
        elif not _is_leaf(event, previous):
            part.found("what is stored of it does not give its leaf hash: it was changed", name)
        _check_inclusion(part, name, event)
        leaves[stream_id, version] = event.leaf_hash
        heads[stream_id] = version
    followed = {(stream_id, version - 1) for stream_id, version in leaves}
    if any(key in leaves or key not in followed for key in predecessors):
        part.found("it gives leaf hashes of earlier versions that no event follows")


def _is_leaf(event: PartEvent, previous: bytes) -> bool:
    try:
        return make_leaf(event.columns, previous) == event.leaf_hash
    except (ValueError, OverflowError):
        return False


def _check_inclusion(part: CheckedPart, name: EventName, event: PartEvent) -> None:
    if part.checkpoint is None:
        return
    size, root = part.checkpoint.size, part.checkpoint.root
    try:
        verify_inclusion(event.leaf_hash, event.leaf_index, size, event.proof, root)
    except NotProved as error:
        part.found(f"it is not proved to be in the signed log: {error}", name)
