"""A FHIR R4 message as it was sent: bounded, validated by the FHIR library, its values by place.

The library knows release 4B, which for these resources is release 4 with corrections.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from fhir.resources.R4B import get_fhir_model_class
from fhir.resources.R4B.bundle import Bundle
from pydantic import ValidationError as WrongShape

from chassis.edge.malformed import Malformed, Violation, malformed
from chassis.edge.strict_json import NotJson, read_json
from referrals.intake.document import MALFORMED, MAX_CODE, MAX_VIOLATIONS

MAX_MESSAGE_BYTES = 262_144
MAX_RESOURCES = 200
MAX_DEPTH = 32
REQUIRED: Final = "required"
WHOLE: Final = "Bundle"

Resource: TypeAlias = Mapping[str, Any]

_TYPE = re.compile(r"[A-Z][A-Za-z]{1,63}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    """A resource of the message and its expression, such as Bundle.entry[3].resource."""

    at: str
    kind: str
    resource: Resource = field(repr=False)


@dataclass(slots=True)
class Message:
    """A valid message. What is `taken` has its place in a referral; the rest is `left`."""

    whole: Resource = field(repr=False)
    entries: tuple[Entry, ...] = field(repr=False)
    _by_reference: Mapping[str, Entry] = field(repr=False)
    _left: dict[str, str] = field(repr=False)

    @classmethod
    def of(cls, whole: Resource) -> "Message":
        """Make it of a valid bundle."""
        entries: list[Entry] = []
        named: dict[str, Entry] = {}
        for index, each in enumerate(whole.get("entry", ())):
            resource = each.get("resource")
            if resource is None:
                continue
            entry = Entry(f"{WHOLE}.entry[{index}].resource", resource["resourceType"], resource)
            entries.append(entry)
            known_as = resource.get("id")
            for name in (each.get("fullUrl"), known_as, f"{entry.kind}/{known_as}"):
                if name:
                    named.setdefault(str(name), entry)
        return cls(whole, tuple(entries), named, dict(_values(whole, WHOLE)))

    def of_kind(self, kind: str) -> list[Entry]:
        """Return the resources of a type, in order."""
        return [each for each in self.entries if each.kind == kind]

    def refers_to(self, reference: object) -> Entry | None:
        """Return the resource of the message that a Reference names, if it is there."""
        name = reference.get("reference") if isinstance(reference, dict) else None
        return self._by_reference.get(name) if isinstance(name, str) else None

    def take(self, *expressions: str) -> None:
        """Mark values, and all that lies under them, as having their place."""
        for each in expressions:
            under = (f"{each}.", f"{each}[")
            for name in [n for n in self._left if n == each or n.startswith(under)]:
                del self._left[name]

    @property
    def left(self) -> tuple[tuple[str, str], ...]:
        """Every value that was not taken, with its expression, but what only ties the bundle."""
        return tuple(
            (name, value) for name, value in self._left.items() if not self._ties(name, value)
        )

    def _ties(self, name: str, value: str) -> bool:
        if name.endswith(".reference"):
            return value in self._by_reference
        return bool(_TIES.fullmatch(name))


# What only holds a message together and says nothing of anybody.
_TIES = re.compile(
    r"Bundle(\.entry\[\d+\](\.resource)?)?"
    r"\.(resourceType|id|type|timestamp|fullUrl|meta\.(profile\[\d+\]|versionId|lastUpdated)"
    r"|text\.status)"
)


def read_message(body: bytes) -> Message:
    """Read a message. Raises Malformed: each violation with a FHIRPath expression."""
    if len(body) > MAX_MESSAGE_BYTES:
        raise malformed(WHOLE, MALFORMED, f"at most {MAX_MESSAGE_BYTES} bytes")
    try:
        whole = read_json(body)
    except NotJson as wrong:
        raise malformed(WHOLE, MALFORMED, f"one JSON object: {wrong}") from None
    if not isinstance(whole, dict) or whole.get("resourceType") != WHOLE:
        raise malformed(WHOLE, MALFORMED, "a FHIR Bundle")
    _check_bounds(whole)
    _check_types(whole, WHOLE)
    try:
        Bundle.model_validate_json(body)
    except WrongShape as wrong:
        raise _of_fhir(wrong) from None
    return Message.of(whole)


def _check_bounds(whole: Resource) -> None:
    entries = whole.get("entry", [])
    if not isinstance(entries, list) or len(entries) > MAX_RESOURCES:
        raise malformed(f"{WHOLE}.entry", MALFORMED, f"a list of at most {MAX_RESOURCES}")
    if _depth(whole) > MAX_DEPTH:
        raise malformed(WHOLE, MALFORMED, f"nested at most {MAX_DEPTH} deep")


def _depth(value: object) -> int:
    """Return how deep a value is nested, without recursion: whoever sent it chose the depth."""
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        each, depth = waiting.pop()
        deepest = max(deepest, depth)
        inner = each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()
        waiting += [(one, depth + 1) for one in inner]
    return deepest


def _check_types(value: object, at: str) -> None:
    """See that no property is null, and every resource of a type that FHIR has.

    The library passes over the one and stumbles over the other.
    """
    if isinstance(value, list):
        for index, each in enumerate(value):
            _check_types(each, f"{at}[{index}]")
    if isinstance(value, dict):
        if "resourceType" in value and not _is_type(value["resourceType"]):
            raise malformed(f"{at}.resourceType", MALFORMED, "a resource type of FHIR R4")
        for name, each in value.items():
            if each is None:
                raise malformed(f"{at}.{name[:MAX_CODE]}", MALFORMED, "a value, or no such element")
            _check_types(each, f"{at}.{name[:MAX_CODE]}")


def _is_type(name: object) -> bool:
    if not isinstance(name, str) or not _TYPE.fullmatch(name):
        return False
    try:
        get_fhir_model_class(name)
    except (LookupError, ValueError):
        return False
    return True


def _of_fhir(wrong: WrongShape) -> Malformed:
    """Say what the library found; in our words, since its own may quote a value."""
    words = {
        "missing": (REQUIRED, "must be there"),
        "extra_forbidden": (MALFORMED, "FHIR R4 has no such element"),
    }
    found = wrong.errors(include_url=False, include_context=False, include_input=False)
    return Malformed(
        [
            Violation(
                _expression(each["loc"]),
                *words.get(each["type"], (MALFORMED, "not as FHIR R4 has it")),
            )
            for each in found[:MAX_VIOLATIONS]
        ]
    )


def _expression(location: tuple[int | str, ...]) -> str:
    text = WHOLE
    for each in location:
        text += f"[{each}]" if isinstance(each, int) else f".{each[:MAX_CODE]}"
    return text


def _values(value: object, at: str) -> Iterator[tuple[str, str]]:
    """Return every value that is no list and no object, as text, with its expression."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _values(each, f"{at}.{name}")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _values(each, f"{at}[{index}]")
    elif isinstance(value, bool):
        yield at, str(value).lower()
    elif value is not None:
        yield at, str(value)
