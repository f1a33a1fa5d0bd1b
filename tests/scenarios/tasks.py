"""What somebody has to do in a case, and lists of work: verbs."""

from dataclasses import dataclass
from typing import Any

from tests.scenarios.stage import Actor


@dataclass(frozen=True, slots=True)
class Tasks:
    """The tasks of a case, before somebody."""

    actor: Actor
    case_id: str

    async def agree(
        self, due_on: str, words: str = "Ring the school.", desk: str = "lead", worker: str = ""
    ) -> str:
        """Agree what somebody is to do by a day; return the task's id."""
        fields = {"case_id": self.case_id, "due_on": due_on, "words": words, "desk": desk}
        answer = await self.actor.do("TasksService.AgreeAction", fields | {"worker_id": worker})
        return str(answer.task_id)

    async def all(self, kind: str = "") -> list[Any]:
        """Return the tasks of the case, those of one kind where one is named."""
        fields = {"case_id": self.case_id, "limit": 200}
        answer = await self.actor.ask("TasksService.ListCaseTasks", fields)
        return [each for each in answer.tasks if kind in ("", each.kind)]

    async def acknowledge(self, task_id: str) -> None:
        """Take a task on."""
        await self.actor.do("TasksService.AcknowledgeTask", {"task_id": task_id})

    async def hand_on(
        self, task_id: str, desk: str, worker: str = "", reason: str = "handover"
    ) -> None:
        """Ask another."""
        fields = {"task_id": task_id, "desk": desk, "worker_id": worker, "reason": reason}
        await self.actor.do("TasksService.HandTask", fields)

    async def complete(self, task_id: str, outcome: str = "done", words: str = "") -> None:
        """End a task."""
        fields = {"task_id": task_id, "outcome": outcome, "words": words}
        await self.actor.do("TasksService.CompleteTask", fields)

    async def one(self, task_id: str) -> Any:
        """Return a task and what became of it."""
        return await self.actor.ask("TasksService.GetTask", {"task_id": task_id})
