"""Requests on enquiries read: each field parsed, and named where it is wrong."""

import re
from collections.abc import Collection
from uuid import UUID

from chassis.edge.malformed import a_choice, a_text, a_uuid, all_of, if_given, malformed
from ledger.personal import Plain
from referrals.codes import Safeguarding
from referrals.enquiries import enquiry_list
from referrals.enquiries.codes import Channel, CloseReason, Kind, SignpostTo, Topic
from referrals.enquiries.enquiry import (
    AddNote,
    Anonymous,
    AskSafety,
    CloseEnquiry,
    MakeEnquiry,
    NotAsked,
)
from referrals.enquiries.events import (
    AdviceGiven,
    EnquirerNamed,
    EnquiryMade,
    InformationSent,
    SafetyAsked,
    Signposted,
)
from referrals.intake.document import MAX_NAME, MAX_WORDS
from referrals.readings import LAST, page_size, place
from throughline.referrals.v1 import enquiries_pb2 as pb

MAX_TOPICS = 20
MAX_LEAFLETS = 20
_LEAFLET = re.compile(r"[A-Z]{1,4}-\d{1,4}", re.ASCII)


def make(request: pb.MakeEnquiryRequest, enquiry: UUID, enquirer: UUID) -> MakeEnquiry:
    """Read what somebody asks, who they are if they said so, and whether anybody is unsafe."""
    said = EnquiryMade(
        enquiry=enquiry,
        enquirer=enquirer,
        channel=a_choice("channel", request.channel, Channel),
        kind=a_choice("kind", request.kind, Kind),
        topics=_topics(request.topics),
        words=Plain(a_text("words", request.words, MAX_WORDS)),
    )
    return MakeEnquiry(
        said,
        _enquirer(request.enquirer, said) if request.HasField("enquirer") else Anonymous(),
        # The enquiry's own id is that of the first answer.
        _safety(request.safety, enquiry, enquirer, enquiry)
        if request.HasField("safety")
        else NotAsked(),
    )


def ask_safety(request: pb.AskSafetyRequest, enquirer: UUID, asked: UUID) -> AskSafety:
    """Read the answer whether somebody is unsafe."""
    enquiry = a_uuid("enquiry_id", request.enquiry_id)
    return AskSafety(_safety(request.safety, enquiry, enquirer, asked))


def advice(request: pb.RecordAdviceRequest, enquirer: UUID, known_as: UUID) -> AddNote:
    """Read advice."""
    return AddNote(
        AdviceGiven(
            a_uuid("enquiry_id", request.enquiry_id),
            enquirer,
            known_as,
            _topics(request.topics),
            Plain(a_text("words", request.words, MAX_WORDS)),
        )
    )


def information(request: pb.SendInformationRequest, known_as: UUID) -> AddNote:
    """Read which leaflets were sent."""
    if not request.leaflets:
        raise malformed("leaflets", "required", "at least one code of a leaflet")
    return AddNote(
        InformationSent(
            a_uuid("enquiry_id", request.enquiry_id),
            known_as,
            all_of("leaflets", request.leaflets, MAX_LEAFLETS, _leaflet),
            a_choice("channel", request.channel, Channel),
        )
    )


def signpost(request: pb.SignpostRequest, enquirer: UUID, known_as: UUID) -> AddNote:
    """Read to whom the enquirer was pointed."""
    return AddNote(
        Signposted(
            a_uuid("enquiry_id", request.enquiry_id),
            enquirer,
            known_as,
            a_choice("to", request.to, SignpostTo),
            Plain(if_given(_words, "words", request.words)),
        )
    )


def close(request: pb.CloseEnquiryRequest) -> CloseEnquiry:
    """Read why nothing more is to be done."""
    return CloseEnquiry(
        a_uuid("enquiry_id", request.enquiry_id), a_choice("reason", request.reason, CloseReason)
    )


def query(request: pb.ListEnquiriesRequest) -> enquiry_list.Query:
    """Read which page of the list is asked for."""
    states = ("", enquiry_list.OPEN, enquiry_list.CLOSED)
    if request.state not in states:
        raise malformed("state", "unknown-code", "open, closed or empty")
    return enquiry_list.Query(
        state=request.state,
        danger_only=request.danger_only,
        after=place(request.page_token, LAST),
        limit=page_size(request.page_size),
    )


def _enquirer(given: pb.Enquirer, said: EnquiryMade) -> EnquirerNamed:
    return EnquirerNamed(
        said.enquiry,
        said.enquirer,
        name=Plain(a_text("enquirer.name", given.name, MAX_NAME)),
        email=Plain(if_given(_line, "enquirer.email", given.email)),
        phone=Plain(if_given(_line, "enquirer.phone", given.phone)),
        safe_times=Plain(if_given(_line, "enquirer.safe_times", given.safe_times)),
    )


def _safety(given: pb.SafetyAnswer, enquiry: UUID, enquirer: UUID, asked: UUID) -> SafetyAsked:
    return SafetyAsked(
        enquiry,
        enquirer,
        asked,
        a_choice("safety.safeguarding", given.safeguarding, Safeguarding),
        Plain(if_given(_words, "safety.words", given.words)),
    )


def _topics(given: Collection[str]) -> tuple[Topic, ...]:
    topics = all_of("topics", given, MAX_TOPICS, _topic)
    if not topics:
        raise malformed("topics", "required", "at least one topic")
    return tuple(dict.fromkeys(topics))


def _topic(field: str, text: str) -> Topic:
    return a_choice(field, text, Topic)


def _leaflet(field: str, text: str) -> str:
    if not _LEAFLET.fullmatch(text):
        raise malformed(field, "bad-leaflet", "a code such as AS-12")
    return text


def _words(field: str, text: str) -> str:
    return a_text(field, text, MAX_WORDS)


def _line(field: str, text: str) -> str:
    return a_text(field, text, MAX_NAME)
