"""A concern that a child may be in danger: raised, acknowledged by a person, then closed.

A stream of its own: it asks nothing of a case's state, of consent, or of who the child is. Until a
person acknowledges it others are told again and again; an authority that was notified is waited
for.
"""

from dataclasses import replace
from datetime import date
from typing import assert_never

from casework.urgent.alert import Alert
from casework.urgent.concern_commands import (
    Acknowledge,
    Close,
    ConcernCommand,
    Escalate,
    NoteAnswer,
    NoteSilence,
    Raise,
    Refer,
    TellEmergency,
)
from casework.urgent.concern_events import (
    About,
    ConcernAcknowledged,
    ConcernClosed,
    ConcernEscalated,
    ConcernEvent,
    ConcernIdentified,
    ConcernRaised,
    ConcernReopened,
    ConcernRepeated,
    EmergencyTold,
    LAAcknowledged,
    LAOverdue,
    ReferredToLA,
)
from casework.urgent.concern_states import (
    Acknowledged,
    Closed,
    Concern,
    Known,
    NotRaised,
    Raised,
)
from ledger.decider import Decider, Refusal


class NoSuchConcern(Refusal):
    """The authority has no concern of that id."""


class ConcernIsClosed(Refusal):
    """The concern was closed; a new danger is a new concern, or reopens it."""


class NotAcknowledged(Refusal):
    """Nobody has acknowledged the concern: whoever closes it takes it on first."""


class AuthorityNotAnswered(Refusal):
    """An authority that was notified has not answered yet."""


class AuthorityNotNotified(Refusal):
    """That authority was not notified of the concern."""


class ClosedOtherwise(Refusal):
    """The concern is closed already, with another outcome."""


