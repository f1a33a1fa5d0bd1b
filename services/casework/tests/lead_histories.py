"""Random lives of a case's allocation, told to the decider: for the oracle of who leads it.

Workers are named, asked, hand over, fall away and know the family; the case closes and opens again;
commands come twice, and some are told late.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from casework.allocations.allocation import DECIDER
from casework.allocations.allocation_commands import (
    AcceptOffer,
    AllocateLead,
    AllocationCommand,
    AwaitLead,
    Candidate,
    DeclineOffer,
    EndAllocation,
    EndPart,
    JoinCase,
    NoteOverdue,
    NoteUnanswered,
    OfferPart,
    WithdrawOffer,
)
from casework.allocations.allocation_events import (
    AllocationReason,
    DeclineReason,
    LeavingReason,
    Part,
    Reach,
    WithdrawalReason,
)
from casework.allocations.allocation_states import Allocation
from casework.allocations.conflict import InConflict
from casework.cases.case import Case, Closed, CloseReason, Open
from casework.workers.profile import Registration, RegistrationBody
from casework.workers.worker import Registered, WorkerKind
from ledger.decider import Refusal
from ledger.envelope import Actor, Envelope, Occurred, Recorded
from ledger.personal import Plain

BEGINS: Final = datetime(2025, 9, 1, tzinfo=UTC)
CASE, CHILD, FAMILY, SOME = (UUID(int=n) for n in range(101, 105))
DUE: Final = date(2030, 1, 1)
NO_WORDS: Plain[str | None] = Plain(None)
LATEST_HOURS = 240
STEPS = 40
_KINDS = (
    WorkerKind.THERAPIST,
    WorkerKind.SOCIAL_WORKER,
    WorkerKind.SUPPORT_WORKER,
    WorkerKind.GROUP_FACILITATOR,
)
_ON_REGISTERS = tuple(
    Registration(each, BEGINS.date(), DUE)
    for each in (RegistrationBody.HCPC, RegistrationBody.SOCIAL_WORK_ENGLAND)
)
WORKERS: Final = [
    Registered(UUID(int=n), kind, (), (), Plain("Somebody"), _ON_REGISTERS)
    for n, kind in enumerate(_KINDS, 1)
]


@dataclass
class Life:
    """One case's allocation as it is decided, fact by fact. Hours since `BEGINS`."""

    random: Random
    hour: int = 0
    state: Allocation = field(default_factory=lambda: DECIDER.initial)
    case: Case = field(
        default_factory=lambda: Open(CASE, CHILD, FAMILY, None, 1, BEGINS.date(), frozenset())
    )
    facts: list[Recorded[Any]] = field(default_factory=list)
    offers: list[UUID] = field(default_factory=list)
    refused: int = 0

    def lived(self) -> "Life":
        """Live through a life of random length."""
        self.do(AwaitLead(CASE, CHILD, 1, DUE, "any"))
        for _ in range(self.random.randrange(STEPS)):
            self.hour += self.random.choice([0, 1, 7, 40])
            command = self._next()
            late = self.random.random() < 1 / 5
            hour = max(0, self.hour - self.random.randrange(LATEST_HOURS)) if late else self.hour
            self.do(command, hour)
            if self.random.random() < 1 / 5:
                self.do(command, hour)
        return self

    def do(self, command: AllocationCommand, hour: int | None = None) -> None:
        """Decide, and record what was decided as of an hour."""
        try:
            decided = DECIDER.decide(command, self.state)
        except Refusal:
            self.refused += 1
            return
        for event in decided:
            self.state = DECIDER.evolve(self.state, event)
            self.facts.append(self._recorded(event, self.hour if hour is None else hour))

    def _recorded(self, event: object, hour: int) -> Recorded[Any]:
        at = BEGINS + timedelta(hours=self.hour)
        when = Occurred(BEGINS + timedelta(hours=hour))
        number = len(self.facts) + 1
        return Recorded(
            event,
            Envelope(
                SOME,
                SOME,
                "Allocation",
                SOME,
                number,
                number,
                type(event).__name__,
                1,
                when,
                at,
                Actor("x", "y"),
                SOME,
                SOME,
            ),
        )

    def _next(self) -> AllocationCommand:
        if self.random.random() < 1 / 15:
            return self._turn()
        ways: tuple[Callable[[], AllocationCommand], ...] = (
            self._name,
            self._offer,
            self._accept,
            self._accept,
            self._answer_otherwise,
            self._end_part,
            self._join,
            lambda: NoteOverdue(DUE),
        )
        return self.random.choice(ways)()

    def _turn(self) -> AllocationCommand:
        """Close the case, or open it again with an episode that waits for a lead."""
        match self.case:
            case Open() as last:
                before = self.case
                self.case = Closed(last, CloseReason.PLANNED_END, BEGINS.date())
                return EndAllocation(before)
            case Closed(last=last):
                self.case = replace(last, episode=last.episode + 1)
                return AwaitLead(CASE, CHILD, last.episode + 1, DUE, "any")
            case _:
                raise AssertionError

    def _candidate(self) -> Candidate:
        worker = self.random.choice(WORKERS)
        knows = self.random.random() < 1 / 10
        return Candidate(worker, DUE, (InConflict(worker.worker, FAMILY),) if knows else ())

    def _name(self) -> AllocationCommand:
        reason = AllocationReason.WORKLOAD
        return AllocateLead(self.case, self._candidate(), reason, NO_WORDS)

    def _offer(self) -> AllocationCommand:
        self.offers.append(UUID(int=1_000 + len(self.offers)))
        return OfferPart(
            self.offers[-1],
            self.case,
            self._candidate(),
            self.random.choice([Part.LEAD, Part.LEAD, Part.CO_WORKER, Part.CONSULTANT]),
            AllocationReason.HANDOVER,
            Reach.NOT_SAID,
            50,
            DUE,
            "any",
            NO_WORDS,
        )

    def _some_offer(self) -> UUID:
        return self.random.choice(self.offers[-3:]) if self.offers else SOME

    def _accept(self) -> AllocationCommand:
        """Accept, mostly by whom it was offered to."""
        offer_id, who = self._some_offer(), self._candidate()
        known = self.state.around.offer(offer_id)
        if known is not None and self.random.random() < 9 / 10:
            who = Candidate(next(each for each in WORKERS if each.worker == known.worker), DUE)
        return AcceptOffer(offer_id, self.case, who, NO_WORDS)

    def _answer_otherwise(self) -> AllocationCommand:
        offer_id, who = self._some_offer(), self.random.choice(WORKERS).worker
        reason = DeclineReason.WORKLOAD
        ways: tuple[AllocationCommand, ...] = (
            DeclineOffer(offer_id, self.case, who, reason, NO_WORDS),
            WithdrawOffer(offer_id, self.case, WithdrawalReason.MISTAKE),
            NoteUnanswered(offer_id, self.case),
        )
        return self.random.choice(ways)

    def _end_part(self) -> AllocationCommand:
        who, reason = self.random.choice(WORKERS).worker, self.random.choice(list(LeavingReason))
        return EndPart(self.case, who, reason, DUE, "any", NO_WORDS)

    def _join(self) -> AllocationCommand:
        part = self.random.choice(list(Part))
        return JoinCase(self.case, self._candidate(), part, AllocationReason.ADVICE, NO_WORDS)


def lives(seed: int, number: int) -> Iterator[Life]:
    """Give so many lives, the same for the same seed."""
    for each in range(number):
        yield Life(Random(f"{seed}/{each}")).lived()  # noqa: S311 # no secret
