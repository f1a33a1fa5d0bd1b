"""Whose family somebody asks for the past of, by the facts themselves that he would be told."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from pydantic_core import from_json

from chassis.queries.history import asked_of
from referrals.walls.naming import Named, Thing

if TYPE_CHECKING:
    from chassis.runtime import Runtime
    from ledger.commands import StoredEvent

SAID: Final[Mapping[str, Thing]] = {
    "referral": Thing.REFERRAL,
    "redirect": Thing.REDIRECT,
    "screen": Thing.SCREEN,
    "draft": Thing.DRAFT,
    "enquiry": Thing.ENQUIRY,
}
"""What a field of an event names; the people it is about stand beside it."""


async def named_in_past(runtime: "Runtime", tenant: UUID, request: Any) -> frozenset[Named]:
    """Return what the facts that a request asks for are about, all that are recorded by now."""
    async with runtime.rows.complete(tenant) as reading:
        stored = await asked_of(reading, request)
    return named_by(stored)


def named_by(stored: "Iterable[StoredEvent]") -> frozenset[Named]:
    """Return what some facts are about."""
    return frozenset(named for each in stored for named in _named(each))


def _named(stored: "StoredEvent") -> Iterator[Named]:
    beside, said = from_json(stored.metadata), from_json(stored.payload)
    for subject in beside.get("subjects") or ():
        yield Named(Thing.PERSON, UUID(subject))
    for field, thing in SAID.items():
        if said.get(field):
            yield Named(thing, UUID(said[field]))
