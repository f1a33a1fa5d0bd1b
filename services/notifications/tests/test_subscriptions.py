"""What is heard becomes one message for each (event, template, recipient), and nothing is sent."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

import pytest
from pydantic import ValidationError

from chassis.acting import Do, Heard
from chassis.queries.known_people import KNOWS, KNOWS_NOT
from ledger.envelope import Occurred
from ledger.writes import Write
from notifications import leads
from notifications.compose import message_stream, parties_stream
from notifications.letter import Channel, Fact, Placeholder, TemplateCode, message_id
from notifications.message_commands import QueueMessage
from notifications.parties import Answer, NoteParties, TellAnswer
from notifications.subscriptions import SUBSCRIPTIONS, hear_casework
from notifications.wording import KINDS

AUTHORITY = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a01")
PERSON = UUID("7d1e0b5c-0000-4000-8000-000000000001")
SUBMISSION = UUID("7d1e0b5c-0000-4000-8000-000000000002")
CASE = UUID("7d1e0b5c-0000-4000-8000-000000000003")
REFERRAL = UUID("7d1e0b5c-0000-4000-8000-000000000004")
MOTHER = UUID("7d1e0b5c-0000-4000-8000-000000000005")
CHILD = UUID("7d1e0b5c-0000-4000-8000-000000000006")
FAMILY = UUID("7d1e0b5c-0000-4000-8000-000000000007")
# Late in the evening by UTC: in London the next day has begun.
LATE = datetime(2025, 6, 1, 23, 30, tzinfo=UTC)


def heard(service: str, kind: str, data: dict[str, Any], number: int = 1) -> Heard:
    event = uuid5(SUBMISSION, f"{service}/{kind}/{number}")
    return Heard(
        event_id=event,
        service=service,
        tenant=AUTHORITY,
        category="Referral",
        stream_id=uuid5(event, "stream"),
        version=1,
        type=kind,
        schema_version=1,
        occurred=Occurred(LATE),
        recorded_at=LATE,
        correlation_id=event,
        case_id=CASE,
        data=data,
    )


def queued(what: Heard) -> list[QueueMessage]:
    """Return the messages that a service's news leads to."""
    [hear] = [each.hear for each in SUBSCRIPTIONS if each.service == what.service]
    commands = []
    for do in hear(what):
        if isinstance(do, Write):
            continue
        assert isinstance(do, Do)
        if isinstance(do.command, NoteParties):
            assert do.target == parties_stream(REFERRAL)
            continue
        assert isinstance(do.command, QueueMessage)
        assert do.target == message_stream(do.command.letter.message_id)
        assert do.tenant is None
        commands.append(do.command)
    return commands


def received(number: int, reference: str, **more: object) -> Heard:
    data = {
        "child": str(CHILD),
        "family_id": str(FAMILY),
        "referral_id": str(REFERRAL),
        "submission_id": str(SUBMISSION),
        "referrer": str(PERSON),
        "reference": reference,
        "unheard_of": 1,
    }
    return heard("referrals", "ReferralReceived", data | more, number)


def test_a_referral_is_acknowledged_to_its_referrer() -> None:
    [command] = queued(received(1, "K7P2-M4Q"))
    assert command.letter.template is TemplateCode.REFERRAL_ACKNOWLEDGEMENT
    assert command.letter.channel is Channel.EMAIL
    assert command.letter.recipient == PERSON
    assert command.letter.facts == (
        Fact(Placeholder.REFERENCE, "K7P2-M4Q"),
        Fact(Placeholder.RECEIVED_ON, "2025-06-02"),
    )


def test_the_children_of_a_submission_make_one_acknowledgement_in_any_order() -> None:
    [first] = queued(received(1, "K7P2-M4Q"))
    [second] = queued(received(2, "Z9X8-W7V"))
    assert first.letter.message_id == second.letter.message_id
    assert first.letter.about_event == second.letter.about_event == SUBMISSION
    assert first.case_id is second.case_id is None


def test_an_allocation_puts_a_note_in_the_worker_s_inbox() -> None:
    news = heard("casework", "CaseAllocated", {"worker": str(PERSON), "previous_worker": None})
    note, led = hear_casework(news)
    assert led == leads.NAMED(AUTHORITY, CASE, PERSON)
    assert isinstance(note, Do)
    command = note.command
    assert isinstance(command, QueueMessage)
    assert command.letter.channel is Channel.IN_APP
    assert command.letter.recipient == PERSON
    assert command.letter.about_event == news.event_id
    assert command.case_id == CASE
    assert Fact(Placeholder.CASE, str(CASE)) in command.letter.facts


