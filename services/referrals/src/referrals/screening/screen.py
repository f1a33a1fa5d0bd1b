"""A safeguarding screen: somebody asked whether a child is safe, and what the answer was.

It is held for a referral, for an enquiry, or for a bare call of which nothing else is known; a call
may turn out to belong to a referral later. An answer may be given anew; danger is reported once.
"""

from dataclasses import dataclass, replace
from typing import Annotated, TypeAlias, assert_never
from uuid import UUID

from ledger.decider import Decider, Refusal
from ledger.personal import Block, Personal, SealedIn
from referrals.codes import Safeguarding

CATEGORY = "SafeguardingScreen"

MaybeWords: TypeAlias = Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="subject")]


@dataclass(frozen=True, slots=True)
class ScreenOpened:
    """A screen was begun. `subject`: the child; where no child is known the screen's own id.

    `referral` and `enquiry`: what it is held for; of a bare call both are None.
    """

    screen: UUID
    subject: UUID
    referral: UUID | None
    enquiry: UUID | None


@dataclass(frozen=True, slots=True)
class SafeguardingAnswered:
    """It was looked at whether a child is safe; recorded also when nothing was found."""

    screen: UUID
    subject: UUID
    answer: Safeguarding
    words: MaybeWords


@dataclass(frozen=True, slots=True)
class ScreenFoundDanger:
    """A child is in immediate danger of whom no referral tells: nobody waits for one."""

    screen: UUID
    enquiry: UUID | None


@dataclass(frozen=True, slots=True)
class ScreenLinked:
    """The screen turned out to belong to a referral: its answer counts there."""

    screen: UUID
    referral: UUID


ScreenEvent: TypeAlias = ScreenOpened | SafeguardingAnswered | ScreenFoundDanger | ScreenLinked


@dataclass(frozen=True, slots=True)
class OfReferral:
    """Held for a referral, which reports danger itself."""

    referral: UUID


@dataclass(frozen=True, slots=True)
class OfEnquiry:
    """Held for an enquiry."""

    enquiry: UUID


@dataclass(frozen=True, slots=True)
class OfCall:
    """Held for somebody of whom nothing is known."""


About: TypeAlias = OfReferral | OfEnquiry | OfCall


@dataclass(frozen=True, slots=True)
class HoldScreen:
    """Answer whether a child is safe, the first time or anew; `subject` as in ScreenOpened."""

    screen: UUID
    subject: UUID
    about: About
    answer: Safeguarding
    words: Personal[str | None]


@dataclass(frozen=True, slots=True)
class LinkScreen:
    """Let the screen count for a referral."""

    referral: UUID


ScreenCommand: TypeAlias = HoldScreen | LinkScreen


@dataclass(frozen=True, slots=True)
class NotHeld:
    """There is no such screen."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Begun; in the same append it is answered."""

    screen: UUID
    subject: UUID
    about: About


@dataclass(frozen=True, slots=True)
class Held:
    """Answered. `danger`: whether it reported danger itself."""

    opened: Opened
    answered: SafeguardingAnswered
    danger: bool


Screen: TypeAlias = NotHeld | Opened | Held


class OfAnotherReferral(Refusal):
    """The screen belongs to another referral."""


class AnsweredAtReferral(Refusal):
    """The screen belongs to a referral: it is answered there."""


def decide(command: ScreenCommand, screen: Screen) -> list[ScreenEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command, screen:
        case HoldScreen(), NotHeld():
            return [_opened(command), *_answered(command, told=False)]
        case HoldScreen(about=asked), Held(opened=Opened(about=OfReferral())) if not isinstance(
            asked, OfReferral
        ):
            raise AnsweredAtReferral
        case HoldScreen(about=OfReferral(referral=asked_of)), Held(
            opened=Opened(about=OfReferral(referral=of))
        ) if asked_of != of:
            raise OfAnotherReferral
        # The same again is the same answer, so that callers may retry.
        case HoldScreen(answer=answer, words=words), Held(answered=held) if (answer, words) == (
            held.answer,
            held.words,
        ):
            return []
        case HoldScreen(), Held(opened=opened, danger=danger):
            as_opened = replace(command, subject=opened.subject, about=opened.about)
            return _answered(as_opened, told=danger)
        case LinkScreen(referral=referral), Held(opened=Opened(about=OfReferral(referral=of))):
            if referral != of:
                raise OfAnotherReferral
            return []
        case LinkScreen(referral=referral), Held(opened=Opened(screen=known_as)):
            return [ScreenLinked(known_as, referral)]
        case _:
            raise Refusal(type(command), type(screen))


def evolve(screen: Screen, event: ScreenEvent) -> Screen:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event, screen:
        case ScreenOpened(screen=known_as, subject=subject), _:
            folded: Screen = Opened(known_as, subject, _about(event))
        case SafeguardingAnswered(), Opened():
            folded = Held(screen, event, danger=False)
        case SafeguardingAnswered(), Held():
            folded = replace(screen, answered=event)
        case ScreenFoundDanger(), Held():
            folded = replace(screen, danger=True)
        case ScreenLinked(referral=referral), Held(opened=opened):
            folded = replace(screen, opened=replace(opened, about=OfReferral(referral)))
        case _:
            folded = screen
    return folded


SCREEN: Decider[ScreenCommand, Screen, ScreenEvent] = Decider(CATEGORY, NotHeld(), decide, evolve)


def _about(event: ScreenOpened) -> About:
    if event.referral is not None:
        return OfReferral(event.referral)
    return OfCall() if event.enquiry is None else OfEnquiry(event.enquiry)


def _opened(command: HoldScreen) -> ScreenOpened:
    match command.about:
        case OfReferral(referral=referral):
            return ScreenOpened(command.screen, command.subject, referral, None)
        case OfEnquiry(enquiry=enquiry):
            return ScreenOpened(command.screen, command.subject, None, enquiry)
        case OfCall():
            return ScreenOpened(command.screen, command.subject, None, None)
        case _:
            assert_never(command.about)


def _answered(command: HoldScreen, *, told: bool) -> list[ScreenEvent]:
    answered = SafeguardingAnswered(command.screen, command.subject, command.answer, command.words)
    if told or command.answer != Safeguarding.IMMEDIATE_DANGER:
        return [answered]
    match command.about:
        case OfReferral():
            return [answered]
        case OfEnquiry(enquiry=enquiry):
            return [answered, ScreenFoundDanger(command.screen, enquiry)]
        case OfCall():
            return [answered, ScreenFoundDanger(command.screen, None)]
        case _:
            assert_never(command.about)
