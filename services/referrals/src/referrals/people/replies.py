"""Answers about people written: what was opened, and ids, scores and codes."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from referrals.people.known import Ended, Known
from referrals.people.matching import Candidate
from referrals.people.proposals import Listed
from referrals.people.showing import Visible
from throughline.referrals.v1 import people_pb2 as pb


def possible(candidate: Candidate) -> pb.PossibleMatch:
    """Write somebody who may be the one looked for."""
    return pb.PossibleMatch(
        person_id=str(candidate.person),
        score=candidate.finding.score,
        reasons=[each.value for each in candidate.finding.reasons],
        strong=candidate.finding.is_proposed,
    )


def proposal(row: Listed) -> pb.MatchProposal:
    """Write a row of the list of proposals."""
    written = pb.MatchProposal(
        person_id=str(row.one),
        other_id=str(row.other),
        score=row.score,
        reasons=row.reasons,
        state=row.state,
    )
    written.proposed_at.FromDatetime(row.proposed_at)
    return written


def identity(
    person: UUID, known: Known, seen: Sequence[Visible], opened: Iterator[str], *, own: bool
) -> pb.GetIdentityResponse:
    """Write a person with what was opened of the threads that are read as one, in their order.

    `own`: whether the reader knows the very identity of the thread, and so its channels.
    """
    answer = pb.GetIdentityResponse(
        person_id=str(person), merged=[str(each.merged) for each in known.absorbed]
    )
    for thread in seen:
        _write(answer, thread, opened)
    if own:
        _write_reach(answer, known, opened)
        answer.related.extend(
            pb.RelatedPerson(person_id=str(each.other), relation=each.relation.value)
            for each in known.related
        )
    return answer


def _write(answer: pb.GetIdentityResponse, seen: Visible, opened: Iterator[str]) -> None:
    for name in seen.names:
        answer.names.add(
            kind=name.kind.value,
            from_day=_day(name.from_day),
            to_day=_day(name.to_day),
            given_name=next(opened),
            family_name=next(opened),
        )
    for _ in seen.births:
        answer.date_of_birth = next(opened)
    for number in seen.identifiers:
        answer.identifiers.add(kind=number.kind.value, value=next(opened))
    for home in seen.addresses:
        answer.addresses.add(
            from_day=_day(home.from_day),
            to_day=_day(home.to_day),
            protected_address=home.protected_address,
            address_lines=next(opened),
            town=next(opened),
            postcode=next(opened),
        )


def _write_reach(answer: pb.GetIdentityResponse, known: Known, opened: Iterator[str]) -> None:
    for channel in known.channels:
        written = answer.channels.add(
            channel_id=str(channel.record),
            way=channel.way.value,
            purposes=channel.purposes,
            from_day=_day(channel.from_day),
            to_day=_day(channel.to_day),
            value=next(opened),
            safe_times=next(opened),
        )
        if isinstance(channel.end, Ended):
            written.ended_on = _day(channel.end.on)
            written.end_reason = channel.end.reason.value
    for order in known.forbidden:
        answer.orders.add(
            order_id=str(order.record),
            purposes=order.purposes,
            from_day=_day(order.from_day),
            to_day=_day(order.to_day),
            reason=order.reason.value,
        )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
