"""Every message that is queued goes out once under one Message-ID, whatever the servers do.

On a real store and a real mail server that refuses, falls silent, breaks off or is away.
"""

from functools import partial
from typing import Any
from uuid import UUID, uuid4

import grpc
import pytest

from chassis.edge.statuses import Failure, failure_of
from chassis.failures import Unavailable
from notifications import pending
from notifications.circuit import Circuit
from notifications.letter import Channel, Reason, TemplateCode
from notifications.message_events import (
    AttemptBegun,
    AttemptFailed,
    AttemptInDoubt,
    MessageGivenUp,
    MessageQueued,
    MessageSent,
    NotePlaced,
)
from notifications.message_states import Attempting, Blocked, GivenUp, Placed, Queued, Sent
from notifications.retries import Retries


def kinds(recorded: list[Any]) -> list[type]:
    return [type(each.event) for each in recorded]


async def away(circuit: Circuit) -> bool:
    return not circuit.is_closed


def header(message_id: UUID) -> str:
    return f"<{message_id}@throughline.invalid>"


async def test_a_queued_message_goes_out_once(stage: Any, mail_server: Any) -> None:
    person = stage.person("amy@example.org")
    queued = await stage.queue(person)
    async with stage.sending(stage.delivery(mail_server.settings)):
        await stage.comes_to(queued, Sent)
    assert mail_server.message_ids == [header(queued)]
    assert mail_server.addressed == ["amy@example.org"]
    assert kinds(await stage.events(queued)) == [MessageQueued, AttemptBegun, MessageSent]


async def test_what_is_recorded_names_its_cause_and_its_recipient(
    stage: Any, mail_server: Any
) -> None:
    person = stage.person("amy@example.org")
    queued = await stage.queue(person)
    async with stage.sending(stage.delivery(mail_server.settings)):
        await stage.comes_to(queued, Sent)
    first, *rest = [each.envelope for each in await stage.events(queued)]
    assert {each.causation_id for each in rest} == {first.event_id}
    assert {each.correlation_id for each in rest} == {first.correlation_id}
    assert all(each.subjects == (person,) for each in (first, *rest))
    assert all(each.actor.role == "service" for each in rest)


async def test_the_address_is_asked_of_its_owner_with_purpose_and_cause(
    stage: Any, mail_server: Any
) -> None:
    person = stage.person("amy@example.org")
    queued = await stage.queue(person)
    async with stage.sending(stage.delivery(mail_server.settings)):
        sent = await stage.comes_to(queued, Sent)
    assert stage.book.asked == [(str(person), "notification", str(sent.letter.about_event))]


async def test_a_family_is_told_of_a_decline_in_the_words_that_were_written_to_it(
    stage: Any, mail_server: Any
) -> None:
    told, untold, unsafe = (stage.person(each) for each in ("a@example.org", "b@example.org", ""))
    stage.book.words = dict.fromkeys((told, unsafe), "There is a group on Mondays.")
    code = TemplateCode.FAMILY_DECLINED
    queued = [await stage.queue(each, code) for each in (told, untold, unsafe)]
    async with stage.sending(stage.delivery(mail_server.settings)):
        for each, state in zip(queued, (Sent, Sent, Blocked), strict=True):
            await stage.comes_to(each, state)
    [about, *_] = [(await stage.state(each)).letter.about_event for each in queued]
    assert len(mail_server.mails) == 2
    sent = zip(mail_server.addressed, mail_server.mails, strict=True)
    said = {address: "Mondays" in str(mail) for address, mail in sent}
    assert said == {"a@example.org": True, "b@example.org": False}
    # Nothing is asked for to be sent to nobody.
    assert {each[1] for each in stage.book.asked_words} == {str(told), str(untold)}
    referral = "7d1e0b5c-0000-4000-8000-000000000005"
    assert (referral, str(told), "notification", str(about)) in stage.book.asked_words


