"""Referring on: who agreed to it, what was offered to another authority, and what became of it."""

from dataclasses import dataclass
from typing import Any

from tests.scenarios.stage import Actor


@dataclass(frozen=True, slots=True)
class Redirect:
    """A redirect, before somebody of the side that sent it or of the one that it came to."""

    actor: Actor
    id: str

    async def acknowledge(self) -> None:
        """Say, on the side that it came to, that the referral is here."""
        await self._do("AcknowledgeRedirect")

    async def refuse(self, reason: str, words: str = "") -> None:
        """Do not take it over, on the side that it came to."""
        await self._do("RefuseRedirect", reason=reason, words=words)

    async def recall(self, reason: str) -> None:
        """Take it back, on the side that sent it."""
        await self._do("RecallRedirect", reason=reason)

    async def acknowledged_outside(self, how: str) -> None:
        """Record that an authority outside said that it has it."""
        await self._do("RecordOutsideAcknowledgement", how=how)

    async def stands(self) -> Any:
        """Return how it stands, as this side knows it."""
        return await self.actor.ask("RedirectsService.GetRedirect", {"redirect_id": self.id})

    async def state(self) -> str:
        """Return in one word how it stands on this side."""
        return str((await self.stands()).state)

    async def _do(self, method: str, **fields: Any) -> None:
        await self.actor.do(f"RedirectsService.{method}", {"redirect_id": self.id} | fields)


@dataclass(frozen=True, slots=True)
class Consents:
    """What was agreed to about a child; `speaker` is whoever has parental responsibility."""

    actor: Actor
    child: str
    speaker: str

    async def give(self, to: str, kind: str = "authority", until: str = "") -> None:
        """Record that a parent agreed that somebody is told."""
        fields = {"given_by": self._speaker(), "until": until, "how": "On the telephone."}
        await self._do("GiveConsent", to, kind, **fields)

    async def refuse(self, to: str, kind: str = "authority") -> None:
        """Record that a parent did not agree."""
        await self._do("RefuseConsent", to, kind, refused_by=self._speaker(), how="In words.")

    async def withdraw(self, to: str, kind: str = "authority") -> None:
        """Record that a parent takes it back."""
        await self._do("WithdrawConsent", to, kind, withdrawn_by=self._speaker(), how="By letter.")

    async def held(self) -> dict[str, str]:
        """Return how each consent stands, by its recipient."""
        answer = await self.actor.ask("ConsentsService.ListConsents", {"child": self.child})
        return {each.recipient: each.state for each in answer.consents}

    def _speaker(self) -> dict[str, str]:
        return {"person_id": self.speaker, "capacity": "parental-responsibility"}

    async def _do(self, method: str, to: str, kind: str, **fields: Any) -> None:
        named = {"child": self.child, "recipient": {kind: to}}
        await self.actor.do(f"ConsentsService.{method}", named | fields)


async def incoming(actor: Actor, state: str = "waiting") -> list[Redirect]:
    """Return the redirects that came to an authority, oldest first."""
    fields = {"state": state, "page_size": 500}
    answer = await actor.ask("RedirectsService.ListIncomingRedirects", fields)
    return [Redirect(actor, each.redirect_id) for each in answer.redirects]
