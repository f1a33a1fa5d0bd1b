"""What is learned of people, and who is found to be whom."""

from dataclasses import dataclass
from typing import Any

from tests.scenarios.stage import Actor

AFTER = "after-adoption"


@dataclass(frozen=True, slots=True)
class Person:
    """A person of an authority, before somebody who may know of them."""

    actor: Actor
    id: str

    async def named(
        self, given: str, family: str, kind: str = "changed", side: str = AFTER, since: str = ""
    ) -> None:
        """Record a name."""
        fields = {"kind": kind, "side": side, "from_day": since}
        await self._do("RecordName", given_name=given, family_name=family, **fields)

    async def born(self, on: str) -> None:
        """Record a date of birth that was wrong or missing."""
        await self._do("RecordBirthDate", date_of_birth=on)

    async def numbered(self, kind: str, value: str, side: str = AFTER) -> None:
        """Record a number by which others know the person."""
        await self._do("RecordIdentifier", kind=kind, value=value, side=side)

    async def lives_at(self, lines: list[str], town: str, postcode: str, since: str = "") -> None:
        """Record where the person lives."""
        fields = {"address_lines": lines, "town": town, "postcode": postcode}
        await self._do("RecordAddress", from_day=since, **fields)

    async def reached_by(self, way: str, value: str, *purposes: str) -> str:
        """Record a safe way to reach the person; return the channel's id."""
        answer = await self._do("RecordChannel", way=way, value=value, purposes=purposes)
        return str(answer.channel_id)

    async def no_longer_by(self, channel: str, on: str, reason: str = "unsafe") -> None:
        """End a channel."""
        await self._do("EndChannel", channel_id=channel, on=on, reason=reason)

    async def not_to_be_contacted(self, since: str, reason: str = "asked") -> str:
        """Record that the person must not be contacted; return the order's id."""
        answer = await self._do("ForbidContact", from_day=since, reason=reason)
        return str(answer.order_id)

    async def may_be_contacted(self, order: str, on: str) -> None:
        """End an order not to contact the person."""
        await self._do("AllowContact", order_id=order, on=on)

    async def new_identity(self, on: str) -> None:
        """Note that the child took a new identity."""
        await self._do("PartIdentity", on=on)

    async def is_same_as(self, other: str, words: str = "They are one.") -> None:
        """Find that two people are one."""
        await self._do("ConfirmMatch", other_id=other, words=words)

    async def is_not(self, other: str, difference: str = "namesakes") -> None:
        """Find that two people are not one."""
        await self._do("RejectMatch", other_id=other, difference=difference)

    async def related_to(self, other: str, relation: str) -> None:
        """Link two people."""
        await self._do("LinkPersons", other_id=other, relation=relation)

    async def unlinked_from(self, other: str) -> None:
        """End the link of this identity, taken for the one before adoption, with the other."""
        await self._do("UnlinkPersons", other_id=other)

    async def merge_into(self, other: str) -> None:
        """Have this person's readings lead to the other's."""
        await self._do("MergePersons", into_id=other)

    async def unmerge_from(self, other: str) -> None:
        """End the merge."""
        await self._do("UnmergePersons", into_id=other)

    async def identity(self, purpose: str = "direct-care") -> Any:
        """Return what is known, as it is shown for a purpose."""
        fields = {"person_id": self.id}
        return await self.actor.ask("PeopleService.GetIdentity", fields, purpose)

    async def matches(self) -> list[Any]:
        """Return who may be this person, the likeliest first."""
        answer = await self.actor.ask("PeopleService.FindMatches", {"person_id": self.id})
        return list(answer.matches)

    async def proposals(self, state: str = "proposed") -> list[Any]:
        """Return the proposals that name this person, in a state."""
        fields = {"state": state, "page_size": 500}
        answer = await self.actor.ask("PeopleService.ListMatchProposals", fields)
        return [each for each in answer.proposals if self.id in (each.person_id, each.other_id)]

    async def _do(self, method: str, **fields: Any) -> Any:
        return await self.actor.do(f"PeopleService.{method}", {"person_id": self.id} | fields)
