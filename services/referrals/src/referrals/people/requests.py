"""Requests about people read: each field parsed, and named where it is wrong."""

import base64
import binascii
import re
from datetime import UTC, date, datetime
from typing import Final, Protocol
from uuid import UUID

from chassis.edge.malformed import (
    Malformed,
    a_choice,
    a_count,
    a_day,
    a_text,
    a_uuid,
    all_of,
    if_given,
    malformed,
)
from ledger.ids import stream_of
from ledger.personal import Plain
from referrals.people.facts import (
    AddressRecorded,
    BirthDateRecorded,
    ChannelRecorded,
    ContactForbidden,
    EarlierIdentifierRecorded,
    EarlierNameRecorded,
    ForbidReason,
    IdentifierKind,
    IdentifierRecorded,
    NameKind,
    NameRecorded,
    Way,
)
from referrals.people.identifiers import normalised_identifier
from referrals.people.match import Pair
from referrals.people.proposals import BEGINNING, Place
from referrals.people.sides import Side
from referrals.people.tags import Traits
from throughline.common.v1.common_pb2 import CommandContext, ReadContext
from throughline.referrals.v1 import people_pb2 as pb

DEFAULT_PAGE: Final = 100
MAX_PAGE: Final = 500
MAX_WORDS: Final = 20_000
MAX_NAME: Final = 200
MAX_LINES: Final = 10
MAX_PURPOSES: Final = 20
_PURPOSE = re.compile(r"[a-z][a-z-]{0,39}")
_MICROSECOND = 1_000_000


class _Asked(Protocol):
    """A request to record something of a person."""

    @property
    def context(self) -> CommandContext: ...

    @property
    def person_id(self) -> str: ...


def record_of(request: _Asked) -> UUID:
    """Return the id of what a command records: made of the command's, so a repeat names it."""
    return stream_of(
        "referrals", "record", a_uuid("context.command_id", request.context.command_id)
    )


def person_of(request: _Asked) -> UUID:
    """Read which person it is about."""
    return a_uuid("person_id", request.person_id)


def name(request: pb.RecordNameRequest) -> NameRecorded | EarlierNameRecorded:
    """Read a name, on its side."""
    kind = a_choice("kind", request.kind, NameKind)
    if kind is NameKind.DESCRIBED:
        raise malformed("kind", "unknown-code", "birth, adoptive, changed or known-as")
    from_day, to_day = _days(request.from_day, request.to_day)
    given = Plain(a_text("given_name", request.given_name, MAX_NAME))
    family = Plain(a_text("family_name", request.family_name, MAX_NAME))
    person, record = person_of(request), record_of(request)
    if a_choice("side", request.side, Side) is Side.BEFORE:
        return EarlierNameRecorded(person, record, from_day, to_day, given, family)
    return NameRecorded(person, record, kind, from_day, to_day, given, family)


def birth_date(request: pb.RecordBirthDateRequest) -> BirthDateRecorded:
    """Read a date of birth."""
    born = a_day("date_of_birth", request.date_of_birth)
    return BirthDateRecorded(
        person_of(request), record_of(request), f"{born:%Y-%m}", Plain(born.isoformat())
    )


def pair(request: pb.ConfirmMatchRequest | pb.RejectMatchRequest) -> Pair:
    """Read which two people are meant."""
    return Pair.of(person_of(request), a_uuid("other_id", request.other_id))


def identifier(
    request: pb.RecordIdentifierRequest,
) -> IdentifierRecorded | EarlierIdentifierRecorded:
    """Read a number, which must check."""
    kind = a_choice("kind", request.kind, IdentifierKind)
    value = Plain(_number("value", kind, request.value))
    person, record = person_of(request), record_of(request)
    if a_choice("side", request.side, Side) is Side.BEFORE:
        return EarlierIdentifierRecorded(person, record, kind, value)
    return IdentifierRecorded(person, record, kind, value)


def address(request: pb.RecordAddressRequest) -> AddressRecorded:
    """Read an address."""
    from_day, to_day = _days(request.from_day, request.to_day)
    lines = all_of("address_lines", request.address_lines, MAX_LINES, _short)
    if not lines:
        raise malformed("address_lines", "required", "1 to 10 lines")
    return AddressRecorded(
        person=person_of(request),
        record=record_of(request),
        from_day=from_day,
        to_day=to_day,
        protected_address=request.protected_address,
        address_lines=Plain("\n".join(lines)),
        town=Plain(_short("town", request.town)),
        postcode=Plain(_short("postcode", request.postcode)),
    )


