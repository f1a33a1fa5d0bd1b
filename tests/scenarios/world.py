"""The world of a story: its clock, its people by role and authority, and what all of it waits for.

One platform serves all stories of a run. They are told *at the same time* (telling.py): the clock
stands while any of them acts, and moves when all wait, to the earliest instant that one waits for.
So every story keeps its true dates (shifted ones would meet other weekends and bank holidays), no
clock is ever turned back, and the run takes as long as its longest story: a platform for each story
costs ten seconds to start, and one after another their dates would overlap. Each story has children
of its own; authorities and their people are shared, so a story looks for its own in lists.
"""

from dataclasses import dataclass
from datetime import date

from chassis.roles import Role
from tests.scenarios.before import FrontDesk
from tests.scenarios.cases import Manager, Worker
from tests.scenarios.concerns import Safety
from tests.scenarios.front_door import Duty
from tests.scenarios.groups import Facilitator
from tests.scenarios.messages import Letters
from tests.scenarios.persons import Person
from tests.scenarios.stage import Actor, Stage
from tests.scenarios.transfers import Arriving, ChangingDuty, Leaving

BEGINS = date(2025, 1, 1)
"""The day on which the platform's clock begins, and the people's registrations."""


@dataclass(frozen=True, slots=True)
class World:
    """What one story has: the clock, everybody it can ask, and the wait for what follows."""

    stage: Stage

    async def at(self, when: str) -> None:
        """Wait until it is a day (nine in the morning), or a day and a time, in London.

        All that was done before has settled then, and all that fell due until then has happened.
        """
        await self.stage.at(when)

    async def settle(self) -> None:
        """Return when everything that was done has had its consequences everywhere."""
        await self.stage.settle()

    def duty(self, authority: str, number: int = 1) -> Duty:
        """Return a duty worker of the authority's partnership, who acts for the authority."""
        partnership = self.stage.partnership(authority)
        slug = f"{partnership}-duty-{number}"
        return Duty(Actor(self.stage, Role.DUTY_WORKER, authority, slug))

    def manager(self, authority: str) -> Manager:
        """Return the team manager."""
        return Manager(Actor(self.stage, Role.TEAM_MANAGER, authority))

    def worker(self, authority: str, slug: str) -> Worker:
        """Return somebody who works with families, by name."""
        return Worker(Actor(self.stage, Role.SUPPORT_WORKER, authority, slug))

    def facilitator(self, authority: str) -> Facilitator:
        """Return who runs groups."""
        return Facilitator(Actor(self.stage, Role.GROUP_FACILITATOR, authority))

    def safety(self, authority: str, role: Role = Role.DUTY_WORKER, who: str = "") -> Safety:
        """Return somebody who deals with danger: duty, unless another role or name is given."""
        return Safety(Actor(self.stage, role, authority, who))

    def person(self, authority: str, person_id: str) -> Person:
        """Return a person of an authority, before its team manager."""
        return Person(Actor(self.stage, Role.TEAM_MANAGER, authority), person_id)

    def front_desk(self, authority: str, role: Role = Role.DUTY_WORKER) -> FrontDesk:
        """Return whoever takes in what comes: duty, or the authority's own system (SUBSCRIBER)."""
        return FrontDesk(Actor(self.stage, role, authority))

    def leaving(self, authority: str, case_id: str) -> Leaving:
        """Return a case that may go elsewhere, before the manager of the authority that has it."""
        return Leaving(Actor(self.stage, Role.TEAM_MANAGER, authority), case_id)

    def arriving(self, authority: str) -> Arriving:
        """Return the cases that others offer an authority."""
        return Arriving(Actor(self.stage, Role.TEAM_MANAGER, authority))

    def changing_duty(self, authority: str) -> ChangingDuty:
        """Return the changes of duty of an authority, before its manager."""
        return ChangingDuty(Actor(self.stage, Role.TEAM_MANAGER, authority))

    def letters(self, authority: str) -> Letters:
        """Return what is sent to people, as a manager sees it."""
        return Letters(Actor(self.stage, Role.TEAM_MANAGER, authority))

    def actor(self, role: Role, authority: str) -> Actor:
        """Return anybody else, who has a role for an authority."""
        return Actor(self.stage, role, authority)
