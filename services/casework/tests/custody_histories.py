"""Made-up histories of a case that wanders between authorities, and who holds it, counted naively.

`python -m services.casework.tests.custody_histories --histories 10000` tells them all. News between
authorities comes late, twice and out of order; workers answer and recall in the same moment.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

from casework.allocations.allocation_commands import Candidate
from casework.cases import case
from casework.transfers import incoming, transfer
from casework.transfers import incoming_events as answers
from casework.transfers import transfer_commands as asked
from casework.transfers.codes import Ground, Kind, Reason, RefuseReason, RevokeReason
from casework.transfers.custody import Passing, holder_at
from casework.transfers.events import CustodyPassed, TransferAskedBack, TransferOffered
from casework.transfers.transfer_states import Gone, Staying, Transfer
from casework.workers.profile import WorkerKind
from casework.workers.worker import Registered
from ledger.decider import Refusal
from ledger.personal import Plain

BEGINS = datetime(2026, 1, 10, 9, tzinfo=UTC)
AUTHORITIES = tuple(UUID(int=n) for n in (1, 2, 3))
CASE, CHILD, FAMILY = (UUID(int=n) for n in (4, 5, 6))
STEPS = 60


@dataclass
class Side:
    """What one authority has recorded."""

    held: case.Case = field(default_factory=case.NotOpened)
    going: Transfer = field(default_factory=Staying)
    came: dict[UUID, incoming.Incoming] = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        """Whether it has the case and may write to it."""
        return not isinstance(self.held, case.NotOpened) and not isinstance(self.going, Gone)


@dataclass
class History:
    """One history as it is told; `passings` are in the order in which they were appended."""

    chance: Random
    now: datetime = BEGINS
    sides: dict[UUID, Side] = field(default_factory=lambda: {each: Side() for each in AUTHORITIES})
    # To whom, and what he hears; what was delivered may be delivered again.
    news: list[tuple[UUID, object]] = field(default_factory=list)
    old: list[tuple[UUID, object]] = field(default_factory=list)
    passings: list[Passing] = field(default_factory=list)
    # Who may write, from which instant on, as the stores would say it.
    writers: list[tuple[datetime, frozenset[UUID]]] = field(default_factory=list)
    accepted: set[UUID] = field(default_factory=set)
    ids: int = 100

    def fresh(self) -> UUID:
        """Return an id that is nobody's yet."""
        self.ids += 1
        return UUID(int=self.ids)

    def decided(self, at: UUID, command: object, about: UUID | None = None) -> list[object]:
        """Let one side decide, and tell what it tells."""
        side = self.sides[at]
        try:
            if about is None:
                events = list(transfer.DECIDER.decide(command, side.going))  # type: ignore[arg-type] # drawn from a list
                side.going = transfer.DECIDER.fold(events, side.going)
            else:
                before = side.came.get(about, incoming.NotArrived())
                events = list(incoming.DECIDER.decide(command, before))  # type: ignore[arg-type] # drawn from a list
                side.came[about] = incoming.DECIDER.fold(events, before)  # type: ignore[arg-type] # just decided
        except Refusal:
            return []
        for event in events:
            self.tell(at, event)
        return list(events)

    def tell(self, at: UUID, event: object) -> None:
        """Send the news of an event to the side that it concerns."""
        match event:
            case TransferOffered(to_authority=UUID() as to) | TransferAskedBack(to_authority=to):
                self.news.append((to, (at, event)))
            case (
                answers.TransferAccepted(sent_by_authority=to)
                | answers.TransferTurnedDown(sent_by_authority=to)
                | answers.TransferGivenBack(sent_by_authority=to)
            ):
                self.news.append((to, (at, event)))
            case CustodyPassed(to_authority=to):
                told_by = self.fresh()
                self.passings.append(Passing(self.now, at, to, told_by))
                self.news.append((to, (told_by, event)))
            case _:
                pass

    def hear(self, to: UUID, said: tuple[UUID, object]) -> None:
        """Let a side do what follows from news, as `answering.py` says it."""
        by, event = said
        match event:
            case TransferOffered() as offer:
                came = answers.TransferArrived(
                    offer.transfer, CASE, CHILD, by, offer.ground, offer.reason, offer.parts
                )
                self.decided(to, incoming.NoteArrived(came), offer.transfer)
            case TransferAskedBack(transfer=asked_back):
                self.decided(to, incoming.GiveBack(asked_back, CASE, by), asked_back)
            case answers.TransferAccepted(transfer=taken, lead=lead):
                self.accepted.add(taken)
                held = self.sides[to].held
                self.decided(to, asked.PassCustody(taken, held, to, lead, self.fresh()))
            case answers.TransferTurnedDown(transfer=refused, reason=reason):
                self.decided(to, asked.NoteRefused(refused, reason))
            case answers.TransferGivenBack(transfer=back):
                self.decided(to, asked.NoteGivenBack(back))
            case CustodyPassed() as passed:
                self.receive(to, by, passed)
            case _:
                raise AssertionError(event)

    def receive(self, to: UUID, by: UUID, passed: CustodyPassed) -> None:
        """Let the case go on at the side to which it passed: all of it or nothing."""
        if not self.decided(to, incoming.NoteReceived(by), passed.transfer):
            return
        side = self.sides[to]
        take = case.TakeOver(
            CASE, CHILD, FAMILY, None, passed.episode, passed.transfer, date(2026, 1, 10)
        )
        side.held = case.DECIDER.fold(case.DECIDER.decide(take, side.held), side.held)
        self.decided(to, asked.NoteBack(passed.transfer, by))


