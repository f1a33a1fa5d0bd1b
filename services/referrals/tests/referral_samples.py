"""A referral in each of its states, and what may be asked of it; all of it invented."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from ledger.personal import Plain
from ledger.testing import Given
from referrals.codes import (
    AmendReason,
    AskedBy,
    Check,
    DeclineReason,
    DutyAnswer,
    Eligibility,
    Informant,
    NeedKind,
    Safeguarding,
    Urgency,
    WithdrawReason,
)
from referrals.duty.line import Ground, Span
from referrals.life.amendable import CodedField, WordsField
from referrals.life.commands import (
    NO_WORDS,
    AcceptReferral,
    AddInformation,
    Amend,
    Answer,
    AnswerChecks,
    AskAssessment,
    AskInformation,
    DeclineReferral,
    DutyFound,
    Need,
    NoteCameBack,
    NoteInformationDue,
    NoteRedirected,
    NoteScreeningDue,
    NoteTakenBack,
    NoteTakenUp,
    ReceiveInformation,
    ReceiveReferral,
    Recode,
    RecordNeeds,
    ReferralCommand,
    Revise,
    Reword,
    WithdrawReferral,
)
from referrals.life.entitlement import Capacity
from referrals.life.events import (
    CheckAnswered,
    DangerReported,
    DutyHolderChecked,
    ReferralAccepted,
    ReferralDeclined,
    ReferralReceived,
    ReferralRedirected,
    ReferralScreened,
    ReferralTakenUp,
    ReferralWithdrawn,
    ScreeningDueSet,
)
from referrals.life.information import (
    InformationAsked,
    InformationReceived,
)
from referrals.life.referral import REFERRAL
from referrals.life.targets import AnswerBy, Targets

REFERRAL_ID, SUBMISSION, FAMILY, GAIL, CASE, REFERRER, ALICE = (
    UUID(int=each) for each in range(1, 8)
)
SCREEN, OTHER, TOLD, INQUIRY, SECOND, WORKER, REDIRECT, REVISION = (
    UUID(int=each) for each in range(20, 28)
)
TODAY_END = datetime(2025, 1, 16, tzinfo=UTC)
DUE = datetime(2025, 1, 17, tzinfo=UTC)
ANSWER_DUE = datetime(2025, 1, 30, tzinfo=UTC)
targets = Targets(TODAY_END, DUE, "2005-12-30", "holidays-1")

said = ReferralReceived(
    referral=REFERRAL_ID,
    reference="2345-6789",
    submission=SUBMISSION,
    number=1,
    siblings=1,
    family=FAMILY,
    child=GAIL,
    case=CASE,
    referrer=REFERRER,
    contact=ALICE,
    adults=(ALICE,),
    known_before=False,
    received_at=datetime(2025, 1, 15, 12, tzinfo=UTC),
    partnership="anc",
    received_by="northmoor",
    route="web-form",
    referrer_kind="adopter",
    legal_status="order-granted",
    ordered_on=date(2018, 10, 25),
    placing_authority="westmarch",
    lives_in="northmoor",
    education="mainstream",
    ehc_plan=False,
    duty_holder="northmoor",
    needs=("sibling-conflict",),
    asks_for_assessment=True,
    placement_at_risk=False,
    immediate_danger=False,
    safeguarding_concern=False,
    consent_to_refer=True,
    consent_to_share_with=("school",),
    in_their_words=Plain("The same things no longer work."),
    safeguarding_words=Plain(None),
    codes_as_given=Plain(None),
)
said_in_danger = replace(said, immediate_danger=True)
danger = DangerReported(REFERRAL_ID, FAMILY, GAIL, None)
due = ScreeningDueSet(REFERRAL_ID, DUE, False, "2005-12-30", "holidays-1")  # noqa: FBT003 # a field
due_today = replace(due, due_at=TODAY_END, urgent=True)
screening = ReferralScreened(
    REFERRAL_ID, GAIL, Safeguarding.NONE, Urgency.ROUTINE, Eligibility.ELIGIBLE
)
taken_on = ReferralAccepted(
    referral=REFERRAL_ID,
    reference="2345-6789",
    family=FAMILY,
    child=GAIL,
    referrer=REFERRER,
    contact=ALICE,
    needs=("sibling-conflict",),
    duty_holder="northmoor",
    known_by=None,
)
not_taken_on = ReferralDeclined(REFERRAL_ID, GAIL, DeclineReason.SIGNPOSTED, Plain("See the site."))
taken_back = ReferralWithdrawn(REFERRAL_ID, GAIL, WithdrawReason.FAMILY_WISHES, NO_WORDS)
redirected = ReferralRedirected(REFERRAL_ID, REDIRECT, "westmarch", "consent")
asked = InformationAsked(
    referral=REFERRAL_ID,
    child=GAIL,
    inquiry=INQUIRY,
    source=Informant.SCHOOL,
    words=Plain("How does she eat at noon?"),
    due_at=ANSWER_DUE,
    policy="2005-12-30",
    calendar="holidays-1",
    next_due_at=ANSWER_DUE,
)
came = InformationReceived(
    referral=REFERRAL_ID,
    child=GAIL,
    inquiry=INQUIRY,
    source=Informant.SCHOOL,
    immediate_danger=False,
    words=Plain("By herself."),
    next_due_at=None,
)

receive = ReceiveReferral(said, targets)
accept = AcceptReferral(REFERRAL_ID)
decline = DeclineReferral(REFERRAL_ID, DeclineReason.SIGNPOSTED, Plain("See the site."))
withdraw = WithdrawReferral(REFERRAL_ID, WithdrawReason.FAMILY_WISHES, NO_WORDS)
note_due = NoteScreeningDue(DUE)
note_taken_up = NoteTakenUp(REFERRAL_ID)
at_risk = Amend(
    AmendReason.FAMILY_CORRECTS, Recode(CodedField.PLACEMENT_AT_RISK, ("yes",)), targets
)
reword = Amend(
    AmendReason.REFERRER_CORRECTS, Reword(WordsField.IN_THEIR_WORDS, Plain("They fight.")), targets
)
SENT_ANEW = datetime(2025, 1, 20, 9, 30, tzinfo=UTC)
revise = Revise(
    REVISION,
    SENT_ANEW,
    (
        Reword(WordsField.IN_THEIR_WORDS, Plain("They fight every day.")),
        Recode(CodedField.NEEDS, ("sibling-conflict", "sleep")),
        Recode(CodedField.CONSENT_TO_REFER, ("yes",)),
    ),
    targets,
)
tell = AddInformation(TOLD, Informant.SCHOOL, False, Plain("She eats alone."), targets)  # noqa: FBT003 # a field
ask = AskInformation(
    INQUIRY,
    Informant.SCHOOL,
    Plain("How does she eat at noon?"),
    AnswerBy(ANSWER_DUE, "2005-12-30", "holidays-1"),
)
get = ReceiveInformation(INQUIRY, False, Plain("By herself."), targets)  # noqa: FBT003 # a field
note_answer_due = NoteInformationDue(ANSWER_DUE)
assess = AskAssessment(AskedBy.PARENT_FOR_CHILD, Capacity.ADOPTED_PERSON)
needs = RecordNeeds(ALICE, (Need(NeedKind.LANGUAGE, "pol", NO_WORDS),))

FOUND = DutyFound(
    Span("northmoor", date(2021, 10, 26), None, Ground.AFTER_PERIOD, "2005-12-30"), "2005-12-30"
)
ANSWERS: dict[Check, Answer | DutyFound] = {
    Check.SAFEGUARDING: Answer(Check.SAFEGUARDING, "none", SCREEN, NO_WORDS),
    Check.IDENTITY: Answer(Check.IDENTITY, "known", GAIL, NO_WORDS),
    Check.DUPLICATES: Answer(Check.DUPLICATES, "none", None, NO_WORDS),
    Check.DUTY_HOLDER: FOUND,
    Check.ELIGIBILITY: Answer(Check.ELIGIBILITY, "eligible", None, NO_WORDS),
    Check.URGENCY: Answer(Check.URGENCY, "routine", None, NO_WORDS),
    Check.CONFLICT: Answer(Check.CONFLICT, "none", None, NO_WORDS),
    Check.SAFE_CONTACT: Answer(Check.SAFE_CONTACT, "safe", None, NO_WORDS),
}


def screen(*checks: Check, **codes: str) -> AnswerChecks:
    """Answer some checks, or all; `codes` says otherwise than where nothing is found."""
    answers = []
    for check in checks or Check:
        answer = ANSWERS[check]
        if isinstance(answer, Answer):
            answer = replace(answer, code=codes.get(check.name.lower(), answer.code))
        answers.append(answer)
    return AnswerChecks(tuple(answers), targets)


def answered(check: Check, code: str | None = None) -> CheckAnswered | DutyHolderChecked:
    """Return what is recorded of an answer."""
    match ANSWERS[check]:
        case Answer(code=usual, refers_to=refers_to):
            return CheckAnswered(REFERRAL_ID, GAIL, check, code or usual, refers_to, NO_WORDS)
        case _:
            return DutyHolderChecked(
                REFERRAL_ID,
                GAIL,
                DutyAnswer.HERE,
                "northmoor",
                date(2021, 10, 26),
                None,
                "2005-12-30",
            )


all_answered = tuple(answered(each) for each in Check)
nothing = Given(REFERRAL)
received = nothing.given(said, due)
in_danger = nothing.given(said_in_danger, due_today, danger)
safe = received.given(answered(Check.SAFEGUARDING))
waiting = received.given(asked)
looked_at = received.given(*all_answered, screening)
accepted = looked_at.given(taken_on)
taken_up = accepted.given(ReferralTakenUp(REFERRAL_ID))
declined = looked_at.given(not_taken_on)
withdrawn = safe.given(taken_back)
elsewhere = looked_at.given(redirected)
STATES = {
    "not received": nothing,
    "received": received,
    "in danger": in_danger,
    "found safe": safe,
    "waiting for information": waiting,
    "screened": looked_at,
    "accepted": accepted,
    "taken up": taken_up,
    "declined": declined,
    "withdrawn": withdrawn,
    "redirected": elsewhere,
}
COMMANDS: dict[str, ReferralCommand] = {
    "receive": receive,
    "receive, in danger": ReceiveReferral(said_in_danger, targets),
    "answer all checks": screen(),
    "answer safeguarding: none": screen(Check.SAFEGUARDING),
    "answer safeguarding: immediate danger": screen(
        Check.SAFEGUARDING, safeguarding="immediate-danger"
    ),
    "answer urgency: urgent": screen(Check.URGENCY, urgency="urgent"),
    "answer eligibility: not eligible": screen(Check.ELIGIBILITY, eligibility="not-eligible"),
    "amend a code: placement at risk": at_risk,
    "amend words": reword,
    "revise, by the sender": revise,
    "add information": tell,
    "add information of danger": replace(tell, information=OTHER, immediate_danger=True),
    "ask for an assessment": assess,
    "record needs": needs,
    "ask for information": ask,
    "receive information": get,
    "note that information is due": note_answer_due,
    "note that the screening is due": note_due,
    "accept": accept,
    "decline": decline,
    "decline for another reason": replace(decline, reason=DeclineReason.NO_CONSENT),
    "withdraw": withdraw,
    "note taken up": note_taken_up,
    "note redirected": NoteRedirected(REDIRECT, "westmarch", "consent"),
    "note come back": NoteCameBack(REDIRECT, "not-acknowledged"),
    "note taken back": NoteTakenBack(REDIRECT),
}
