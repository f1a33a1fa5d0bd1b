"""Requests of the worklists read: each field parsed, and named where it is wrong."""

import re
from datetime import datetime
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp

from chassis.edge.malformed import a_choice, a_text, a_timestamp, all_of, malformed, one_of
from ledger.clock import london_day
from referrals import readings
from referrals.codes import NEED_CODES, NEEDS, ROUTES, NeedKind
from referrals.worklists import clocks, lists, looks
from referrals.worklists.equity import Quarter
from throughline.referrals.v1 import worklists_pb2 as pb

MAX_CODE = 64
_QUARTER = re.compile(r"(20[0-9]{2})-Q([1-4])")
_CLOCKS_END = readings.LAST.at
_LANGUAGES = NEED_CODES[NeedKind.LANGUAGE] | NEED_CODES[NeedKind.INTERPRETER]


def worklist(request: pb.ReadWorklistRequest, worker: UUID) -> lists.Query:
    """Read which page of which list is asked for."""
    return lists.Query(
        list=a_choice("list", request.list, lists.List),
        worker=worker,
        filters=_filters(request.filters),
        after=readings.place(request.page_token, readings.FIRST),
        limit=readings.page_size(request.page_size),
    )


def running(request: pb.ReadClocksRequest, worker: UUID) -> clocks.Query:
    """Read which clocks are asked for."""
    return clocks.Query(
        worker=worker,
        kind=a_choice("kind", request.kind, clocks.ClockKind) if request.kind else None,
        before=_instant(request, "due_before", request.due_before) or _CLOCKS_END,
        after=readings.place(request.page_token, readings.FIRST),
        limit=readings.page_size(request.page_size),
    )


def looked(request: pb.ListLooksRequest) -> looks.Query:
    """Read which looks are asked for."""
    return looks.Query(
        worklist=a_text("list", request.list, MAX_CODE) if request.list else None,
        reader=a_text("reader", request.reader, MAX_CODE) if request.reader else None,
        after=readings.place(request.page_token, readings.LAST),
        limit=readings.page_size(request.page_size),
    )


def quarter(text: str, now: datetime) -> Quarter:
    """Read a quarter that is over."""
    form = _QUARTER.fullmatch(text)
    if form is None:
        raise malformed("quarter", "bad-quarter", "a quarter of the calendar, such as 2025-Q3")
    found = Quarter(int(form[1]), int(form[2]))
    if not found.is_over(london_day(now)):
        raise malformed("quarter", "not-over", "a quarter whose last day is past")
    return found


def set_filters(filters: pb.WorklistFilters) -> tuple[str, ...]:
    """Return the names of the filters that were set: what is recorded of them."""
    return tuple(descriptor.name for descriptor, _ in filters.ListFields())


def _filters(asked: pb.WorklistFilters) -> lists.Filters:
    return lists.Filters(
        urgent=asked.urgent_only,
        needs=all_of(
            "filters.needs",
            asked.needs,
            len(NEEDS),
            lambda field, text: one_of(field, text, NEEDS),
        ),
        route=one_of("filters.route", asked.route, ROUTES) if asked.route else None,
        received_from=_instant(asked, "received_from", asked.received_from),
        received_before=_instant(asked, "received_before", asked.received_before),
        duty_holder=(
            a_text("filters.duty_holder", asked.duty_holder, MAX_CODE)
            if asked.duty_holder
            else None
        ),
        language_needs=asked.language_needs_only,
        language=(
            one_of("filters.language", asked.language, _LANGUAGES) if asked.language else None
        ),
    )


def _instant(
    message: pb.WorklistFilters | pb.ReadClocksRequest, field: str, stamp: Timestamp
) -> datetime | None:
    if field not in {descriptor.name for descriptor, _ in message.ListFields()}:
        return None
    return a_timestamp(field, stamp)
