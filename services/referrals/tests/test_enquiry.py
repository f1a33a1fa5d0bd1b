"""Whoever asks is heard, may stay anonymous, and nothing is typed twice; danger is told at once."""

from uuid import UUID

import pytest

from ledger.personal import Plain
from ledger.testing import Given, Transitions
from referrals.codes import Safeguarding
from referrals.enquiries.codes import Channel, CloseReason, Kind, SignpostTo, Topic
from referrals.enquiries.enquiry import (
    ENQUIRY,
    AddNote,
    AlreadyClosed,
    Anonymous,
    AskSafety,
    CloseEnquiry,
    EnquiryCommand,
    MakeEnquiry,
    NotAsked,
    NoteReferrals,
    Open,
    SafetyNotAsked,
    TurnIntoDraft,
)
from referrals.enquiries.events import (
    AdviceGiven,
    DangerSaid,
    EnquirerNamed,
    EnquiryClosed,
    EnquiryMade,
    InformationSent,
    LedToReferral,
    SafetyAsked,
    Signposted,
    TurnedIntoDraft,
)
from referrals.enquiries.prefill import prefilled

IT, WHO, DRAFT, OTHER_DRAFT = (UUID(int=number) for number in range(1, 5))
REFERRALS = (UUID(int=8), UUID(int=9))
WORDS = Plain("Our son no longer sleeps.")

made = EnquiryMade(
    IT, WHO, Channel.TELEPHONE, Kind.ADOPTER, (Topic.THERAPY, Topic.PLACEMENT_AT_RISK), WORDS
)
named = EnquirerNamed(
    IT, WHO, Plain("Ida Tallow"), Plain("ida@example.org"), Plain(None), Plain("mornings")
)
safe = SafetyAsked(IT, WHO, UUID(int=5), Safeguarding.NONE, Plain(None))
danger = SafetyAsked(
    IT, WHO, UUID(int=6), Safeguarding.IMMEDIATE_DANGER, Plain("He says he will jump.")
)
advice = AdviceGiven(IT, WHO, UUID(int=10), (Topic.PARENTING,), Plain("Ring the school first."))
sent = InformationSent(IT, UUID(int=11), ("AS-12",), Channel.EMAIL)
pointed = Signposted(IT, WHO, UUID(int=12), SignpostTo.GP, Plain(None))

enquiry = Given(ENQUIRY)
MAKE = MakeEnquiry(made, Anonymous(), NotAsked())
NOTES = (advice, sent, pointed)
TRANSITIONS = Transitions(
    {
        "not made": enquiry,
        "open": enquiry.given(made),
        "open, asked about safety": enquiry.given(made, safe),
        "in danger": enquiry.given(made, danger, DangerSaid(IT, WHO)),
        "closed": enquiry.given(made, safe, EnquiryClosed(IT, CloseReason.ANSWERED)),
    },
    {
        "make": MAKE,
        "ask about safety": AskSafety(safe),
        "ask about safety: danger": AskSafety(danger),
        "note advice": AddNote(advice),
        "close": CloseEnquiry(IT, CloseReason.ANSWERED),
    },
)


def test_an_anonymous_enquiry_is_kept_without_anybody_s_name() -> None:
    enquiry.when(MAKE).then(made)


def test_a_named_one_keeps_who_asks() -> None:
    enquiry.when(MakeEnquiry(made, named, safe)).then(made, named, safe)


def test_danger_that_is_said_at_once_is_told_at_once() -> None:
    enquiry.when(MakeEnquiry(made, Anonymous(), danger)).then(made, danger, DangerSaid(IT, WHO))


def test_danger_that_is_said_later_is_told_then_and_once() -> None:
    again = SafetyAsked(IT, WHO, UUID(int=7), Safeguarding.IMMEDIATE_DANGER, Plain(None))
    enquiry.given(made, safe).when(AskSafety(danger)).then(danger, DangerSaid(IT, WHO))
    enquiry.given(made, danger, DangerSaid(IT, WHO)).when(AskSafety(again)).then(again)


def test_danger_is_heard_though_the_enquiry_is_closed() -> None:
    closed = EnquiryClosed(IT, CloseReason.ANSWERED)
    enquiry.given(made, safe, closed).when(AskSafety(danger)).then(danger, DangerSaid(IT, WHO))


@pytest.mark.parametrize("note", NOTES)
def test_what_was_done_is_noted_while_it_is_open(note: AdviceGiven) -> None:
    enquiry.given(made).when(AddNote(note)).then(note)
    closed = EnquiryClosed(IT, CloseReason.ANSWERED)
    enquiry.given(made, safe, closed).when(AddNote(note)).then_refused(AlreadyClosed)


def test_no_enquiry_is_closed_before_safety_was_asked() -> None:
    enquiry.given(made).when(CloseEnquiry(IT, CloseReason.ANSWERED)).then_refused(SafetyNotAsked)


def test_closed_for_one_reason_it_is_not_closed_for_another() -> None:
    closed = EnquiryClosed(IT, CloseReason.ANSWERED)
    enquiry.given(made, safe).when(CloseEnquiry(IT, CloseReason.ANSWERED)).then(closed)
    enquiry.given(made, safe, closed).when(CloseEnquiry(IT, CloseReason.NOT_OURS)).then_refused(
        AlreadyClosed
    )


def test_it_may_be_turned_into_several_referrals_also_when_it_is_closed() -> None:
    closed = EnquiryClosed(IT, CloseReason.ANSWERED)
    turned = TurnedIntoDraft(IT, DRAFT)
    enquiry.given(made, safe, closed, turned).when(TurnIntoDraft(IT, OTHER_DRAFT)).then(
        TurnedIntoDraft(IT, OTHER_DRAFT)
    )
    enquiry.given(made, turned).when(NoteReferrals(IT, DRAFT, REFERRALS)).then(
        LedToReferral(IT, DRAFT, REFERRALS)
    )


@pytest.mark.parametrize(
    "command",
    [
        MAKE,
        MakeEnquiry(made, named, danger),
        AskSafety(safe),
        AskSafety(danger),
        *(AddNote(each) for each in NOTES),
        TurnIntoDraft(IT, DRAFT),
        NoteReferrals(IT, DRAFT, REFERRALS),
        CloseEnquiry(IT, CloseReason.SIGNPOSTED),
    ],
    ids=repr,
)
def test_any_command_twice_decides_nothing_the_second_time(command: EnquiryCommand) -> None:
    start = enquiry if isinstance(command, MakeEnquiry) else enquiry.given(made, named)
    if isinstance(command, CloseEnquiry):
        start = start.given(safe)
    start.repeats_nothing(command)


def test_a_draft_begins_with_all_that_the_enquirer_said() -> None:
    there = Open(made, named, danger, danger=True)
    content = prefilled(
        there,
        {"words": "Our son no longer sleeps."},
        {"name": "Ida Tallow", "email": "ida@example.org", "safe_times": "mornings"},
        {"words": "He says he will jump."},
    )
    assert content == {
        "route": "telephone",
        "in_their_words": "Our son no longer sleeps.",
        "needs": ["placement-at-risk"],
        "placement_at_risk": True,
        "referrer": {"kind": "adopter", "name": "Ida Tallow", "email": "ida@example.org"},
        "safeguarding": {
            "immediate_danger": True,
            "concern": True,
            "words": "He says he will jump.",
        },
        "family": {
            "adults": [
                {
                    "name": "Ida Tallow",
                    "role": "adoptive-parent",
                    "email": "ida@example.org",
                    "phone": None,
                    "safe_times": "mornings",
                }
            ]
        },
    }