async def test_many_go_at_once_over_few_connections(stage: Any, mail_server: Any) -> None:
    queued = [await stage.queue(stage.person(f"p{n}@example.org")) for n in range(16)]
    async with stage.sending(stage.delivery(mail_server.settings)):
        for each in queued:
            await stage.comes_to(each, Sent)
    assert sorted(mail_server.message_ids) == sorted(map(header, queued))
    assert 1 < mail_server.most_at_once <= 4
    assert mail_server.conversations <= 4


async def test_refused_for_now_it_is_tried_again_under_the_same_message_id(
    stage: Any, mail_server: Any
) -> None:
    mail_server.on_data.extend(["451 later", "451 later"])
    queued = await stage.queue(stage.person("amy@example.org"))
    async with stage.sending(stage.delivery(mail_server.settings)):
        await stage.comes_to(queued, Sent)
    assert mail_server.message_ids == [header(queued)]
    recorded = await stage.events(queued)
    assert kinds(recorded) == [
        MessageQueued,
        *[AttemptBegun, AttemptFailed] * 2,
        AttemptBegun,
        MessageSent,
    ]
    assert {each.event.header for each in recorded if kinds([each]) == [AttemptBegun]} == {
        header(queued)
    }


async def test_refused_for_ever_it_is_given_up_at_once(stage: Any, mail_server: Any) -> None:
    mail_server.on_rcpt.append("550 nobody here")
    queued = await stage.queue(stage.person("amy@example.org"))
    async with stage.sending(stage.delivery(mail_server.settings)):
        await stage.comes_to(queued, GivenUp)
    recorded = await stage.events(queued)
    assert kinds(recorded) == [MessageQueued, AttemptBegun, MessageGivenUp]
    assert recorded[-1].event.reason is Reason.RECIPIENT_REFUSED
    assert mail_server.mails == []


async def test_refused_for_now_too_often_it_is_given_up(stage: Any, mail_server: Any) -> None:
    mail_server.on_data.extend(["451 later"] * 9)
    queued = await stage.queue(stage.person("amy@example.org"))
    async with stage.sending(stage.delivery(mail_server.settings, Retries(0.02, 3))):
        await stage.comes_to(queued, GivenUp)
    recorded = await stage.events(queued)
    assert kinds(recorded).count(AttemptBegun) == 3
    assert recorded[-1].event.reason is Reason.TRY_LATER


@pytest.mark.parametrize("fault", ["SILENT_AFTER_ACCEPT", "GONE_AFTER_ACCEPT"])
async def test_in_doubt_it_goes_again_under_the_same_message_id_and_counts_once(
    stage: Any, mail_server: Any, faults: Any, fault: str
) -> None:
    mail_server.patience_s = 1.0
    mail_server.on_data.append(faults[fault])
    queued = await stage.queue(stage.person("amy@example.org"))
    async with stage.sending(stage.delivery(mail_server.settings)):
        await stage.comes_to(queued, Sent)
    assert mail_server.message_ids == [header(queued)] * 2
    recorded = await stage.events(queued)
    assert kinds(recorded) == [
        MessageQueued,
        AttemptBegun,
        AttemptInDoubt,
        AttemptBegun,
        MessageSent,
    ]


async def test_in_doubt_too_often_it_is_given_up_and_said_to_be_in_doubt(
    stage: Any, mail_server: Any, faults: Any
) -> None:
    mail_server.on_data.extend([faults.GONE_AFTER_ACCEPT] * 9)
    queued = await stage.queue(stage.person("amy@example.org"))
    async with stage.sending(stage.delivery(mail_server.settings, Retries(0.02, 2))):
        await stage.comes_to(queued, GivenUp)
    assert (await stage.events(queued))[-1].event.reason is Reason.TIMED_OUT
    assert set(mail_server.message_ids) == {header(queued)}


