"""Which workers are proposed for a case, in which order, and why. Pure.

Each factor says what it contributes of the most that it can, and from what. Whoever knows the child
or family is not among the candidates. Whose work it is not today stands last, and that is shown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from casework.allocations.allocation_events import Part
from casework.allocations.naming import MAY_TAKE
from casework.allocations.weight import Formula, capacity
from casework.workers.profile import Experience
from casework.workers.roster import Known
from casework.workers.work import OtherProfession, RegistrationLapsed, Work, may_do

FARTHEST_MINUTES: Final = 120
"""From here on distance contributes nothing."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a case asks for; empty where it asks for nothing. `on`: the day of the proposal."""

    part: Part
    work: Work | None
    skills: tuple[str, ...]
    language: str
    area: str
    team: str
    on: date


@dataclass(frozen=True, slots=True)
class Factor:
    """What speaks for a worker: so much, of at most so much, because of that."""

    name: str
    contribution: int
    most: int
    because: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A worker with what speaks for him."""

    worker: UUID
    may_take_it: bool
    factors: tuple[Factor, ...]

    @property
    def score(self) -> int:
        """The sum of the contributions."""
        return sum(each.contribution for each in self.factors)


def ranked(
    wanted: Wanted, known: Iterable[Known], carries: Mapping[UUID, int], formula: Formula
) -> list[Proposal]:
    """Return the workers who take such a part, the best first; among equals the less loaded."""
    of_kind = [each for each in known if each.kind in MAY_TAKE[wanted.part]]
    found = [(_proposal(wanted, each, carries, formula), each) for each in of_kind]
    found.sort(
        key=lambda one: (
            not one[0].may_take_it,
            -one[0].score,
            carries.get(one[1].worker, 0),
            one[1].worker,
        )
    )
    return [proposal for proposal, _ in found]


def _proposal(
    wanted: Wanted, worker: Known, carries: Mapping[UUID, int], formula: Formula
) -> Proposal:
    most = formula.ranking
    why_not = _why_not(wanted, worker)
    return Proposal(
        worker.worker,
        not why_not,
        (
            _skill(wanted, worker, most["skill"]),
            _all_or_nothing("registration", not why_not, most["registration"], why_not or "holds"),
            _load(worker, carries.get(worker.worker, 0), formula),
            _all_or_nothing(
                "language",
                not wanted.language or wanted.language in worker.languages,
                most["language"],
                wanted.language or "none-wanted",
            ),
            _distance(wanted, worker, most["distance"]),
            _all_or_nothing(
                "team",
                not wanted.team or wanted.team in worker.teams,
                most["team"],
                wanted.team or "none-wanted",
            ),
        ),
    )


def _why_not(wanted: Wanted, worker: Known) -> str:
    """Say why the work is not his to do today; empty where it is."""
    who = worker.registered
    if wanted.work is None:
        return "" if who.registered_on(wanted.on) else "registration-lapsed"
    try:
        may_do(who, wanted.work, wanted.on)
    except OtherProfession:
        return "other-profession"
    except RegistrationLapsed:
        return "registration-lapsed"
    return ""


def _skill(wanted: Wanted, worker: Known, most: int) -> Factor:
    if not wanted.skills:
        return Factor("skill", most, most, "none-wanted")
    has = [each for each in wanted.skills if each in worker.skills]
    because = f"{len(has)}/{len(wanted.skills)} {' '.join(has)}".strip()
    return Factor("skill", most * len(has) // len(wanted.skills), most, because)


def _load(worker: Known, carries: int, formula: Formula) -> Factor:
    most = formula.ranking["load"]
    can = capacity(worker.weekly_minutes, Experience(worker.experience), formula)
    free = max(0, can - carries)
    return Factor("load", most * free // can if can else 0, most, f"{carries}/{can}")


def _distance(wanted: Wanted, worker: Known, most: int) -> Factor:
    if not wanted.area:
        return Factor("distance", most, most, "none-wanted")
    minutes = worker.areas.get(wanted.area)
    if minutes is None:
        return Factor("distance", 0, most, "outside-area")
    near = max(0, FARTHEST_MINUTES - minutes)
    return Factor("distance", most * near // FARTHEST_MINUTES, most, f"{minutes}-minutes")


def _all_or_nothing(
    name: str,
    given: bool,  # noqa: FBT001 # which of the two contributions it is
    most: int,
    because: str,
) -> Factor:
    return Factor(name, most if given else 0, most, because)
