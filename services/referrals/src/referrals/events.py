"""The events that referrals stores, by stream category."""

from typing import get_args

from ledger.registry import Registry
from referrals.arrivals import arrival
from referrals.consents import consent
from referrals.drafts import draft
from referrals.drafts import events as of_draft
from referrals.duty import timeline
from referrals.enquiries import enquiry
from referrals.enquiries import events as of_enquiry
from referrals.intake import not_mapped
from referrals.life import events as happened
from referrals.life import information, referral
from referrals.people import facts, link, match, person, said
from referrals.redirects import events as redirected
from referrals.redirects import incoming, redirect
from referrals.screening import screen
from referrals.worklists import look

REGISTRY = (
    Registry()
    .register(
        person.CATEGORY,
        person.ChildIdentified,
        said.ChildDescribed,
        said.AdultDescribed,
        said.ReferrerDescribed,
        *get_args(facts.Fact),
    )
    .register(draft.CATEGORY, *of_draft.EVENTS)
    .register(enquiry.CATEGORY, *of_enquiry.EVENTS)
    .register(not_mapped.CATEGORY, not_mapped.ValuesKept)
    .register(match.CATEGORY, match.MatchProposed, match.MatchConfirmed, match.MatchRejected)
    .register(link.CATEGORY, link.IdentitiesLinked, link.IdentitiesUnlinked)
    .register(timeline.CATEGORY, *timeline.EVENTS)
    .register(
        referral.CATEGORY,
        happened.ReferralReceived,
        happened.DangerReported,
        happened.ScreeningDueSet,
        happened.CheckAnswered,
        happened.DutyHolderChecked,
        happened.ReferralScreened,
        happened.ScreeningOverdue,
        information.ReferralAmended,
        information.ReferralReworded,
        information.ReferralRevised,
        information.AssessmentAsked,
        information.NeedRecorded,
        information.InformationAdded,
        information.InformationAsked,
        information.InformationReceived,
        information.InformationOverdue,
        happened.ReferralAccepted,
        happened.ReferralDeclined,
        happened.ReferralWithdrawn,
        happened.ReferralTakenUp,
        happened.ReferralRedirected,
        happened.ReferralCameBack,
        happened.ReferralTakenBack,
        upcasters={happened.ReferralAccepted: (lambda first: {**first, "known_by": None},)},
    )
    .register(
        screen.CATEGORY,
        screen.ScreenOpened,
        screen.SafeguardingAnswered,
        screen.ScreenFoundDanger,
        screen.ScreenLinked,
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
    .register(arrival.CATEGORY, *arrival.EVENTS)
    .register(look.CATEGORY, look.ListRead, look.FiguresRead)
)
