"""From a message that revises an earlier one to the referral that is set right by it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from uuid import UUID

from chassis.edge.malformed import Malformed, Violation
from chassis.failures import NotFound
from ledger.decider import Refusal
from ledger.ids import stream_of
from referrals.intake.bars.cancelling import is_cancellation
from referrals.intake.bars.codes import REASON_UPDATE
from referrals.intake.bars.earlier import NOT_CURRENT, Earlier, earlier, referral_of
from referrals.intake.bars.mapping import Mapped, Receiver, focus_of, mapped_anew, message_key
from referrals.intake.bars.message import Message
from referrals.intake.receiving import DIGEST, USED
from referrals.intake.revised import OtherChild, ReviseReferral
from referrals.life.refusals import OlderThanKnown

if TYPE_CHECKING:
    from chassis.edge.contexts import Commanded
    from referrals.intake.receiving import Receiving
    from referrals.intake.submission import Submission
    from throughline.common.v1.common_pb2 import Receipt

OTHER_CHILD: Final = "other-child"


@dataclass(frozen=True, slots=True)
class Revision:
    """Which referral is sent anew, and all that it says now. `child_at`: where the child stood."""

    known_as: UUID
    earlier: Earlier
    child_at: str
    mapped: Mapped = field(repr=False)


def is_revision(message: Message) -> bool:
    """Whether a message says of itself that it sends a referral anew."""
    if not message.entries or message.entries[0].kind != "MessageHeader":
        return False
    reasons = message.entries[0].resource.get("reason", {}).get("coding", ())
    said = {each.get("code") for each in reasons}
    return said == {REASON_UPDATE} and not is_cancellation(message)


def revision(message: Message, receiver: Receiver) -> Revision:
    """Read a revision. Raises Malformed with expressions where it is none."""
    _, request = focus_of(message)
    known = earlier(request)
    if isinstance(known, Violation):
        raise Malformed([known])
    message.take(known.at, f"{known.at.removesuffix('.value')}.system")
    found = mapped_anew(message, receiver)
    return Revision(
        known_as=stream_of("referrals", "bars revision", message_key(message)),
        earlier=known,
        child_at=found.expressions["family.children[0].date_of_birth"],
        mapped=found,
    )


async def revise(
    receiving: "Receiving", asked: "Commanded", said: Revision, submission: "Submission"
) -> "Receipt":
    """Set the referral right, once. Raises Malformed where that cannot be done."""
    tenant, along = asked.tenant, said.mapped.along
    text = f"{submission.said.model_dump_json()}{along}"
    digest = await receiving.vault.blind_index(tenant, DIGEST, text)
    command = ReviseReferral(
        referral=await referral_of(receiving.shell, tenant, said.earlier),
        submission=submission,
        key=await receiving.key(tenant, submission.children[0]),
        partnerships=receiving.places.partnerships,
        digest=digest,
        along=along,
        lives_in_is_said=said.mapped.lives_in_is_said,
    )
    try:
        done = await receiving.carry_out(asked, said.known_as, command, submission.received_at)
    except OtherChild:
        allowed = "the child of the referral; call the duty team if it is"
        wrong = Violation(said.child_at, OTHER_CHILD, allowed)
    except OlderThanKnown:
        wrong = Violation("Bundle.timestamp", NOT_CURRENT, "later than what was sent before")
    except (Refusal, NotFound):
        allowed = "a referral that is not decided; call the duty team"
        wrong = Violation(said.earlier.at, NOT_CURRENT, allowed)
    else:
        if done.duplicate and done.outcome != digest:
            raise Malformed([Violation("Bundle.id", USED, "an id of its own for each message")])
        return receiving.shell.receipt(done)
    raise Malformed([wrong])