def told(seed: int) -> History:
    """Tell one history to its end: whatever is on its way arrives at last."""
    chance = Random(seed)  # noqa: S311 # to draw a history, nothing secret
    story = History(chance)
    first = chance.choice(AUTHORITIES)
    story.sides[first].held = case.Open(CASE, CHILD, FAMILY, None, 1, date(2025, 9, 8), frozenset())
    note(story)
    for _ in range(STEPS):
        story.now += timedelta(seconds=chance.choice((0, 0, 1, 60, 86_400)))
        _something(story)
        note(story)
    while story.news:
        _delivered(story)
        note(story)
    return story


def note(story: History) -> None:
    """Write down who may write from this instant on."""
    writers = frozenset(each for each, side in story.sides.items() if side.writes)
    story.writers.append((story.now, writers))


def _something(story: History) -> None:
    """Let somebody act, or news arrive."""
    chance = story.chance
    at = chance.choice(AUTHORITIES)
    match chance.randrange(8):
        case 0 | 1:
            to = chance.choice([each for each in AUTHORITIES if each != at])
            _offer(story, at, to)
        case 2:
            story.decided(at, asked.Revoke(RevokeReason.CIRCUMSTANCES_CHANGED))
        case 3 | 4:
            for each in list(story.sides[at].came):
                story.decided(at, _answer(chance), each)
        case _:
            _delivered(story)


def _offer(story: History, at: UUID, to: UUID) -> None:
    held = story.sides[at].held
    whither = asked.Whither(Kind.AUTHORITY, "there", to)
    offer = asked.Offer(
        story.fresh(),
        held,
        whither,
        Ground.STATUTORY_DUTY,
        asked.NotAgreed(),
        Reason.FAMILY_MOVED,
        frozenset(),
        Plain(None),
    )
    story.decided(at, offer)


def _answer(chance: Random) -> incoming.IncomingCommand:
    if chance.random() < 0.2:  # a fifth
        return incoming.TurnDown(RefuseReason.NO_CAPACITY, Plain(None))
    lead = Registered(UUID(int=7), WorkerKind.SUPPORT_WORKER, (), (), Plain("A. B."))
    return incoming.Accept(Candidate(lead, date(2026, 4, 1)))


def _delivered(story: History) -> None:
    """Deliver any piece of news, or an old one again."""
    chance = story.chance
    if story.old and (not story.news or chance.random() < 0.2):  # a fifth
        to, said = chance.choice(story.old)
    elif story.news:
        to, said = story.news.pop(chance.randrange(len(story.news)))
        story.old.append((to, said))
    else:
        return
    story.hear(to, said)  # type: ignore[arg-type] # who said it, and what


def faults(story: History) -> Iterator[str]:
    """Say what is wrong with a history, counted naively; nothing is, if nothing is said."""
    [first] = story.writers[0][1]
    # From hand to hand, each passing by who held the case; never two hands from one.
    holder = first
    for each in story.passings:
        if each.from_authority != holder:
            yield f"{each.from_authority} passed on what {holder} held"
        holder = each.to_authority
    for at, writers in story.writers:
        if len(writers) > 1:
            yield f"at {at} {len(writers)} may write"
    # At every instant that matters, and between them.
    instants = {at for at, _ in story.writers} | {each.at for each in story.passings}
    for at in sorted(instants | {each - timedelta(seconds=1) for each in instants}):
        found, expected = holder_at(first, story.passings, at), first
        for each in story.passings:
            expected = each.to_authority if each.at <= at else expected
        if found != expected:
            yield f"at {at} {found} is said to hold it, not {expected}"
    if story.writers[-1][1] != {holder}:
        yield f"in the end {story.writers[-1][1]} may write, and {holder} holds it"
    gone = {each for side in story.sides.values() for each in _went(side)}
    if story.accepted - gone:
        yield "who was told that it was accepted did not get it"


def _went(side: Side) -> Iterator[UUID]:
    for each, state in side.came.items():
        if isinstance(state, incoming.Received | incoming.Whole):
            yield each


def main() -> int:
    """Tell as many histories as asked, and say what is wrong with any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked_for = parser.parse_args()
    wrong, passings = 0, 0
    for seed in range(asked_for.seed, asked_for.seed + asked_for.histories):
        story = told(seed)
        passings += len(story.passings)
        for fault in faults(story):
            wrong += 1
            sys.stdout.write(f"history {seed}: {fault}\n")
    sys.stdout.write(
        f"{asked_for.histories} histories, {passings} passings of custody, {wrong} faults\n"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
