"""A message goes out once under one Message-ID, or is said to have failed, whatever happens.

Every row of the message's decision table; and for any order of commands: the same command again
decides nothing, there is one `Message-ID`, and at most one end.
"""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.decider import Refusal
from ledger.personal import Plain
from ledger.testing import Given, Transitions
from notifications.letter import (
    Channel,
    Fact,
    Letter,
    Placeholder,
    Reason,
    TemplateCode,
    message_id,
    message_id_header,
)
from notifications.message import DECIDER, NotTheRecipient, OtherMessageId
from notifications.message_commands import (
    AcknowledgeMessage,
    BeginAttempt,
    BlockMessage,
    ConfirmSent,
    GiveUp,
    LeaveToWorker,
    MessageCommand,
    PlaceNote,
    QueueMessage,
    RecordDoubt,
    RecordFailure,
)
from notifications.message_events import (
    AttemptBegun,
    AttemptFailed,
    AttemptInDoubt,
    MessageAcknowledged,
    MessageBlocked,
    MessageEvent,
    MessageGivenUp,
    MessageLeftToWorker,
    MessageQueued,
    MessageSent,
    NotePlaced,
)

REFERRER = UUID("7d1e0b5c-0000-4000-8000-000000000001")
WORKER = UUID("7d1e0b5c-0000-4000-8000-000000000002")
AUTHORITY = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a01")
SUBMISSION = UUID("7d1e0b5c-0000-4000-8000-000000000003")
ID = message_id(AUTHORITY, SUBMISSION, TemplateCode.REFERRAL_ACKNOWLEDGEMENT, REFERRER)
HEADER = message_id_header(ID, "throughline.invalid")
LATER = datetime(2026, 3, 1, 10, tzinfo=UTC)
LIMIT = 3

LETTER = Letter(
    ID,
    TemplateCode.REFERRAL_ACKNOWLEDGEMENT,
    Channel.EMAIL,
    REFERRER,
    SUBMISSION,
    (Fact(Placeholder.REFERENCE, "K7P2-M4Q"),),
)
NOTE = replace(
    LETTER, template=TemplateCode.CASE_ALLOCATED, channel=Channel.IN_APP, recipient=WORKER
)
ADDRESS, SUBJECT, TEXT = Plain("amy@example.org"), Plain("We have it"), Plain("Hello")


def begin(attempt: int, header: str = HEADER, version: int = 0) -> BeginAttempt:
    return BeginAttempt(ID, attempt, version, header, ADDRESS, SUBJECT, TEXT)


def begun(attempt: int) -> AttemptBegun:
    return AttemptBegun(ID, attempt, REFERRER, 0, HEADER, ADDRESS, SUBJECT, TEXT)


def failure(attempt: int) -> RecordFailure:
    return RecordFailure(ID, attempt, Reason.TRY_LATER, LATER, LIMIT)


def doubt(attempt: int) -> RecordDoubt:
    return RecordDoubt(ID, attempt, Reason.TIMED_OUT, LATER, LIMIT)


POST = replace(LETTER, channel=Channel.LETTER)
left = LeaveToWorker(ID, Channel.LETTER)

message = Given(DECIDER)
queued = message.given(MessageQueued(LETTER))
attempting = queued.given(begun(1))
failed = attempting.given(AttemptFailed(ID, 1, Reason.TRY_LATER, LATER))
in_doubt = attempting.given(AttemptInDoubt(ID, 1, Reason.TIMED_OUT, LATER))
sent = attempting.given(MessageSent(LETTER, 0, 1))
note = message.given(MessageQueued(NOTE))
placed_note = NotePlaced(NOTE, WORKER, 0, SUBJECT, TEXT)
placed = note.given(placed_note)
to_post = queued.given(MessageLeftToWorker(POST))

TRANSITIONS = Transitions(
    {
        "not queued": message,
        "queued": queued,
        "being sent": attempting,
        "failed, to be tried again": failed,
        "in doubt": in_doubt,
        "sent": sent,
        "a note for somebody's inbox": note,
        "a note in somebody's inbox": placed,
        "left to a worker": to_post,
    },
    {
        "queue": QueueMessage(LETTER),
        "begin to send": begin(1),
        "begin to send again": begin(2),
        "confirm that it went": ConfirmSent(ID, 1),
        "record a failure": failure(1),
        "record a doubt": doubt(1),
        "leave to a worker": left,
        "acknowledge": AcknowledgeMessage(ID, WORKER),
        "acknowledge as another": AcknowledgeMessage(ID, REFERRER),
    },
)