def channel(request: pb.RecordChannelRequest) -> ChannelRecorded:
    """Read a safe channel."""
    from_day, to_day = _days(request.from_day, request.to_day)
    return ChannelRecorded(
        person=person_of(request),
        record=record_of(request),
        way=a_choice("way", request.way, Way),
        purposes=all_of("purposes", request.purposes, MAX_PURPOSES, _code),
        from_day=from_day,
        to_day=to_day,
        do_not_leave_voicemail=request.do_not_leave_voicemail,
        value=Plain(_short("value", request.value)),
        safe_times=Plain(if_given(_short, "safe_times", request.safe_times)),
    )


def order(request: pb.ForbidContactRequest) -> ContactForbidden:
    """Read an order not to contact somebody."""
    from_day, to_day = _days(request.from_day, request.to_day)
    return ContactForbidden(
        person=person_of(request),
        record=record_of(request),
        purposes=all_of("purposes", request.purposes, MAX_PURPOSES, _code),
        from_day=a_day("from_day", request.from_day) if from_day is None else from_day,
        to_day=to_day,
        reason=a_choice("reason", request.reason, ForbidReason),
    )


def traits(typed: pb.TypedIn) -> Traits:
    """Read what is known of somebody who may be known already."""
    nhs, upn = IdentifierKind.NHS_NUMBER, IdentifierKind.UPN
    names = ((typed.given_name, typed.family_name),) if typed.given_name else ()
    born = if_given(a_day, "typed_in.date_of_birth", typed.date_of_birth)
    numbers = [
        (_number(f"typed_in.{field}", kind, text),) if text else ()
        for field, kind, text in (
            ("nhs_number", nhs, typed.nhs_number),
            ("upn", upn, typed.upn),
        )
    ]
    for field, text in (("given_name", typed.given_name), ("family_name", typed.family_name)):
        if text:
            a_text(f"typed_in.{field}", text, MAX_NAME)
    if not names and not any(numbers):
        raise malformed("typed_in", "required", "a given name and something else, or a number")
    return Traits(
        names=names,
        births=(born,) if born else (),
        postcodes=(_short("typed_in.postcode", typed.postcode),) if typed.postcode else (),
        nhs_numbers=numbers[0],
        upns=numbers[1],
    )


def words(text: str) -> Plain[str | None]:
    """Read words that may be left out."""
    return Plain(if_given(lambda field, given: a_text(field, given, MAX_WORDS), "words", text))


def purpose(context: ReadContext) -> str:
    """Read why sealed data is opened: a code, since it is recorded in the clear."""
    return _code("context.purpose", context.purpose)


def page_size(asked: int) -> int:
    """Read how much of a list is wanted."""
    return a_count("page_size", asked or DEFAULT_PAGE, 1, MAX_PAGE)


def page_token(place: Place) -> str:
    """Write where the next page begins."""
    since_epoch = round(place.proposed_at.timestamp() * _MICROSECOND)
    text = f"{since_epoch}:{place.match_id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place(token: str) -> Place:
    """Read where a page begins; without a token at the beginning."""
    refused: Malformed = malformed("page_token", "bad-page-token", "a token as it was given")
    if not token:
        return BEGINNING
    try:
        text = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        since_epoch, match_id = text.decode("ascii").split(":")
        seconds, microseconds = divmod(int(since_epoch), _MICROSECOND)
        at = datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds)
        return Place(at, UUID(match_id))
    except (binascii.Error, ValueError, OverflowError, OSError):
        raise refused from None


def _days(from_day: str, to_day: str) -> tuple[date | None, date | None]:
    first = if_given(a_day, "from_day", from_day)
    last = if_given(a_day, "to_day", to_day)
    if first and last and last < first:
        raise malformed("to_day", "before-from-day", "no day before from_day")
    return first, last


def _number(field: str, kind: IdentifierKind, text: str) -> str:
    number = normalised_identifier(kind, a_text(field, text, MAX_NAME))
    if number is None:
        raise malformed(field, "does-not-check", f"a valid {kind.value}")
    return number


def _short(field: str, text: str) -> str:
    return a_text(field, text, MAX_NAME)


def _code(field: str, text: str) -> str:
    if not _PURPOSE.fullmatch(text):
        raise malformed(field, "bad-purpose", "a code such as direct-care, at most 40 characters")
    return text
