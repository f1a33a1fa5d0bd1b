"""Nothing is sent but to one sure, safe address, asked anew each time; what was sent stays sealed.

The breach to design against: something of one family in a letter to another.
"""

import json
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.edge.statuses import failure_of
from chassis.running import logs
from ledger.decider import Refusal
from notifications.circuit import Circuit
from notifications.letter import Channel, Reason, TemplateCode
from notifications.message_events import AttemptFailed, MessageBlocked, MessageQueued
from notifications.message_states import Blocked, GivenUp, Sent
from notifications.retries import Retries
from notifications.template import PublishTemplate
from stack.testing import Postgres
from vault.postgres import PostgresKeyring

WESTMARCH = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a01")


class DoNotContact(Refusal):
    """The owner of addresses says that this person is not to be contacted."""


class ProtectedAddress(Refusal):
    """The owner of addresses says that the address may not be used."""


class SomethingNew(Refusal):
    """The owner of addresses says no for a reason that is not known here."""


def kinds(recorded: list[Any]) -> list[type]:
    return [type(each.event) for each in recorded]


async def test_an_address_that_changed_is_honoured_at_the_next_attempt(
    stage: Any, mail_server: Any
) -> None:
    mail_server.on_data.append("451 later")
    person = stage.person("old@example.org")
    queued = await stage.queue(person)
    async with stage.sending(stage.delivery(mail_server.settings, Retries(0.4, 4))):
        await stage.has(queued, AttemptFailed)
        stage.book.addresses[person] = "new@example.org"
        await stage.comes_to(queued, Sent)
    assert mail_server.addressed == ["new@example.org"]


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("", Reason.NO_ADDRESS),
        ("amy@example.org, ben@example.org", Reason.UNUSABLE_ADDRESS),
        ("amy@example.org\r\nBcc: ben@example.org", Reason.UNUSABLE_ADDRESS),
        ("amy", Reason.UNUSABLE_ADDRESS),
        ("<amy@example.org>", Reason.UNUSABLE_ADDRESS),
    ],
)
async def test_without_one_sure_address_nothing_is_sent(
    stage: Any, mail_server: Any, address: str, reason: Reason
) -> None:
    queued = await stage.queue(stage.person(address))
    async with stage.sending(stage.delivery(mail_server.settings)):
        await stage.comes_to(queued, Blocked)
    recorded = await stage.events(queued)
    assert kinds(recorded) == [MessageQueued, MessageBlocked]
    assert recorded[-1].event.reason is reason
    assert mail_server.mails == []


@pytest.mark.parametrize(
    ("refusal", "reason"),
    [
        (DoNotContact, Reason.DO_NOT_CONTACT),
        (ProtectedAddress, Reason.PROTECTED_ADDRESS),
        (SomethingNew, Reason.UNSAFE_CHANNEL),
    ],
)
async def test_what_the_owner_of_addresses_refuses_is_blocked_with_its_reason(
    stage: Any, mail_server: Any, refusal: type[Refusal], reason: Reason
) -> None:
    person = stage.person("amy@example.org")
    stage.book.failures[person] = failure_of(refusal(), "")
    queued = await stage.queue(person)
    async with stage.sending(stage.delivery(mail_server.settings)):
        await stage.comes_to(queued, Blocked)
    assert (await stage.events(queued))[-1].event.reason is reason
    assert mail_server.mails == []


async def test_nobody_is_written_to_whom_the_owner_does_not_know(
    stage: Any, mail_server: Any
) -> None:
    queued = await stage.queue(uuid4())
    async with stage.sending(stage.delivery(mail_server.settings)):
        await stage.comes_to(queued, Blocked)
    assert (await stage.events(queued))[-1].event.reason is Reason.UNKNOWN_RECIPIENT


