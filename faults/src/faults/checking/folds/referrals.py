"""What referrals' events make of its worklist."""

from collections.abc import Sequence

from faults.checking.evidence import Event
from faults.checking.folds.model import Model
from faults.checking.telling import Telling

_MOVES = {
    "ReferralAccepted": "accepted",
    "ReferralTakenUp": "taken-up",
    "ReferralDeclined": "declined",
    "ReferralWithdrawn": "withdrawn",
    "ReferralRedirected": "redirected",
    "ReferralCameBack": "screened",
    "ReferralTakenBack": "taken-back",
}


def fold(events: Sequence[Event], topics: Telling) -> Sequence[Model]:
    """Return the worklist, and for whom there is news of deliveries."""
    worklist = Model("worklist", ("tenant", "referral_id"))
    for event in events:
        said = event.said
        match event.type:
            case "ReferralReceived":
                worklist.row(event, said["referral"]).update(
                    state="received",
                    reference=said["reference"],
                    submission_id=said["submission"],
                    case_id=said["case"],
                    child=said["child"],
                    urgent=said["immediate_danger"] or said["placement_at_risk"],
                    screening_overdue=False,
                )
            case "ReferralScreened":
                danger = said["safeguarding"] == "immediate-danger"
                worklist.known(event, said["referral"]).update(
                    state="screened", urgent=danger or said["urgency"] == "urgent"
                )
            case "ScreeningDueSet":
                worklist.known(event, said["referral"])["urgent"] = said["urgent"]
            case "DangerReported":
                worklist.known(event, said["referral"])["urgent"] = True
            case "ScreeningOverdue":
                worklist.known(event, said["referral"])["screening_overdue"] = True
            case moved if moved in _MOVES:
                worklist.known(event, said["referral"])["state"] = _MOVES[moved]
            case _:
                continue
    return (worklist, _deliveries(topics))


def _deliveries(topics: Telling) -> Model:
    """Whoever was written to by e-mail has a row; which news was last, equal clocks do not tell."""
    model = Model("deliveries", ("tenant", "person", "channel"))
    for told in topics.first():
        if told.service == "notifications" and told.type in {
            "NotificationSent",
            "NotificationFailed",
        }:
            data = told.data
            if data["channel"] == "email":
                model.rows[str(told.tenant), data["recipient"], "email"] = {}
    return model
