"""Who owes a child the service: what is learned towards it, and the line by day."""

from dataclasses import dataclass
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from tests.scenarios.stage import Actor, instant


@dataclass(frozen=True, slots=True)
class Owing:
    """The line of one child, before somebody of an authority that has a record of it."""

    actor: Actor
    child: str

    async def ordered(
        self, on: str, placed_by: str = "", kind: str = "adoption", *corrects: str
    ) -> str:
        """Record that a court made an order; return the fact's id."""
        fields = {"kind": kind, "ordered_on": on, "placing_authority": placed_by}
        return await self._learn("RecordOrder", corrects=corrects, **fields)

    async def set_aside(self, order: str, on: str) -> str:
        """Record that a court set an order (a fact's id) aside."""
        return await self._learn("RecordOrderSetAside", order=order, set_aside_on=on)

    async def placed(self, by: str, since: str = "") -> str:
        """Record that an authority placed the child for adoption."""
        return await self._learn("RecordPlacement", authority=by, from_day=since)

    async def lives_in(self, authority: str, since: str) -> str:
        """Record that the family lives in an authority's area from a day."""
        return await self._learn("RecordResidence", authority=authority, from_day=since)

    async def agreed(self, on: str, since: str, until: str = "", reference: str = "A1") -> str:
        """Record that by a written agreement this authority owes the service."""
        fields = {"authority": on, "from_day": since, "to_day": until, "reference": reference}
        return await self._learn("RecordAgreement", **fields)

    async def pays(self, authority: str, agreed_on: str, until: str = "") -> str:
        """Record that an authority agreed to pay."""
        fields = {"authority": authority, "agreed_on": agreed_on, "to_day": until}
        return await self._learn("RecordFinancialSupport", **fields)

    async def never_was(self, *facts: str, words: str = "It was of another child.") -> str:
        """Take back facts that never were so."""
        return await self._learn("WithdrawFacts", facts=facts, words=words)

    async def line(self, known_at: str = "") -> Any:
        """Return the whole line, as it is known or was known at an instant of the story."""
        fields: dict[str, Any] = {"child": self.child}
        if known_at:
            fields["known_at"] = Timestamp()
            fields["known_at"].FromDatetime(instant(known_at))
        return await self.actor.ask("DutyService.GetDutyTimeline", fields)

    async def spans(self, known_at: str = "") -> list[str]:
        """Return `holder from..to` of each span; a holder nobody can say is `?`."""
        return [
            f"{each.duty_holder or '?'} {each.from_day}..{each.to_day}"
            for each in (await self.line(known_at)).spans
        ]

    async def now(self) -> str:
        """Return who owes it now; empty where nobody can say."""
        return str((await self.line()).duty_holder)

    async def _learn(self, method: str, **fields: Any) -> str:
        answer = await self.actor.do(f"DutyService.{method}", {"child": self.child} | fields)
        return str(answer.fact_id)
