"""Requests read: each a fact of a child's line, its fields parsed and named where one is wrong."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias
from uuid import UUID

from chassis.edge.malformed import (
    a_choice,
    a_day,
    a_text,
    a_uuid,
    all_of,
    if_given,
    malformed,
    one_of,
)
from ledger.ids import stream_of
from ledger.personal import Plain
from referrals.duty.facts import (
    AnyFact,
    ChildPlaced,
    FactWithdrawn,
    FinancialSupportAgreed,
    HolderAgreed,
    OrderKind,
    OrderMade,
    OrderSetAside,
    PlacedWithoutAgency,
    ResidenceLearned,
    WithoutAgency,
)
from referrals.streams import SERVICE
from throughline.common.v1.common_pb2 import ReadContext
from throughline.referrals.v1 import duty_pb2 as pb

MAX_CORRECTED: Final = 20
MAX_REFERENCE: Final = 200
MAX_WORDS: Final = 2_000
_PURPOSE = re.compile(r"[a-z][a-z-]{0,39}")

Head: TypeAlias = tuple[UUID, UUID, None, date, tuple[UUID, ...]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a fact is read with: the authorities that it may name, and the day it is said on."""

    authorities: frozenset[str]
    today: date

    def authority(self, field: str, text: str) -> str:
        """Read an authority's slug."""
        return one_of(field, text, self.authorities)


Read: TypeAlias = Callable[[Any, Asked], AnyFact]


def order(request: pb.RecordOrderRequest, asked: Asked) -> OrderMade:
    """Read an order."""
    return OrderMade(
        *_head(request, asked),
        a_choice("kind", request.kind, OrderKind),
        if_given(a_day, "ordered_on", request.ordered_on),
        if_given(asked.authority, "placing_authority", request.placing_authority),
    )


def set_aside(request: pb.RecordOrderSetAsideRequest, asked: Asked) -> OrderSetAside:
    """Read that an order was set aside."""
    return OrderSetAside(
        *_head(request, asked),
        a_uuid("order", request.order),
        a_day("set_aside_on", request.set_aside_on),
    )


def placement(
    request: pb.RecordPlacementRequest, asked: Asked
) -> ChildPlaced | PlacedWithoutAgency:
    """Read who placed the child, or why nobody did."""
    head = _head(request, asked)
    from_day = if_given(a_day, "from_day", request.from_day)
    match request.WhichOneof("placed_by"):
        case "authority":
            authority = if_given(asked.authority, "authority", request.authority)
            return ChildPlaced(*head, authority, from_day)
        case "without_agency":
            reason = a_choice("without_agency", request.without_agency, WithoutAgency)
            return PlacedWithoutAgency(*head, reason, from_day)
        case _:
            raise malformed("placed_by", "required", "authority or without_agency")


def residence(request: pb.RecordResidenceRequest, asked: Asked) -> ResidenceLearned:
    """Read where the family lives."""
    return ResidenceLearned(
        *_head(request, asked),
        asked.authority("authority", request.authority),
        a_day("from_day", request.from_day),
    )


def agreement(request: pb.RecordAgreementRequest, asked: Asked) -> HolderAgreed:
    """Read what authorities agreed in writing."""
    from_day = a_day("from_day", request.from_day)
    return HolderAgreed(
        *_head(request, asked),
        asked.authority("authority", request.authority),
        from_day,
        _to_day(request.to_day, from_day),
        Plain(a_text("reference", request.reference, MAX_REFERENCE)),
        _words(request.words),
    )


def support(request: pb.RecordFinancialSupportRequest, asked: Asked) -> FinancialSupportAgreed:
    """Read who agreed to pay."""
    agreed_on = a_day("agreed_on", request.agreed_on)
    return FinancialSupportAgreed(
        *_head(request, asked),
        asked.authority("authority", request.authority),
        agreed_on,
        _to_day(request.to_day, agreed_on),
    )


def withdrawal(request: pb.WithdrawFactsRequest, asked: Asked) -> FactWithdrawn:
    """Read what never was so."""
    wrong = _facts("facts", request.facts)
    if not wrong:
        raise malformed("facts", "required", f"1 to {MAX_CORRECTED} facts")
    child, fact = _ids(request)
    return FactWithdrawn(child, fact, None, asked.today, wrong, _words(request.words))


def purpose(context: ReadContext) -> str:
    """Read why sealed data is opened: a code, since it is recorded in the clear."""
    if not _PURPOSE.fullmatch(context.purpose):
        raise malformed("context.purpose", "bad-purpose", "a code such as direct-care")
    return context.purpose


def _head(request: Any, asked: Asked) -> Head:
    child, fact = _ids(request)
    return child, fact, None, asked.today, _facts("corrects", request.corrects)


def _ids(request: Any) -> tuple[UUID, UUID]:
    """Return the child, and the fact's id: the same command names the same fact."""
    command = a_uuid("context.command_id", request.context.command_id)
    return a_uuid("child", request.child), stream_of(SERVICE, "fact", command)


def _facts(field: str, texts: Iterable[str]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(all_of(field, tuple(texts), MAX_CORRECTED, a_uuid)))


def _to_day(text: str, from_day: date) -> date | None:
    return a_day("to_day", text, earliest=from_day) if text else None


def _words(text: str) -> Plain[str | None]:
    return Plain(if_given(lambda field, given: a_text(field, given, MAX_WORDS), "words", text))
