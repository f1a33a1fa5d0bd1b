"""A concern asks nothing of a case: it is told until somebody takes it on, and awaits answers."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from casework.urgent.alert import Alert
from casework.urgent.concern import (
    DECIDER,
    AuthorityNotAnswered,
    AuthorityNotNotified,
    ClosedOtherwise,
    ConcernIsClosed,
    NoSuchConcern,
    NotAcknowledged,
)
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
    ConcernIdentified,
    ConcernRaised,
    ConcernReopened,
    ConcernRepeated,
    ConsentGround,
    Emergency,
    EmergencyTold,
    LAAcknowledged,
    LAOverdue,
    Outcome,
    ReferredToLA,
    Source,
)
from ledger.personal import Plain
from ledger.testing import Given, Transitions

CONCERN, CHILD, AMINA, MEG = (UUID(int=n) for n in range(1, 5))
AT = datetime(2025, 12, 24, 21, 15, tzinfo=UTC)
BY = date(2025, 12, 29)
ALERT = Alert(out_of_hours=True, tell=(AMINA, MEG), unstaffed=())
WORDS: Plain[str | None] = Plain("She says she was hit.")
NONE: Plain[str | None] = Plain(None)
KNOWN = About(CHILD, None, None)

call = Raise(CONCERN, KNOWN, Source.CALL, WORDS, ALERT, "urgent-1")
screen = replace(call, source=Source.SCREEN)
raised = ConcernRaised(CONCERN, KNOWN, CHILD, Source.CALL, ALERT, "urgent-1", WORDS)
taken = ConcernAcknowledged(CONCERN, str(AMINA))
closed = ConcernClosed(CONCERN, CHILD, Outcome.HANDED_OVER, Plain("The authority leads."))
close = Close(Outcome.HANDED_OVER, Plain("The authority leads."))
refer = Refer("harrowdale", ConsentGround.NOT_SOUGHT_URGENT, BY, NONE)
referred = ReferredToLA(CONCERN, CHILD, "harrowdale", ConsentGround.NOT_SOUGHT_URGENT, BY, NONE)
police = TellEmergency(Emergency.POLICE, AT, NONE)

concern = Given(DECIDER)
waiting = concern.given(raised)
at_work = waiting.given(taken)
over = at_work.given(closed)

TRANSITIONS = Transitions(
    {
        "nobody has said anything": concern,
        "raised": waiting,
        "raised, and told again": waiting.given(ConcernEscalated(CONCERN, 1, AT, ALERT)),
        "acknowledged": at_work,
        "waiting for an authority": at_work.given(referred),
        "closed": over,
    },
    {
        "raise": call,
        "raise from another source": screen,
        "acknowledge": Acknowledge(str(AMINA)),
        "tell others": Escalate(AT, ALERT),
        "record that the police were told": police,
        "notify an authority": refer,
        "note the authority's answer": NoteAnswer("harrowdale"),
        "note the authority's silence": NoteSilence("harrowdale", BY, ALERT),
        "close": close,
        "close with another outcome": Close(Outcome.MISTAKEN, Plain("No.")),
    },
)


def test_a_concern_is_raised_and_those_on_duty_are_told() -> None:
    concern.when(call).then(raised)


def test_nobody_needs_to_know_which_child_it_is() -> None:
    unknown = replace(call, about=About(None, None, None))
    concern.when(unknown).then(replace(raised, about=About(None, None, None), subject=CONCERN))


def test_the_same_source_again_adds_nothing_and_another_one_is_noted() -> None:
    waiting.when(call).then()
    waiting.when(screen).then(ConcernRepeated(CONCERN, Source.SCREEN))
    at_work.when(screen).then(ConcernRepeated(CONCERN, Source.SCREEN))


def test_what_nobody_knew_is_filled_in_when_it_is_told_again() -> None:
    unknown = replace(raised, about=About(None, None, None), subject=CONCERN)
    now = About(CHILD, MEG, None)
    concern.given(unknown).when(replace(call, about=now)).then(ConcernIdentified(CONCERN, now))
    concern.given(unknown, ConcernIdentified(CONCERN, now)).when(police).then(
        EmergencyTold(CONCERN, CHILD, Emergency.POLICE, AT, NONE)
    )
    over.when(replace(call, about=replace(KNOWN, child=MEG))).then()


def test_a_new_danger_after_the_closing_tells_all_anew() -> None:
    reopened = ConcernReopened(CONCERN, Source.SCREEN, ALERT)
    over.when(screen).then(reopened)
    over.given(reopened).when(Acknowledge(str(MEG))).then(ConcernAcknowledged(CONCERN, str(MEG)))


def test_a_person_takes_it_on_once() -> None:
    waiting.when(Acknowledge(str(AMINA))).then(taken)
    at_work.when(Acknowledge(str(MEG))).then()


def test_others_are_told_again_until_somebody_takes_it_on() -> None:
    first = ConcernEscalated(CONCERN, 1, AT, ALERT)
    later = AT + timedelta(minutes=30)
    waiting.when(Escalate(AT, ALERT)).then(first)
    waiting.given(first).when(Escalate(AT, ALERT)).then()
    waiting.given(first).when(Escalate(later, ALERT)).then(
        ConcernEscalated(CONCERN, 2, later, ALERT)
    )
    at_work.when(Escalate(AT, ALERT)).then()


def test_the_police_are_told_and_that_is_on_record_with_its_hour() -> None:
    waiting.when(police).then(EmergencyTold(CONCERN, CHILD, Emergency.POLICE, AT, NONE))


def test_an_authority_is_notified_without_consent_with_its_ground_and_answers() -> None:
    waiting.when(refer).then(referred)
    waiting.given(referred).when(NoteAnswer("harrowdale")).then(
        LAAcknowledged(CONCERN, "harrowdale")
    )
    waiting.when(NoteAnswer("harrowdale")).then_refused(AuthorityNotNotified)


def test_an_authority_that_is_silent_is_told_of_once() -> None:
    silence, late = (
        NoteSilence("harrowdale", BY, ALERT),
        LAOverdue(CONCERN, "harrowdale", BY, ALERT),
    )
    notified = at_work.given(referred)
    notified.when(silence).then(late)
    notified.given(late).when(silence).then()
    notified.given(LAAcknowledged(CONCERN, "harrowdale")).when(silence).then()


def test_it_is_closed_by_whoever_took_it_on_when_nobody_is_waited_for() -> None:
    waiting.when(close).then_refused(NotAcknowledged)
    at_work.given(referred).when(close).then_refused(AuthorityNotAnswered)
    at_work.when(close).then(closed)


def test_closed_it_stays_closed_as_it_was() -> None:
    over.when(close).then()
    over.when(Close(Outcome.MISTAKEN, Plain("No."))).then_refused(ClosedOtherwise)
    over.when(police).then_refused(ConcernIsClosed)
    over.when(refer).then_refused(ConcernIsClosed)


def test_what_is_no_concern_is_answered_as_absent() -> None:
    for each in (Acknowledge("x"), police, refer, close, Escalate(AT, ALERT)):
        concern.when(each).then_refused(NoSuchConcern)


commands: st.SearchStrategy[ConcernCommand] = st.sampled_from(
    [
        call,
        screen,
        Acknowledge(str(AMINA)),
        Escalate(AT, ALERT),
        Escalate(AT + timedelta(hours=1), ALERT),
        police,
        refer,
        NoteAnswer("harrowdale"),
        NoteSilence("harrowdale", BY, ALERT),
        close,
    ]
)


@given(st.lists(commands, max_size=15))
def test_a_repeated_command_decides_nothing(history: list[ConcernCommand]) -> None:
    so_far = waiting
    for command in history:
        decided = so_far.when(command)
        if decided.refusal is None:
            so_far.repeats_nothing(command)
            so_far = so_far.given(*decided.events)
