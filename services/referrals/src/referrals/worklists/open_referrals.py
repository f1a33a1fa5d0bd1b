"""The referrals that an authority still has to decide, with what duty sorts them by.

A row goes when the referral is decided; of one that was redirected it stays, for it may come back,
and of one that was declined, for the family may not have been reached with the answer.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from ledger.envelope import Recorded
from ledger.personal import Plain
from ledger.projecting import Projection
from ledger.sharding import By
from ledger.writes import Rows, Statement, Write
from referrals.codes import Check, NeedKind
from referrals.life.events import (
    CheckAnswered,
    DangerReported,
    DutyHolderChecked,
    ReferralAccepted,
    ReferralCameBack,
    ReferralDeclined,
    ReferralReceived,
    ReferralRedirected,
    ReferralScreened,
    ReferralTakenBack,
    ReferralWithdrawn,
    ScreeningDueSet,
)
from referrals.life.information import (
    InformationAsked,
    InformationReceived,
    NeedRecorded,
    ReferralRevised,
)
from referrals.people.said import ChildDescribed

NEW = "new"
SCREENED = "screened"
REDIRECTED = "redirected"
_NO_NEED = frozenset({"eng", "none"})
"""Codes by which nobody needs a language or an interpreter."""

_COLUMNS = (
    "tenant",
    "referral_id",
    "reference",
    "family_id",
    "child",
    "case_id",
    "route",
    "needs",
    "urgent",
    "known_before",
    "duty_holder",
    "received_at",
)
RECEIVED = Statement(
    "open-referrals-received",
    """
    insert into read.open_referrals
      (tenant, referral_id, reference, family_id, child, case_id, route, needs, urgent,
       known_before, duty_holder, received_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    """,
    adds=Rows("read.open_referrals", _COLUMNS),
)
MOVED = Statement(
    "open-referrals-moved",
    "update read.open_referrals set state = $3 where tenant = $1 and referral_id = $2",
)
PRESSED = Statement(
    "open-referrals-pressed",
    "update read.open_referrals set urgent = $3 where tenant = $1 and referral_id = $2",
)
OWED = Statement(
    "open-referrals-owed",
    "update read.open_referrals set duty_holder = $3 where tenant = $1 and referral_id = $2",
)
WAITING = Statement(
    "open-referrals-waiting",
    """
    update read.open_referrals set information_due_at = $3
     where tenant = $1 and referral_id = $2
    """,
)
NEEDING = Statement(
    "open-referrals-needing",
    """
    update read.open_referrals set languages = array_append(array_remove(languages, $3), $3)
     where tenant = $1 and referral_id = $2
    """,
)
GONE = Statement(
    "open-referrals-gone",
    "delete from read.open_referrals where tenant = $1 and referral_id = $2",
)
ANSWERED = Statement(
    "open-referrals-answered",
    """
    update read.open_referrals
       set state = 'declined', answered_at = $3, information_due_at = null
     where tenant = $1 and referral_id = $2
    """,
)
# A worker who knows a family sees nothing of it, nor of what is referred of it later.
KNOWN = Statement(
    "open-referrals-known",
    """
    insert into read.known_families (tenant, referral_id, worker, family_id)
    select tenant, referral_id, $3, family_id from read.open_referrals
     where tenant = $1 and referral_id = $2
        on conflict do nothing
    """,
)
NOT_KNOWN = Statement(
    "open-referrals-not-known",
    "delete from read.known_families where tenant = $1 and referral_id = $2",
)
SPOKEN = Statement(
    "open-referrals-spoken",
    """
    insert into read.interpreted (tenant, child) values ($1, $2) on conflict do nothing
    """,
)


def project(  # noqa: PLR0911 # a row of the table is a return
    recorded: Recorded[Any],
) -> Sequence[Write]:
    """Return the writes of one stored event."""
    tenant = recorded.envelope.tenant
    match recorded.event:
        case ReferralReceived() as said:
            return [_received(tenant, said)]
        case (
            ReferralAccepted(referral=referral)
            | ReferralWithdrawn(referral=referral)
            | ReferralTakenBack(referral=referral)
        ):
            return [GONE(tenant, referral)]
        case ReferralDeclined(referral=referral):
            return [ANSWERED(tenant, referral, recorded.envelope.recorded_at)]
        case ReferralRedirected(referral=referral):
            return [MOVED(tenant, referral, REDIRECTED)]
        case ReferralCameBack(referral=referral):
            return [MOVED(tenant, referral, SCREENED)]
        case ReferralScreened(referral=referral) as done:
            return [MOVED(tenant, referral, SCREENED), PRESSED(tenant, referral, done.urgent)]
        case DangerReported(referral=referral):
            return [PRESSED(tenant, referral, True)]  # noqa: FBT003 # a column
        case ScreeningDueSet(referral=referral, urgent=urgent):
            return [PRESSED(tenant, referral, urgent)]
        case ChildDescribed(person=child, interpreter=words) if words != Plain(None):
            return [SPOKEN(tenant, child)]
        case _:
            return _learned(tenant, recorded.event)


def _learned(tenant: UUID, event: object) -> Sequence[Write]:
    """Return the writes of what was learned while the referral was looked at."""
    match event:
        case DutyHolderChecked(referral=referral, holder=holder):
            return [OWED(tenant, referral, holder)]
        case (
            InformationAsked(referral=referral, next_due_at=due_at)
            | InformationReceived(referral=referral, next_due_at=due_at)
        ):
            return [WAITING(tenant, referral, due_at)]
        case ReferralRevised(referral=referral):
            return [MOVED(tenant, referral, NEW)]
        case NeedRecorded(
            referral=referral, kind=NeedKind.LANGUAGE | NeedKind.INTERPRETER, code=code
        ) if code not in _NO_NEED:
            return [NEEDING(tenant, referral, code)]
        case CheckAnswered(referral=referral, check=Check.CONFLICT) as answered:
            return _conflict(tenant, referral, answered)
        case _:
            return []


def _conflict(tenant: UUID, referral: UUID, answered: CheckAnswered) -> Sequence[Write]:
    again = NOT_KNOWN(tenant, referral)
    return (
        [again]
        if answered.known_by is None
        else [again, KNOWN(tenant, referral, answered.known_by)]
    )


def _received(tenant: UUID, said: ReferralReceived) -> Write:
    return RECEIVED(
        tenant,
        said.referral,
        said.reference,
        said.family,
        said.child,
        said.case,
        said.route,
        list(said.needs),
        said.urgent,
        said.known_before,
        said.duty_holder,
        said.received_at,
    )


PROJECTION = Projection(
    "open-referrals",
    project,
    ("read.open_referrals", "read.known_families", "read.interpreted"),
    By.STREAM,
)
