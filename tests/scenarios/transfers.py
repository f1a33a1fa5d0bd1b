"""What is done when a case goes elsewhere: offered, answered, taken back; who holds it."""

from dataclasses import dataclass
from typing import Any

from tests.scenarios.stage import Actor


@dataclass(frozen=True, slots=True)
class Leaving:
    """A case that may go elsewhere, before somebody of the authority that has it or had it."""

    actor: Actor
    case_id: str

    async def preview(self) -> dict[str, tuple[int, bool]]:
        """Return what would go along: by part, how many things, and whether in any case."""
        answer = await self._ask("PreviewTransfer")
        return {each.part: (each.streams, each.always) for each in answer.parts}

    async def offer(self, kind: str, to: str, reason: str, **more: Any) -> str:
        """Offer the case; return the transfer's id. `more`: ground, parts, words."""
        fields = {"kind": kind, "to": to, "reason": reason, "ground": "consent"} | more
        answer = await self._do("OfferTransfer", **fields)
        return str(answer.transfer_id)

    async def revoke(self, reason: str) -> None:
        """Take the offer back."""
        await self._do("RevokeTransfer", reason=reason)

    async def answered(self, answer: str, **more: str) -> None:
        """Record what a team or an agency answered. `more`: lead, reason."""
        await self._do("RecordTransferAnswer", answer=answer, **more)

    async def stands(self) -> Any:
        """Return how the transfer stands."""
        return await self._ask("GetTransfer")

    async def custody(self) -> Any:
        """Return who holds the case, and how it came there."""
        return await self._ask("GetCustody")

    async def came_along(self) -> list[Any]:
        """Return what came along with the case, with its words."""
        answer = await self.actor.ask(
            "TransfersService.ReadTransferredRecord",
            {"case_id": self.case_id, "limit": 200},
            purpose="direct-care",
        )
        return list(answer.entries)

    async def _do(self, method: str, **fields: Any) -> Any:
        named = {"case_id": self.case_id}
        return await self.actor.do(f"TransfersService.{method}", named | fields)

    async def _ask(self, method: str) -> Any:
        return await self.actor.ask(f"TransfersService.{method}", {"case_id": self.case_id})


@dataclass(frozen=True, slots=True)
class Arriving:
    """Cases that others offer, before a manager."""

    actor: Actor

    async def offered(self, case_id: str, state: str = "waiting") -> list[Any]:
        """Return the transfers of one case in a state."""
        fields = {"state": state, "limit": 200}
        answer = await self.actor.ask("TransfersService.ListIncomingTransfers", fields)
        return [each for each in answer.transfers if each.case_id == case_id]

    async def accept(self, transfer_id: str, lead: str) -> None:
        """Take a case; `lead` is the worker's id."""
        fields = {"transfer_id": transfer_id, "lead": lead}
        await self.actor.do("TransfersService.AcceptTransfer", fields)

    async def refuse(self, transfer_id: str, reason: str, words: str = "") -> None:
        """Do not take a case."""
        fields = {"transfer_id": transfer_id, "reason": reason, "words": words}
        await self.actor.do("TransfersService.RefuseTransfer", fields)


@dataclass(frozen=True, slots=True)
class ChangingDuty:
    """A duty that goes from one authority to another, before a manager of either."""

    actor: Actor

    async def take_on(self, child: str) -> None:
        """Take the duty to a child on."""
        await self.actor.do("DutyChangesService.TakeDutyOn", {"child": child})

    async def keep_by_choice(self, case_id: str, words: str) -> None:
        """Go on helping by choice."""
        fields = {"case_id": case_id, "words": words}
        await self.actor.do("DutyChangesService.KeepDutyByChoice", fields)

    async def taken_on_outside(self, case_id: str) -> None:
        """Record that an authority outside wrote that it takes the duty on."""
        await self.actor.do("DutyChangesService.RecordDutyTakenOn", {"case_id": case_id})

    async def stands(self, case_id: str) -> Any:
        """Return how the change stands, on the side that gives the service."""
        return await self.actor.ask("DutyChangesService.GetDutyChange", {"case_id": case_id})

    async def arrived(self, child: str) -> Any:
        """Return how it stands on the side that owes the service."""
        return await self.actor.ask("DutyChangesService.GetArrivedDuty", {"child": child})
