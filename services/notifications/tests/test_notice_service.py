"""A notice is served by hand or by post; what did not arrive was not served, whatever was said."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.acting import Do
from ledger.personal import Plain
from ledger.testing import Given, Transitions
from notifications.compose import service_stream
from notifications.notice_events import (
    Document,
    Notice,
    NoticeServed,
    NoticeServiceFailed,
    ServiceAwaited,
    ServiceDropped,
    ServicePrepared,
)
from notifications.notice_service import (
    DECIDER,
    AlreadyServed,
    AwaitService,
    BlockService,
    DropService,
    NoSuchService,
    NotServed,
    NotToBeServed,
    PostedBeforeChecked,
    PrepareService,
    RecordNotServed,
    RecordServed,
    ServiceCommand,
    ServiceNotPrepared,
    service_id,
)
from notifications.rules import Method, deemed, shipped
from notifications.subscriptions import hear_casework
from services.notifications.tests.test_subscriptions import AUTHORITY, CASE, heard

if TYPE_CHECKING:
    from collections.abc import Sequence

NOTICE, ADOPTER, NEWS = (UUID(f"7d1e0b5c-0000-4000-8000-{n:012d}") for n in (11, 12, 13))
SERVICE = service_id(AUTHORITY, NOTICE, Document.PROPOSAL, 1)
MON_3_NOV, WED_5_NOV = date(2025, 11, 3), date(2025, 11, 5)
RULE = "service-2005-12-30"
LINES: Plain[str | None] = Plain("1 Mill Lane\nNorthbridge")

paper = Notice(SERVICE, NOTICE, Document.PROPOSAL, 1, ADOPTER, NEWS)
wait = AwaitService(paper, CASE)
prepare = PrepareService(SERVICE, 1, Method.FIRST_CLASS, MON_3_NOV, LINES)
block = BlockService(SERVICE, 1, "do-not-contact")
post = RecordServed(SERVICE, 1, MON_3_NOV, WED_5_NOV, RULE)
back = RecordNotServed(SERVICE, 1, NotServed.RETURNED)

awaited = ServiceAwaited(paper)
prepared = ServicePrepared(SERVICE, ADOPTER, 1, Method.FIRST_CLASS, MON_3_NOV, LINES)
posted = NoticeServed(paper, 1, Method.FIRST_CLASS, MON_3_NOV, WED_5_NOV, RULE)
returned = NoticeServiceFailed(paper, 1, "returned")
dropped = ServiceDropped(paper)

service = Given(DECIDER)
waiting = service.given(awaited)
ready = waiting.given(prepared)
done = ready.given(posted)
missed = done.given(returned)
withdrawn = waiting.given(dropped)

TRANSITIONS = Transitions(
    {
        "not awaited": service,
        "awaited": waiting,
        "prepared": ready,
        "served": done,
        "awaited again, the letter came back": missed,
        "withdrawn": withdrawn,
    },
    {
        "await": wait,
        "prepare": prepare,
        "prepare, for the second time": replace(prepare, attempt=2),
        "block, for there is no safe way": block,
        "record that it was posted": post,
        "record that it did not arrive": back,
        "drop, for it was withdrawn": DropService(SERVICE),
    },
)


def test_it_is_awaited_prepared_and_served() -> None:
    service.when(wait).then(awaited)
    waiting.when(wait).then()
    waiting.when(prepare).then(prepared)
    ready.when(post).then(posted)
    done.when(post).then()


def test_nothing_goes_before_it_was_asked_where_it_may_go() -> None:
    waiting.when(post).then_refused(ServiceNotPrepared)
    waiting.when(back).then_refused(ServiceNotPrepared)
    ready.when(replace(post, sent_on=date(2025, 11, 1))).then_refused(PostedBeforeChecked)
    by_hand = waiting.given(replace(prepared, method=Method.BY_HAND))
    earlier = replace(post, sent_on=date(2025, 11, 1))
    assert by_hand.when(earlier).refusal is None


def test_where_there_is_no_safe_way_it_was_not_served() -> None:
    blocked = replace(returned, reason="do-not-contact")
    waiting.when(block).then(blocked)
    waiting.given(blocked).when(block).then()


def test_a_letter_that_comes_back_was_not_served_and_is_tried_again() -> None:
    done.when(back).then(returned)
    missed.when(back).then()
    done.when(replace(prepare, attempt=2)).then_refused(AlreadyServed)
    missed.when(replace(prepare, attempt=2)).then(replace(prepared, attempt=2))
    ready.when(RecordNotServed(SERVICE, 1, NotServed.REFUSED)).then(
        replace(returned, reason="refused")
    )


def test_a_notice_that_was_withdrawn_is_not_served_any_more() -> None:
    for each in (waiting, ready, missed):
        each.when(DropService(SERVICE)).then(dropped)
    done.when(DropService(SERVICE)).then()
    withdrawn.when(DropService(SERVICE)).then()
    withdrawn.when(prepare).then_refused(NotToBeServed)


def test_what_is_no_service_is_answered_as_absent() -> None:
    for each in (prepare, block, post, back):
        service.when(each).then_refused(NoSuchService)


@pytest.mark.parametrize(
    ("method", "sent_on", "counts_on"),
    [
        (Method.BY_HAND, date(2025, 11, 3), date(2025, 11, 3)),
        (Method.BY_HAND, date(2025, 11, 8), date(2025, 11, 8)),
        (Method.FIRST_CLASS, date(2025, 11, 3), date(2025, 11, 5)),
        # Friday: the weekend does not count.
        (Method.FIRST_CLASS, date(2025, 11, 7), date(2025, 11, 11)),
        # Nor do Christmas Day, Boxing Day and New Year's Day.
        (Method.FIRST_CLASS, date(2025, 12, 24), date(2025, 12, 30)),
        (Method.SECOND_CLASS, date(2025, 12, 24), date(2026, 1, 2)),
    ],
)
def test_it_counts_as_served_by_the_dated_rule(
    method: Method, sent_on: date, counts_on: date
) -> None:
    assert deemed(method, sent_on, shipped().on(sent_on)) == counts_on


def test_an_issued_notice_is_awaited_once_for_each_version() -> None:
    data = {
        "notice_id": str(NOTICE),
        "document": "proposal",
        "text_version": 1,
        "addressee": str(ADOPTER),
    }
    news = heard("casework", "NoticeIssued", data)
    asked: Sequence[object] = hear_casework(news)
    notice = replace(paper, about_event=news.event_id)
    assert asked == [Do(AwaitService(notice, CASE), target=service_stream(SERVICE))]


commands: st.SearchStrategy[ServiceCommand] = st.sampled_from(
    [
        wait,
        prepare,
        replace(prepare, attempt=2),
        block,
        replace(block, attempt=2),
        post,
        replace(post, attempt=2),
        back,
        replace(back, attempt=2),
        DropService(SERVICE),
    ]
)


@given(st.lists(commands, max_size=12))
def test_a_repeated_command_decides_nothing(history: list[ServiceCommand]) -> None:
    so_far = waiting
    for command in history:
        decided = so_far.when(command)
        if decided.refusal is None:
            so_far.repeats_nothing(command)
            so_far = so_far.given(*decided.events)
