"""What a story is told on: the shared clock, ids of commands, and somebody to speak in any role."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID, uuid4, uuid5

from chassis.directory import Directory
from chassis.roles import Role
from ledger.clock import LONDON
from tests.scenarios.disturbing import Disturber
from tests.scenarios.telling import Telling
from throughline.common.v1.common_pb2 import CommandContext, ReadContext
from throughline_cli.calling import again
from throughline_cli.contracts import methods
from throughline_cli.people import Staff
from throughline_cli.reaching import Line

_STORIES = UUID("4d1f9d4e-6a57-5b0e-9a3a-8f4f0f6f2c11")
OFFICE_OPENS = time(9)
_DAY = len("2025-09-01")


def instant(when: str) -> datetime:
    """Read an instant of a story, in London: a day (nine in the morning) or a day and a time."""
    found = datetime.fromisoformat(when)
    if len(when) == _DAY:
        found = datetime.combine(found.date(), OFFICE_OPENS)
    return found.replace(tzinfo=LONDON).astimezone(UTC)


@dataclass(slots=True)
class Stage:
    """One story's: the clock it shares with the others, and its commands' ids."""

    name: str
    staff: Staff
    telling: Telling
    disturber: Disturber
    _commands: int = 0
    _run: UUID = field(default_factory=uuid4)

    @property
    def directory(self) -> Directory:
        """The authorities and partnerships."""
        return self.staff.platform.directory

    @property
    def now(self) -> datetime:
        """The platform's clock."""
        return self.telling.clock.now

    async def at(self, when: str) -> None:
        """Wait until it is a day, or a day and a time, in London; all has settled then."""
        await self.telling.until(instant(when))

    async def settle(self) -> None:
        """Return when everything that was done has had its consequences everywhere."""
        await self.telling.clock.operator.settle()

    async def doubled(self) -> None:
        """Deliver again all that any service told since this was last done."""
        await self.disturber.double()

    async def killed(self, service: str) -> None:
        """Kill a service, and return when it serves again."""
        await self.disturber.kill(service)

    def authority(self, slug: str) -> UUID:
        """Return an authority's id."""
        return self.directory.authorities[slug].id

    def partnership(self, slug: str) -> str:
        """Return the slug of the partnership whose staff work for an authority."""
        found = self.directory.partnership_of(self.authority(slug))
        if found is None:
            raise LookupError(f"{slug} is of no partnership")
        return found.slug

    def slug(self, authority: UUID) -> str:
        """Return an authority's slug."""
        return next(
            name for name, each in self.directory.authorities.items() if each.id == authority
        )

    def command_id(self) -> str:
        """Return the id of the story's next command."""
        self._commands += 1
        return str(uuid5(_STORIES, f"{self._run}:{self._commands}"))

    def actor(self, role: Role, authority: str) -> "Actor":
        """Return somebody who has a role for an authority."""
        return Actor(self, role, authority)

    async def line(self, role: Role, authority: str) -> Line:
        """Return the line of somebody with a role for an authority."""
        return await self.staff.line(role, self.authority(authority))


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who speaks in a role, for an authority. `slug`: who, where that matters."""

    stage: Stage
    role: Role
    authority: str
    slug: str = ""

    async def line(self) -> Line:
        """Return the line that he speaks on."""
        if self.slug:
            return await self.stage.staff.line_of(self.slug)
        return await self.stage.line(self.role, self.authority)

    def commanded(self, occurred: str = "") -> CommandContext:
        """Return the context of a new command; `occurred` is a day, or an instant of the story."""
        context = CommandContext(
            command_id=self.stage.command_id(), authority=str(self.stage.authority(self.authority))
        )
        if len(occurred) == _DAY:
            context.occurred.day = occurred
        elif occurred:
            context.occurred.instant.FromDatetime(instant(occurred))
        return context

    def reading(self, purpose: str = "") -> ReadContext:
        """Return the context of a reading."""
        return ReadContext(authority=str(self.stage.authority(self.authority)), purpose=purpose)

    async def do(self, rpc: str, fields: Mapping[str, Any], occurred: str = "") -> Any:
        """Give a command, `Service.Method` with the fields of its request; return the answer."""
        return await self._call(rpc, {"context": self.commanded(occurred)} | dict(fields))

    async def ask(self, rpc: str, fields: Mapping[str, Any], purpose: str = "") -> Any:
        """Read, `Service.Method` with the fields of its request; return the answer."""
        return await self._call(rpc, {"context": self.reading(purpose)} | dict(fields))

    async def _call(self, rpc: str, fields: Mapping[str, Any]) -> Any:
        method = methods()[rpc]
        request = method.request(fields)
        call = method.on((await self.line())[method.service])
        return await again(lambda: call(request))
