"""From a cancellation message to the referral that it takes back, by the reference we answered."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from uuid import UUID

from chassis.acting import Act
from chassis.edge.contexts import Commanded
from chassis.edge.malformed import Malformed, Violation
from chassis.edge.rpc import caller
from chassis.failures import NotFound
from ledger.decider import Refusal
from ledger.ids import stream_of
from ledger.personal import Plain
from referrals.codes import WithdrawReason
from referrals.intake.bars.codes import CANCELLATION, CANCELLED, REASON_UPDATE
from referrals.intake.bars.earlier import NOT_CURRENT, Earlier, earlier, referral_of
from referrals.intake.bars.mapping import (
    NOT_SUPPORTED,
    Receiver,
    focus_of,
    message_key,
    of_envelope,
    said_in,
    words_of,
)
from referrals.intake.bars.message import Message
from referrals.life.commands import WithdrawReferral
from referrals.life.refusals import NotScreened

if TYPE_CHECKING:
    from chassis.commands.shell import Shell
    from throughline.common.v1.common_pb2 import Receipt

SAFETY_FIRST: Final = "safety-first"


@dataclass(frozen=True, slots=True)
class Cancellation:
    """Which referral is taken back, as its sender knows it, and why."""

    known_as: UUID
    earlier: Earlier
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
    known = earlier(request)
    if isinstance(known, Violation):
        wrong.append(known)
    if wrong or isinstance(known, Violation):
        raise Malformed(wrong)
    return Cancellation(
        known_as=stream_of("referrals", "bars cancellation", message_key(message)),
        earlier=known,
        reason=WithdrawReason(CANCELLED[status]),
        words=words_of(message, said_in(message, request)),
    )


async def cancel(shell: "Shell", asked: Commanded, said: Cancellation) -> "Receipt":
    """Take the referral back, once. Raises Malformed where that cannot be done."""
    withdraw = WithdrawReferral(
        await referral_of(shell, asked.tenant, said.earlier), said.reason, Plain(said.words or None)
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
        wrong = Violation(
            said.earlier.at, SAFETY_FIRST, "call the duty team: it is not cancelled yet"
        )
    except (Refusal, NotFound):
        wrong = Violation(said.earlier.at, NOT_CURRENT, "a referral that is not decided")
    raise Malformed([wrong])
