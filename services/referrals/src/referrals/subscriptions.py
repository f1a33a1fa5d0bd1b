"""What follows when others speak: a case is open, or comes with its family; what never arrived."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from pydantic import BaseModel

from chassis.acting import Do, Heard, Subscription
from ledger.writes import Write
from referrals.arrivals.arrival import AwaitFamily, FamilyAwaited
from referrals.life.commands import NoteTakenUp
from referrals.people.deliveries import TELL
from referrals.redirects import answering
from referrals.streams import arrival_stream, referral_stream

EMAIL: Final = "email"
IN_APP: Final = "in-app"
"""The channel of notes to workers, whom the front door does not know."""


class _OfReferral(BaseModel):
    """CaseOpened, and EpisodeOpened where the child had a case: what we need of them."""

    referral_id: UUID


class _Transferred(BaseModel):
    """CaseTransferred: what we need of it. `parts`: those of the record that go along."""

    transfer_id: UUID
    child: UUID
    family_id: UUID
    contact: UUID | None = None
    from_authority: UUID
    to_authority: UUID
    parts: tuple[str, ...] = ()


class _Message(BaseModel):
    """NotificationSent and NotificationFailed: what we need of them."""

    channel: str
    recipient: UUID


def hear_casework(heard: Heard) -> Sequence[Do | Write]:
    """Note on the referral that casework has taken it up; await the family of a case that comes."""
    match heard.type:
        case "CaseOpened" | "EpisodeOpened":
            referral = _OfReferral.model_validate(heard.data).referral_id
            return [Do(NoteTakenUp(referral), referral_stream(referral))]
        case "CaseTransferred" if heard.case_id is not None:
            return [_awaited(_Transferred.model_validate(heard.data), heard.case_id)]
        case _:
            return []


def _awaited(told: _Transferred, case: UUID) -> Do:
    said = FamilyAwaited(
        transfer=told.transfer_id,
        case=case,
        child=told.child,
        family=told.family_id,
        contact=told.contact,
        from_authority=told.from_authority,
        parts=told.parts,
    )
    return Do(AwaitFamily(said), arrival_stream(told.transfer_id), told.to_authority)


def hear_notifications(heard: Heard) -> Sequence[Do | Write]:
    """Keep of each person, for each way, whether the last message arrived."""
    match heard.type:
        case "NotificationSent" | "NotificationFailed":
            message = _Message.model_validate(heard.data)
            if message.channel == IN_APP:
                return []
            failed = heard.type == "NotificationFailed"
            return [
                TELL(heard.tenant, message.recipient, message.channel, failed, heard.recorded_at)
            ]
        case _:
            return []


SUBSCRIPTIONS = (
    Subscription("casework", hear_casework),
    Subscription("notifications", hear_notifications),
    Subscription("referrals", answering.hear),
)
