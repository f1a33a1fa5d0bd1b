"""What is done in a child's case: by its manager, by who leads it, and how it stands."""

from dataclasses import dataclass
from typing import Any

from chassis.roles import Role
from tests.scenarios import past
from tests.scenarios.agreeing import Agreeing, Diary
from tests.scenarios.allocating import Allocating
from tests.scenarios.deciding import Deciding
from tests.scenarios.ending import Ending, checked
from tests.scenarios.planning import Planning
from tests.scenarios.stage import Actor, Stage
from tests.scenarios.tasks import Tasks
from throughline.casework.v1.casework_pb2 import Attendance, Registration
from throughline_cli.people import Person


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who works with families."""

    actor: Actor

    async def inbox(self) -> list[Any]:
        """Return the notes that the platform sent him."""
        answer = await self.actor.ask("NotificationsService.ListInbox", {})
        return list(answer.notes)

    async def acknowledge(self, note: Any) -> None:
        """Say that a note was read."""
        await self.actor.do(
            "NotificationsService.AcknowledgeMessage", {"message_id": note.message_id}
        )

    async def caseload(self) -> list[Any]:
        """Return the cases that he leads."""
        answer = await self.actor.ask("CaseworkService.ListCaseload", {})
        return list(answer.cases)


@dataclass(frozen=True, slots=True)
class Manager:
    """A team manager, acting for one authority."""

    actor: Actor

    async def register(self, worker: Person, *registered: tuple[str, str, str]) -> None:
        """Make a worker known, with registrations (body, first day, last day)."""
        await self.actor.do(
            "CaseworkService.RegisterWorker",
            {
                "worker_id": worker.id,
                "kind": worker.kind,
                "display_name": worker.name,
                "teams": ["adoption-support"],
                "registrations": [_registration(*each) for each in registered],
            },
        )

    async def registration_changes(self, worker: Person, body: str, first: str, last: str) -> None:
        """Add a worker's registration, or set one right."""
        await self.actor.do(
            "CaseworkService.ChangeWorkerRegistration",
            {"worker_id": worker.id, "registration": _registration(body, first, last)},
        )

    async def cases(self, state: str) -> list[Any]:
        """Return the authority's cases in a state."""
        answer = await self.actor.ask("CaseworkService.ListCases", {"state": state, "limit": 200})
        return list(answer.cases)


@dataclass(frozen=True, slots=True)
class Session:
    """A recorded session."""

    case: "Case"
    id: str

    async def correct(self, reason: str, occurred: str = "", **changed: Any) -> None:
        """Set it right: the day on which it was held, or what is said of it."""
        latest = next(
            each.event_id
            for each in reversed(await self.case.chronology())
            if self.id in (each.stream_id, each.session_id)
        )
        fields = {"session_id": self.id, "corrects": latest, "reason": reason}
        await self.case.lead_does("CorrectSession", fields | changed, occurred)


@dataclass(frozen=True, slots=True)
class Case:
    """A child's case, as the authority has it."""

    stage: Stage
    authority: str
    id: str

    @property
    def manager(self) -> Actor:
        """The team manager."""
        return Actor(self.stage, Role.TEAM_MANAGER, self.authority)

    @property
    def lead(self) -> Person:
        """The worker who leads it once it is allocated without a name."""
        return self.stage.staff.worker_for(self.stage.authority(self.authority), self.id)

    async def allocate(self, reason: str = "new-case") -> Worker:
        """Name its lead."""
        fields = {"case_id": self.id, "worker_id": self.lead.id, "reason": reason}
        await self.manager.do("CaseworkService.AllocateCase", fields)
        return Worker(self._leading())

    async def session(
        self, occurred: str, kind: str = "direct-work", minutes: int = 60, notes: str = "We talked."
    ) -> Session:
        """Record a session held on a day, or at an instant, of the story."""
        attended = Attendance(attended=["child", "adoptive-parent"])
        fields = {"kind": kind, "minutes": minutes, "notes": notes, "attendance": attended}
        answer = await self.lead_does("RecordSession", fields, occurred)
        return Session(self, answer.session_id)

    async def ask_for_place(self, cohort: str) -> str:
        """Ask a group for a place; return the request's id."""
        fields = {"case_id": self.id, "cohort_id": cohort}
        answer = await self.manager.do("CaseworkService.RequestPlace", fields)
        return str(answer.request_id)

    @property
    def planning(self) -> Planning:
        """What is known of the child, assessed, planned and reviewed, before the team manager."""
        return Planning(self.manager, self.id)

    @property
    def deciding(self) -> Deciding:
        """What is proposed and decided in it."""
        duty = Actor(self.stage, Role.DUTY_WORKER, self.authority)
        return Deciding(self._leading(), self.manager, duty, self.id)

    @property
    def consents(self) -> Agreeing:
        """What the family agrees to, before the team manager."""
        return Agreeing(self.manager, self.id)

    @property
    def tasks(self) -> Tasks:
        """What somebody has to do in it, before the team manager."""
        return Tasks(self.manager, self.id)

    @property
    def allocating(self) -> Allocating:
        """Who works on it, before the team manager."""
        return Allocating(self.manager, self.id)

    @property
    def diary(self) -> Diary:
        """The sessions that are booked, before the team manager."""
        return Diary(self.manager, self.id)

    @property
    def ending(self) -> Ending:
        """How it is brought to its end, before the team manager."""
        return Ending(self.manager, self.id)

    async def close(
        self, reason: str, summary: str = "It went well.", wish: str = "agrees", **more: Any
    ) -> None:
        """End the work, with a complete checklist where no concern and no booking is open."""
        fields = {"case_id": self.id, "reason": reason, "summary": summary}
        await self.manager.do("CaseworkService.CloseCase", fields | checked(wish) | more)

    def of(self, authority: str) -> "Case":
        """Return the same case as another authority has it."""
        return Case(self.stage, authority, self.id)

    async def stands(self) -> Any:
        """Return how it stands."""
        return await self.manager.ask("CaseworkService.GetCase", {"case_id": self.id})

    async def chronology(self) -> list[Any]:
        """Return what happened in it by the day on which it was true."""
        fields = {"case_id": self.id, "limit": 500}
        answer = await self.manager.ask("CaseworkService.ReadChronology", fields)
        return list(answer.entries)

    async def timeline(self, *kinds: str) -> list[str]:
        """Return `day kind` of what is on record of it, in all services."""
        return await past.timeline(self.stage, self.authority, self.id, *kinds)

    async def lead_does(self, method: str, fields: dict[str, Any], occurred: str = "") -> Any:
        """Do something in the case as who leads it."""
        return await self._leading().do(
            f"CaseworkService.{method}", {"case_id": self.id} | fields, occurred
        )

    def _leading(self) -> Actor:
        return Actor(self.stage, Role.SUPPORT_WORKER, self.authority, self.lead.slug)


def _registration(body: str, first: str, last: str) -> Registration:
    return Registration(body=body, valid_from=first, valid_to=last)