@pytest.mark.parametrize("kind", ["LeadEnded", "CaseTransferred"])
def test_whose_lead_is_over_serves_no_notice_of_the_case_any_more(kind: str) -> None:
    gone = heard("casework", kind, {"worker": str(PERSON)})
    assert hear_casework(gone) == [leads.GONE(AUTHORITY, CASE)]


def test_an_offered_place_is_written_to_the_family_with_the_last_day_to_answer() -> None:
    # In London the offer ends at midnight, as the ninth begins.
    news = heard(
        "groups",
        "PlaceOffered",
        {"place_id": str(CASE), "contact": str(PERSON), "expires_at": "2025-06-08T23:00:00Z"},
    )
    [command] = queued(news)
    assert command.letter.template is TemplateCode.PLACE_OFFERED
    assert command.letter.facts == (Fact(Placeholder.ANSWER_BY, "2025-06-08"),)
    assert command.letter.message_id == message_id(
        AUTHORITY, news.event_id, TemplateCode.PLACE_OFFERED, PERSON
    )


@pytest.mark.parametrize("service", ["referrals", "casework", "groups"])
def test_other_news_and_records_without_words_are_passed_over(service: str) -> None:
    assert queued(heard(service, "SomethingElse", {})) == []
    assert queued(heard(service, "unpublished", {})) == []


@pytest.mark.parametrize(
    ("service", "kind", "data"),
    [
        ("referrals", "ReferralReceived", {"submission_id": str(SUBMISSION)}),
        ("referrals", "ReferralAccepted", {}),
        ("casework", "ConcernRaised", {"concern_id": str(CASE)}),
        ("casework", "CaseAllocated", {"worker": "somebody"}),
        ("groups", "PlaceOffered", {"contact": str(PERSON), "expires_at": "2025-06-08T22:30:00"}),
    ],
)
def test_news_that_cannot_be_read_is_an_error_and_no_message(
    service: str, kind: str, data: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        queued(heard(service, kind, data))


def test_a_family_that_somebody_else_refers_is_written_to_as_well() -> None:
    by_school = {"referrer_kind": "school", "contact": str(MOTHER)}
    to = {each.letter.template: each.letter for each in queued(received(1, "K7P2", **by_school))}
    assert to.keys() == {TemplateCode.REFERRAL_ACKNOWLEDGEMENT, TemplateCode.FAMILY_RECEIPT}
    assert to[TemplateCode.FAMILY_RECEIPT].recipient == MOTHER
    assert to[TemplateCode.FAMILY_RECEIPT].about_event == SUBMISSION


@pytest.mark.parametrize(
    "more",
    [
        {"referrer_kind": "adopter", "contact": str(MOTHER)},
        {"referrer_kind": "school", "contact": None},
        # Nobody has looked yet whom a letter would reach.
        {"referrer_kind": "school", "contact": str(MOTHER), "immediate_danger": True},
    ],
)
def test_nobody_else_is_written_to(more: dict[str, Any]) -> None:
    [command] = queued(received(1, "K7P2", **more))
    assert command.letter.template is TemplateCode.REFERRAL_ACKNOWLEDGEMENT


def test_nobody_is_written_to_of_a_copy_that_may_yet_go_back() -> None:
    by_school = {"referrer_kind": "school", "contact": str(MOTHER), "route": "redirect"}
    assert queued(received(1, "K7P2", **by_school)) == []


@pytest.mark.parametrize(
    ("kind", "more", "answer", "by"),
    [
        ("ReferralAccepted", {}, Answer.ACCEPTED, None),
        ("ReferralRedirected", {}, Answer.REDIRECTED, None),
        ("ReferralDeclined", {"reason": "not-entitled"}, Answer.DECLINED, None),
        ("ReferralDeclined", {"reason": "signposted"}, Answer.SIGNPOSTED, None),
        (
            "InformationAsked",
            {"source": "family", "due_at": "2025-06-08T23:00:00Z"},
            Answer.FAMILY_ASKED,
            date(2025, 6, 8),
        ),
        (
            "InformationAsked",
            {"source": "referrer", "due_at": "2025-06-08T23:00:00Z"},
            Answer.REFERRER_ASKED,
            date(2025, 6, 8),
        ),
    ],
)
def test_what_becomes_of_a_referral_is_answered(
    kind: str, more: dict[str, Any], answer: Answer, by: date | None
) -> None:
    news = heard("referrals", kind, {"referral_id": str(REFERRAL)} | more)
    [do] = SUBSCRIPTIONS[0].hear(news)
    tell = TellAnswer(REFERRAL, news.event_id, answer, by, CASE)
    assert do == Do(tell, target=parties_stream(REFERRAL))


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("ReferralDeclined", {"reason": "duplicate"}),
        ("ReferralDeclined", {"reason": "withdrawn"}),
        ("InformationAsked", {"source": "health", "due_at": "2025-06-08T23:00:00Z"}),
    ],
)
def test_whoever_knows_or_is_asked_by_a_worker_is_not_written_to(
    kind: str, more: dict[str, Any]
) -> None:
    news = heard("referrals", kind, {"referral_id": str(REFERRAL)} | more)
    assert list(SUBSCRIPTIONS[0].hear(news)) == []


