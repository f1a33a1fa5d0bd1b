"""What a worker is and can: kind, registers, skills, languages, areas, hours, teams. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class WorkerKind(StrEnum):
    """What a worker is employed as; it decides which work is his to do."""

    THERAPIST = "therapist"
    SOCIAL_WORKER = "social-worker"
    SUPPORT_WORKER = "support-worker"
    TEAM_MANAGER = "team-manager"
    GROUP_FACILITATOR = "group-facilitator"


class RegistrationBody(StrEnum):
    """Who keeps the register."""

    HCPC = "hcpc"
    SOCIAL_WORK_ENGLAND = "social-work-england"
    UKCP = "ukcp"
    BACP = "bacp"


REGISTERS = {
    WorkerKind.THERAPIST: frozenset(
        {RegistrationBody.HCPC, RegistrationBody.UKCP, RegistrationBody.BACP}
    ),
    WorkerKind.SOCIAL_WORKER: frozenset({RegistrationBody.SOCIAL_WORK_ENGLAND}),
}
"""On which registers a kind of worker must stand; a kind that is not here needs none."""


class Experience(StrEnum):
    """How long a worker has practised: a newly qualified one carries less."""

    NEWLY_QUALIFIED = "newly-qualified"
    EXPERIENCED = "experienced"


@dataclass(frozen=True, slots=True)
class Registration:
    """A period on a professional register, both days counted."""

    body: RegistrationBody
    valid_from: date
    valid_to: date

    def covers(self, day: date) -> bool:
        """Whether the worker stands on the register on a day."""
        return self.valid_from <= day <= self.valid_to


@dataclass(frozen=True, slots=True)
class Membership:
    """A worker is of a team, both days counted. None: since before it was kept, or until now."""

    team: str
    from_day: date | None
    to_day: date | None

    def covers(self, day: date) -> bool:
        """Whether the worker is of the team on a day."""
        begun = self.from_day is None or self.from_day <= day
        return begun and (self.to_day is None or day <= self.to_day)


@dataclass(frozen=True, slots=True)
class Area:
    """Where a worker usually works, and how many minutes away from where he sets out."""

    code: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Profile:
    """What allocation goes by, beside skills and registers. Hours as minutes in a week."""

    languages: tuple[str, ...]
    areas: tuple[Area, ...]
    weekly_minutes: int
    experience: Experience

    def minutes_to(self, area: str) -> int | None:
        """Return how far an area is in which he usually works; None: he does not."""
        return next((each.minutes for each in self.areas if each.code == area), None)


FULL_WEEK_MINUTES = 2220
UNSAID = Profile((), (), FULL_WEEK_MINUTES, Experience.EXPERIENCED)
"""Of a worker of whom nobody said more: full-time, experienced, of no particular area."""