def decide(  # noqa: C901, PLR0911 # a table: one row a transition
    command: ConcernCommand, concern: Concern
) -> list[ConcernEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command, concern:
        case Raise(), _:
            return _raise(command, concern)
        case _, NotRaised():
            raise NoSuchConcern
        case Acknowledge(worker), Raised(known):
            return [ConcernAcknowledged(known.concern_id, worker)]
        case Acknowledge(), Acknowledged() | Closed():
            return []
        case Escalate(due, alert), Raised(known) if due not in known.escalated:
            step = len(known.escalated) + 1
            return [ConcernEscalated(known.concern_id, step, due, alert)]
        # Acknowledged at the last moment, or noted already.
        case Escalate(), _:
            return []
        case NoteSilence(authority, answer_by, alert), _:
            return _silence(authority, answer_by, alert, concern.known)
        case NoteAnswer(authority), _:
            return _answer(authority, concern.known)
        case Close(), _:
            return _close(command, concern)
        case TellEmergency() | Refer(), _:
            return _told(command, concern)
        case _:
            raise Refusal(type(command), type(concern))


def _raise(command: Raise, concern: Concern) -> list[ConcernEvent]:
    match concern:
        case NotRaised():
            return [
                ConcernRaised(
                    command.concern_id,
                    command.about,
                    command.about.child or command.concern_id,
                    command.source,
                    command.alert,
                    command.rule,
                    command.words,
                )
            ]
        case Raised(known) | Acknowledged(known) | Closed(known):
            about = _filled(known.about, command.about)
            learned = [ConcernIdentified(known.concern_id, about)] if about != known.about else []
            return [*learned, *_again(command, concern)]


def _again(
    command: Raise, concern: Raised | Acknowledged | Closed
) -> list[ConcernRepeated | ConcernReopened]:
    known = concern.known
    # Heard of again from where it is known from.
    if command.source in known.sources:
        return []
    if isinstance(concern, Closed):
        return [ConcernReopened(known.concern_id, command.source, command.alert)]
    return [ConcernRepeated(known.concern_id, command.source)]


def _filled(before: About, now: About) -> About:
    """Add what is known now to what was unknown before; what was known stays."""
    return About(
        before.child or now.child,
        before.referral or now.referral,
        before.case_id or now.case_id,
    )


def _silence(authority: str, answer_by: date, alert: Alert, known: Known) -> list[ConcernEvent]:
    asked = (authority, answer_by)
    if asked not in known.awaited or asked in known.overdue:
        return []
    return [LAOverdue(known.concern_id, authority, answer_by, alert)]


def _answer(authority: str, known: Known) -> list[ConcernEvent]:
    if any(each == authority for each, _ in known.awaited):
        return [LAAcknowledged(known.concern_id, authority)]
    if any(each == authority for each, _ in known.asked):
        return []
    raise AuthorityNotNotified


def _told(
    command: TellEmergency | Refer, concern: Raised | Acknowledged | Closed
) -> list[ConcernEvent]:
    """Record who was told: what is recorded already adds nothing, also after the closing."""
    known = concern.known
    match command:
        case TellEmergency(body, at) if (body, at) in known.told:
            return []
        case Refer(authority, _, answer_by) if (authority, answer_by) in known.asked:
            return []
        case _ if isinstance(concern, Closed):
            raise ConcernIsClosed
        case TellEmergency(body, at, words):
            return [EmergencyTold(known.concern_id, known.subject, body, at, words)]
        case Refer(authority, consent, answer_by, words):
            subject = known.subject
            return [ReferredToLA(known.concern_id, subject, authority, consent, answer_by, words)]


def _close(command: Close, concern: Raised | Acknowledged | Closed) -> list[ConcernEvent]:
    match concern:
        case Raised():
            raise NotAcknowledged
        case Acknowledged(Known(awaited=awaited)) if awaited:
            raise AuthorityNotAnswered
        case Acknowledged(known):
            subject = known.subject
            return [ConcernClosed(known.concern_id, subject, command.outcome, command.words)]
        case Closed(outcome=held):
            # The same closing again is the same answer, so that callers may retry.
            if held is command.outcome:
                return []
            raise ClosedOtherwise


def evolve(concern: Concern, event: ConcernEvent) -> Concern:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event:
        case ConcernRaised(concern_id, about, source=source, alert=alert):
            known = Known(concern_id, about, about.case_id, frozenset({source}))
            return Raised(replace(known, alerted=frozenset(alert.tell)))
        case _ if isinstance(concern, NotRaised):
            return concern
        case ConcernReopened(source=source, alert=alert):
            known = concern.known
            return Raised(
                replace(
                    known,
                    sources=known.sources | {source},
                    escalated=(),
                    alerted=known.alerted | set(alert.tell),
                )
            )
        case ConcernAcknowledged(worker=worker):
            return Acknowledged(concern.known, worker)
        case ConcernClosed(outcome=outcome):
            return Closed(concern.known, outcome)
        case _:
            return replace(concern, known=_learned(concern.known, event))


def _learned(  # noqa: PLR0911 # a row an event
    known: Known,
    event: ConcernIdentified
    | ConcernRepeated
    | ConcernEscalated
    | EmergencyTold
    | ReferredToLA
    | LAAcknowledged
    | LAOverdue,
) -> Known:
    match event:
        case ConcernIdentified(about=about):
            return replace(known, about=about)
        case ConcernRepeated(source=source):
            return replace(known, sources=known.sources | {source})
        case ConcernEscalated(due=due, alert=alert):
            alerted = known.alerted | set(alert.tell)
            return replace(known, escalated=(*known.escalated, due), alerted=alerted)
        case EmergencyTold(body=body, at=at):
            return replace(known, told=known.told | {(body, at)})
        case ReferredToLA(authority=authority, answer_by=day):
            asked = {(authority, day)}
            return replace(known, asked=known.asked | asked, awaited=known.awaited | asked)
        case LAAcknowledged(authority=authority):
            left = frozenset(each for each in known.awaited if each[0] != authority)
            return replace(known, awaited=left)
        case LAOverdue(authority=authority, answer_by=day, alert=alert):
            overdue = known.overdue | {(authority, day)}
            return replace(known, overdue=overdue, alerted=known.alerted | set(alert.tell))
        case _:
            assert_never(event)


DECIDER: Decider[ConcernCommand, Concern, ConcernEvent] = Decider(
    "Concern", NotRaised(), decide, evolve
)
