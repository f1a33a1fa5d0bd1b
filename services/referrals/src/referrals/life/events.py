"""What can have happened to a referral: its events, from all that was said to the case."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from referrals.codes import (
    Check,
    Conflict,
    DeclineReason,
    DutyAnswer,
    Eligibility,
    Safeguarding,
    Urgency,
    WithdrawReason,
)
from referrals.life.information import (
    AssessmentAsked,
    InformationAdded,
    InformationAsked,
    InformationOverdue,
    InformationReceived,
    MaybeWords,
    NeedRecorded,
    ReferralAmended,
    ReferralRevised,
    ReferralReworded,
    Words,
)


@dataclass(frozen=True, slots=True)
class ReferralReceived:
    """Somebody referred a child: everything that the submission says but who the people are.

    People are named by their person ids. `number` is the child's place in the submission, of
    `siblings` children in all. `known_before`: the authority knew the child by an earlier
    submission. `duty_holder`: who owes the service on the day of receipt, None where that is
    undetermined. `contact`: the adult to be written to, None where the submission names no adult.
    """

    referral: UUID
    reference: str
    submission: UUID
    number: int
    siblings: int
    family: UUID
    child: UUID
    case: UUID
    referrer: UUID
    contact: UUID | None
    adults: tuple[UUID, ...]
    known_before: bool
    received_at: datetime
    partnership: str
    received_by: str
    route: str
    referrer_kind: str
    legal_status: str
    ordered_on: date | None
    placing_authority: str | None
    lives_in: str
    education: str
    ehc_plan: bool
    duty_holder: str | None
    needs: tuple[str, ...]
    asks_for_assessment: bool
    placement_at_risk: bool
    immediate_danger: bool
    safeguarding_concern: bool
    consent_to_refer: bool
    consent_to_share_with: tuple[str, ...]
    in_their_words: Words
    safeguarding_words: MaybeWords
    # Codes that are not ours, as given: `field=code` a line.
    codes_as_given: MaybeWords
    # Whoever sent it marked it urgent, in a form that has such a mark.
    asked_urgently: bool = False

    @property
    def urgent(self) -> bool:
        """Somebody is in immediate danger, the placement is at risk, or the sender said so."""
        return self.immediate_danger or self.placement_at_risk or self.asked_urgently


@dataclass(frozen=True, slots=True)
class DangerReported:
    """A child is said to be in immediate danger: nobody waits for a clock.

    `screen`: the safeguarding screen that found it, None where it was said otherwise.
    """

    referral: UUID
    family: UUID
    child: UUID
    screen: UUID | None


@dataclass(frozen=True, slots=True)
class ScreeningDueSet:
    """By when the referral is to be screened, by which rules and calendar; it may be moved.

    It moves as urgency rises and falls; what was due before stays in the record.
    """

    referral: UUID
    due_at: datetime
    urgent: bool
    policy: str
    calendar: str


@dataclass(frozen=True, slots=True)
class CheckAnswered:
    """One check of the screening was answered, or answered anew.

    `refers_to`: the person known, the referral doubled, the worker who knows the family, the
    safeguarding screen; None where the answer names nothing.
    """

    referral: UUID
    child: UUID
    check: Check
    answer: str
    refers_to: UUID | None
    words: MaybeWords

    @property
    def known_by(self) -> UUID | None:
        """The worker who knows the family, where that is what was found."""
        found = self.check is Check.CONFLICT and self.answer == Conflict.WORKER_KNOWS_FAMILY
        return self.refers_to if found else None


@dataclass(frozen=True, slots=True)
class DutyHolderChecked:
    """It was looked up who owes the child the service; `version` is that of the line of duty.

    The days of the period are included; None is open. `rule` is the version of the rule.
    """

    referral: UUID
    child: UUID
    answer: DutyAnswer
    holder: str | None
    from_day: date | None
    to_day: date | None
    rule: str


@dataclass(frozen=True, slots=True)
class ReferralScreened:
    """All checks of the screening are answered; said again when one of them is answered anew."""

    referral: UUID
    child: UUID
    safeguarding: Safeguarding
    urgency: Urgency
    eligibility: Eligibility

    @property
    def urgent(self) -> bool:
        """Danger is urgent, whatever else was answered."""
        return self.urgency == Urgency.URGENT or self.safeguarding == Safeguarding.IMMEDIATE_DANGER


@dataclass(frozen=True, slots=True)
class ScreeningOverdue:
    """The screening was not done by the time it was due."""

    referral: UUID
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ReferralAccepted:
    """The authority takes the referral on: casework opens the child's case, or joins it.

    `known_by`: the worker who knows the family, as its screening found, if any does.
    """

    referral: UUID
    reference: str
    family: UUID
    child: UUID
    referrer: UUID
    contact: UUID | None
    needs: tuple[str, ...]
    duty_holder: str | None
    # What was recorded before acceptances said so says nobody.
    known_by: UUID | None


@dataclass(frozen=True, slots=True)
class ReferralDeclined:
    """The authority does not take the referral on; `words` are for the family."""

    referral: UUID
    child: UUID
    reason: DeclineReason
    words: MaybeWords


@dataclass(frozen=True, slots=True)
class ReferralWithdrawn:
    """Those who made the referral take it back."""

    referral: UUID
    child: UUID
    reason: WithdrawReason
    words: MaybeWords


@dataclass(frozen=True, slots=True)
class ReferralTakenUp:
    """Casework has the child's case open with this referral in it."""

    referral: UUID


@dataclass(frozen=True, slots=True)
class ReferralRedirected:
    """The referral was offered to the authority that owes the service; it stays on record here.

    `to` is that authority's slug, `ground` why it may be told: by consent, or a duty to tell.
    """

    referral: UUID
    redirect: UUID
    to: str
    ground: str


@dataclass(frozen=True, slots=True)
class ReferralCameBack:
    """The redirect did not stand: the referral is again for this authority to decide."""

    referral: UUID
    redirect: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class ReferralTakenBack:
    """The redirect that brought the referral here did not stand: it is decided where it began."""

    referral: UUID
    redirect: UUID


Answered: TypeAlias = CheckAnswered | DutyHolderChecked

ReferralEvent: TypeAlias = (
    ReferralReceived
    | DangerReported
    | ScreeningDueSet
    | CheckAnswered
    | DutyHolderChecked
    | ReferralScreened
    | ScreeningOverdue
    | ReferralAmended
    | ReferralReworded
    | ReferralRevised
    | InformationAdded
    | AssessmentAsked
    | NeedRecorded
    | InformationAsked
    | InformationReceived
    | InformationOverdue
    | ReferralAccepted
    | ReferralDeclined
    | ReferralWithdrawn
    | ReferralTakenUp
    | ReferralRedirected
    | ReferralCameBack
    | ReferralTakenBack
)