def test_one_event_template_and_recipient_make_one_message_id_and_one_header() -> None:
    assert message_id(AUTHORITY, SUBMISSION, TemplateCode.REFERRAL_ACKNOWLEDGEMENT, REFERRER) == ID
    assert message_id(AUTHORITY, SUBMISSION, TemplateCode.REFERRAL_ACKNOWLEDGEMENT, WORKER) != ID
    assert message_id(AUTHORITY, SUBMISSION, TemplateCode.PLACE_OFFERED, REFERRER) != ID
    assert message_id(WORKER, SUBMISSION, TemplateCode.REFERRAL_ACKNOWLEDGEMENT, REFERRER) != ID
    assert f"<{ID}@throughline.invalid>" == HEADER


def test_what_is_to_be_told_is_queued() -> None:
    message.when(QueueMessage(LETTER)).then(MessageQueued(LETTER))


def test_a_second_event_of_the_same_submission_queues_nothing_more() -> None:
    sibling = replace(LETTER, facts=(Fact(Placeholder.REFERENCE, "Z9X8-W7V"),))
    queued.when(QueueMessage(sibling)).then()
    sent.when(QueueMessage(sibling)).then()


def test_an_attempt_is_recorded_with_words_and_address_before_it_is_made() -> None:
    queued.when(begin(1)).then(begun(1))


def test_an_attempt_that_was_begun_is_not_begun_again() -> None:
    attempting.when(begin(1)).then()


def test_attempts_are_numbered_without_gaps() -> None:
    queued.when(begin(2)).then_refused(Refusal)
    failed.when(begin(3)).then_refused(Refusal)
    attempting.when(begin(2)).then_refused(Refusal)


def test_after_a_failure_or_in_doubt_the_next_attempt_follows() -> None:
    failed.when(begin(2)).then(begun(2))
    in_doubt.when(begin(2)).then(begun(2))


def test_no_attempt_goes_under_another_message_id_or_with_other_words() -> None:
    in_doubt.when(begin(2, header="<other@throughline.invalid>")).then_refused(OtherMessageId)
    in_doubt.when(begin(2, version=1)).then_refused(OtherMessageId)


def test_what_a_server_took_over_is_sent() -> None:
    attempting.when(ConfirmSent(ID, 1)).then(MessageSent(LETTER, 0, 1))


def test_in_doubt_it_is_sent_when_the_answer_comes_late() -> None:
    in_doubt.when(ConfirmSent(ID, 1)).then(MessageSent(LETTER, 0, 1))
    in_doubt.given(begun(2)).when(ConfirmSent(ID, 1)).then(MessageSent(LETTER, 0, 1))


def test_once_sent_nothing_that_an_attempt_came_to_counts_again() -> None:
    twice = in_doubt.given(begun(2), MessageSent(LETTER, 0, 1))
    twice.when(ConfirmSent(ID, 2)).then()
    twice.when(failure(2)).then()
    twice.when(doubt(2)).then()
    twice.when(GiveUp(ID, 2, Reason.CONTENT_REFUSED)).then()


def test_a_failed_attempt_is_tried_again_later() -> None:
    attempting.when(failure(1)).then(AttemptFailed(ID, 1, Reason.TRY_LATER, LATER))


def test_an_attempt_in_doubt_is_tried_again_later() -> None:
    attempting.when(doubt(1)).then(AttemptInDoubt(ID, 1, Reason.TIMED_OUT, LATER))


def test_the_last_attempt_that_fails_or_is_in_doubt_is_given_up() -> None:
    last = failed.given(begun(2), AttemptFailed(ID, 2, Reason.TRY_LATER, LATER), begun(3))
    last.when(failure(3)).then(MessageGivenUp(LETTER, 0, 3, Reason.TRY_LATER))
    last.when(doubt(3)).then(MessageGivenUp(LETTER, 0, 3, Reason.TIMED_OUT))


def test_what_a_server_will_never_take_is_given_up_at_once() -> None:
    attempting.when(GiveUp(ID, 1, Reason.RECIPIENT_REFUSED)).then(
        MessageGivenUp(LETTER, 0, 1, Reason.RECIPIENT_REFUSED)
    )


def test_without_a_safe_way_the_message_is_blocked_and_nothing_is_sent_after() -> None:
    blocked = MessageBlocked(LETTER, 0, Reason.DO_NOT_CONTACT)
    for waiting in (queued, failed, in_doubt):
        waiting.when(BlockMessage(ID, 0, Reason.DO_NOT_CONTACT)).then(blocked)
    queued.given(blocked).when(begin(1)).then_refused(Refusal)


