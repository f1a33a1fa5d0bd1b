"""Who owes a child the service: what is learned of it, and what the line then says."""

from dataclasses import dataclass
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from tests.scenarios.stage import Actor, instant


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A child's line, before a duty worker. What is recorded answers the fact's id."""

    actor: Actor
    child: str

    async def order(
        self,
        on: str,
        placed_by: str = "",
        kind: str = "adoption",
        corrects: tuple[str, ...] = (),
    ) -> str:
        """Record an order."""
        fields = {"kind": kind, "ordered_on": on, "placing_authority": placed_by}
        return await self._do("RecordOrder", corrects=corrects, **fields)

    async def set_aside(self, order: str, on: str) -> str:
        """Record that an order was set aside."""
        return await self._do("RecordOrderSetAside", order=order, set_aside_on=on)

    async def placed(self, by: str, since: str = "") -> str:
        """Record that an authority placed the child."""
        return await self._do("RecordPlacement", authority=by, from_day=since)

    async def placed_without_agency(self, reason: str, since: str = "") -> str:
        """Record that no agency placed the child."""
        return await self._do("RecordPlacement", without_agency=reason, from_day=since)

    async def lives_in(self, authority: str, since: str) -> str:
        """Record where the family lives."""
        return await self._do("RecordResidence", authority=authority, from_day=since)

    async def agreed(self, authority: str, since: str, until: str = "") -> str:
        """Record that authorities agreed in writing who owes the service for a time."""
        fields = {"from_day": since, "to_day": until, "reference": "AB 12"}
        return await self._do("RecordAgreement", authority=authority, **fields)

    async def pays(self, authority: str, agreed_on: str, until: str = "") -> str:
        """Record that an authority agreed to pay."""
        fields = {"agreed_on": agreed_on, "to_day": until}
        return await self._do("RecordFinancialSupport", authority=authority, **fields)

    async def withdraw(self, *facts: str) -> str:
        """Record that facts never were so."""
        return await self._do("WithdrawFacts", facts=facts, words="It was another child.")

    async def read(self, known_at: str = "") -> Any:
        """Return all of it, as known at a time or now."""
        fields: dict[str, Any] = {"child": self.child}
        if known_at:
            fields["known_at"] = Timestamp()
            fields["known_at"].FromDatetime(instant(known_at))
        return await self.actor.ask("DutyService.GetDutyTimeline", fields)

    async def said(self, known_at: str = "") -> list[str]:
        """Return `day to day holder (ground)` of each span; `?` where it is undetermined."""
        return _said((await self.read(known_at)).spans)

    async def paid(self) -> list[str]:
        """Return the same of money."""
        return _said((await self.read()).financial)

    async def holder(self) -> str:
        """Return who owes it today; empty where nobody can say."""
        return str((await self.read()).duty_holder)

    async def fact(self, kind: str) -> str:
        """Return the id of the last fact of a kind."""
        facts = (await self.read()).facts
        return str([each.fact_id for each in facts if each.kind == kind][-1])

    async def _do(self, method: str, **fields: Any) -> str:
        answer = await self.actor.do(f"DutyService.{method}", {"child": self.child} | fields)
        return str(answer.fact_id)


def _said(spans: Any) -> list[str]:
    return [
        f"{each.from_day} to {each.to_day or 'open'} {each.duty_holder or '?'} ({each.ground})"
        for each in spans
    ]
