"""From a referral message to a submission; what has no place in it comes along."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from chassis.edge.malformed import Malformed, Violation
from ledger.ids import stream_of
from referrals.intake.bars import people
from referrals.intake.bars.codes import (
    CATEGORY,
    DEFINITION,
    EVENTS,
    NEED_CODES,
    NEEDS,
    REASON_NEW,
    REASON_UPDATE,
    REQUEST,
    SNOMED,
    URGENT,
)
from referrals.intake.bars.message import REQUIRED, WHOLE, Entry, Message
from referrals.intake.document import MAX_WORDS
from referrals.intake.not_mapped import Along

NOT_SUPPORTED: Final = "not-supported"
NOT_FOUND: Final = "not-found"
OTHER_AUTHORITY: Final = "other-authority"
ROUTE: Final = "health-referral-message"


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who receives messages: the slugs of the authority and its partnership, and where all live.

    `known`: slugs of authorities by their names. `endpoints`: where messages to the authority are
    sent; where none is named here, every destination is taken for its own.
    """

    authority: str
    partnership: str
    known: Mapping[str, str]
    endpoints: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Mapped:
    """A message as a submission's document. `expressions`: where its fields stood."""

    document: Mapping[str, Any] = field(repr=False)
    expressions: Mapping[str, str] = field(repr=False)
    along: Along = field(repr=False)
    asked_urgently: bool
    lives_in_is_said: bool


@dataclass(frozen=True, slots=True)
class _Parts:
    header: Entry
    request: Entry
    patient: Entry


def submission_id(message: Message) -> UUID:
    """Return the id of the submission that a message is: of whoever sends, and the Bundle's own."""
    return stream_of("referrals", "bars", message_key(message))


def message_key(message: Message) -> str:
    """Return what a message is known again by."""
    source = message.entries[0].resource.get("source", {}) if message.entries else {}
    return f"{source.get('endpoint')}\0{message.whole.get('id')}"


def mapped(message: Message, receiver: Receiver) -> Mapped:
    """Map a valid message. Raises Malformed with expressions where it is no new referral."""
    parts = _parts(message, receiver, REASON_NEW)
    referrer = people.referrer(message, parts.request)
    return _mapped(message, parts, receiver, referrer, people.adults(message, parts.patient))


def mapped_anew(message: Message, receiver: Receiver) -> Mapped:
    """Map what a revision says of the child and the request.

    Who sends it and who the adults are is no part of it: what it says of them comes along.
    """
    parts = _parts(message, receiver, REASON_UPDATE)
    return _mapped(message, parts, receiver, people.nobody(), [])


def _mapped(
    message: Message,
    parts: _Parts,
    receiver: Receiver,
    referrer: Mapping[str, Any],
    adults: Sequence[Mapping[str, Any]],
) -> Mapped:
    _take_envelope(message, parts)
    child, of_child = people.child(message, parts.patient)
    named = _lives_in(message, parts.patient, receiver)
    worries = list(_worries(message))
    document: dict[str, Any] = {
        "submission_id": str(submission_id(message)),
        "received_at": message.whole["timestamp"],
        "partnership": receiver.partnership,
        "received_by": receiver.authority,
        "route": ROUTE,
        "referrer": referrer,
        "family": {
            # An address that names no authority is taken for one of our own.
            "lives_in": named or receiver.authority,
            "address": people.address(message, parts.patient),
            "protected_address": people.is_confidential(parts.patient),
            "adults": adults,
            "children": [child],
        },
        "needs": list(dict.fromkeys(_needs(message, parts.request))),
        "in_their_words": words_of(message, said_in(message, parts.request)),
        "asks_for_assessment": False,
        "placement_at_risk": False,
        "safeguarding": {
            "immediate_danger": False,
            "concern": bool(worries),
            "words": words_of(message, iter(worries)) or None,
        },
        "consents": {"to_refer": _consents(message), "to_share_with": []},
    }
    number = people.nhs_number_of(message, parts.patient)
    return Mapped(
        document,
        _expressions(parts, of_child),
        Along(message.left, number),
        parts.request.resource.get("priority") in URGENT,
        named is not None,
    )


def focus_of(message: Message) -> tuple[Entry, Entry]:
    """Find the header and the request. Raises Malformed where one of them is not there."""
    if message.whole.get("type") != "message":
        raise Malformed([Violation(f"{WHOLE}.type", NOT_SUPPORTED, "message")])
    if not message.entries or message.entries[0].kind != "MessageHeader":
        allowed = "a MessageHeader, first of all"
        raise Malformed([Violation(f"{WHOLE}.entry[0].resource", REQUIRED, allowed)])
    header = message.entries[0]
    [focus, *_] = header.resource.get("focus") or [None]
    request = message.refers_to(focus)
    if request is None or request.kind != "ServiceRequest":
        allowed = "a ServiceRequest of the bundle"
        raise Malformed([Violation(f"{header.at}.focus[0]", NOT_FOUND, allowed)])
    return header, request


def _parts(message: Message, receiver: Receiver, reason: str) -> _Parts:
    """Find the header, the request and the child. Raises Malformed with all that is wrong."""
    header, request = focus_of(message)
    wrong = list(of_envelope(message, header, receiver, DEFINITION, reason))
    if request.resource.get("status") != "active":
        wrong.append(Violation(f"{request.at}.status", NOT_SUPPORTED, "active"))
    patient = message.refers_to(request.resource.get("subject"))
    if patient is None or patient.kind != "Patient":
        wrong.append(Violation(f"{request.at}.subject", NOT_FOUND, "a Patient of the bundle"))
        raise Malformed(wrong)
    wrong += people.missing(patient)
    if wrong:
        raise Malformed(wrong)
    return _Parts(header, request, patient)


