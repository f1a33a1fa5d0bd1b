# ruff: noqa: D401 # a story is told, it orders nothing
"""Stories of what passes between two authorities: the custody of a case, the duty to a child."""

from uuid import UUID

from casework.duty.commands import KeepDutyByChoice, NoteDutyChanged, TakeDutyOn
from casework.transfers.codes import Ground, Kind, Reason, RefuseReason, RevokeReason
from casework.transfers.commands import (
    AcceptTransfer,
    OfferTransfer,
    RefuseTransfer,
    RevokeTransfer,
)
from casework.transfers.transfer_commands import Whither
from casework.workers.profile import WorkerKind
from casework.workers.worker_commands import RegisterWorker
from ledger.personal import Plain
from tests.simulation.doing import TODAY, case_of
from tests.simulation.process import AWAY, HOME, Client, Story

NAMES = {HOME: "westmarch", AWAY: "harrowdale"}


async def a_case_passes_to_another_authority(client: Client) -> None:
    """Accepted there, custody passes here, and the case goes on there with its lead."""
    case_id = await case_of(client, "it")
    transfer = await offered(client, "out", case_id, AWAY)
    await taken(client, "out", transfer, AWAY)


async def a_case_comes_back(client: Client) -> None:
    """It passes there and back: the record that stood still goes on."""
    case_id = await case_of(client, "it")
    await taken(client, "out", await offered(client, "out", case_id, AWAY), AWAY)
    await taken(client, "back", await offered(client, "back", case_id, HOME), HOME)


async def a_case_is_refused_and_offered_again(client: Client) -> None:
    """It stays where it is, and goes by the second offer."""
    case_id = await case_of(client, "it")
    first = await offered(client, "first", case_id, AWAY)
    refuse = RefuseTransfer(first, RefuseReason.NO_CAPACITY, Plain(None))
    await client.do("refuse", "casework", refuse, AWAY)
    await client.settled()
    await taken(client, "second", await offered(client, "second", case_id, AWAY), AWAY)


async def an_offer_of_a_case_is_taken_back(client: Client) -> None:
    """Nobody answered: it is given back there, and stays here."""
    case_id = await case_of(client, "it")
    await offered(client, "out", case_id, AWAY)
    revoke = RevokeTransfer(case_id, RevokeReason.CONSENT_WITHDRAWN)
    await client.do("revoke", "casework", revoke)
    await client.settled()


async def a_duty_is_taken_on(client: Client) -> None:
    """Both sides have a task; taken on there, it is handed on here."""
    child = await duty_changed(client)
    await client.do("take on", "casework", TakeDutyOn(child), AWAY)
    await client.settled()


async def a_duty_is_kept_by_choice(client: Client) -> None:
    """Kept here, nothing waits there."""
    await duty_changed(client)
    keep = KeepDutyByChoice(client.fresh("case it"), Plain("We go on."))
    await client.do("keep", "casework", keep)
    await client.settled()


async def a_case_passes_with_its_duty(client: Client) -> None:
    """Who owes the service takes the case: the duty goes along, and the family is awaited there."""
    await duty_changed(client)
    case_id = client.fresh("case it")
    await taken(client, "out", await offered(client, "out", case_id, AWAY), AWAY)


STORIES: dict[Story, tuple[str, ...]] = dict.fromkeys(
    (
        a_case_passes_to_another_authority,
        a_case_comes_back,
        a_case_is_refused_and_offered_again,
        an_offer_of_a_case_is_taken_back,
        a_duty_is_taken_on,
        a_duty_is_kept_by_choice,
    ),
    ("casework",),
) | {a_case_passes_with_its_duty: ("casework", "referrals")}


async def offered(client: Client, label: str, case_id: UUID, to: UUID) -> UUID:
    """Offer a case to an authority, and wait until it is known there."""
    transfer = client.fresh(f"transfer {label}")
    whither = Whither(Kind.AUTHORITY, NAMES[to], to)
    offer = OfferTransfer(
        transfer,
        case_id,
        whither,
        f"authority:{NAMES[to]}",
        Ground.STATUTORY_DUTY,
        Reason.DUTY_CHANGED,
        frozenset(),
        Plain(None),
    )
    await client.do(f"offer {label}", "casework", offer, HOME if to == AWAY else AWAY)
    await client.settled()
    return transfer


async def taken(client: Client, label: str, transfer: UUID, to: UUID) -> None:
    """Let a worker of the other authority take the case."""
    who = client.fresh(f"lead {label}")
    known = RegisterWorker(who, WorkerKind.SUPPORT_WORKER, (), (), (), Plain("Bea"))
    await client.do(f"lead {label}", "casework", known, to)
    await client.do(f"accept {label}", "casework", AcceptTransfer(transfer, who), to)
    await client.settled()


async def duty_changed(client: Client) -> UUID:
    """Let the other authority owe the service; answer the child."""
    await case_of(client, "it")
    child = client.fresh("child it")
    told = NoteDutyChanged(client.fresh("change"), child, "westmarch", "harrowdale", TODAY)
    await client.do("change", "casework", told)
    await client.settled()
    return child
