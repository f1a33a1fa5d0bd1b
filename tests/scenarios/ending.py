"""How a case is brought to its end, and begun again: verbs."""

from dataclasses import dataclass
from typing import Any

from tests.scenarios.stage import Actor


def checked(wish: str = "agrees") -> dict[str, Any]:
    """Return the answers of a worker to all that a worker answers at a closing."""
    items = ("measures", "family-told", "referrer-told", "funding", "groups", "letters")
    answers = [{"item": each, "done": "not-needed", "reason": "It is seen to."} for each in items]
    return {"wish": wish, "checklist": answers}


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of a case's episode, before somebody."""

    actor: Actor
    case_id: str

    async def propose(self, reason: str, wish: str = "agrees") -> None:
        """Propose to close it."""
        await self._do("ClosuresService.ProposeClosure", reason=reason, **checked(wish))

    async def send_back(self, words: str) -> None:
        """Send the proposal back."""
        await self._do("ClosuresService.ReturnClosure", words=words)

    async def missing(self) -> list[str]:
        """Return what is missing before it can be closed."""
        fields = {"case_id": self.case_id}
        answer = await self.actor.ask("ClosuresService.GetChecklist", fields)
        return [each.item for each in answer.items if each.answered_by == "missing"]

    async def reopen(self, reason: str, duty_holder: str, words: str = "It began again.") -> None:
        """Begin a new episode, after duty holder and consents were checked again."""
        fields = {"reason": reason, "duty_holder": duty_holder, "words": words}
        await self._do("CasesService.ReopenCase", **fields)

    async def link(self, other_case: str, relation: str = "sibling") -> None:
        """Note that another case is of the same family."""
        fields = {"other_case_id": other_case, "relation": relation}
        await self._do("CasesService.LinkFamily", **fields)

    async def unlink(self, other_case: str) -> None:
        """Note that it is not."""
        await self._do("CasesService.UnlinkFamily", other_case_id=other_case)

    async def _do(self, method: str, **fields: Any) -> None:
        await self.actor.do(method, {"case_id": self.case_id} | fields)
