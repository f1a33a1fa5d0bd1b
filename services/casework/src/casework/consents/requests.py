"""Requests on consents read: each field parsed, and named where it is wrong."""

import re
from collections.abc import Iterable
from datetime import date
from typing import TypeAlias
from uuid import UUID

from casework.consents.commands import AssessCompetence, DecideConsent, RecordConsent
from casework.consents.consent_events import (
    Answer,
    Capacity,
    Competence,
    DecisionOutcome,
    Matter,
    Purpose,
)
from casework.requests import MAX_NOTES, MAX_WORDS, a_tag
from chassis.edge.malformed import a_choice, a_text, a_uuid, if_given, malformed
from chassis.edge.rpc import occurred_of
from ledger.clock import london_day
from ledger.personal import Plain
from throughline.casework.v1 import consents_pb2 as pb
from throughline.common.v1.common_pb2 import CommandContext

MAX_MATTERS = 20
_PARTY = re.compile(r"(authority|partnership|agency):[a-z0-9]+(-[a-z0-9]+){0,9}")
_MAX_PARTY = 80


_Answered: TypeAlias = (
    pb.GiveCaseConsentRequest | pb.RefuseCaseConsentRequest | pb.WithdrawCaseConsentRequest
)


def give(request: pb.GiveCaseConsentRequest) -> RecordConsent:
    """Read who agrees to what."""
    wording = if_given(a_tag, "wording", request.wording)
    speaker = _speaker("given_by", request.given_by)
    return _answer(request, matters(request.matters), Answer.GIVEN, speaker, wording)


def refuse(request: pb.RefuseCaseConsentRequest) -> RecordConsent:
    """Read who does not agree to what."""
    speaker = _speaker("refused_by", request.refused_by)
    return _answer(request, matters(request.matters), Answer.REFUSED, speaker, None)


def withdraw(request: pb.WithdrawCaseConsentRequest, given: tuple[Matter, ...]) -> RecordConsent:
    """Read who takes back what: without matters, all that was `given` by that person."""
    speaker = _speaker("withdrawn_by", request.withdrawn_by)
    asked = matters(request.matters) if request.matters else given
    if not asked:
        raise malformed("matters", "nothing-given", "a person who has agreed to something")
    return _answer(request, asked, Answer.WITHDRAWN, speaker, None)


def assess(request: pb.AssessCompetenceRequest, caller: str) -> AssessCompetence:
    """Read what was found of a child's competence; without an assessor, the caller."""
    return AssessCompetence(
        a_uuid("case_id", request.case_id),
        _matter("matter", request.matter),
        a_choice("found", request.found, Competence),
        a_uuid("assessor_id", request.assessor_id or caller),
        day_of(request.context),
        Plain(a_text("reasons", request.reasons, MAX_NOTES)),
    )


def decide(request: pb.DecideConsentRequest) -> DecideConsent:
    """Read what was decided over a disagreement, with whom."""
    return DecideConsent(
        a_uuid("case_id", request.case_id),
        _matter("matter", request.matter),
        a_choice("outcome", request.outcome, DecisionOutcome),
        a_uuid("clinician_id", request.clinician_id),
        day_of(request.context),
        Plain(a_text("reasons", request.reasons, MAX_NOTES)),
    )


def matters(said: Iterable[pb.ConsentMatter]) -> tuple[Matter, ...]:
    """Read matters, each once."""
    read = [_matter(f"matters[{index}]", each) for index, each in enumerate(said)]
    if not 1 <= len(read) <= MAX_MATTERS:
        raise malformed("matters", "out-of-range", f"1 to {MAX_MATTERS}")
    return tuple(dict.fromkeys(read))


def day_of(context: CommandContext) -> date | None:
    """Read on which day in London it was; None: today."""
    return london_day(occurred_of(context.occurred).at) if context.HasField("occurred") else None


def _matter(field: str, said: pb.ConsentMatter) -> Matter:
    purpose = a_choice(f"{field}.purpose", said.purpose, Purpose)
    if purpose is not Purpose.SHARE:
        if said.party:
            raise malformed(f"{field}.party", "not-expected", "for sharing only")
        return Matter(purpose, None)
    if len(said.party) > _MAX_PARTY or not _PARTY.fullmatch(said.party):
        raise malformed(f"{field}.party", "bad-party", "such as agency:school")
    return Matter(purpose, said.party)


def _speaker(field: str, said: pb.CaseConsentSpeaker) -> tuple[UUID, Capacity]:
    return (
        a_uuid(f"{field}.person_id", said.person_id),
        a_choice(f"{field}.capacity", said.capacity, Capacity),
    )


def _answer(
    request: _Answered,
    asked: tuple[Matter, ...],
    answer: Answer,
    speaker: tuple[UUID, Capacity],
    wording: str | None,
) -> RecordConsent:
    by, capacity = speaker
    how = a_text("how", request.how, MAX_WORDS) if request.how else None
    return RecordConsent(
        a_uuid("case_id", request.case_id),
        asked,
        answer,
        by,
        capacity,
        day_of(request.context),
        wording,
        Plain(how),
    )
