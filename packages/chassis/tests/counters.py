"""A small service for tests of the shell: counters with a label of their own, each a person's.

`python -m packages.chassis.tests.counters serve` runs it as a process.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, TypeAlias
from uuid import UUID

from chassis.acting import Do, Due, Heard, Met, Situation, Step, Subscription
from chassis.identity.policy import Policy, no_facts
from chassis.main import main
from chassis.service import Service
from ledger.commands import Claim
from ledger.decider import Decider, NotYet, Refusal
from ledger.envelope import Recorded
from ledger.personal import Block, Personal, Plain, SealedIn
from ledger.projecting import Projection
from ledger.registry import Registry
from ledger.writes import Statement, Write


@dataclass(frozen=True, slots=True)
class Open:
    """Open a counter; one that is there under its label is counted up instead."""

    counter: UUID
    person: UUID
    name: str
    label: str
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """Count up, or down."""

    counter: UUID
    by: int


@dataclass(frozen=True, slots=True)
class CountEach:
    """Count several, one after the other: all or none."""

    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class CountWhileOpen:
    """Count, if another counter is open: that one is only read."""

    count: Count
    witness: UUID


@dataclass(frozen=True, slots=True)
class Close:
    """Close a counter."""

    counter: UUID


@dataclass(frozen=True, slots=True)
class CounterOpened:
    """A counter was opened for a person."""

    person: UUID
    name: Annotated[Personal[str], SealedIn(Block.IDENTITY, of="person")]
    label: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A counter moved."""

    by: int


@dataclass(frozen=True, slots=True)
class CounterClosed:
    """A counter came to its end."""


@dataclass(frozen=True, slots=True)
class Absent:
    """There is no such counter."""


@dataclass(frozen=True, slots=True)
class Running:
    """A counter that counts."""

    total: int


@dataclass(frozen=True, slots=True)
class Ended:
    """A counter that counts no more."""


class Overdrawn(Refusal):
    """A counter never falls below nothing."""


class NotOpenYet(NotYet):
    """Its opening has not been heard of."""


Counter: TypeAlias = Absent | Running | Ended
COMMANDS = Open | Count | CountEach | CountWhileOpen | Close


def decide(command: object, counter: Counter) -> Sequence[object]:
    """Each row is a transition; whatever is not a row is refused."""
    match command, counter:
        case Open(person=person, name=name, label=label), Absent():
            return [CounterOpened(person, Plain(name), label)]
        case Open(), Running():
            return []
        case Count(by=by), Running(total=total) if total + by < 0:
            raise Overdrawn
        case Count(by=0), Running():
            return []
        case Count(by=by), Running():
            return [Counted(by)]
        case Count(), Absent():
            raise NotOpenYet
        case Close(), Running():
            return [CounterClosed()]
        case Close(), Ended():
            return []
        case _:
            raise Refusal(type(command), type(counter))


def evolve(counter: Counter, event: object) -> Counter:
    """Fold one fact."""
    match event, counter:
        case CounterOpened(), _:
            return Running(0)
        case Counted(by=by), Running(total=total):
            return Running(total + by)
        case _:
            return Ended()


COUNTER: Decider[Any, Any, Any] = Decider("Counter", Absent(), decide, evolve)


async def compose(command: Any, situation: Situation) -> Sequence[Step]:
    """Say which streams a command touches."""
    match command:
        case Open(counter=counter, label=label):
            claim = Claim("label", label)
            held = await situation.holder(claim)
            if held is not None and held != counter:
                return [Step(COUNTER, held, Count(held, 1))]
            subjects = (command.person,)
            return [Step(COUNTER, counter, command, command.case_id, subjects, take=(claim,))]
        case Count(counter=counter) | Close(counter=counter):
            return [Step(COUNTER, counter, command)]
        case CountEach(counts=counts):
            return [Step(COUNTER, each.counter, each) for each in counts]
        case CountWhileOpen(count=count, witness=witness):
            if not isinstance(await situation.state(COUNTER, witness), Running):
                raise Refusal(type(command), Ended)
            return [Step(COUNTER, count.counter, count)]
        case _:
            raise LookupError(type(command).__name__)


def outcome(_command: object, events: Sequence[tuple[UUID, object]]) -> str:
    """Remember how many facts it came to."""
    return str(len(events))


@dataclass(frozen=True, slots=True)
class Moved:
    """A counter moved by so much."""

    by: int


def publish(recorded: Recorded[Any]) -> object | None:
    """Tell of movements; one by 13 cannot be told of."""
    match recorded.event:
        case Counted(by=13):
            raise ValueError("thirteen")
        case Counted(by=by):
            return Moved(by)
        case _:
            return None


_TOTAL = Statement(
    "total",
    "insert into read.totals as t (tenant, stream_id, total) values ($1, $2, $3)"
    " on conflict (tenant, stream_id) do update set total = t.total + excluded.total",
)
NOTE = Statement(
    "note",
    "insert into read.notes as n (tenant, stream_id, times) values ($1, $2, $3)"
    " on conflict (tenant, stream_id) do update set times = n.times + excluded.times",
)


def project(recorded: Recorded[Any]) -> Sequence[Write]:
    """Keep the totals; a movement by 99 cannot be projected until somebody mends that."""
    at = recorded.envelope
    match recorded.event:
        case Counted(by=99) if not MENDED:
            raise ValueError(str(recorded.event))
        case Counted(by=by):
            return [_TOTAL(at.tenant, at.stream_id, by)]
        case _:
            return []


MENDED: list[str] = []
"""Holds something once a test has mended what the projection cannot do."""


def hear(heard: Heard) -> Sequence[Do | Write]:
    """Count what rings, note what is noted, choke on what is bad."""
    match heard.type:
        case "Rang":
            counter = UUID(heard.data["counter"])
            return [Do(Count(counter, heard.data.get("by", 1)), counter)]
        case "Noted":
            stream = UUID(heard.data["stream"])
            return [NOTE(heard.tenant, stream, heard.data.get("times", 1))]
        case "Bad":
            raise KeyError("a name that nobody may read")
        case _:
            return []


def deadlines(recorded: Recorded[Any]) -> Sequence[Due | Met]:
    """Let a counter close an hour after its last movement in the world."""
    at = recorded.envelope
    match recorded.event:
        case CounterOpened() | Counted():
            return [Due("close", at.stream_id, at.occurred.at + timedelta(hours=1))]
        case _:
            return [Met("close", at.stream_id)]


def fall_due(_kind: str, stream_id: UUID, _due_at: datetime) -> Do:
    """Close it."""
    return Do(Close(stream_id), stream_id)


REGISTRY = Registry().register("Counter", CounterOpened, Counted, CounterClosed)

COUNTERS = Service(
    name="counters",
    registry=REGISTRY,
    compose=compose,
    outcome=outcome,
    publish=publish,
    public_events=(Moved,),
    servicers=lambda _runtime: (),
    policy=Policy(()),
    facts=lambda _runtime: no_facts,
    migrations=Path(__file__).parent / "counters_migrations",
    projections=(Projection("totals", project, ("read.totals",)),),
    subscriptions=(Subscription("sources", hear),),
    deadlines=deadlines,
    fall_due=fall_due,
    first=frozenset({CounterClosed.__name__}),
)

if __name__ == "__main__":
    main(COUNTERS)
