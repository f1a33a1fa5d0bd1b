"""Who may call what about people; whatever is not a row is denied."""

from chassis.identity.policy import Policy, allow
from chassis.roles import Role

_DUTY = (Role.DUTY_WORKER, Role.TEAM_MANAGER)

POLICY = Policy.of(
    "throughline.referrals.v1.PeopleService",
    allow(
        *_DUTY,
        to=[
            "RecordName",
            "RecordBirthDate",
            "RecordIdentifier",
            "RecordAddress",
            "RecordChannel",
            "EndChannel",
            "ForbidContact",
            "AllowContact",
            "FindMatches",
            "ConfirmMatch",
            "RejectMatch",
        ],
    ),
    # What joins or parts whole threads is a manager's.
    allow(
        Role.TEAM_MANAGER,
        to=["PartIdentity", "LinkPersons", "UnlinkPersons", "MergePersons", "UnmergePersons"],
    ),
    allow(*_DUTY, Role.AUDITOR, to=["ListMatchProposals"]),
    # A letterbox officer works on the birth side too: which side is shown goes by the purpose.
    allow(*_DUTY, Role.AUDITOR, Role.LETTERBOX_OFFICER, to=["GetIdentity"]),
)
