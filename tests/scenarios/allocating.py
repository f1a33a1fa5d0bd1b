"""Who works on a case, and what workers are and can: verbs."""

from dataclasses import dataclass
from typing import Any

from tests.scenarios.stage import Actor


@dataclass(frozen=True, slots=True)
class Allocating:
    """The allocation of a case, by somebody. Workers are named by their ids."""

    actor: Actor
    case_id: str

    async def name(self, worker: str, reason: str = "new-case", part: str = "lead") -> None:
        """Name a worker to a part, the lead unless another is said."""
        fields = {"case_id": self.case_id, "worker_id": worker, "reason": reason, "part": part}
        await self.actor.do("CaseworkService.AllocateCase", fields)

    async def offer(self, worker: str, reason: str = "handover", part: str = "lead") -> str:
        """Ask a worker; return the offer's id."""
        fields = {"to_worker": worker, "reason": reason, "part": part}
        return str((await self._do("OfferAllocation", **fields)).offer_id)

    async def accept(self, offer: str) -> None:
        """Take what was offered."""
        await self._do("AcceptAllocation", offer_id=offer)

    async def decline(self, offer: str, reason: str) -> None:
        """Do not take it."""
        await self._do("DeclineAllocation", offer_id=offer, reason=reason)

    async def take_back(self, offer: str, reason: str = "mistake") -> None:
        """Take an offer back."""
        await self._do("WithdrawAllocation", offer_id=offer, reason=reason)

    async def end(self, worker: str, reason: str) -> None:
        """End a worker's part."""
        await self._do("EndPartInCase", of_worker=worker, reason=reason)

    async def weigh(self, **factors: Any) -> None:
        """Say what it is weighed by."""
        await self._do("WeighCase", factors=factors)

    async def knows(self, worker: str, whom: str = "child", tie: str = "friend") -> None:
        """Say that a worker knows the child or family."""
        await self._do("DeclareConflict", worker_id=worker, knows=whom, tie=tie)

    async def knows_not(self, worker: str) -> None:
        """Say that it was a mistake."""
        await self._do("ClearConflict", of_worker=worker)

    async def stands(self) -> Any:
        """Return who works on it, and who led it when."""
        return await self.actor.ask("AllocationsService.GetAllocation", {"case_id": self.case_id})

    async def proposed(self, **wanted: Any) -> list[Any]:
        """Return who could take a part, the best first."""
        fields = {"case_id": self.case_id, "limit": 50} | wanted
        answer = await self.actor.ask("AllocationsService.ProposeWorkers", fields)
        return list(answer.proposals)

    async def _do(self, method: str, **fields: Any) -> Any:
        named = {"case_id": self.case_id}
        return await self.actor.do(f"AllocationsService.{method}", named | fields)


@dataclass(frozen=True, slots=True)
class Colleague:
    """A worker, by id, as a manager has him on record."""

    actor: Actor
    id: str

    async def can(self, **profile: Any) -> None:
        """Say what he can, where and how long he works."""
        await self._do("ChangeWorkerProfile", **profile)

    async def joins(self, team: str, from_day: str) -> None:
        """Let him be of a team."""
        await self._do("AssignToTeam", team=team, from_day=from_day)

    async def leaves(self, team: str, last_day: str) -> None:
        """Say which day is his last in it."""
        await self._do("LeaveTeam", team=team, last_day=last_day)

    async def on_record(self) -> Any:
        """Return what is known of him."""
        return await self.actor.ask("CaseworkService.GetWorker", {"worker_id": self.id})

    async def overdue(self) -> list[str]:
        """Return what was asked about him and is late: `kind due-day` of each open task."""
        answer = await self.actor.ask("TasksService.ListOverdueTasks", {"limit": 200})
        about = [each for each in answer.tasks if each.about.startswith(self.id)]
        return sorted(f"{each.kind} {each.due_on}" for each in about)

    async def _do(self, method: str, **fields: Any) -> None:
        named = {"worker_id": self.id}
        await self.actor.do(f"WorkersService.{method}", named | fields)
