"""One child's referral: received with all that was said, screened for safety, then decided.

It is screened check by check, set right and added to, waits for what is asked, and is taken on,
declined or withdrawn. The children of one submission have a referral each, tied by the family.
"""

from typing import assert_never

from ledger.decider import Decider, Refusal
from referrals.codes import Check, Duplicates, Eligibility
from referrals.life.checking import answer_checks, note_screening_due
from referrals.life.commands import (
    AcceptReferral,
    AddInformation,
    Amend,
    AnswerChecks,
    AskAssessment,
    AskInformation,
    DeclineReferral,
    NoteCameBack,
    NoteInformationDue,
    NoteRedirected,
    NoteScreeningDue,
    NoteTakenBack,
    NoteTakenUp,
    ReceiveInformation,
    ReceiveReferral,
    RecordNeeds,
    ReferralCommand,
    Revise,
    WithdrawReferral,
)
from referrals.life.desk import Desk
from referrals.life.events import (
    CheckAnswered,
    DangerReported,
    DutyHolderChecked,
    ReferralAccepted,
    ReferralDeclined,
    ReferralEvent,
    ReferralTakenUp,
    ReferralWithdrawn,
)
from referrals.life.following import moved
from referrals.life.inquiring import (
    ask_information,
    note_information_due,
    receive_information,
)
from referrals.life.redirecting import note_came_back, note_redirected, note_taken_back
from referrals.life.refusals import (
    AlreadyDecided,
    IsDuplicate,
    NotEligible,
    NotScreened,
    RedirectUnderWay,
)
from referrals.life.revising import revise
from referrals.life.states import (
    Accepted,
    Declined,
    NotReceived,
    Received,
    Redirected,
    Referral,
    Screened,
    TakenUp,
    Withdrawn,
    evolve,
    said_of,
)
from referrals.life.telling import add_information, amend, ask_assessment, record_needs

CATEGORY = "Referral"
REFERENCE_CLAIM = "reference"
"""The kind of claim by which a reference belongs to one referral of an authority."""


def decide(  # noqa: C901, PLR0911, PLR0912 # one row a command, each with a table of its own
    command: ReferralCommand, referral: Referral
) -> list[ReferralEvent]:
    """Decide each command by a table of its own; whatever is not a row there is refused."""
    match command:
        case ReceiveReferral():
            return _receive(command, referral)
        case AnswerChecks():
            return answer_checks(command, referral)
        case Amend():
            return amend(command, referral)
        case Revise():
            return revise(command, referral)
        case AddInformation():
            return add_information(command, referral)
        case AskAssessment():
            return ask_assessment(command, referral)
        case RecordNeeds():
            return record_needs(command, referral)
        case AskInformation():
            return ask_information(command, referral)
        case ReceiveInformation():
            return receive_information(command, referral)
        case NoteInformationDue():
            return note_information_due(command, referral)
        case AcceptReferral():
            return _accept(referral)
        case DeclineReferral():
            return _decline(command, referral)
        case WithdrawReferral():
            return _withdraw(command, referral)
        case NoteScreeningDue():
            return note_screening_due(command, referral)
        case NoteTakenUp():
            return _note_taken_up(referral)
        case NoteRedirected():
            return note_redirected(command, referral)
        case NoteCameBack():
            return note_came_back(command, referral)
        case NoteTakenBack():
            return note_taken_back(command, referral)
        case _:
            assert_never(command)


REFERRAL: Decider[ReferralCommand, Referral, ReferralEvent] = Decider(
    CATEGORY, NotReceived(), decide, evolve
)


def _receive(command: ReceiveReferral, referral: Referral) -> list[ReferralEvent]:
    said = command.said
    match said_of(referral):
        case None:
            events = [said, *moved(Desk(said), command.targets, urgent=said.urgent)]
            if said.immediate_danger:
                events.append(DangerReported(said.referral, said.family, said.child, None))
            return events
        case held if held.referral == said.referral:
            return []
        case _:
            raise Refusal(ReceiveReferral, type(referral))


def _accept(referral: Referral) -> list[ReferralEvent]:
    match referral:
        case Screened(screening=done) if done.eligibility == Eligibility.NOT_ELIGIBLE:
            raise NotEligible
        case Screened(desk=desk) if desk.answer(Check.DUPLICATES) == Duplicates.DUPLICATE:
            raise IsDuplicate
        case Screened(desk=desk):
            return [_accepted(desk)]
        case Received(desk=desk):
            raise NotScreened(desk.missing)
        case Accepted() | TakenUp():
            return []
        case Declined() | Withdrawn():
            raise AlreadyDecided
        case Redirected():
            raise RedirectUnderWay
        case _:
            raise Refusal(AcceptReferral, type(referral))


def _decline(command: DeclineReferral, referral: Referral) -> list[ReferralEvent]:
    match referral:
        case Received(desk=desk) | Screened(desk=desk) if not desk.answer(Check.SAFEGUARDING):
            raise NotScreened([Check.SAFEGUARDING])
        case Received(desk=desk) | Screened(desk=desk):
            said = desk.said
            return [ReferralDeclined(said.referral, said.child, command.reason, command.words)]
        case Declined(reason=held) if held == command.reason:
            return []
        case Accepted() | TakenUp() | Declined() | Withdrawn():
            raise AlreadyDecided
        case Redirected():
            raise RedirectUnderWay
        case _:
            raise Refusal(DeclineReferral, type(referral))


def _withdraw(command: WithdrawReferral, referral: Referral) -> list[ReferralEvent]:
    match referral:
        # Whoever takes a referral back may have been made to.
        case Received(desk=desk) | Screened(desk=desk) if not desk.answer(Check.SAFEGUARDING):
            raise NotScreened([Check.SAFEGUARDING])
        case Received(desk=desk) | Screened(desk=desk):
            said = desk.said
            return [ReferralWithdrawn(said.referral, said.child, command.reason, command.words)]
        case Withdrawn(reason=held) if held == command.reason:
            return []
        case Accepted() | TakenUp() | Declined() | Withdrawn():
            raise AlreadyDecided
        case Redirected():
            raise RedirectUnderWay
        case _:
            raise Refusal(WithdrawReferral, type(referral))


def _note_taken_up(referral: Referral) -> list[ReferralEvent]:
    match referral:
        case Accepted(before=before):
            return [ReferralTakenUp(before.desk.said.referral)]
        case TakenUp():
            return []
        case _:
            raise Refusal(NoteTakenUp, type(referral))


def _accepted(desk: Desk) -> ReferralAccepted:
    said = desk.said
    holders = [each.holder for each in desk.checks if isinstance(each, DutyHolderChecked)]
    known_by = [each.known_by for each in desk.checks if isinstance(each, CheckAnswered)]
    return ReferralAccepted(
        referral=said.referral,
        reference=said.reference,
        family=said.family,
        child=said.child,
        referrer=said.referrer,
        contact=said.contact,
        needs=said.needs,
        duty_holder=holders[0] if holders else said.duty_holder,
        known_by=next(filter(None, known_by), None),
    )
