"""The demo's people: who works for which authority, in which role, and the lines they speak on."""

from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from uuid import UUID

from chassis.directory import Directory
from chassis.identity import people
from chassis.roles import Role
from throughline_cli.reaching import Line, Platform, speaking_as

_KINDS = {
    Role.THERAPIST: ("therapist", "hcpc"),
    Role.SOCIAL_WORKER: ("social-worker", "social-work-england"),
    Role.SUPPORT_WORKER: ("support-worker", ""),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can lead a case: what casework must know of him or her."""

    slug: str
    id: str
    name: str
    kind: str
    registration: str
    tenants: frozenset[UUID]


class Nobody(LookupError):  # noqa: N818 # named for what was found
    """No person of the demo has that role for that authority."""


@dataclass(slots=True)
class Staff:
    """All of the demo's people; a line is opened when somebody first speaks."""

    platform: Platform
    known: Mapping[str, people.Person]
    opened: AsyncExitStack
    lines: dict[str, Line] = field(default_factory=dict)

    @classmethod
    def of(cls, platform: Platform, opened: AsyncExitStack) -> "Staff":
        """Read the people of a platform."""
        file = platform.people_file
        return cls(platform, people.load_people(file, platform.directory), opened)

    async def line(self, role: Role, authority: UUID | None = None) -> Line:
        """Return the line of somebody with a role, for an authority where one is named."""
        for slug, person in sorted(self.known.items()):
            if role in person.roles and (authority is None or authority in person.tenants):
                return await self.line_of(slug)
        raise Nobody(f"nobody is a {role.value} there")

    async def line_of(self, slug: str) -> Line:
        """Return the line of one person."""
        if slug not in self.known:
            raise Nobody(f"{slug} is nobody of the demo: {', '.join(sorted(self.known))}")
        if slug not in self.lines:
            self.lines[slug] = await self.opened.enter_async_context(
                speaking_as(self.platform, slug)
            )
        return self.lines[slug]

    async def reader(self, authority: str, slug: str | None) -> Line:
        """Return the line of a person named, else that of an auditor of the authority."""
        if slug is not None:
            return await self.line_of(slug)
        return await self.line(Role.AUDITOR, UUID(authority))

    async def managers(self) -> dict[UUID, Line]:
        """Return for each authority the line of a team manager."""
        return {
            authority: await self.line(Role.TEAM_MANAGER, authority)
            for authority in self.platform.directory.tenants
        }

    def workers(self, authority: UUID) -> list[Person]:
        """Return who can lead a case of an authority, in a fixed order."""
        return [
            _worker(person)
            for _, person in sorted(self.known.items())
            if authority in person.tenants and person.roles & _KINDS.keys()
        ]

    def worker_for(self, authority: UUID, case_id: str) -> Person:
        """Return the worker who leads a case: the same each time, and all about equally often."""
        workers = self.workers(authority)
        return workers[UUID(case_id).int % len(workers)]

    def registrations(self, directory: Directory) -> Iterator[tuple[UUID, Person]]:
        """Name each worker with each authority that is to know of him or her."""
        for authority in directory.tenants:
            for worker in self.workers(authority):
                yield authority, worker


def _worker(person: people.Person) -> Person:
    role = next(role for role in _KINDS if role in person.roles)
    kind, registration = _KINDS[role]
    return Person(person.slug, str(person.id), person.name, kind, registration, person.tenants)
