"""Which streams a command on a referral goes to, and what is looked up for it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias, assert_never, get_args
from uuid import UUID

from chassis.acting import Compose, Situation, Step
from chassis.failures import NotFound
from ledger.clock import london_day
from referrals.codes import Check, Safeguarding
from referrals.duty.line import on_day
from referrals.duty.timeline import TIMELINE, line_of
from referrals.life import commands as own
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
    Telling,
)
from referrals.life.commands import (
    AcceptReferral,
    Answer,
    DeclineReferral,
    DutyFound,
    NoteTakenUp,
    ReferralCommand,
    WithdrawReferral,
)
from referrals.life.deadlines import InformationFellDue, ScreeningFellDue
from referrals.life.desk import Desk
from referrals.life.events import ReferralReceived
from referrals.life.referral import REFERRAL
from referrals.life.states import (
    Referral,
    desk_of,
)
from referrals.life.targets import Targets, answer_by, screening_targets
from referrals.redirects.ending import by_deciding
from referrals.rules.policies import shipped
from referrals.screening.held import screen_held
from referrals.screening.screen import SCREEN, Held, HoldScreen, LinkScreen, OfReferral
from referrals.streams import referral_stream, screen_stream, timeline_stream
from referrals.walls.known_families import moved

Command: TypeAlias = (
    ScreenReferral
    | AmendReferral
    | AddToReferral
    | RequestAssessment
    | RecordNeedsOf
    | AskForInformation
    | RecordInformation
    | AcceptReferral
    | DeclineReferral
    | WithdrawReferral
    | NoteTakenUp
    | ScreeningFellDue
    | InformationFellDue
)


async def compose(command: Command, situation: Situation) -> Sequence[Step]:
    """Turn a command into steps. Raises NotFound for a referral that is not there."""
    match command:
        case ScreenReferral(referral=referral):
            return await _screen(command, await _desk(referral, situation), situation)
        case AcceptReferral() | DeclineReferral() | WithdrawReferral():
            desk = await _desk(command.referral, situation)
            return [_on(desk, command), *await by_deciding(desk.said, situation)]
        case NoteTakenUp(referral=referral):
            return [await _noted(referral_stream(referral), command, situation)]
        case ScreeningFellDue(stream=stream, due_at=due_at):
            return [await _noted(stream, own.NoteScreeningDue(due_at), situation)]
        case InformationFellDue(stream=stream, due_at=due_at):
            return [await _noted(stream, own.NoteInformationDue(due_at), situation)]
        case _:
            desk = await _desk(command.referral, situation)
            return [_on(desk, _told(command, desk.said, await situation.now()))]


COMMANDS: Mapping[type, Compose] = dict.fromkeys(get_args(Command), compose)


def _told(command: Telling, said: ReferralReceived, now: datetime) -> ReferralCommand:
    """Return what is told to a referral, with the clocks that may follow from it."""
    match command:
        case AmendReferral(reason=reason, change=change):
            return own.Amend(reason, change, _targets(said, now))
        case AddToReferral(information=information, source=source, words=words):
            danger = command.immediate_danger
            return own.AddInformation(information, source, danger, words, _targets(said, now))
        case RecordInformation(inquiry=inquiry, immediate_danger=danger, words=words):
            return own.ReceiveInformation(inquiry, danger, words, _targets(said, now))
        case AskForInformation(inquiry=inquiry, source=source, words=words):
            due = answer_by(now, said.partnership)
            return own.AskInformation(inquiry, source, words, due)
        case RequestAssessment(asked_by=asked_by, asked_for=asked_for):
            return own.AskAssessment(asked_by, asked_for)
        case RecordNeedsOf(person=person, needs=needs):
            return own.RecordNeeds(person, needs)
        case _:
            assert_never(command)


async def _screen(command: ScreenReferral, desk: Desk, situation: Situation) -> Sequence[Step]:
    """Answer checks on the referral; the safeguarding screen is a stream of its own beside it."""
    said = desk.said
    answers: list[Answer | DutyFound] = []
    beside: list[Step] = []
    for each in command.answers:
        match each:
            case TakeDuty():
                answers.append(await _duty_found(said, situation))
            case TakeScreen(screen=screen):
                answers.append(await _taken(screen, situation))
                beside.append(_on_screen(said, screen, LinkScreen(said.referral)))
            case Answer(check=Check.SAFEGUARDING):
                screen = screen_held(desk)
                answers.append(own.Answer(each.check, each.code, screen, own.NO_WORDS))
                beside.append(_on_screen(said, screen, _hold(said, screen, each)))
            case Answer():
                answers.append(each)
    now = await situation.now()
    take, release = moved(desk, answers)
    step = _on(desk, own.AnswerChecks(tuple(answers), _targets(said, now)))
    return [replace(step, take=take, release=release), *beside]


async def _duty_found(said: ReferralReceived, situation: Situation) -> DutyFound:
    line = line_of(await situation.state(TIMELINE, timeline_stream(said.child)))
    today = london_day(await situation.now())
    span = on_day(line.duty, today)
    return DutyFound(span, span.rule if span else shipped().on(today, said.partnership).version)


async def _taken(screen: UUID, situation: Situation) -> Answer:
    held = await situation.state(SCREEN, screen_stream(screen))
    if not isinstance(held, Held):
        raise NotFound("screen")
    return Answer(Check.SAFEGUARDING, held.answered.answer.value, screen, own.NO_WORDS)


def _hold(said: ReferralReceived, screen: UUID, answer: Answer) -> HoldScreen:
    about = OfReferral(said.referral)
    return HoldScreen(screen, said.child, about, Safeguarding(answer.code), answer.words)


def _on_screen(said: ReferralReceived, screen: UUID, command: HoldScreen | LinkScreen) -> Step:
    return Step(SCREEN, screen_stream(screen), command, case_id=said.case, subjects=(said.child,))


def _targets(said: ReferralReceived, now: datetime) -> Targets:
    return screening_targets(said.received_at, said.partnership, now)


async def _desk(referral: UUID, situation: Situation) -> Desk:
    desk = desk_of(await situation.state(REFERRAL, referral_stream(referral)))
    if desk is None:
        raise NotFound("referral")
    return desk


def _on(desk: Desk, command: ReferralCommand) -> Step:
    """Return a step on a referral, which is about its child."""
    said = desk.said
    return Step(REFERRAL, referral_stream(said.referral), command, subjects=(said.child,))


async def _noted(stream: UUID, command: ReferralCommand, situation: Situation) -> Step:
    state: Referral = await situation.state(REFERRAL, stream)
    desk = desk_of(state)
    return Step(REFERRAL, stream, command, subjects=(desk.said.child,) if desk else ())
