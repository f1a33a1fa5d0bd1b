"""Whatever happens in whatever order, no cohort is overfull and nobody waits beside free room.

The service's own composition, deciders, public words, hearing and deadlines run here against lists
in memory: each step of the flow may come at any time, twice, and between any others.
"""

import json
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from chassis.acting import Do, Due, Heard, Step
from chassis.failures import NotFound
from groups import streams
from groups.asks import AskForPlace, EndCase, GiveUpPlace, TakePlace
from groups.cohort import COHORT, PublishCohort, Published, Terms
from groups.compose import Command, compose
from groups.deadlines import deadlines, fall_due
from groups.place import PLACE, Accepted, Attending, Offered, PlaceState, Waiting
from groups.placing import hear
from groups.programme import PublishProgramme
from groups.published import publish
from ledger.commands import Claim
from ledger.decider import Decider, NotYet, Refusal
from ledger.envelope import Actor, Envelope, Occurred, Recorded

T = TypeVar("T")
S = TypeVar("S")

HOST, NEIGHBOUR = UUID(int=1), UUID(int=2)
PROGRAMME_ID, COHORT_ID, NOBODY = UUID(int=3), UUID(int=4), UUID(int=0)
START = datetime(2025, 12, 1, tzinfo=UTC)
terms = Terms(PROGRAMME_ID, 2, (date(2026, 1, 14), date(2026, 1, 21)), 4, date(2026, 1, 7))


