"""Answers go to the family and to whoever referred, each what he may know, once for each cause."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.testing import Given, Transitions
from notifications.letter import Fact, Placeholder, TemplateCode, message_id
from notifications.parties import (
    DECIDER,
    Answer,
    Noted,
    NoteParties,
    PartiesNoted,
    TellAnswer,
    Unknown,
    letters,
)

REFERRAL, REFERRER, MOTHER, EVENT, CASE, AUTHORITY = (UUID(int=n) for n in range(1, 7))
BY = date(2025, 6, 8)

note = NoteParties(REFERRAL, "K7P2-M4Q", REFERRER, "school", MOTHER, CASE)
noted = PartiesNoted(REFERRAL, "K7P2-M4Q", REFERRER, "school", MOTHER)
by_the_mother = PartiesNoted(REFERRAL, "K7P2-M4Q", REFERRER, "adopter", MOTHER)
of_nobody = PartiesNoted(REFERRAL, "K7P2-M4Q", REFERRER, "school", None)
parties = Given(DECIDER)

TRANSITIONS = Transitions(
    {"not heard of": parties, "noted": parties.given(noted)},
    {"note": note, "note other people": replace(note, contact=None)},
)


def tell(answer: Answer, by: date | None = None) -> TellAnswer:
    return TellAnswer(REFERRAL, EVENT, answer, by, CASE)


def written(known: PartiesNoted, answer: Answer) -> set[tuple[TemplateCode, UUID]]:
    found = letters(Noted(known), tell(answer), AUTHORITY)
    return {(each.template, each.recipient) for each in found}


def test_parties_are_noted_once() -> None:
    parties.when(note).then(noted)
    parties.repeats_nothing(note)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer.ACCEPTED, TemplateCode.FAMILY_ACCEPTED),
        (Answer.DECLINED, TemplateCode.FAMILY_DECLINED),
        (Answer.SIGNPOSTED, TemplateCode.FAMILY_SIGNPOSTED),
    ],
)
def test_a_professional_learns_that_the_family_was_answered_and_no_more(
    answer: Answer, code: TemplateCode
) -> None:
    assert written(noted, answer) == {
        (code, MOTHER),
        (TemplateCode.REFERRAL_ANSWERED, REFERRER),
    }
    assert written(of_nobody, answer) == {(TemplateCode.REFERRAL_ANSWERED, REFERRER)}


@pytest.mark.parametrize("answer", [Answer.ACCEPTED, Answer.DECLINED, Answer.REDIRECTED])
def test_whoever_writes_for_the_family_is_answered_as_the_family_and_once(answer: Answer) -> None:
    [(code, recipient)] = written(by_the_mother, answer)
    assert recipient == REFERRER
    assert code is not TemplateCode.REFERRAL_ANSWERED


def test_a_question_goes_to_whom_it_is_put() -> None:
    assert written(noted, Answer.FAMILY_ASKED) == {(TemplateCode.INFORMATION_ASKED, MOTHER)}
    assert written(noted, Answer.REFERRER_ASKED) == {(TemplateCode.INFORMATION_ASKED, REFERRER)}
    [letter] = letters(Noted(noted), tell(Answer.FAMILY_ASKED, BY), AUTHORITY)
    assert Fact(Placeholder.ANSWER_BY, "2025-06-08") in letter.facts


@pytest.mark.parametrize("answer", Answer)
def test_only_the_family_is_told_in_the_words_that_were_written_to_it(answer: Answer) -> None:
    found = letters(Noted(noted), tell(answer, BY), AUTHORITY)
    told = {each.recipient: each.words_of for each in found}
    written_to = answer in {Answer.DECLINED, Answer.SIGNPOSTED}
    assert told.get(MOTHER) == (REFERRAL if written_to else None)
    assert told.get(REFERRER) is None


def test_of_a_referral_that_nobody_heard_of_nobody_is_written_to() -> None:
    assert letters(Unknown(), tell(Answer.ACCEPTED), AUTHORITY) == []


@given(st.sampled_from(Answer), st.sampled_from([noted, by_the_mother, of_nobody]))
def test_the_same_cause_makes_the_same_messages(answer: Answer, known: PartiesNoted) -> None:
    command = tell(answer, BY)
    found = letters(Noted(known), command, AUTHORITY)
    assert found == letters(Noted(known), command, AUTHORITY)
    assert [each.message_id for each in found] == [
        message_id(AUTHORITY, EVENT, each.template, each.recipient) for each in found
    ]
    assert len({each.message_id for each in found}) == len(found)
