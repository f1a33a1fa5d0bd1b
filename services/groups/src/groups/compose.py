"""Which streams a command touches, and what is looked up for it.

A request under a case is noted with the case in the same append, so the case's closing misses none.
Where the host is among those invited it learns so in the same append as the cohort itself; the
other authorities learn through `placing`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from chassis.acting import Situation, Step
from chassis.failures import NotFound
from groups import streams
from groups.asks import AskForPlace, EndCase, GiveUpPlace, MakeOffer, NoteAttendance, TakePlace
from groups.attendance import RecordAttendance
from groups.case_requests import CASE_REQUESTS, NoteRequest
from groups.cohort import COHORT, PublishCohort, ReleasePlace, ReservePlace
from groups.invitation import INVITATION, CohortNotOpenHere, Invited, LearnOfCohort
from groups.place import (
    PLACE,
    AcceptPlace,
    DeclinePlace,
    LapseOffer,
    OfferPlace,
    PlaceCommand,
    PutOnWaitingList,
)
from groups.programme import PROGRAMME, Known, ProgrammeState, ProgrammeUnknown, PublishProgramme
from groups.request import Asked, NotRequested, RequestPlace, WithdrawRequest
from ledger.clock import london_day, start_of_day

PlaceAsk: TypeAlias = (
    AskForPlace
    | MakeOffer
    | PutOnWaitingList
    | TakePlace
    | GiveUpPlace
    | LapseOffer
    | NoteAttendance
    | EndCase
)
Command: TypeAlias = (
    PublishProgramme | PublishCohort | LearnOfCohort | ReservePlace | ReleasePlace | PlaceAsk
)


async def compose(command: Command, situation: Situation) -> Sequence[Step]:
    """Turn a command into steps."""
    match command:
        case PublishProgramme(programme_id=each):
            return [Step(PROGRAMME, streams.programme_stream(each), command)]
        case PublishCohort():
            return await _publish_cohort(command, situation)
        case LearnOfCohort():
            return [_learn(command, situation.tenant)]
        case ReservePlace(cohort_id=each) | ReleasePlace(cohort_id=each):
            return [Step(COHORT, streams.cohort_stream(each), command)]
        case _:
            return await _place_steps(command, situation)


async def _place_steps(command: PlaceAsk, situation: Situation) -> Sequence[Step]:  # noqa: PLR0911 # a row a command
    match command:
        case AskForPlace():
            return await _ask(command, situation)
        case MakeOffer(place_id=each, offer_days=days):
            return [_on_place(each, OfferPlace(offer_end(await situation.now(), days)))]
        case PutOnWaitingList(place_id=each):
            return [_on_place(each, command)]
        case TakePlace(place_id=each):
            await _place_known(each, situation)
            return [_on_place(each, AcceptPlace(await situation.now()))]
        case GiveUpPlace(place_id=each):
            await _place_known(each, situation)
            return [_on_place(each, DeclinePlace())]
        case LapseOffer(stream_id=stream_id):
            return [Step(PLACE, stream_id, command)]
        case NoteAttendance():
            return await _attend(command, situation)
        case EndCase(case_id=case_id):
            noted = streams.case_requests_stream(situation.tenant, case_id)
            places = await situation.state(CASE_REQUESTS, noted)
            return [_on_place(each, WithdrawRequest()) for each in places]


def offer_end(now: datetime, days: int) -> datetime:
    """Return the end, in London, of the last of the days that a family has to answer."""
    return start_of_day(london_day(now) + timedelta(days=days + 1))


async def _publish_cohort(command: PublishCohort, situation: Situation) -> Sequence[Step]:
    stream = streams.programme_stream(command.terms.programme_id)
    programme: ProgrammeState = await situation.state(PROGRAMME, stream)
    if not isinstance(programme, Known):
        raise ProgrammeUnknown
    host = situation.tenant
    steps = [Step(COHORT, streams.cohort_stream(command.cohort_id), command)]
    if host in command.open_to:
        steps.append(_learn(LearnOfCohort(command.cohort_id, host, command.terms), host))
    return steps


def _learn(command: LearnOfCohort, authority: UUID) -> Step:
    return Step(INVITATION, streams.invitation_stream(authority, command.cohort_id), command)


async def _ask(command: AskForPlace, situation: Situation) -> Sequence[Step]:
    await situation.look(
        {
            streams.invitation_stream(situation.tenant, command.cohort_id): INVITATION,
            streams.place_stream(command.place_id): PLACE,
        }
    )
    invited = await _invited(command.cohort_id, situation)
    asked = Asked(
        command.place_id,
        command.request_id,
        command.cohort_id,
        invited.host,
        command.family_id,
        command.contact,
        command.child,
    )
    today = london_day(await situation.now())
    case_id = command.case_id
    people = tuple(each for each in (command.child, command.contact) if each is not None)
    request = RequestPlace(asked, command.asked_on or today, invited.terms.referral_deadline)
    steps = [Step(PLACE, streams.place_stream(asked.place_id), request, case_id, people)]
    if case_id is not None:
        noted = streams.case_requests_stream(situation.tenant, case_id)
        steps.append(Step(CASE_REQUESTS, noted, NoteRequest(asked.place_id), case_id))
    return steps


async def _attend(command: NoteAttendance, situation: Situation) -> Sequence[Step]:
    asked = await _place_known(command.place_id, situation)
    invited = await _invited(asked.cohort_id, situation)
    day = invited.session_day(command.session_number)
    today = london_day(await situation.now())
    record = RecordAttendance(command.session_number, command.presence, day, today)
    return [_on_place(command.place_id, record)]


async def _invited(cohort_id: UUID, situation: Situation) -> Invited:
    stream = streams.invitation_stream(situation.tenant, cohort_id)
    invitation = await situation.state(INVITATION, stream)
    if not isinstance(invitation, Invited):
        raise CohortNotOpenHere
    return invitation


async def _place_known(place_id: UUID, situation: Situation) -> Asked:
    place = await situation.state(PLACE, streams.place_stream(place_id))
    if isinstance(place, NotRequested):
        raise NotFound("place")
    return place.asked


def _on_place(place_id: UUID, command: PlaceCommand) -> Step:
    return Step(PLACE, streams.place_stream(place_id), command)