def of_envelope(
    message: Message, header: Entry, receiver: Receiver, definition: str, reason: str
) -> Iterator[Violation]:
    """Return what is wrong with how a message says that it is of a kind, and for whom."""
    said = header.resource
    event = said.get("eventCoding", {})
    if (event.get("system"), event.get("code")) != (EVENTS, REQUEST):
        yield Violation(f"{header.at}.eventCoding", NOT_SUPPORTED, f"{EVENTS}|{REQUEST}")
    reasons = {each.get("code") for each in said.get("reason", {}).get("coding", ())}
    if reasons != {reason}:
        yield Violation(f"{header.at}.reason", NOT_SUPPORTED, reason)
    if said.get("definition", definition).partition("|")[0] != definition:
        yield Violation(f"{header.at}.definition", NOT_SUPPORTED, definition)
    destinations = {each.get("endpoint") for each in said.get("destination", ())}
    if receiver.endpoints and not destinations & receiver.endpoints:
        allowed = " or ".join(sorted(receiver.endpoints))
        yield Violation(f"{header.at}.destination", OTHER_AUTHORITY, allowed)
    for name in ("id", "timestamp"):
        if not message.whole.get(name):
            yield Violation(f"{WHOLE}.{name}", REQUIRED, "so that a repeat is known again")


def _take_envelope(message: Message, parts: _Parts) -> None:
    """Mark what says how a message travels and what kind of request it is."""
    travels = ("eventCoding", "reason", "definition", "source", "destination", "sender", "focus")
    message.take(*(f"{parts.header.at}.{each}" for each in travels))
    taken = ("status", "intent", "authoredOn", "priority")
    message.take(*(f"{parts.request.at}.{each}" for each in taken))
    for index, category in enumerate(parts.request.resource.get("category", ())):
        for coding, at in people.codings(category, f"{parts.request.at}.category[{index}]"):
            if (coding.get("system"), coding.get("code")) == CATEGORY:
                people.take_code(message, at)
    if people.is_confidential(parts.patient):
        message.take(f"{parts.patient.at}.meta.security")


def _lives_in(message: Message, patient: Entry, receiver: Receiver) -> str | None:
    """Return the authority that the address names."""
    [said, *_] = patient.resource.get("address") or [{}]
    slug = receiver.known.get(str(said.get("district", "")).casefold())
    if slug is not None:
        message.take(f"{patient.at}.address[0].district")
    return slug


def _needs(message: Message, request: Entry) -> Iterator[str]:
    for index, reason in enumerate(request.resource.get("reasonCode", ())):
        for coding, at in people.codings(reason, f"{request.at}.reasonCode[{index}]"):
            need = _need(coding)
            if need is not None:
                people.take_code(message, at)
                yield need


def _need(coding: people.Coding) -> str | None:
    system, code = coding.get("system"), str(coding.get("code"))
    if system == NEED_CODES:
        return code if code in set(NEEDS.values()) else None
    return NEEDS.get(code) if system == SNOMED else None


def said_in(message: Message, request: Entry) -> Iterator[tuple[str, str]]:
    """Return the free words of a message about why help is asked for, with their expressions."""
    for index, reason in enumerate(request.resource.get("reasonCode", ())):
        yield f"{request.at}.reasonCode[{index}].text", reason.get("text", "")
    yield f"{request.at}.patientInstruction", request.resource.get("patientInstruction", "")
    for each in [request, *message.of_kind("Condition"), *message.of_kind("CarePlan")]:
        yield f"{each.at}.description", each.resource.get("description", "")
        if each.kind == "Condition":
            yield f"{each.at}.code.text", each.resource.get("code", {}).get("text", "")
        for index, note in enumerate(each.resource.get("note", ())):
            yield f"{each.at}.note[{index}].text", note.get("text", "")


def _worries(message: Message) -> Iterator[tuple[str, str]]:
    """Return the words of every flag in force: whatever it warns of, somebody looks at it."""
    for flag in message.of_kind("Flag"):
        if flag.resource.get("status") == "active":
            code = flag.resource.get("code", {})
            yield f"{flag.at}.code.text", code.get("text", "")
            for coding, at in people.codings(code, f"{flag.at}.code"):
                yield f"{at}.display", coding.get("display", "")


def words_of(message: Message, said: Iterator[tuple[str, str]]) -> str:
    """Join words as far as they have room; what has none is left, and comes along."""
    words: list[str] = []
    room = MAX_WORDS
    for at, text in said:
        if text.strip() and len(text) < room:
            words.append(text)
            room -= len(text) + 1
            message.take(at)
    return "\n".join(words)


def _consents(message: Message) -> bool:
    given = [each for each in message.of_kind("Consent") if each.resource["status"] == "active"]
    for each in given:
        message.take(f"{each.at}.status")
    return bool(given)


def _expressions(parts: _Parts, of_child: Mapping[str, str]) -> dict[str, str]:
    return {
        "submission_id": f"{WHOLE}.id",
        "received_at": f"{WHOLE}.timestamp",
        "in_their_words": f"{parts.request.at}.reasonCode[0].text",
        "family.address.lines": f"{parts.patient.at}.address[0].line",
        "family.address.town": f"{parts.patient.at}.address[0].city",
        "family.address.postcode": f"{parts.patient.at}.address[0].postalCode",
    } | {f"family.children[0].{name}": at for name, at in of_child.items()}
