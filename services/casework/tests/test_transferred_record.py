"""What came along is kept once, as it was written, and what must not travel never does."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from casework.transfers.codes import Part
from casework.transfers.packet import GOES, NEVER, PARTS, chosen, preview, sealed_of
from casework.transfers.record import DECIDER, EntryCopied, KeepEntries, Origin
from ledger.personal import Block, Handle, Personal, Plain, SealedBlock, SealedIn
from ledger.testing import Given, Transitions

T, CASE, CHILD, THERE, STREAM, EVENT = (UUID(int=n) for n in range(1, 7))
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
NONE: Plain[str | None] = Plain(None)
origin = Origin(THERE, STREAM, 1, EVENT, "ab" * 32, "CaseOpened", AT, "instant", AT, "service")
first = EntryCopied(T, CASE, CHILD, Part.CASE, origin, "{}", NONE, NONE)
second = replace(first, origin=replace(origin, version=2))

record = Given(DECIDER)


@dataclass(frozen=True, slots=True)
class Told:
    """An event with something in every block."""

    child: UUID
    narrative: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]
    address: Annotated[Personal[str], SealedIn(Block.ADDRESS, of="child")]
    identity: Annotated[Personal[str], SealedIn(Block.IDENTITY, of="child")]
    link: Annotated[Personal[str], SealedIn(Block.PRE_ADOPTION_LINK, of="child")]
    birth: Annotated[Personal[str], SealedIn(Block.BIRTH_FAMILY, of="child")]


def handle(block: Block, name: str) -> Handle[str]:
    sealed = SealedBlock(THERE, STREAM, 1, "Told", 1, CHILD, block, EVENT, b"", b"", b"")
    return Handle(sealed, name)


def test_an_entry_is_kept_once() -> None:
    record.when(KeepEntries((first, second))).then(first, second)
    record.given(first).when(KeepEntries((first, second))).then(second)
    record.given(first, second).when(KeepEntries((first, second))).then()


def test_what_ties_a_child_to_who_it_was_never_goes() -> None:
    assert {Block.PRE_ADOPTION_LINK, Block.BIRTH_FAMILY, Block.ADDRESS} <= set(NEVER)
    told = Told(
        CHILD,
        handle(Block.NARRATIVE, "narrative"),
        handle(Block.ADDRESS, "address"),
        handle(Block.IDENTITY, "identity"),
        handle(Block.PRE_ADOPTION_LINK, "link"),
        handle(Block.BIRTH_FAMILY, "birth"),
    )
    assert sealed_of(told).keys() == {"narrative"}
    assert set(GOES) | set(NEVER) == set(Block)


def test_safeguarding_goes_whatever_is_chosen_and_own_workings_stay() -> None:
    ids = [UUID(int=n) for n in range(20, 25)]
    held = dict(zip(ids, ("Concern", "Session", "Task", "Complaint", "Transfer"), strict=True))
    assert chosen(held, ()) == [(ids[0], Part.SAFEGUARDING)]
    assert chosen(held, (Part.SESSIONS,)) == [
        (ids[0], Part.SAFEGUARDING),
        (ids[1], Part.SESSIONS),
    ]
    shown = {each.part: (each.streams, each.always) for each in preview(held)}
    assert shown[Part.SAFEGUARDING] == (1, True)
    assert shown[Part.SESSIONS] == (1, False)
    assert not {"Task", "Complaint", "Transfer"} & PARTS.keys()


TRANSITIONS = Transitions(
    {
        "nothing is here": record,
        "the first entry is here": record.given(first),
        "both are here": record.given(first, second),
    },
    {"keep the entries": KeepEntries((first, second))},
)