def test_an_attempt_under_way_is_not_blocked() -> None:
    attempting.when(BlockMessage(ID, 0, Reason.DO_NOT_CONTACT)).then_refused(Refusal)


def test_a_note_is_delivered_by_recording_it() -> None:
    note.when(PlaceNote(ID, 0, SUBJECT, TEXT)).then(placed_note)


def test_a_note_never_goes_by_mail_nor_a_letter_to_an_inbox() -> None:
    note.when(begin(1)).then_refused(Refusal)
    queued.when(PlaceNote(ID, 0, SUBJECT, TEXT)).then_refused(Refusal)


def test_a_note_is_acknowledged_by_its_recipient_only() -> None:
    placed.when(AcknowledgeMessage(ID, WORKER)).then(MessageAcknowledged(ID, WORKER))
    placed.when(AcknowledgeMessage(ID, REFERRER)).then_refused(NotTheRecipient)


def test_a_letter_is_not_acknowledged() -> None:
    sent.when(AcknowledgeMessage(ID, REFERRER)).then_refused(Refusal)


def test_what_was_never_queued_cannot_be_attempted() -> None:
    message.when(begin(1)).then_refused(Refusal)


numbers = st.integers(1, LIMIT + 1)
commands: st.SearchStrategy[MessageCommand] = st.one_of(
    st.sampled_from([QueueMessage(LETTER), QueueMessage(NOTE)]),
    st.builds(begin, numbers),
    st.builds(begin, numbers, st.just("<other@x>")),
    st.builds(ConfirmSent, st.just(ID), numbers),
    st.builds(failure, numbers),
    st.builds(doubt, numbers),
    st.builds(GiveUp, st.just(ID), numbers, st.just(Reason.CONTENT_REFUSED)),
    st.just(BlockMessage(ID, 0, Reason.NO_ADDRESS)),
    st.just(PlaceNote(ID, 0, SUBJECT, TEXT)),
    st.builds(AcknowledgeMessage, st.just(ID), st.sampled_from([WORKER, REFERRER])),
)


def play(steps: list[MessageCommand]) -> list[MessageEvent]:
    """Carry the commands out in order, each twice; a refused one changes nothing."""
    events: list[MessageEvent] = []
    for command in steps:
        try:
            fresh = DECIDER.decide(command, DECIDER.fold(events))
        except Refusal:
            continue
        events.extend(fresh)
        assert list(DECIDER.decide(command, DECIDER.fold(events))) == []
    return events


@settings(max_examples=300)
@given(st.lists(commands, max_size=14).map(lambda rest: [QueueMessage(LETTER), *rest]))
def test_any_command_again_decides_nothing_and_a_message_ends_once(
    steps: list[MessageCommand],
) -> None:
    events = play(steps)
    assert len({each.header for each in events if isinstance(each, AttemptBegun)}) <= 1
    ends = (MessageSent, NotePlaced, MessageGivenUp, MessageBlocked)
    assert sum(isinstance(each, ends) for each in events) <= 1
    attempts = [each.attempt for each in events if isinstance(each, AttemptBegun)]
    assert attempts == list(range(1, len(attempts) + 1))
    assert len(attempts) <= LIMIT


def test_what_a_person_would_rather_have_by_letter_waits_for_a_worker() -> None:
    queued.when(left).then(MessageLeftToWorker(POST))
    to_post.when(left).then()
    note.when(left).then_refused(Refusal)
    attempting.when(left).then_refused(Refusal)


def test_a_letter_is_prepared_as_often_as_needed_then_posted_once() -> None:
    to_post.when(begin(1)).then(begun(1))
    printed = to_post.given(begun(1))
    printed.when(begin(1)).then()
    printed.when(begin(2)).then(begun(2))
    again = printed.given(begun(2))
    again.when(ConfirmSent(ID, 2)).then(MessageSent(POST, 0, 2))
    again.given(MessageSent(POST, 0, 2)).when(ConfirmSent(ID, 2)).then()
    attempting.when(begin(2)).then_refused(Refusal)


def test_an_address_that_became_unsafe_while_it_was_in_hand_blocks_the_letter() -> None:
    block = BlockMessage(ID, 0, Reason.PROTECTED_ADDRESS)
    blocked = MessageBlocked(POST, 0, Reason.PROTECTED_ADDRESS)
    to_post.given(begun(1)).when(block).then(blocked)
    attempting.when(block).then_refused(Refusal)
