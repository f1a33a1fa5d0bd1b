"""A draft keeps what was written until it is sent, let go of or expired; saving moves its days."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.acting import Due, Met
from chassis.edge.malformed import Malformed
from ledger.envelope import Actor, Envelope, Occurred, Recorded
from ledger.personal import Plain
from ledger.testing import Given, Transitions
from referrals.drafts.compose import terms
from referrals.drafts.content import text_of
from referrals.drafts.deadlines import EXPIRY, WARNING, deadlines
from referrals.drafts.draft import (
    DRAFT,
    DiscardDraft,
    DraftCommand,
    DraftIsDiscarded,
    DraftIsExpired,
    DraftIsSent,
    NoteExpiryDue,
    NoteSent,
    NoteWarningDue,
    SaveDraft,
    SaveUnchanged,
    StartDraft,
)
from referrals.drafts.events import (
    DraftDiscarded,
    DraftEvent,
    DraftExpired,
    DraftExpiring,
    DraftSaved,
    DraftSent,
    DraftStarted,
)
from referrals.intake.document import MAX_BYTES

IT = UUID(int=1)
OWNER = "amina"
MONDAY = datetime(2025, 9, 1, 9, 30, tzinfo=UTC)
FIRST = terms(MONDAY, "anc")
LATER = terms(MONDAY + timedelta(days=10), "anc")
REFERRALS = (UUID(int=8),)

started = DraftStarted(IT, OWNER, None)
saved = DraftSaved(
    IT, 1, Plain("{}"), FIRST.policy, FIRST.saved_at, FIRST.warn_at, FIRST.expires_at
)
saved_again = DraftSaved(
    IT, 2, Plain('{"a":1}'), LATER.policy, LATER.saved_at, LATER.warn_at, LATER.expires_at
)
warned = DraftExpiring(IT, OWNER, FIRST.expires_at)
SAVE = SaveDraft(IT, Plain('{"a":1}'), LATER)

draft = Given(DRAFT)
open_draft = draft.given(started, saved)
TRANSITIONS = Transitions(
    {
        "not started": draft,
        "open": open_draft,
        "open and warned of": open_draft.given(warned),
        "sent": open_draft.given(DraftSent(IT, REFERRALS)),
        "expired": open_draft.given(DraftExpired(IT, OWNER)),
        "discarded": open_draft.given(DraftDiscarded(IT)),
    },
    {
        "start": StartDraft(started, Plain("{}"), FIRST),
        "save": SAVE,
        "save unchanged": SaveUnchanged(IT),
        "note sent": NoteSent(IT, REFERRALS),
        "discard": DiscardDraft(IT),
        "note the warning due": NoteWarningDue(FIRST.warn_at),
        "note the end due": NoteExpiryDue(FIRST.expires_at),
    },
)


def test_it_is_kept_whole_days_in_london_and_warned_of_before() -> None:
    # British Summer Time: a day begins at 23:00 UTC of the day before.
    assert FIRST.expires_at == datetime(2025, 9, 29, 23, tzinfo=UTC)
    assert FIRST.warn_at == datetime(2025, 9, 22, 23, tzinfo=UTC)


def test_it_is_started_with_what_is_written_already() -> None:
    draft.when(StartDraft(started, Plain("{}"), FIRST)).then(started, saved)


def test_another_content_is_saved_and_moves_both_days() -> None:
    open_draft.when(SAVE).then(saved_again)


def test_the_same_content_is_not_saved_again() -> None:
    open_draft.when(replace(SAVE, content=Plain("{}"))).then()
    open_draft.when(SaveUnchanged(IT)).then()


def test_its_owner_is_warned_on_the_day_and_once() -> None:
    open_draft.when(NoteWarningDue(FIRST.warn_at)).then(warned)
    open_draft.given(warned).when(NoteWarningDue(FIRST.warn_at)).then()


def test_a_day_that_was_moved_meanwhile_means_nothing() -> None:
    moved = open_draft.given(saved_again)
    moved.when(NoteWarningDue(FIRST.warn_at)).then()
    moved.when(NoteExpiryDue(FIRST.expires_at)).then()


def test_saved_after_the_warning_it_is_warned_of_again() -> None:
    open_draft.given(warned, saved_again).when(NoteWarningDue(LATER.warn_at)).then(
        DraftExpiring(IT, OWNER, LATER.expires_at)
    )


def test_it_expires_on_its_day() -> None:
    open_draft.when(NoteExpiryDue(FIRST.expires_at)).then(DraftExpired(IT, OWNER))


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (DraftSent(IT, REFERRALS), DraftIsSent),
        (DraftExpired(IT, OWNER), DraftIsExpired),
        (DraftDiscarded(IT), DraftIsDiscarded),
    ],
)
def test_done_with_it_is_not_written_on(end: DraftEvent, reason: type) -> None:
    over = open_draft.given(end)
    over.when(SAVE).then_refused(reason)
    over.when(SaveUnchanged(IT)).then_refused(reason)
    over.when(NoteExpiryDue(FIRST.expires_at)).then()
    if reason is not DraftIsSent:
        over.when(NoteSent(IT, REFERRALS)).then_refused(reason)
    if reason is not DraftIsDiscarded:
        over.when(DiscardDraft(IT)).then_refused(reason)


@pytest.mark.parametrize(
    "command",
    [
        StartDraft(started, Plain("{}"), FIRST),
        SAVE,
        SaveUnchanged(IT),
        DiscardDraft(IT),
        NoteSent(IT, REFERRALS),
        NoteWarningDue(FIRST.warn_at),
        NoteExpiryDue(FIRST.expires_at),
    ],
    ids=lambda command: type(command).__name__,
)
def test_any_command_twice_decides_nothing_the_second_time(command: DraftCommand) -> None:
    (draft if isinstance(command, StartDraft) else open_draft).repeats_nothing(command)


def test_saving_sets_both_days_and_an_end_ends_them() -> None:
    stream = UUID(int=9)
    assert deadlines(recorded(saved, stream)) == [
        Due(WARNING, stream, FIRST.warn_at),
        Due(EXPIRY, stream, FIRST.expires_at),
    ]
    for end in (DraftSent(IT, REFERRALS), DraftDiscarded(IT), DraftExpired(IT, OWNER)):
        assert deadlines(recorded(end, stream)) == [Met(WARNING, stream), Met(EXPIRY, stream)]


def recorded(event: DraftEvent, stream: UUID) -> Recorded[DraftEvent]:
    return Recorded(
        event,
        Envelope(
            event_id=uuid4(),
            tenant=uuid4(),
            category="Draft",
            stream_id=stream,
            version=1,
            position=1,
            type=type(event).__name__,
            schema_version=1,
            occurred=Occurred(MONDAY),
            recorded_at=MONDAY,
            actor=Actor("a", "duty-worker"),
            command_id=uuid4(),
            correlation_id=uuid4(),
        ),
    )


def test_the_same_content_has_one_text_however_it_is_spaced() -> None:
    assert text_of(b'{"b": 2,\n "a": "\xc5\x82"}') == text_of(b'{"a":"\\u0142","b":2}')
    assert text_of(b"") == "{}"


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b'"text"',
        b"{",
        b'{"a": NaN}',
        b'{"a": 1, "a": 2}',
        b'{"a": "\\ud800"}',
        b'{"a":' * 100_000,
        b'{"a": "' + b"x" * MAX_BYTES + b'"}',
    ],
    ids=["list", "text", "torn", "nan", "twice", "half-a-pair", "deep", "large"],
)
def test_what_is_no_bounded_json_object_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        text_of(body)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_whatever_do_more_than_be_malformed(body: bytes) -> None:
    try:
        text = text_of(body)
    except Malformed:
        return
    assert text_of(text.encode()) == text