async def test_the_authority_s_own_words_are_used_and_kept_from_attempt_to_attempt(
    stage: Any, mail_server: Any
) -> None:
    # An authority of its own, so that other tests keep the words that ship.
    harrowdale = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a02")
    code = TemplateCode.PLACE_OFFERED
    first = PublishTemplate(code, Channel.EMAIL, "First", "Dear {recipient}, by {answer_by}.")
    await stage.execute(first, harrowdale)
    mail_server.on_data.append("451 later")
    queued = await stage.queue(stage.person("amy@example.org"), code, harrowdale)
    async with stage.sending(stage.delivery(mail_server.settings, Retries(0.4, 4))):
        await stage.has(queued, AttemptFailed, harrowdale)
        await stage.execute(PublishTemplate(code, Channel.EMAIL, "Second", "Hello"), harrowdale)
        await stage.comes_to(queued, Sent, tenant=harrowdale)
    [mail] = mail_server.mails
    assert mail["Subject"] == "First"
    assert mail.get_content().strip() == "Dear Amy Hartley, by 10 March 2025."
    last = (await stage.events(queued, harrowdale))[-1].event
    assert last.template_version == 1


async def test_words_and_addresses_are_nowhere_in_the_store_but_sealed(
    stage: Any, mail_server: Any
) -> None:
    queued = await stage.queue(stage.person("canary.planted@example.org"))
    async with stage.sending(stage.delivery(mail_server.settings)):
        await stage.comes_to(queued, Sent)
    assert mail_server.addressed == ["canary.planted@example.org"]
    async with stage.runtime.worker_pool.acquire(timeout=5) as connection:
        rows = await connection.fetch("select payload, sealed, metadata from es.events")
        others = await connection.fetch("select m::text from read.messages m")
    stored = b"".join(b"".join(row.values()) for row in rows)
    stored += "".join(row[0] for row in others).encode()
    assert str(queued).encode() in stored
    for planted in (b"canary", b"Amy Hartley", b"We have what you sent", b"call 999"):
        assert planted not in stored


@pytest.mark.parametrize(
    "code", [TemplateCode.REFERRAL_ACKNOWLEDGEMENT, TemplateCode.CASE_ALLOCATED]
)
async def test_to_somebody_whose_keys_are_gone_nothing_is_sent(
    stage: Any, mail_server: Any, postgres: Postgres, code: TemplateCode
) -> None:
    person = stage.person("amy@example.org")
    shredder = await PostgresKeyring.connect(
        postgres.dsn("notifications_tests_keyring", "referrals_vault")
    )
    await shredder.shred(WESTMARCH, person)
    await shredder.close()
    queued = await stage.queue(person, code)
    async with stage.sending(stage.delivery(mail_server.settings)):
        await stage.comes_to(queued, Blocked)
    assert (await stage.events(queued))[-1].event.reason is Reason.UNKNOWN_RECIPIENT
    assert mail_server.mails == []


async def test_nothing_that_goes_wrong_puts_words_or_addresses_into_logs(
    stage: Any, mail_server: Any, faults: Any, tmp_path: Path
) -> None:
    file = tmp_path / "log.jsonl"
    logs.start("notifications", file)
    try:
        mail_server.on_data.extend(["451 canary", faults.GONE_AFTER_ACCEPT])
        mail_server.on_rcpt.extend(["450 canary@example.org", "250 OK", "250 OK", "550 canary"])
        addresses = ["canary@example.org", "canary@example.org, two@example.org"]
        ends = [await stage.queue(stage.person(each)) for each in addresses]
        async with stage.sending(stage.delivery(mail_server.settings, Retries(0.02, 9))):
            for each in ends:
                await stage.comes_to(each, Sent, Blocked, GivenUp)
        await mail_server.stop()
        delivery = stage.delivery(mail_server.settings)
        await stage.queue(stage.person("canary@example.org"))
        async with stage.sending(delivery):
            await stage.until(partial(_open, delivery.to_mail))
    finally:
        logs.start("tests")
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    said = {line["event"] for line in lines}
    assert {"attempt without success", "message blocked", "mail server away"} <= said
    assert "canary" not in file.read_text()
    assert "Amy" not in file.read_text()
    assert not any("dropped" in line for line in lines)


async def _open(circuit: Circuit) -> bool:
    return not circuit.is_closed
