"""The events that referrals stores, by stream category."""

from ledger.registry import Registry
from referrals.consents import consent
from referrals.duty import timeline
from referrals.life import events as happened
from referrals.life import referral
from referrals.people import person
from referrals.redirects import events as redirected
from referrals.redirects import incoming, redirect

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
    .register(
        consent.CATEGORY,
        consent.ConsentGiven,
        consent.ConsentRefused,
        consent.ConsentWithdrawn,
        consent.ConsentReliedOn,
    )
    .register(
        redirect.CATEGORY,
        redirected.RedirectOffered,
        redirected.RedirectDelivered,
        redirected.RedirectAskedBack,
        redirected.RedirectTakenOver,
        redirected.RedirectCameBack,
    )
    .register(
        incoming.CATEGORY,
        incoming.RedirectArrived,
        incoming.RedirectAcknowledged,
        incoming.RedirectRefused,
        incoming.RedirectGivenBack,
    )
)
