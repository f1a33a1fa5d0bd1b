"""Which work is whose to do: each type of task carries who may do it, and what that takes. Pure.

A support worker needs no register and works under a plan; therapy and clinical assessment are a
registered therapist's; the assessment of support needs and reports to courts and panels a
registered social worker's (DOMAIN §8).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from casework.workers.profile import WorkerKind
from casework.workers.worker import Registered
from ledger.decider import Refusal


class Work(StrEnum):
    """Types of work with a family; the first of them are also kinds of session."""

    THERAPY = "therapy"
    THERAPEUTIC_ASSESSMENT = "therapeutic-assessment"
    DIRECT_WORK = "direct-work"
    LIFE_STORY_WORK = "life-story-work"
    PARENT_SUPPORT = "parent-support"
    HOME_VISIT = "home-visit"
    CONSULTATION = "consultation"
    MEETING = "meeting"
    TELEPHONE_CALL = "telephone-call"
    NEEDS_ASSESSMENT = "needs-assessment"
    FORMULATION = "formulation"
    PLAN = "plan"
    REVIEW = "review"
    ADOPTION_REPORT = "adoption-report"


class Needs(StrEnum):
    """What the work takes beside the right kind of worker."""

    NOTHING = "nothing"
    # A registration of his profession that covers the day of the work.
    REGISTER = "register"


@dataclass(frozen=True, slots=True)
class Whose:
    """Who may do a type of work, and what it takes."""

    kinds: frozenset[WorkerKind]
    needs: Needs


_ALL: Final = frozenset(WorkerKind)
_THERAPIST: Final = frozenset({WorkerKind.THERAPIST})
_SOCIAL_WORKER: Final = frozenset({WorkerKind.SOCIAL_WORKER})
_CLINICIANS: Final = _THERAPIST | _SOCIAL_WORKER
_PLANNERS: Final = _CLINICIANS | {WorkerKind.TEAM_MANAGER}

MAY_DO: Final[Mapping[Work, Whose]] = {
    Work.THERAPY: Whose(_THERAPIST, Needs.REGISTER),
    Work.THERAPEUTIC_ASSESSMENT: Whose(_THERAPIST, Needs.REGISTER),
    Work.DIRECT_WORK: Whose(_ALL, Needs.NOTHING),
    Work.LIFE_STORY_WORK: Whose(_ALL, Needs.NOTHING),
    Work.PARENT_SUPPORT: Whose(_ALL, Needs.NOTHING),
    Work.HOME_VISIT: Whose(_ALL, Needs.NOTHING),
    Work.CONSULTATION: Whose(_ALL, Needs.NOTHING),
    Work.MEETING: Whose(_ALL, Needs.NOTHING),
    Work.TELEPHONE_CALL: Whose(_ALL, Needs.NOTHING),
    Work.NEEDS_ASSESSMENT: Whose(_CLINICIANS, Needs.REGISTER),
    Work.FORMULATION: Whose(_CLINICIANS, Needs.REGISTER),
    Work.PLAN: Whose(_PLANNERS, Needs.NOTHING),
    Work.REVIEW: Whose(_PLANNERS, Needs.NOTHING),
    Work.ADOPTION_REPORT: Whose(_SOCIAL_WORKER, Needs.REGISTER),
}
"""Who may do each type of work. Clinical is what needs a register: `CLINICAL`."""

CLINICAL: Final = frozenset(each for each in Work if MAY_DO[each].needs is Needs.REGISTER)


class RegistrationLapsed(Refusal):
    """Clinical work, and to begin to lead a case, need a registration that covers the day."""


class OtherProfession(Refusal):
    """This work is for workers of another profession."""


def may_do(worker: Registered, work: Work, day: date) -> None:
    """Refuse work to whom it is not, on the day of the work.

    Raises OtherProfession, RegistrationLapsed.
    """
    whose = MAY_DO[work]
    if worker.kind not in whose.kinds:
        raise OtherProfession
    if whose.needs is Needs.REGISTER and not worker.registered_on(day):
        raise RegistrationLapsed
