"""What is told to a referral after it came: set right, added, needed, asked for."""

from ledger.decider import Refusal
from referrals.life.amendable import written
from referrals.life.commands import (
    AddInformation,
    Amend,
    AskAssessment,
    Recode,
    RecordNeeds,
    Reword,
)
from referrals.life.desk import Desk
from referrals.life.entitlement import Entitled, entitlement
from referrals.life.events import ReferralEvent, ReferralReceived
from referrals.life.following import with_consequences
from referrals.life.information import (
    AssessmentAsked,
    InformationAdded,
    NeedRecorded,
    ReferralAmended,
    ReferralReworded,
)
from referrals.life.refusals import AlreadyDecided, NotInReferral, RedirectUnderWay
from referrals.life.states import (
    NotReceived,
    Received,
    Redirected,
    Referral,
    Screened,
    desk_of,
)


def amend(command: Amend, referral: Referral) -> list[ReferralEvent]:
    """Set a field right before the decision; what it said before stays in the record."""
    said = _desk(command, referral).said
    match referral, command.change:
        case _, Recode() as recode if says(said, recode):
            return []
        case _, Reword(field=words_field, words=words) if words == getattr(said, words_field.value):
            return []
        case Received() | Screened(), _:
            return with_consequences(referral, [amended(command, said)], command.targets)
        case Redirected(), _:
            raise RedirectUnderWay
        case _:
            raise AlreadyDecided


def add_information(command: AddInformation, referral: Referral) -> list[ReferralEvent]:
    """Keep what was told, also after the decision: it is a fact that it was told."""
    desk = _desk(command, referral)
    if command.information in desk.came:
        return []
    added = InformationAdded(
        referral=desk.said.referral,
        child=desk.said.child,
        information=command.information,
        source=command.source,
        immediate_danger=command.immediate_danger,
        words=command.words,
    )
    return with_consequences(referral, [added], command.targets)


def ask_assessment(command: AskAssessment, referral: Referral) -> list[ReferralEvent]:
    """Note who asks for whose assessment, and whether it must be made."""
    desk = _desk(command, referral)
    answer = entitlement(command.asked_by, command.asked_for)
    asked = AssessmentAsked(
        referral=desk.said.referral,
        child=desk.said.child,
        asked_by=command.asked_by,
        asked_for=command.asked_for,
        entitled=isinstance(answer, Entitled),
        ground=answer.ground,
    )
    match referral:
        case _ if asked in desk.assessments:
            return []
        case Received() | Screened():
            return [asked]
        case Redirected():
            raise RedirectUnderWay
        case _:
            raise AlreadyDecided


def record_needs(command: RecordNeeds, referral: Referral) -> list[ReferralEvent]:
    """Keep the needs that are not held already, of a person whom the referral names."""
    desk = _desk(command, referral)
    said = desk.said
    if command.person not in {said.child, said.referrer, said.contact, *said.adults}:
        raise NotInReferral
    needs = [
        NeedRecorded(said.referral, command.person, each.kind, each.code, each.words)
        for each in command.needs
    ]
    return [each for each in needs if each not in desk.needs]


def says(said: ReferralReceived, change: Recode) -> bool:
    """Whether a coded field says so already."""
    return change.codes == written(getattr(said, change.field.value))


def amended(command: Amend, said: ReferralReceived) -> ReferralAmended | ReferralReworded:
    """Return the fact that a field was set right."""
    match command.change:
        case Recode(field=field, codes=codes):
            before = written(getattr(said, field.value))
            return ReferralAmended(said.referral, said.child, command.reason, field, before, codes)
        case Reword(field=words_field, words=words):
            return ReferralReworded(said.referral, said.child, command.reason, words_field, words)


def _desk(command: object, referral: Referral) -> Desk:
    desk = desk_of(referral)
    if desk is None:
        raise Refusal(type(command), NotReceived)
    return desk
