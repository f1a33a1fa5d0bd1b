"""What is done in a group: published, places offered and answered, who came."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.scenarios.stage import Actor


@dataclass(frozen=True, slots=True)
class Place:
    """A family's place in a group."""

    actor: Actor
    id: str

    async def accept(self) -> None:
        """Take it, as the family."""
        await self.actor.do("GroupsService.AcceptPlace", {"place_id": self.id})

    async def decline(self) -> None:
        """Leave it to another family."""
        await self.actor.do("GroupsService.DeclinePlace", {"place_id": self.id})

    async def attended(self, session: int, how: str = "attended", on: str = "") -> None:
        """Record who came to a session."""
        fields = {"place_id": self.id, "session_number": session, "attendance": how}
        await self.actor.do("GroupsService.RecordAttendance", fields, on)

    async def stands(self) -> Any:
        """Return how it stands."""
        answer = await self.actor.ask("GroupsService.GetPlace", {"place_id": self.id})
        return answer.place


@dataclass(frozen=True, slots=True)
class Cohort:
    """A group that meets on its days."""

    actor: Actor
    id: str

    async def place_for(self, family_id: str, contact: str, child: str) -> Place:
        """Ask for a place without a case."""
        fields = {"family_id": family_id, "contact": contact, "child": child}
        answer = await self.actor.do("GroupsService.RequestPlace", {"cohort_id": self.id} | fields)
        return Place(self.actor, answer.place_id)

    async def places(self) -> list[Any]:
        """Return its places of the authority's families."""
        fields = {"cohort_id": self.id, "page_size": 100}
        answer = await self.actor.ask("GroupsService.ListPlaces", fields)
        return list(answer.places)

    async def place_of(self, family_id: str) -> Place:
        """Return a family's place."""
        found = next(each for each in await self.places() if each.family_id == family_id)
        return Place(self.actor, found.place_id)

    async def stands(self) -> Any:
        """Return how it stands."""
        answer = await self.actor.ask("GroupsService.GetCohort", {"cohort_id": self.id})
        return answer.cohort


@dataclass(frozen=True, slots=True)
class Facilitator:
    """Who runs groups, for the authority that hosts them."""

    actor: Actor

    async def cohort(
        self, days: Sequence[str], capacity: int = 10, offer_days: int = 4, deadline: str = ""
    ) -> Cohort:
        """Publish a programme and one cohort of it that meets on the days."""
        programme = await self.actor.do(
            "GroupsService.PublishProgramme",
            {"name": "A parents' group", "usual_sessions": len(days)},
        )
        answer = await self.actor.do(
            "GroupsService.PublishCohort",
            {
                "programme_id": programme.programme_id,
                "capacity_families": capacity,
                "session_days": days,
                "offer_days": offer_days,
                "referral_deadline": deadline or days[0],
            },
        )
        return Cohort(self.actor, answer.cohort_id)
