"""What goes along with a case, by named parts, and what stays whatever anybody agrees to. Pure.

Names, addresses and ways to reach people do not travel with a case: the front door has them, and
makes the family known there by the same ids. What ties a child to who it was before the adoption
never goes, nor what is told of the birth family; nor do tasks, complaints and the authority's own
workings.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from casework.sealed_copy import said
from casework.transfers.codes import MINIMUM, Part
from casework.transfers.record import EntryCopied, Origin
from ledger.commands import StoredEvent
from ledger.envelope import Recorded
from ledger.personal import Block, Handle, Plain
from ledger.registry import personal_fields

PARTS: Final[Mapping[str, Part]] = {
    "Case": Part.CASE,
    "Concern": Part.SAFEGUARDING,
    "Consent": Part.CONSENTS,
    "Plan": Part.PLAN,
    "Notice": Part.PLAN,
    "Review": Part.PLAN,
    "Assessment": Part.ASSESSMENT,
    "Formulation": Part.ASSESSMENT,
    "Information": Part.ASSESSMENT,
    "Conflict": Part.ASSESSMENT,
    "Session": Part.SESSIONS,
    "Intervention": Part.SESSIONS,
    # What an earlier holder passed on is of the part that it was there.
    "TransferredRecord": Part.CASE,
}
"""Of which part a stream is, by its category; any other category stays."""

GOES: Final = (Block.NARRATIVE, Block.HEALTH)
"""The blocks that go along, of the parts that do."""

NEVER: Final = tuple(each for each in Block if each not in GOES)
"""The blocks that never go along with a case."""


@dataclass(frozen=True, slots=True)
class PartShown:
    """A part before it goes: how many streams it has, and whether it goes whatever is chosen."""

    part: Part
    streams: int
    always: bool


def preview(categories: Mapping[UUID, str]) -> list[PartShown]:
    """Return the parts of a record with what each holds, from the categories of its streams."""
    held = [PARTS[each] for each in categories.values() if each in PARTS]
    return [PartShown(each, held.count(each), each in MINIMUM) for each in Part]


def chosen(categories: Mapping[UUID, str], parts: Sequence[Part]) -> list[tuple[UUID, Part]]:
    """Return the streams that go along, each with its part, in the order of the parts."""
    wanted = set(parts) | set(MINIMUM)
    return [
        (stream, part)
        for part in Part
        if part in wanted
        for stream, category in categories.items()
        if PARTS.get(category) is part
    ]


def sealed_of(event: object) -> dict[str, Handle[Any]]:
    """Return the personal fields of an event that go along, by name."""
    marks = personal_fields(type(event))
    found = {name: getattr(event, name) for name, mark in marks.items() if mark.block in GOES}
    return {name: value for name, value in found.items() if isinstance(value, Handle)}


@dataclass(frozen=True, slots=True)
class Bound:
    """For which transfer, case and child a copy is made, of which part."""

    transfer: UUID
    case_id: UUID
    child: UUID
    part: Part


def entry(
    bound: Bound, stored: StoredEvent, recorded: Recorded[Any], opened: Mapping[str, str]
) -> EntryCopied:
    """Make the copy of one entry from what was opened of it; what was shredded stays out."""
    at, event = recorded.envelope, recorded.event
    by_block = {block: _words(event, block, opened) for block in GOES}
    if isinstance(event, EntryCopied):
        # Handed on as it came: its origin stays where it was first written.
        return EntryCopied(
            bound.transfer,
            bound.case_id,
            bound.child,
            event.part,
            event.origin,
            event.said,
            Plain(opened.get("narrative")),
            Plain(opened.get("health")),
        )
    return EntryCopied(
        bound.transfer,
        bound.case_id,
        bound.child,
        bound.part,
        Origin(
            at.tenant,
            at.stream_id,
            stored.version,
            at.event_id,
            stored.leaf_hash.hex(),
            stored.type,
            at.occurred.at,
            at.occurred.precision,
            at.recorded_at,
            at.actor.role,
        ),
        said(event),
        Plain(by_block[Block.NARRATIVE]),
        Plain(by_block[Block.HEALTH]),
    )


def _words(event: object, block: Block, opened: Mapping[str, str]) -> str | None:
    marks = personal_fields(type(event))
    words = {name: text for name, text in opened.items() if marks[name].block is block}
    return json.dumps(words, ensure_ascii=False) if words else None
