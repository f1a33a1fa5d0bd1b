"""The events that referrals stores, by stream category."""

from ledger.registry import Registry
from referrals.duty import timeline
from referrals.life import events as happened
from referrals.life import referral
from referrals.people import person

REGISTRY = (
    Registry()
    .register(
        person.CATEGORY,
        person.ChildIdentified,
        person.ChildDescribed,
        person.AdultDescribed,
        person.ReferrerDescribed,
    )
    .register(timeline.CATEGORY, timeline.ResponsibilityDetermined)
    .register(
        referral.CATEGORY,
        happened.ReferralReceived,
        happened.DangerReported,
        happened.ReferralScreened,
        happened.ScreeningOverdue,
        happened.ReferralAccepted,
        happened.ReferralDeclined,
        happened.ReferralTakenUp,
        happened.ReferralRedirected,
        happened.ReferralCameBack,
        happened.ReferralTakenBack,
    )
)
