"""A redirect ends acknowledged or back here, whatever comes first, and both sides agree on it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.acting import Do, Heard
from ledger.decider import Decider, Refusal
from ledger.envelope import Occurred
from ledger.personal import Plain
from ledger.testing import Given, Transitions
from referrals.redirects import published
from referrals.redirects.answering import hear
from referrals.redirects.compose import answer_by
from referrals.redirects.events import (
    RedirectAskedBack,
    RedirectCameBack,
    RedirectDelivered,
    RedirectOffered,
    RedirectTakenOver,
)
from referrals.redirects.incoming import (
    INCOMING,
    AcknowledgeRedirect,
    GiveBack,
    GivenBack,
    NeverToArrive,
    NoteArrived,
    RedirectAcknowledged,
    RedirectArrived,
    RedirectGivenBack,
    RedirectRefused,
    RefuseRedirect,
)
from referrals.redirects.incoming import Acknowledged as AcknowledgedThere
from referrals.redirects.incoming import Refused as RefusedThere
from referrals.redirects.reasons import Ground, RecallReason, RefuseReason, ReturnReason, recalled
from referrals.redirects.reasons import refused as why_refused
from referrals.redirects.redirect import (
    REDIRECT,
    AlreadyAcknowledged,
    AlreadyBack,
    CameBack,
    EndForConsent,
    EndUnanswered,
    EndUnsent,
    NoteAcknowledged,
    NoteDelivered,
    NoteGivenBack,
    NoteRefused,
    NotOutside,
    Offer,
    RecallRedirect,
    RecordOutsideAcknowledgement,
    TakenOver,
)

ID, REFERRAL, CHILD, COPY, CHILD_THERE = (UUID(int=each) for each in range(1, 6))
HERE, THERE = UUID(int=10), UUID(int=11)
NOTHING: Plain[str | None] = Plain(None)
SAID: Plain[str | None] = Plain("by letter")

offered = RedirectOffered(
    ID,
    REFERRAL,
    CHILD,
    "harrowdale",
    THERE,
    outside=False,
    ground=Ground.CONSENT,
    recipient="authority:harrowdale",
    answer_by=datetime(2025, 11, 25, tzinfo=UTC),
    rule="2005-12-30",
    words=NOTHING,
    how_sent=NOTHING,
)
offered_outside = replace(offered, to="estover", outside=True, how_sent=SAID)
delivered = RedirectDelivered(ID)
unanswered = RedirectAskedBack(ID, THERE, ReturnReason.NOT_ACKNOWLEDGED)
taken_over = RedirectTakenOver(ID, CHILD, NOTHING)
recall = RecallRedirect(ID, RecallReason.FAMILY_ASKED)
record = RecordOutsideAcknowledgement(ID, SAID)

arrived = RedirectArrived(
    ID, "colne-bay", HERE, REFERRAL, COPY, CHILD_THERE, Ground.CONSENT, "parental-responsibility",
    date(2025, 11, 17),
)  # fmt: skip
refuse = RefuseRedirect(ID, RefuseReason.NOT_DUTY_HOLDER, NOTHING)
refused_there = RedirectRefused(ID, HERE, CHILD_THERE, RefuseReason.NOT_DUTY_HOLDER, NOTHING)
acknowledged = RedirectAcknowledged(ID, HERE)
given_back = RedirectGivenBack(ID, HERE)

redirect = Given(REDIRECT)


def back(reason: ReturnReason) -> RedirectCameBack:
    return RedirectCameBack(ID, REFERRAL, reason)


TRANSITIONS = Transitions(
    {
        "not offered": redirect,
        "offered": redirect.given(offered),
        "offered and delivered": redirect.given(offered, delivered),
        "asked back": redirect.given(offered, unanswered),
        "taken over": redirect.given(offered, taken_over),
        "came back": redirect.given(offered, unanswered, back(ReturnReason.NOT_ACKNOWLEDGED)),
        "offered outside": redirect.given(offered_outside),
        "taken over outside": redirect.given(offered_outside, taken_over),
        "came back from outside": redirect.given(
            offered_outside, back(ReturnReason.NOT_ACKNOWLEDGED)
        ),
    },
    {
        "offer": Offer(offered),
        "note delivered": NoteDelivered(ID),
        "recall": recall,
        "end, for the consent was withdrawn": EndForConsent(ID),
        "end, for it cannot be sent": EndUnsent(ID),
        "end, for nobody answered": EndUnanswered(),
        "note acknowledged": NoteAcknowledged(ID),
        "note refused": NoteRefused(ID, RefuseReason.NOT_ELIGIBLE),
        "note given back": NoteGivenBack(ID),
        "record an acknowledgement from outside": record,
    },
)


def test_a_referral_is_offered_delivered_and_taken_over() -> None:
    redirect.when(Offer(offered)).then(offered)
    redirect.given(offered).when(NoteDelivered(ID)).then(delivered)
    redirect.given(offered, delivered).when(NoteAcknowledged(ID)).then(taken_over)


def test_the_other_side_may_answer_before_the_delivery_is_noted() -> None:
    redirect.given(offered).when(NoteAcknowledged(ID)).then(taken_over)
    redirect.given(offered, taken_over).when(NoteDelivered(ID)).then()


def test_when_nobody_answers_it_is_asked_back_and_comes_back() -> None:
    redirect.given(offered, delivered).when(EndUnanswered()).then(unanswered)
    comes_back = back(ReturnReason.NOT_ACKNOWLEDGED)
    redirect.given(offered, unanswered).when(NoteGivenBack(ID)).then(comes_back)


def test_an_acknowledgement_that_was_first_stands_though_it_was_asked_back() -> None:
    redirect.given(offered, unanswered).when(NoteAcknowledged(ID)).then(taken_over)


def test_a_refusal_brings_it_back_with_its_reason() -> None:
    refusal = NoteRefused(ID, RefuseReason.NOT_ELIGIBLE)
    redirect.given(offered).when(refusal).then(back(ReturnReason.REFUSED_NOT_ELIGIBLE))


def test_a_redirect_is_recalled_until_it_is_acknowledged() -> None:
    asked = RedirectAskedBack(ID, THERE, ReturnReason.FAMILY_ASKED)
    redirect.given(offered, delivered).when(recall).then(asked)
    redirect.given(offered, taken_over).when(recall).then_refused(AlreadyAcknowledged)


def test_a_consent_that_ends_recalls_what_is_not_acknowledged() -> None:
    asked = RedirectAskedBack(ID, THERE, ReturnReason.CONSENT_WITHDRAWN)
    redirect.given(offered).when(EndForConsent(ID)).then(asked)
    redirect.given(offered, taken_over).when(EndForConsent(ID)).then()


def test_what_cannot_be_sent_comes_back_at_once() -> None:
    asked = RedirectAskedBack(ID, THERE, ReturnReason.COULD_NOT_BE_SENT)
    redirect.given(offered).when(EndUnsent(ID)).then(asked)


def test_of_an_authority_outside_this_side_decides_alone() -> None:
    said_outside = RedirectTakenOver(ID, CHILD, SAID)
    not_in_time = back(ReturnReason.NOT_ACKNOWLEDGED)
    redirect.given(offered_outside).when(record).then(said_outside)
    redirect.given(offered_outside).when(EndUnanswered()).then(not_in_time)
    redirect.given(offered_outside).when(recall).then(back(ReturnReason.FAMILY_ASKED))
    redirect.given(offered_outside, not_in_time).when(record).then_refused(AlreadyBack)
    redirect.given(offered).when(record).then_refused(NotOutside)


def test_a_code_of_a_return_is_there_for_each_recall_and_refusal() -> None:
    for reason in RecallReason:
        assert recalled(reason) == reason.value
    for refusal in RefuseReason:
        assert why_refused(refusal) == f"refused-{refusal.value}"


@pytest.mark.parametrize(
    ("offered_on", "days", "late"),
    [
        # Monday to Monday of the next week; a year's turn with its three bank holidays; summer.
        (date(2025, 11, 17), 5, datetime(2025, 11, 25, tzinfo=UTC)),
        (date(2025, 12, 24), 5, datetime(2026, 1, 6, tzinfo=UTC)),
        (date(2025, 7, 1), 0, datetime(2025, 7, 1, 23, tzinfo=UTC)),
    ],
)
def test_an_answer_is_due_by_the_end_of_a_working_day(
    offered_on: date, days: int, late: datetime
) -> None:
    assert answer_by(offered_on, days) == late


commands_here = [
    Offer(offered),
    NoteDelivered(ID),
    recall,
    EndForConsent(ID),
    EndUnsent(ID),
    EndUnanswered(),
    NoteAcknowledged(ID),
    NoteRefused(ID, RefuseReason.NOT_ELIGIBLE),
    NoteGivenBack(ID),
    record,
]
commands_there = [NoteArrived(arrived), AcknowledgeRedirect(ID), refuse, GiveBack(ID, HERE)]


@given(st.sampled_from([offered, offered_outside]), st.lists(st.sampled_from(commands_here)))
def test_any_command_on_either_side_twice_decides_nothing_the_second_time(
    beginning: RedirectOffered, commands: list[Any]
) -> None:
    history: tuple[object, ...] = (beginning,)
    for command in commands:
        decided = redirect.given(*history).when(command)
        if decided.refusal is None:
            redirect.given(*history).repeats_nothing(command)
        history = (*history, *decided.events)


class BothSides:
    """The two streams of one redirect, and what each has told and the other has yet to hear."""

    def __init__(self) -> None:
        self.here: list[Any] = [offered]
        self.there: list[Any] = []
        self.untold: list[Any] = []

    def act(self, command: Any) -> None:
        """Decide a command on the side that it is for; a refusal changes nothing."""
        ours = isinstance(command, tuple(type(each) for each in commands_here))
        decider: Decider[Any, Any, Any] = REDIRECT if ours else INCOMING
        history = self.here if ours else self.there
        try:
            decided = decider.decide(command, decider.fold(history))
        except Refusal:
            return
        history.extend(decided)
        self.untold.extend(decided)

    def carry(self) -> None:
        """Bring the copy over, as the carrier does, while it is on offer."""
        state = REDIRECT.fold(self.here)
        if state == REDIRECT.fold([offered]):
            self.act(NoteArrived(arrived))
            self.act(NoteDelivered(ID))

    def tell(self, which: int) -> None:
        """Let one side hear something that the other told, in any order."""
        if self.untold:
            for asked in heard(self.untold.pop(which % len(self.untold))):
                self.act(asked.command)


def heard(event: object) -> list[Do]:
    at = datetime(2025, 11, 25, tzinfo=UTC)
    recorded: Any = type("Told", (), {"event": event})
    told: Any = published.publish(recorded)
    if told is None:
        return []
    tenant = HERE if isinstance(event, RedirectAskedBack | RedirectOffered) else THERE
    fields: dict[str, Any] = {name: getattr(told, name) for name in type(told).__slots__}
    said = Heard(
        event_id=uuid4(),
        service="referrals",
        tenant=tenant,
        category="Any",
        stream_id=uuid4(),
        version=1,
        type=type(told).__name__,
        schema_version=1,
        occurred=Occurred(at),
        recorded_at=at,
        correlation_id=uuid4(),
        case_id=None,
        data=fields,
    )
    return [each for each in hear(said) if isinstance(each, Do)]


Move = Callable[[BothSides], None]


def acting(command: Any) -> Move:
    return lambda sides: sides.act(command)


MOVES: list[Move] = [
    BothSides.carry,
    acting(AcknowledgeRedirect(ID)),
    acting(refuse),
    acting(recall),
    acting(EndUnanswered()),
    acting(EndForConsent(ID)),
    acting(EndUnsent(ID)),
    lambda sides: sides.tell(0),
    lambda sides: sides.tell(1),
]


@given(st.lists(st.sampled_from(MOVES), max_size=20))
def test_in_any_order_of_answer_deadline_and_recall_both_sides_end_alike(
    moves: list[Move],
) -> None:
    sides = BothSides()
    for move in moves:
        move(sides)
    # In the end everything is carried, the time is over, and everybody has heard everything.
    sides.carry()
    sides.act(EndUnanswered())
    while sides.untold:
        sides.tell(0)
    here = REDIRECT.fold(sides.here)
    there = INCOMING.fold(sides.there)
    match here:
        case TakenOver():
            assert isinstance(there, AcknowledgedThere)
        case CameBack(reason=reason):
            assert isinstance(there, RefusedThere | GivenBack | NeverToArrive)
            if isinstance(there, RefusedThere):
                assert reason == why_refused(there.reason)
        case _:
            pytest.fail(f"it ended as {type(here).__name__}")
    answers = [RedirectAcknowledged, RedirectRefused, RedirectGivenBack]
    assert sum(type(each) in answers for each in sides.there) == 1
    ends = [RedirectTakenOver, RedirectCameBack]
    assert sum(type(each) in ends for each in sides.here) == 1
