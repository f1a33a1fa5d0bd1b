"""Who may offer, answer and see transfers."""

from chassis.identity.policy import Policy, Relation, allow
from chassis.roles import Role

_CLINICIANS = (Role.THERAPIST, Role.SOCIAL_WORKER)
_WORKERS = (*_CLINICIANS, Role.SUPPORT_WORKER)
_DUTY = (Role.TEAM_MANAGER, Role.DUTY_WORKER)
_OFFERS = ["PreviewTransfer", "OfferTransfer", "RevokeTransfer"]
_OF_CASE = ["GetTransfer", "GetCustody", "ReadTransferredRecord"]

POLICY = Policy.of(
    "throughline.casework.v1.TransfersService",
    allow(*_CLINICIANS, to=_OFFERS, when=Relation.ALLOCATED),
    allow(*_WORKERS, to=_OF_CASE, when=Relation.ALLOCATED),
    allow(Role.TEAM_MANAGER, to=[*_OFFERS, "RecordTransferAnswer"]),
    # Nothing of the record is here yet: whoever may take it answers for the authority.
    allow(Role.TEAM_MANAGER, to=["AcceptTransfer", "RefuseTransfer"]),
    allow(*_DUTY, Role.AUDITOR, to=["ListIncomingTransfers", *_OF_CASE]),
)