def at_once(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run what never really waits."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    raise AssertionError("it waited")


SOMEBODY = Actor("somebody", "group-facilitator")
AROUND = Envelope(
    NOBODY, HOST, "", NOBODY, 1, 0, "", 1, Occurred(START), START, SOMEBODY, NOBODY, NOBODY
)
WIRE = Heard(NOBODY, "groups", HOST, "", NOBODY, 1, "", 1, Occurred(START), START, NOBODY, None)


def heard(recorded: Recorded[Any], public: object) -> Heard:
    """Take the public words over the wire."""
    data = json.loads(TypeAdapter(type(public)).dump_json(public))
    tenant = recorded.envelope.tenant
    return replace(WIRE, tenant=tenant, type=type(public).__name__, data=data)


@dataclass
class World:
    """The streams of two authorities, and how far each was heard."""

    clock: datetime = START
    logs: dict[tuple[UUID, UUID], list[Recorded[Any]]] = field(default_factory=dict)
    known: dict[tuple[UUID, UUID], int] = field(default_factory=dict)
    due: dict[tuple[str, UUID, UUID], datetime] = field(default_factory=dict)
    tenant: UUID = HOST
    partnership: str = ""
    slug: str = ""

    def authority(self, slug: str) -> UUID | None:
        """Answer for a Situation; this service asks for none."""
        raise AssertionError(slug)

    async def now(self) -> datetime:
        """Return the world's clock."""
        return self.clock

    async def look(self, *_wanted: object, **_more: object) -> None:
        """Nothing need be read ahead: all of it is at hand."""

    async def holder(self, claim: Claim) -> UUID | None:
        """Answer for a Situation; this service takes no claims."""
        raise AssertionError(claim)

    async def state(self, decider: Decider[Any, S, Any], stream_id: UUID) -> S:
        """Fold a stream of the authority that acts."""
        return decider.fold(each.event for each in self.logs.get((self.tenant, stream_id), ()))

    def execute(self, tenant: UUID, command: Command) -> None:
        """Decide all steps, then append all."""
        self.tenant = tenant
        steps = at_once(compose(command, self))
        decided = [(step, self._decide(step)) for step in steps]
        for step, events in decided:
            log = self.logs.setdefault((tenant, step.stream_id), [])
            for event in events:
                category, stream_id = step.decider.category, step.stream_id
                around = replace(AROUND, tenant=tenant, category=category, stream_id=stream_id)
                log.append(Recorded(event, around))
                self._set_deadlines(log[-1])

    def _decide(self, step: Step) -> list[object]:
        state: object = at_once(self.state(step.decider, step.stream_id))
        return list(step.decider.decide(step.command, state))

    def _set_deadlines(self, recorded: Recorded[Any]) -> None:
        for each in deadlines(recorded):
            key = (each.kind, recorded.envelope.tenant, each.stream_id)
            if isinstance(each, Due):
                self.due[key] = each.due_at
            else:
                self.due.pop(key, None)

    def hear_one(self, stream: tuple[UUID, UUID], again: int = 0) -> None:
        """Hear the next record of a stream, or one that was heard before."""
        at = self.known.get(stream, 0)
        at = at - again if 0 < again <= at else at
        if at >= len(self.logs[stream]):
            return
        recorded = self.logs[stream][at]
        public = publish(recorded)
        for do in hear(heard(recorded, public)) if public is not None else ():
            assert isinstance(do, Do)
            self.execute(do.tenant or recorded.envelope.tenant, do.command)  # type: ignore[arg-type] # a Do carries any command
        self.known[stream] = max(at + 1, self.known.get(stream, 0))

    def behind(self) -> list[tuple[UUID, UUID]]:
        """Return the streams that were not heard to their end."""
        return [each for each, log in self.logs.items() if self.known.get(each, 0) < len(log)]

    def pass_time(self, days: int) -> None:
        """Move the clock; what has fallen due is done."""
        self.clock += timedelta(days=days)
        for (kind, tenant, stream), at in list(self.due.items()):
            if at <= self.clock:
                self.execute(tenant, fall_due(kind, stream, at).command)  # type: ignore[arg-type] # a Do carries any command
                self.due.pop((kind, tenant, stream), None)

    def settle(self) -> None:
        """Hear everything."""
        while behind := self.behind():
            self.hear_one(behind[0])

    @property
    def cohort(self) -> Published:
        """The cohort as it stands."""
        state = COHORT.fold(e.event for e in self.logs[HOST, streams.cohort_stream(COHORT_ID)])
        assert isinstance(state, Published)
        return state

    def places(self) -> Iterator[tuple[UUID, PlaceState]]:
        """Return every place as it stands."""
        for log in self.logs.values():
            if log and log[0].envelope.category == "Place":
                yield log[0].event.asked.place_id, PLACE.fold(each.event for each in log)


def world(*, heard_of: bool = True) -> World:
    made = World()
    made.execute(HOST, PublishProgramme(PROGRAMME_ID, "Non-violent resistance", 10))
    made.execute(HOST, PublishCohort(COHORT_ID, terms, (HOST, NEIGHBOUR)))
    if heard_of:
        made.settle()
    return made


def ask(number: int, family: int) -> AskForPlace:
    """Ask for place 100 + number; every family but the first has a case."""
    case_id = UUID(int=1000 + family) if family else None
    return AskForPlace(
        place_id=UUID(int=100 + number),
        request_id=UUID(int=200 + number),
        cohort_id=COHORT_ID,
        family_id=UUID(int=300 + family),
        contact=UUID(int=400 + family),
        child=None,
        case_id=case_id,
        asked_on=None,
    )


def home(family: int) -> UUID:
    return HOST if family % 2 else NEIGHBOUR


def check(made: World) -> None:
    """Assert what holds after every single step."""
    cohort = made.cohort
    assert 0 <= cohort.room <= terms.capacity_families
    assert not (cohort.room and cohort.waiting)


def check_settled(made: World) -> None:
    """Assert that both sides of each place say the same once nothing is on its way."""
    held = {each.place_id for each in made.cohort.held}
    waiting = {each.place_id for each in made.cohort.waiting}
    places = dict(made.places())
    assert held == {k for k, v in places.items() if isinstance(v, Offered | Accepted | Attending)}
    assert waiting == {k for k, v in places.items() if isinstance(v, Waiting)}


def act(made: World, action: str, which: int, more: int) -> None:
    """Do one thing; what the domain refuses is done by nobody."""
    number, family = which % 8, which % 8 % 5
    place = UUID(int=100 + number)
    logs = list(made.logs)
    fresh = made.behind() or logs
    try:
        match action:
            case "ask":
                made.execute(home(family), ask(number, family))
            case "accept":
                made.execute(home(family), TakePlace(place))
            case "decline":
                made.execute(home(family), GiveUpPlace(place))
            case "close":
                made.execute(home(family), EndCase(UUID(int=1000 + family)))
            case "time":
                made.pass_time(which % 4)
            case "hear":
                made.hear_one(fresh[which % len(fresh)])
            case _:
                made.hear_one(logs[which % len(logs)], again=1 + more % 3)
    except (Refusal, NotFound):
        return


actions = st.tuples(
    st.sampled_from(["ask", "accept", "decline", "close", "time", "hear", "hear", "hear", "again"]),
    st.integers(0, 30),
    st.integers(0, 30),
)


@given(st.lists(actions, min_size=15, max_size=60))
def test_no_interleaving_overfills_a_cohort_or_leaves_room_while_a_family_waits(
    given_actions: list[tuple[str, int, int]],
) -> None:
    made = world()
    for action, which, more in given_actions:
        act(made, action, which, more)
        check(made)
    made.settle()
    check(made)
    check_settled(made)


@given(st.lists(actions, min_size=15, max_size=60))
def test_in_the_end_every_unanswered_offer_lapses_and_the_queue_moves_up(
    given_actions: list[tuple[str, int, int]],
) -> None:
    made = world()
    for action, which, more in given_actions:
        act(made, action, which, more)
    for _ in range(10):
        made.settle()
        made.pass_time(5)
    made.settle()
    check_settled(made)
    assert not any(isinstance(each, Offered) for _, each in made.places())


def placed(made: World) -> dict[int, str]:
    return {key.int - 100: type(state).__name__ for key, state in made.places()}


def test_a_waiting_list_moves_up_as_offers_are_declined_and_lapse() -> None:
    made = world()
    for number in range(4):
        made.execute(home(number), ask(number, number))
        made.settle()
    assert placed(made) == {0: "Offered", 1: "Offered", 2: "Waiting", 3: "Waiting"}
    made.execute(home(1), GiveUpPlace(UUID(int=101)))
    made.settle()
    assert placed(made) == {0: "Offered", 1: "Declined", 2: "Offered", 3: "Waiting"}
    made.execute(home(0), TakePlace(UUID(int=100)))
    made.pass_time(5)
    made.settle()
    assert placed(made) == {0: "Accepted", 1: "Declined", 2: "Lapsed", 3: "Offered"}


def test_closing_a_case_withdraws_its_waiting_request_alone() -> None:
    made = world()
    for number in range(1, 5):
        made.execute(home(number), ask(number, number))
        made.settle()
    for family in (1, 4):
        made.execute(home(family), EndCase(UUID(int=1000 + family)))
    made.settle()
    assert placed(made) == {1: "Offered", 2: "Offered", 3: "Waiting", 4: "Withdrawn"}
    assert [each.place_id for each in made.cohort.waiting] == [UUID(int=103)]


def test_a_request_before_its_authority_heard_of_the_cohort_is_tried_again_later() -> None:
    made = world(heard_of=False)
    for _ in range(2):
        try:
            made.execute(NEIGHBOUR, ask(0, 2))
        except NotYet:
            made.settle()
    made.settle()
    assert placed(made) == {0: "Offered"}
