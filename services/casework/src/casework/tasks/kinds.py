"""What a task asks for, of whom, and in which words it ends: codes of all rooms."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class TaskKind(StrEnum):
    """What a task asks for; each room adds its own below its name."""

    # General.
    ACTION_AGREED = "action-agreed"
    LATE_FACT = "late-fact"
    # A message of the case reached nobody: the family is to be told in another way.
    TELL_OTHERWISE = "tell-otherwise"
    # Allocations and workers.
    ALLOCATE = "allocate"
    HAND_OVER = "hand-over"
    ANSWER_OFFER = "answer-offer"
    REASSIGN = "reassign"
    REGISTRATION = "registration"
    # Information, assessments, plans, reviews.
    ASSESS = "assess"
    SETTLE_CONFLICT = "settle-conflict"
    REVIEW = "review"
    # A review came to the outcome that the plan changes or ends.
    GIVE_NOTICE = "give-notice"
    # Decisions, urgent provision, complaints.
    SERVE_NOTICE = "serve-notice"
    SERVE_AGAIN = "serve-again"
    DECIDE = "decide"
    REGULARISE_ASSESSMENT = "regularise-assessment"
    REGULARISE_PLAN = "regularise-plan"
    REGULARISE_NOTICE = "regularise-notice"
    ANSWER_COMPLAINT = "answer-complaint"
    # Change of duty, transfers.
    HAND_ON_DUTY = "hand-on-duty"
    TAKE_ON_DUTY = "take-on-duty"
    ANSWER_TRANSFER = "answer-transfer"
    # A referral was accepted of a child whose case another authority holds now.
    CASE_ELSEWHERE = "case-elsewhere"
    # A case came whose family nobody could tell of.
    ASK_FAMILY = "ask-family"
    # Cases, consents, sessions.
    CONSENT_DECISION = "consent-decision"
    MERGED_CASE = "merged-case"
    HELD_SESSION = "held-session"
    SIGN_CLOSURE = "sign-closure"
    # A booking or a concern came in the instant of a closing, which saw nothing of it.
    LEFT_OPEN = "left-open"
    # Nobody can say who owes the service.
    DUTY_UNKNOWN = "duty-unknown"
    RECHECK = "recheck-duty-and-consents"


class Desk(StrEnum):
    """Who is asked: one worker by name, or whoever stands there when the task is done."""

    WORKER = "worker"
    # Whoever leads the case then; while nobody does, the duty desk.
    LEAD = "lead"
    DUTY = "duty"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Whom:
    """Of whom something is asked. `worker`: the one at desk `worker`, None at any other."""

    desk: Desk
    worker: UUID | None = None


LEAD = Whom(Desk.LEAD)
DUTY = Whom(Desk.DUTY)
MANAGER = Whom(Desk.MANAGER)


def to_worker(worker: UUID) -> Whom:
    """Ask one worker by name."""
    return Whom(Desk.WORKER, worker)


class TaskOutcome(StrEnum):
    """How a task ended."""

    DONE = "done"
    # A person looked at what was decided on earlier knowledge: it stands, or it is decided anew.
    STANDS = "stands"
    DECIDED_ANEW = "decided-anew"
    AGREED = "agreed"
    REFUSED = "refused"
    NOT_NEEDED = "not-needed"


class DropReason(StrEnum):
    """Why a task is asked for no longer, although nobody did it."""

    CAUSE_GONE = "cause-gone"
    SUPERSEDED = "superseded"
    CASE_CLOSED = "case-closed"
    RECORDED_IN_ERROR = "recorded-in-error"


class MoveReason(StrEnum):
    """Why a task is due on another day than before."""

    FACT_LEARNED = "fact-learned"
    FACT_CORRECTED = "fact-corrected"
    CALENDAR_CHANGED = "calendar-changed"
    RULE_CHANGED = "rule-changed"
    AGREED = "agreed"


class HandOnReason(StrEnum):
    """Why another is asked."""

    HANDOVER = "handover"
    ABSENCE = "absence"
    WORKLOAD = "workload"
    SKILLS = "skills"
    NOT_MINE = "not-mine"
