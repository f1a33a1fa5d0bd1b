"""What a request names by which a family can be found, whatever room it is meant for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from google.protobuf.message import Message

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor, FieldDescriptor


class Thing(Enum):
    """A kind of thing that is a family's."""

    REFERRAL = auto()
    PERSON = auto()
    REDIRECT = auto()
    SCREEN = auto()
    DRAFT = auto()
    ENQUIRY = auto()


@dataclass(frozen=True, slots=True)
class Named:
    """One thing, by its id."""

    thing: Thing
    known_as: UUID


NAMING: Final[Mapping[str, tuple[Thing, ...]]] = {
    "referral_id": (Thing.REFERRAL,),
    "duplicate_of": (Thing.REFERRAL,),
    "person_id": (Thing.PERSON,),
    "other_id": (Thing.PERSON,),
    "into_id": (Thing.PERSON,),
    "child": (Thing.PERSON,),
    "redirect_id": (Thing.REDIRECT,),
    "screen_id": (Thing.SCREEN,),
    "draft_id": (Thing.DRAFT,),
    "enquiry_id": (Thing.ENQUIRY,),
    # Which of them it is goes by the check that is answered.
    "refers_to": (Thing.REFERRAL, Thing.PERSON, Thing.SCREEN),
}
"""What a field of a request may name, by the field's name."""


def named_in(request: Any) -> frozenset[Named]:
    """Return all that a request names; what is no id is left to whoever reads the request."""
    return frozenset(_named(request))


@cache
def names_something(message: "Descriptor") -> bool:
    """Whether a request of this type can name anything."""
    return any(_leads_on(each) for each in message.fields)


def _leads_on(field: "FieldDescriptor") -> bool:
    inner = field.message_type
    return field.name in NAMING if inner is None else _may_name(inner) and names_something(inner)


def _may_name(message: "Descriptor") -> bool:
    """Whether a message is of this contract: contexts and times name no family."""
    return message.file.package == _PACKAGE


_PACKAGE = "throughline.referrals.v1"


def _named(message: Any) -> Iterator[Named]:
    for field, value in message.ListFields():
        if not _leads_on(field):
            continue
        for each in (value,) if isinstance(value, str | Message) else value:
            if isinstance(each, Message):
                yield from _named(each)
            else:
                yield from _things(field.name, each)


def _things(field: str, text: str) -> Iterator[Named]:
    try:
        known_as = UUID(text)
    except ValueError:
        return
    for thing in NAMING[field]:
        yield Named(thing, known_as)
