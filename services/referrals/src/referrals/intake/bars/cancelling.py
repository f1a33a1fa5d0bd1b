"""From a cancellation message to the referral that it takes back, by the reference we answered."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from uuid import UUID

from chassis.acting import Act
from chassis.edge.contexts import Commanded
from chassis.edge.malformed import Malformed, Violation
from chassis.edge.rpc import caller
from chassis.failures import NotFound
from ledger.commands import Claim
from ledger.decider import Refusal
from ledger.ids import stream_of
from ledger.looking import holder
from ledger.personal import Plain
from referrals.codes import WithdrawReason
from referrals.intake.bars.codes import CANCELLATION, CANCELLED, REASON_UPDATE, REFERENCES
from referrals.intake.bars.mapping import (
    NOT_FOUND,
    NOT_SUPPORTED,
    ROUTE,
    Receiver,
    focus_of,
    message_key,
    of_envelope,
    said_in,
    words_of,
)
from referrals.intake.bars.message import REQUIRED, Entry, Message
from referrals.intake.reference import normalised
from referrals.life.commands import WithdrawReferral
from referrals.life.referral import REFERENCE_CLAIM, REFERRAL
from referrals.life.refusals import NotScreened
from referrals.life.states import said_of

if TYPE_CHECKING:
    from chassis.commands.shell import Shell
    from throughline.common.v1.common_pb2 import Receipt

NOT_CURRENT: Final = "not-current"
SAFETY_FIRST: Final = "safety-first"


@dataclass(frozen=True, slots=True)
class Cancellation:
    """Which referral is taken back, as its sender knows it, and why. `at`: where that stood."""

    known_as: UUID
    reference: str
    at: str
    reason: WithdrawReason
    words: str = field(repr=False)


def is_cancellation(message: Message) -> bool:
    """Whether a message says of itself that it takes a referral back."""
    first = message.entries[0].resource if message.entries else {}
    return str(first.get("definition", "")).partition("|")[0] == CANCELLATION


def cancellation(message: Message, receiver: Receiver) -> Cancellation:
    """Read a cancellation. Raises Malformed with expressions where it is none that we can do."""
    header, request = focus_of(message)
    wrong = [*of_envelope(message, header, receiver, CANCELLATION, REASON_UPDATE)]
    status = str(request.resource.get("status"))
    if status not in CANCELLED:
        wrong.append(
            Violation(f"{request.at}.status", NOT_SUPPORTED, " or ".join(sorted(CANCELLED)))
        )
    named = dict(_references(request))
    if len(named) != 1:
        allowed = f"one of {REFERENCES}, as it was answered"
        wrong.append(Violation(f"{request.at}.identifier", REQUIRED, allowed))
    if wrong:
        raise Malformed(wrong)
    [(at, reference)] = named.items()
    return Cancellation(
        known_as=stream_of("referrals", "bars cancellation", message_key(message)),
        reference=reference,
        at=at,
        reason=WithdrawReason(CANCELLED[status]),
        words=words_of(message, said_in(message, request)),
    )


async def cancel(shell: "Shell", asked: Commanded, said: Cancellation) -> "Receipt":
    """Take the referral back, once. Raises Malformed where that cannot be done."""
    withdraw = WithdrawReferral(
        await _referral(shell, asked.tenant, said), said.reason, Plain(said.words or None)
    )
    by = caller()
    act = Act(
        command_id=said.known_as,
        tenant=asked.tenant,
        scope=by.scope,
        actor=by.actor,
        command=withdraw,
        correlation_id=asked.correlation_id or asked.command_id,
    )
    try:
        return shell.receipt(await shell.execute(act))
    except NotScreened:
        # Whoever takes a referral back may have been made to: nobody has looked at safety yet.
        wrong = Violation(said.at, SAFETY_FIRST, "call the duty team: it is not cancelled yet")
    except (Refusal, NotFound):
        wrong = Violation(said.at, NOT_CURRENT, "a referral that is not decided")
    raise Malformed([wrong])


async def _referral(shell: "Shell", tenant: UUID, said: Cancellation) -> UUID:
    """Find a referral that came by a message; no other is taken back by one."""
    stream = await holder(shell.store, tenant, Claim(REFERENCE_CLAIM, said.reference))
    known = said_of(await shell.state(tenant, REFERRAL, stream)) if stream else None
    if known is None or known.route != ROUTE:
        raise Malformed([Violation(said.at, NOT_FOUND, "a referral that came by a message")])
    return known.referral


def _references(request: Entry) -> Iterator[tuple[str, str]]:
    for index, each in enumerate(request.resource.get("identifier", ())):
        reference = normalised(str(each.get("value", "")))
        if each.get("system") == REFERENCES and reference is not None:
            yield f"{request.at}.identifier[{index}].value", reference
