"""Who may call what at the front door; whatever is not a row is denied."""

from chassis.identity.policy import Policy, allow
from chassis.roles import Role
from referrals.consents import policy as consents
from referrals.drafts import policy as drafts
from referrals.duty import policy as duty
from referrals.enquiries import policy as enquiries
from referrals.intake import policy as intake
from referrals.people import policy as people
from referrals.redirects import policy as redirects
from referrals.screening import policy as screening
from referrals.worklists import policy as worklists

# Allocations are casework's facts; before there is a case, the front door is duty's.
DUTY = (Role.DUTY_WORKER, Role.TEAM_MANAGER)

_REFERRALS = Policy.of(
    "throughline.referrals.v1.ReferralsService",
    # An authority's own system sends what it received there; it is told the references alone.
    allow(*DUTY, Role.SUBSCRIBER, to=["SubmitReferral"]),
    allow(*DUTY, to=["ScreenReferral", "RecordScreening"]),
    allow(*DUTY, to=["AcceptReferral", "DeclineReferral", "WithdrawReferral"]),
    allow(*DUTY, to=["AmendReferral", "AddInformation", "RecordNeeds", "RequestAssessment"]),
    allow(*DUTY, to=["AskForInformation", "RecordInformation"]),
    allow(*DUTY, Role.AUDITOR, to=["GetReferral", "ListReferrals", "GetPerson"]),
    # An address is asked for at the moment of sending, by who sends and by nobody else.
    allow(Role.SERVICE, to=["GetContact", "GetWordsToFamily"], callers=["notifications"]),
)
POLICY = (
    _REFERRALS
    | consents.POLICY
    | drafts.POLICY
    | duty.POLICY
    | enquiries.POLICY
    | intake.POLICY
    | people.POLICY
    | redirects.POLICY
    | screening.POLICY
    | worklists.POLICY
)
