"""One case's history from all services, merged in the order in which it was recorded."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import grpc
from google.protobuf.json_format import MessageToDict

from evidence.part import instant
from ledger.clock import london_day
from throughline.common.v1 import common_pb2
from throughline.history.v1 import history_pb2, history_pb2_grpc
from throughline_cli.calling import Absent, if_there
from throughline_cli.reaching import Line

T = TypeVar("T")

PURPOSE = "audit"
AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class History:
    """What was known about a case; `complete_to` are positions by service that knew of it."""

    entries: tuple[history_pb2.Entry, ...]
    complete_to: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which case, whose record, as known when and as of which day; whether to open words."""

    case_id: str
    authority: str
    known_at: datetime | None = None
    as_of: date | None = None
    unseal: bool = False

    def request(self) -> history_pb2.ReadHistoryRequest:
        """Return the request that each service is sent."""
        request = history_pb2.ReadHistoryRequest(
            context=common_pb2.ReadContext(authority=self.authority, purpose=PURPOSE),
            case_id=self.case_id,
            as_of=self.as_of.isoformat() if self.as_of else "",
            unseal=self.unseal,
            at_once=AT_ONCE,
        )
        if self.known_at is not None:
            request.known_at.FromDatetime(self.known_at.astimezone(UTC))
        return request


async def read_history(line: Line, asked: Asked) -> History:
    """Read a case's history from every service. A case that none of them knows is refused."""
    parts = await of_those_who_know(line, lambda channel: _part(channel, asked))
    entries = sorted(
        (entry for part, _ in parts.values() for entry in part),
        key=lambda entry: (entry.recorded_at.ToNanoseconds(), entry.service, entry.position),
    )
    return History(
        tuple(entries),
        {name: position for name, (_, position) in parts.items()},
    )


async def of_those_who_know(
    line: Line, ask: Callable[[grpc.aio.Channel], Awaitable[T]]
) -> Mapping[str, T]:
    """Ask every service; return the answers of those that know of it. Refused where none does."""
    answers = await asyncio.gather(
        *(if_there(partial(ask, channel)) for channel in line.channels.values())
    )
    refusals = [each.refusal for each in answers if isinstance(each, Absent)]
    if len(refusals) == len(answers):
        raise refusals[0]
    return {
        name: each
        for name, each in zip(line.channels, answers, strict=True)
        if not isinstance(each, Absent)
    }


async def _part(channel: grpc.aio.Channel, asked: Asked) -> tuple[list[history_pb2.Entry], int]:
    stub = history_pb2_grpc.HistoryServiceStub(channel)
    entries: list[history_pb2.Entry] = []
    position = 0
    async for answer in stub.ReadHistory(asked.request()):
        match answer.WhichOneof("part"):
            case "entries":
                entries += answer.entries.entries
            # A service of an earlier release answers each by itself.
            case "entry":
                entries.append(answer.entry)
            case _:
                position = answer.completeness.position
    return entries, position


def occurred_day(entry: history_pb2.Entry) -> str:
    """Return the day in London on which a fact was true, as the practitioner gave it."""
    if entry.occurred.WhichOneof("precision") == "day":
        return str(entry.occurred.day)
    return london_day(entry.occurred.instant.ToDatetime(tzinfo=UTC)).isoformat()


def as_exported(entry: history_pb2.Entry) -> dict[str, Any]:
    """Return an entry as a bundle's history holds it: `evidence.history.Entry`."""
    told = MessageToDict(entry, preserving_proto_field_name=True)
    return {
        name: value
        for name, value in {
            **told,
            "version": entry.version,
            "recorded_at": instant(entry.recorded_at.ToDatetime(tzinfo=UTC)),
            "occurred": entry.occurred.day
            or instant(entry.occurred.instant.ToDatetime(tzinfo=UTC)),
        }.items()
        if name != "position"
    }


LINE = 400
WORDS = 90
"""Characters of one fact, and of one value of it, that a screen shows; an export holds all."""

LINKS = frozenset(
    {"case", "child", "family", "family_id", "person", "contact", "referrer", "referral", "subject"}
)
"""Fields that only link: left out where a person reads, kept in every export."""


def words(entry: history_pb2.Entry) -> str:
    """Return what a fact says, in one line, without what only links it to others."""
    said = [
        *_said(MessageToDict(entry.data)),
        *(f"{name}=[sealed]" for name in entry.sealed_fields),
    ]
    return _cut("  ".join(said), LINE)


def _said(data: Mapping[str, Any]) -> Iterator[str]:
    """Say each value with its name; a value made of several says those."""
    for name, value in data.items():
        if isinstance(value, dict):
            yield from _said(value)
        elif isinstance(value, list) and any(isinstance(each, dict) for each in value):
            for each in value:
                yield from _said(each) if isinstance(each, dict) else ()
        elif value not in ("", None, []) and not _links(name, value):
            yield f"{name}={_cut(_short(value), WORDS)}"


def _links(name: str, value: object) -> bool:
    return name in LINKS or name.endswith("_id") or (isinstance(value, str) and _is_uuid(value))


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _short(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        return ",".join(_short(each) for each in value)
    return " ".join(str(value).split())


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