async def test_a_sender_killed_before_the_answer_leaves_a_doubt_that_the_next_one_clears(
    stage: Any, mail_server: Any, faults: Any
) -> None:
    mail_server.on_data.append(faults.SILENT_AFTER_ACCEPT)
    queued = await stage.queue(stage.person("amy@example.org"))
    async with stage.sending(stage.delivery(mail_server.settings)):
        await stage.until(mail_server.kept_one)
    # The sender is dead; its attempt has no end.
    assert isinstance(await stage.state(queued), Attempting)
    async with stage.sending(stage.delivery(mail_server.settings)):
        await stage.comes_to(queued, Sent)
    recorded = await stage.events(queued)
    assert kinds(recorded) == [
        MessageQueued,
        AttemptBegun,
        AttemptInDoubt,
        AttemptBegun,
        MessageSent,
    ]
    assert recorded[2].event.reason is Reason.INTERRUPTED
    assert mail_server.message_ids == [header(queued)] * 2


async def test_two_senders_at_once_send_nothing_under_two_message_ids(
    stage: Any, mail_server: Any
) -> None:
    queued = [await stage.queue(stage.person(f"p{n}@example.org")) for n in range(12)]
    first, second = (stage.delivery(mail_server.settings, Retries(0.05, 9)) for _ in range(2))
    async with stage.sending(first), stage.sending(second):
        for each in queued:
            await stage.comes_to(each, Sent)
    assert set(mail_server.message_ids) == set(map(header, queued))
    for each in queued:
        assert kinds(await stage.events(each)).count(MessageSent) == 1


async def test_a_mail_server_that_is_away_costs_no_attempt(stage: Any, mail_server: Any) -> None:
    await mail_server.stop()
    delivery = stage.delivery(mail_server.settings, Retries(0.02, 1))
    queued = [await stage.queue(stage.person(f"p{n}@example.org")) for n in range(6)]
    async with stage.sending(delivery):
        await stage.until(partial(away, delivery.to_mail))
        assert delivery.channels == (Channel.IN_APP,)
        assert [type(await stage.state(each)) for each in queued] == [Queued] * 6
        await mail_server.start()
        for each in queued:
            await stage.comes_to(each, Sent)
    for each in queued:
        assert kinds(await stage.events(each)) == [MessageQueued, AttemptBegun, MessageSent]


@pytest.mark.parametrize(
    "told", [failure_of(Unavailable(), ""), Failure(grpc.StatusCode.CANCELLED, "")]
)
async def test_an_owner_of_addresses_that_is_away_costs_no_attempt(
    stage: Any, mail_server: Any, told: Failure
) -> None:
    person = stage.person("amy@example.org")
    stage.book.failures[person] = told
    delivery = stage.delivery(mail_server.settings, Retries(0.02, 1))
    queued = await stage.queue(person)
    async with stage.sending(delivery):
        await stage.until(partial(away, delivery.to_contacts))
        assert isinstance(await stage.state(queued), Queued)
        del stage.book.failures[person]
        await stage.comes_to(queued, Sent)
    assert kinds(await stage.events(queued)) == [MessageQueued, AttemptBegun, MessageSent]


async def test_notes_are_placed_while_the_mail_server_is_away(stage: Any, mail_server: Any) -> None:
    await mail_server.stop()
    delivery = stage.delivery(mail_server.settings)
    letter = await stage.queue(stage.person("amy@example.org"))
    async with stage.sending(delivery):
        await stage.until(partial(away, delivery.to_mail))
        note = await stage.queue(uuid4(), TemplateCode.CASE_ALLOCATED)
        await stage.comes_to(note, Placed)
    assert kinds(await stage.events(note)) == [MessageQueued, NotePlaced]
    assert isinstance(await stage.state(letter), Queued)


async def test_what_is_urgent_goes_before_all_that_waits(stage: Any) -> None:
    for _ in range(3):
        await stage.queue(uuid4(), TemplateCode.CASE_ALLOCATED)
    urgent = await stage.queue(uuid4(), TemplateCode.CONCERN_RAISED)
    await stage.read_models_are_there()
    async with stage.runtime.worker_pool.acquire(timeout=5) as connection:
        [first] = await pending.due(connection, [Channel.IN_APP], [], 1)
    assert first.message_id == urgent
