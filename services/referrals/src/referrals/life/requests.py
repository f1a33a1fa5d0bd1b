"""Requests on a referral read: each field parsed, and named where it is wrong."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from chassis.edge.malformed import a_choice, a_text, a_uuid, all_of, if_given, malformed, one_of
from ledger.envelope import Basis
from ledger.personal import Plain
from referrals.codes import (
    NEED_CODES,
    OTHER,
    AmendReason,
    AskedBy,
    Check,
    DeclineReason,
    Informant,
    NeedKind,
    WithdrawReason,
)
from referrals.intake.document import MAX_WORDS
from referrals.life.amendable import ONE, SEVERAL, CodedField, WordsField, codes_of
from referrals.life.answers import LOOKED_UP, SCREENED, codes_for, names_something
from referrals.life.calls import (
    AddToReferral,
    AmendReferral,
    AskForInformation,
    RecordInformation,
    RecordNeedsOf,
    RequestAssessment,
    ScreenReferral,
    TakeDuty,
    TakeScreen,
)
from referrals.life.commands import (
    AcceptReferral,
    Answer,
    DeclineReferral,
    Need,
    Recode,
    Reword,
    WithdrawReferral,
)
from referrals.life.entitlement import Capacity
from throughline.referrals.v1 import referrals_pb2 as pb

MOST_NEEDS: Final = 20
_FORM: Final = {
    Check.SAFEGUARDING: ("safeguarding", "", "words"),
    Check.IDENTITY: ("identity", "", ""),
    Check.DUPLICATES: ("duplicates", "duplicate_of", ""),
    Check.DUTY_HOLDER: ("duty_holder", "", ""),
    Check.ELIGIBILITY: ("eligibility", "", ""),
    Check.URGENCY: ("urgency", "", ""),
    Check.CONFLICT: ("conflict_of_interest", "conflicted_worker", ""),
    Check.SAFE_CONTACT: ("safe_contact", "", ""),
}
"""The fields of ScreenReferralRequest: of each check its answer, what it names, its words."""


def screen(request: pb.ScreenReferralRequest) -> ScreenReferral:
    """Read the whole form: each check must be answered."""
    answers = []
    for check, (answer, names, words) in _FORM.items():
        given = pb.CheckAnswer(
            check=check.value,
            answer=getattr(request, answer),
            refers_to=getattr(request, names) if names else "",
            words=getattr(request, words) if words else "",
        )
        answers.append(_answer(check, given, answer, names or answer, words or answer))
    return ScreenReferral(a_uuid("referral_id", request.referral_id), tuple(answers))


def record_screening(request: pb.RecordScreeningRequest) -> ScreenReferral:
    """Read the checks that are answered, each once."""
    referral = a_uuid("referral_id", request.referral_id)
    if not 1 <= len(request.checks) <= len(Check):
        raise malformed("checks", "out-of-range", f"1 to {len(Check)} checks")
    answers = []
    for index, each in enumerate(request.checks):
        at = f"checks[{index}]"
        check = a_choice(f"{at}.check", each.check, Check)
        if any(one.check == each.check for one in request.checks[:index]):
            raise malformed(f"{at}.check", "repeated", "each check once")
        fields = (f"{at}.answer", f"{at}.refers_to", f"{at}.words")
        answers.append(_answer(check, each, *fields))
    return ScreenReferral(referral, tuple(answers))


def accept(request: pb.AcceptReferralRequest) -> AcceptReferral:
    """Read which referral is accepted."""
    return AcceptReferral(a_uuid("referral_id", request.referral_id))


def decline(request: pb.DeclineReferralRequest) -> DeclineReferral:
    """Read which referral is declined and why."""
    return DeclineReferral(
        referral=a_uuid("referral_id", request.referral_id),
        reason=a_choice("reason", request.reason, DeclineReason),
        words=_maybe_words("words", request.words),
    )


def withdraw(request: pb.WithdrawReferralRequest) -> WithdrawReferral:
    """Read which referral is withdrawn and why."""
    return WithdrawReferral(
        referral=a_uuid("referral_id", request.referral_id),
        reason=a_choice("reason", request.reason, WithdrawReason),
        words=_maybe_words("words", request.words),
    )


def amend(request: pb.AmendReferralRequest) -> AmendReferral:
    """Read which field is set right, and what it says now."""
    return AmendReferral(
        referral=a_uuid("referral_id", request.referral_id),
        reason=a_choice("reason", request.reason, AmendReason),
        change=_change(request),
    )


def add_information(request: pb.AddInformationRequest, information: UUID) -> AddToReferral:
    """Read what was told, and by whom."""
    return AddToReferral(
        referral=a_uuid("referral_id", request.referral_id),
        information=information,
        source=a_choice("source", request.source, Informant),
        immediate_danger=request.immediate_danger,
        words=_words("words", request.words),
    )


def record_needs(request: pb.RecordNeedsRequest) -> RecordNeedsOf:
    """Read what a person needs."""
    referral = a_uuid("referral_id", request.referral_id)
    person = a_uuid("person_id", request.person_id)
    if not 1 <= len(request.needs) <= MOST_NEEDS:
        raise malformed("needs", "out-of-range", f"1 to {MOST_NEEDS} needs")
    needs = tuple(_need(f"needs[{index}]", each) for index, each in enumerate(request.needs))
    return RecordNeedsOf(referral, person, needs)


def request_assessment(request: pb.RequestAssessmentRequest) -> RequestAssessment:
    """Read who asks for whose assessment."""
    return RequestAssessment(
        referral=a_uuid("referral_id", request.referral_id),
        asked_by=a_choice("asked_by", request.asked_by, AskedBy),
        asked_for=a_choice("asked_for", request.asked_for, Capacity),
    )


def ask_for_information(request: pb.AskForInformationRequest, inquiry: UUID) -> AskForInformation:
    """Read what is asked, and of whom."""
    return AskForInformation(
        referral=a_uuid("referral_id", request.referral_id),
        inquiry=inquiry,
        source=a_choice("source", request.source, Informant),
        words=_words("words", request.words),
    )


def record_information(request: pb.RecordInformationRequest) -> RecordInformation:
    """Read what came of what was asked."""
    return RecordInformation(
        referral=a_uuid("referral_id", request.referral_id),
        inquiry=a_uuid("inquiry_id", request.inquiry_id),
        immediate_danger=request.immediate_danger,
        words=_words("words", request.words),
    )


def basis(request: pb.AddInformationRequest | pb.RecordInformationRequest) -> Basis:
    """Read on what it rests."""
    return a_choice("basis", request.basis, Basis)


def _answer(
    check: Check, given: pb.CheckAnswer, answer: str, names: str, words: str
) -> Answer | TakeDuty | TakeScreen:
    """Read the answer to one check; the last three name the fields that it stands in."""
    code = one_of(answer, given.answer, codes_for(check))
    bare = code in {LOOKED_UP, SCREENED}
    if bare and given.words:
        raise malformed(words, "not-allowed", f"no words with {code}")
    if names_something(check, code) and not given.refers_to:
        raise malformed(names, "required", "a UUID")
    refers_to = if_given(a_uuid, names, given.refers_to)
    if code == LOOKED_UP:
        return TakeDuty()
    if code == SCREENED and refers_to is not None:
        return TakeScreen(refers_to)
    return Answer(check, code, refers_to, _maybe_words(words, given.words))


def _change(request: pb.AmendReferralRequest) -> Recode | Reword:
    match request.WhichOneof("change"):
        case "codes":
            field = a_choice("codes.field", request.codes.field, CodedField)
            return Recode(field, _codes(field, request.codes.codes))
        case "words":
            words = _words("words.words", request.words.words)
            return Reword(a_choice("words.field", request.words.field, WordsField), words)
        case _:
            raise malformed("change", "required", "codes or words")


def _codes(field: CodedField, given: Sequence[str]) -> tuple[str, ...]:
    allowed = codes_of(field)
    most = len(allowed) if field in SEVERAL else 1
    codes = all_of("codes.codes", given, most, lambda at, code: one_of(at, code, allowed))
    if field in ONE and not codes:
        raise malformed("codes.codes", "required", "one code")
    return tuple(dict.fromkeys(codes))


def _need(at: str, given: pb.StatedNeed) -> Need:
    kind = a_choice(f"{at}.kind", given.kind, NeedKind)
    code = one_of(f"{at}.code", given.code, NEED_CODES[kind])
    if code == OTHER and not given.words:
        raise malformed(f"{at}.words", "required", "words that say which")
    return Need(kind, code, _maybe_words(f"{at}.words", given.words))


def _words(field: str, text: str) -> Plain[str]:
    return Plain(a_text(field, text, MAX_WORDS))


def _maybe_words(field: str, text: str) -> Plain[str | None]:
    return Plain(if_given(lambda at, given: a_text(at, given, MAX_WORDS), field, text))
