"""What is done when a child may be in danger: concerns, and who stands ready for them."""

from dataclasses import dataclass
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from tests.scenarios.stage import Actor, instant

ON_CALL = "on-call"


@dataclass(frozen=True, slots=True)
class Concern:
    """A concern, before whoever deals with it."""

    actor: Actor
    id: str

    async def acknowledge(self) -> None:
        """Take it on."""
        await self._do("AcknowledgeConcern")

    async def emergency_told(self, body: str, occurred: str = "", words: str = "") -> None:
        """Record that the police or others who help at once were told."""
        await self._do("RecordEmergencyTold", occurred, body=body, words=words)

    async def refer(
        self, to: str, consent: str = "not-sought-urgent", occurred: str = "", words: str = ""
    ) -> None:
        """Record that the authority where the child is was notified."""
        fields = {"to_authority": to, "consent": consent, "words": words}
        await self._do("ReferConcern", occurred, **fields)

    async def answered(self, by: str, occurred: str = "") -> None:
        """Record that the authority answered."""
        await self._do("RecordAuthorityAnswer", occurred, from_authority=by)

    async def close(self, outcome: str, words: str = "It was dealt with.") -> None:
        """End the work on it."""
        await self._do("CloseConcern", outcome=outcome, words=words)

    async def stands(self) -> Any:
        """Return how it stands, and what was done."""
        return await self.actor.ask("ConcernsService.GetConcern", {"concern_id": self.id})

    async def _do(self, method: str, occurred: str = "", **fields: Any) -> None:
        named = {"concern_id": self.id}
        await self.actor.do(f"ConcernsService.{method}", named | fields, occurred)


@dataclass(frozen=True, slots=True)
class Safety:
    """The concerns and the rota of an authority, for somebody of it."""

    actor: Actor

    async def raise_concern(self, words: str, occurred: str = "", **about: str) -> Concern:
        """Say that a child may be in danger; `about`: child, case_id, referral_id, source."""
        fields = {"source": "call", "words": words} | about
        answer = await self.actor.do("ConcernsService.RaiseConcern", fields, occurred)
        return Concern(self.actor, answer.concern_id)

    async def concerns(self, state: str) -> list[Concern]:
        """Return the authority's concerns in a state, oldest first."""
        fields = {"state": state, "limit": 200}
        answer = await self.actor.ask("ConcernsService.ListConcerns", fields)
        return [Concern(self.actor, each.concern_id) for each in answer.concerns]

    async def about(self, child: str, state: str = "raised") -> list[Concern]:
        """Return the concerns about one child."""
        fields = {"state": state, "limit": 200}
        answer = await self.actor.ask("ConcernsService.ListConcerns", fields)
        return [
            Concern(self.actor, each.concern_id) for each in answer.concerns if each.child == child
        ]

    async def start_on_call(self, until: str, post: str = ON_CALL, worker: str = "") -> None:
        """Stand for a post from now on, or let a worker (by id) stand."""
        stamp = Timestamp()
        stamp.FromDatetime(instant(until))
        fields = {"post": post, "worker_id": worker, "until": stamp}
        await self.actor.do("RotaService.StartOnCall", fields)

    async def plan_on_call(
        self, starts_at: str, until: str, post: str = ON_CALL, worker: str = ""
    ) -> None:
        """Stand for a post in a time to come, or let a worker (by id) stand."""
        first, last = Timestamp(), Timestamp()
        first.FromDatetime(instant(starts_at))
        last.FromDatetime(instant(until))
        fields = {"post": post, "worker_id": worker, "starts_at": first, "until": last}
        await self.actor.do("RotaService.PlanOnCall", fields)

    async def drop_planned_on_call(
        self, starts_at: str, post: str = ON_CALL, worker: str = ""
    ) -> None:
        """Stand no longer in a time that was planned."""
        first = Timestamp()
        first.FromDatetime(instant(starts_at))
        fields = {"post": post, "worker_id": worker, "starts_at": first}
        await self.actor.do("RotaService.DropPlannedOnCall", fields)

    async def end_on_call(self, post: str = ON_CALL, worker: str = "") -> None:
        """Stand no longer."""
        await self.actor.do("RotaService.EndOnCall", {"post": post, "worker_id": worker})

    async def on_call(self) -> list[Any]:
        """Return who stands for each post now."""
        answer = await self.actor.ask("RotaService.GetOnCall", {})
        return list(answer.posts)