def test_a_draft_about_to_expire_is_told_to_its_worker() -> None:
    draft = {"draft_id": str(CASE), "expires_at": "2025-06-08T12:00:00Z"}
    [command] = queued(heard("referrals", "DraftExpiring", draft | {"owner": str(PERSON)}))
    assert command.letter.recipient == PERSON
    assert command.letter.channel is Channel.IN_APP
    assert Fact(Placeholder.EXPIRES_ON, "2025-06-08") in command.letter.facts
    assert queued(heard("referrals", "DraftExpiring", draft | {"owner": "a-system"})) == []


@pytest.mark.parametrize(
    ("kind", "data", "code"),
    [
        ("ConcernRaised", {"concern_id": str(CASE)}, TemplateCode.CONCERN_RAISED),
        ("ConcernEscalated", {"concern_id": str(CASE)}, TemplateCode.CONCERN_ESCALATED),
        ("OnCallUncovered", {"post": "on-call"}, TemplateCode.ON_CALL_UNCOVERED),
    ],
)
def test_whoever_is_to_act_at_once_gets_a_note_that_goes_before_all_others(
    kind: str, data: dict[str, Any], code: TemplateCode
) -> None:
    news = heard("casework", kind, data | {"tell": [str(PERSON), str(MOTHER)]})
    commands = queued(news)
    assert [each.letter.recipient for each in commands] == [PERSON, MOTHER]
    assert {each.letter.template for each in commands} == {code}
    assert {each.letter.channel for each in commands} == {Channel.IN_APP}
    assert KINDS[code].urgent
    assert queued(heard("casework", kind, data | {"tell": []})) == []


def test_an_overdue_task_is_told_to_the_workers_that_it_names() -> None:
    late = {"task_id": str(CASE), "kind": "assess", "step": 1, "on": "2025-09-08"}
    commands = queued(heard("casework", "TaskEscalated", late | {"tell": [str(PERSON)]}))
    [note] = [each.letter for each in commands]
    assert (note.recipient, note.template) == (PERSON, TemplateCode.TASK_OVERDUE)
    assert Fact(Placeholder.DUE_ON, "2025-09-08") in note.facts
    assert not KINDS[note.template].urgent
    assert queued(heard("casework", "TaskEscalated", late | {"tell": []})) == []


def test_one_submission_to_two_authorities_is_acknowledged_by_each() -> None:
    news = received(1, "K7P2-M4Q")
    [ours] = queued(news)
    [theirs] = queued(replace(news, tenant=PERSON))
    assert ours.letter.message_id != theirs.letter.message_id


def test_who_knows_whom_and_who_belongs_together_is_kept() -> None:
    referrals, casework = (each.hear for each in SUBSCRIPTIONS[:2])
    answered = heard(
        "referrals", "ConflictAnswered",
        {"referral_id": str(REFERRAL), "child": str(CHILD), "worker": str(PERSON)},
    )  # fmt: skip
    knows = KNOWS(AUTHORITY, answered.stream_id, PERSON, CHILD, True)  # noqa: FBT003 # a column
    assert referrals(answered) == [knows]
    nobody = replace(answered, data=answered.data | {"worker": None})
    assert referrals(nobody) == [KNOWS_NOT(AUTHORITY, answered.stream_id)]
    declared = heard("casework", "ConflictDeclared", {"worker": str(PERSON), "about": str(FAMILY)})
    knows = KNOWS(AUTHORITY, declared.stream_id, PERSON, FAMILY, False)  # noqa: FBT003 # a column
    assert casework(declared) == [knows]
    cleared = replace(declared, type="ConflictCleared")
    assert casework(cleared) == [KNOWS_NOT(AUTHORITY, declared.stream_id)]
    kept = [each for each in referrals(received(1, "K7P2-M4Q")) if isinstance(each, Write)]
    pairs = [each.arguments[1:] for each in kept]
    assert {(FAMILY, CHILD), (FAMILY, PERSON), (FAMILY, CASE), (CHILD, CASE)} <= set(pairs)
