"""Enquiries written: states and rows as the contract says them."""

from collections.abc import Mapping, Sequence
from typing import Any, assert_never

from referrals.enquiries import enquiry_list
from referrals.enquiries.enquiry import Closed, Enquiry, Note, Open, made
from referrals.enquiries.events import (
    AdviceGiven,
    EnquirerNamed,
    InformationSent,
    SafetyAsked,
    Signposted,
)
from referrals.readings import named
from throughline.referrals.v1 import enquiries_pb2 as pb


def listed(row: enquiry_list.Listed) -> pb.EnquirySummary:
    """Write a row of the list."""
    summary = pb.EnquirySummary(
        enquiry_id=str(row.enquiry_id),
        state=row.state,
        channel=row.channel,
        kind=row.kind,
        topics=row.topics.split(",") if row.topics else [],
        named=row.named,
        safeguarding=row.safeguarding,
        turned=row.turned,
        close_reason=row.close_reason,
    )
    summary.made_at.FromDatetime(row.made_at)
    return summary


def sealed_in(there: Open) -> list[object]:
    """Return the facts of an enquiry that hold something sealed, in the order of `enquiry`."""
    facts: list[object] = [there.said, there.who, there.safety, *there.notes]
    return [each for each in facts if not isinstance(each, InformationSent)]


def enquiry(state: Enquiry, opened: Sequence[Any]) -> pb.GetEnquiryResponse:
    """Write an enquiry that is there, with what was opened of its sealed facts."""
    there = made(state)
    if there is None:
        raise TypeError("there is no enquiry that can be shown")
    words = dict(zip(map(id, sealed_in(there)), named(sealed_in(there), opened), strict=True))
    return pb.GetEnquiryResponse(
        enquiry=_summary(state, there),
        notes=[_note(each, words.get(id(each), {})) for each in there.notes],
        drafts=[str(each) for each in there.drafts],
        referrals=[str(one) for each in there.led_to for one in each.referrals],
        words=words[id(there.said)].get("words", ""),
        safety_words=words[id(there.safety)].get("words", ""),
        enquirer=pb.Enquirer(**words[id(there.who)]),
    )


def _summary(state: Enquiry, there: Open) -> pb.EnquirySummary:
    return pb.EnquirySummary(
        enquiry_id=str(there.said.enquiry),
        state=enquiry_list.CLOSED if isinstance(state, Closed) else enquiry_list.OPEN,
        channel=there.said.channel.value,
        kind=there.said.kind.value,
        topics=[each.value for each in there.said.topics],
        named=isinstance(there.who, EnquirerNamed),
        safeguarding=(
            there.safety.safeguarding.value if isinstance(there.safety, SafetyAsked) else ""
        ),
        turned=bool(there.drafts),
        close_reason=state.reason.value if isinstance(state, Closed) else "",
    )


def _note(note: Note, opened: Mapping[str, str]) -> pb.EnquiryNote:
    words = opened.get("words", "")
    match note:
        case AdviceGiven(topics=topics):
            return pb.EnquiryNote(
                what="advice", topics=[each.value for each in topics], words=words
            )
        case InformationSent(leaflets=leaflets, channel=channel):
            return pb.EnquiryNote(what="information", leaflets=leaflets, channel=channel.value)
        case Signposted(to=to):
            return pb.EnquiryNote(what="signpost", to=to.value, words=words)
        case _:
            assert_never(note)
