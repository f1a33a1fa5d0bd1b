"""The events that referrals stores, by stream category."""

from ledger.registry import Registry
from referrals import person, referral
from referrals import referral_events as happened

REGISTRY = (
    Registry()
    .register(
        person.CATEGORY,
        person.ChildIdentified,
        person.ChildDescribed,
        person.AdultDescribed,
        person.ReferrerDescribed,
        person.ResponsibilityDetermined,
    )
    .register(
        referral.CATEGORY,
        happened.ReferralReceived,
        happened.DangerReported,
        happened.ReferralScreened,
        happened.ScreeningOverdue,
        happened.ReferralAccepted,
        happened.ReferralDeclined,
        happened.ReferralTakenUp,
    )
)
