"""Who tells the services what happens to one family: in which role, under which command id."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from chassis.roles import Role
from throughline.common.v1.common_pb2 import CommandContext, ReadContext
from throughline_cli.calling import again
from throughline_cli.contracts import methods
from throughline_cli.people import Person, Staff
from throughline_cli.playing import CASE_PATIENCE_S
from throughline_cli.reaching import Line
from throughline_cli.simulating.families import Family
from throughline_cli.simulating.steps import Step

_SIMULATED = UUID("5e0b6f6c-0a0e-5c53-9f0b-0c5f6d7b5a21")


NEWS_PAUSE_S = 0.1
CLINICIANS = frozenset({"therapist", "social-worker"})


@dataclass(slots=True)
class Teller:
    """One family's: its authority, what is known of each child by now, and the lines to speak on.

    Every command's id is made of the seed and of what it is about: played again it changes nothing.
    """

    seed: int
    family: Family
    staff: Staff
    known: dict[tuple[int, str], str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def tenant(self) -> UUID:
        """The authority whose record it is."""
        return self.staff.platform.directory.authorities[self.family.authority].id

    @property
    def partnership(self) -> str:
        """The slug of the partnership whose staff do the work."""
        found = self.staff.platform.directory.partnership_of(self.tenant)
        if found is None:
            raise LookupError(f"{self.family.authority} is of no partnership")
        return found.slug

    def id_of(self, what: str) -> UUID:
        """Return the id of something of this family, the same each time."""
        return uuid5(_SIMULATED, f"{self.seed}:{self.family.number}:{what}")

    def of(self, step: Step, name: str) -> str:
        """Return an id that an earlier step of the same child came to."""
        return self.known[step.child, name]

    def learn(self, step: Step, name: str, value: str) -> None:
        """Keep an id for later steps of the same child."""
        self.known[step.child, name] = value

    def lead(self, step: Step) -> Person:
        """Return who leads the child's case once somebody does."""
        first = self.staff.worker_for(self.tenant, self.of(step, "case"))
        slug = self.known.get((step.child, "lead"), first.slug)
        return next(each for each in self.staff.workers(self.tenant) if each.slug == slug)

    async def as_role(self, role: Role) -> Line:
        """Return the line of somebody who has a role for the authority."""
        return await self.staff.line(role, self.tenant)

    async def as_lead(self, step: Step) -> Line:
        """Return the line of who leads the child's case."""
        return await self.staff.line_of(self.lead(step).slug)

    async def as_clinician(self, step: Step) -> Line:
        """Return the line of who leads the case, or of the manager where that is no clinician."""
        lead = self.lead(step)
        return await (
            self.staff.line_of(lead.slug)
            if lead.kind in CLINICIANS
            else self.as_role(Role.TEAM_MANAGER)
        )

    async def do(
        self,
        line: Line,
        rpc: str,
        step: Step,
        fields: Mapping[str, Any],
        part: str = "",
        at: UUID | None = None,
    ) -> Any:
        """Give the command of a step, `Service.Method` with the fields of its request.

        `part` tells several commands of one step to the same method apart; `at`: another authority.
        """
        about = f"{rpc}:{step.child}:{step.verb}:{step.number}:{step.code}:{part}"
        context = self._commanded(about, at)
        if step.on < step.told:
            context.occurred.day = step.on.isoformat()
        return await self._command(line, rpc, context, fields)

    async def held(self, line: Line, rpc: str, step: Step, fields: Mapping[str, Any]) -> Any:
        """Give a command that must say on which day it was so."""
        about = f"{rpc}:{step.child}:{step.verb}:{step.number}:{step.code}"
        context = self._commanded(about)
        context.occurred.day = step.on.isoformat()
        return await self._command(line, rpc, context, fields)

    async def ask(self, line: Line, rpc: str, fields: Mapping[str, Any]) -> Any:
        """Read, with all that was done for this family by now."""
        token = self.tokens.get(methods()[rpc].service, "")
        context = ReadContext(authority=str(self.tenant), position_token=token)
        return await self._call(line, rpc, {"context": context} | dict(fields))

    async def glance(self, line: Line, rpc: str, fields: Mapping[str, Any]) -> Any:
        """Read what stands by now, without waiting for what was just done: it changes nothing."""
        context = ReadContext(authority=str(self.tenant))
        return await self._call(line, rpc, {"context": context} | dict(fields))

    async def once_told(
        self, line: Line, rpc: str, fields: Mapping[str, Any], pick: Callable[[Any], Any]
    ) -> Any:
        """Read until the news of another service has come; return what is picked of the answer.

        Raises KeyError where it has not come after all patience.
        """
        until = asyncio.get_running_loop().time() + CASE_PATIENCE_S
        while asyncio.get_running_loop().time() < until:
            found = pick(await self.glance(line, rpc, fields))
            if found is not None:
                return found
            await asyncio.sleep(NEWS_PAUSE_S)
        raise KeyError(rpc)

    async def jointly(
        self, line: Line, rpc: str, what: str, fields: Mapping[str, Any], at: UUID
    ) -> Any:
        """Give a command that is the same for whichever family gives it first."""
        command_id = uuid5(_SIMULATED, f"{self.seed}:{at}:{rpc}:{what}")
        context = CommandContext(command_id=str(command_id), authority=str(at))
        return await self._call(line, rpc, {"context": context} | dict(fields))

    def _commanded(self, about: str, at: UUID | None = None) -> CommandContext:
        return CommandContext(command_id=str(self.id_of(about)), authority=str(at or self.tenant))

    async def _command(
        self, line: Line, rpc: str, context: CommandContext, fields: Mapping[str, Any]
    ) -> Any:
        answer = await self._call(line, rpc, {"context": context} | dict(fields))
        self.tokens[methods()[rpc].service] = answer.receipt.position_token
        return answer

    async def _call(self, line: Line, rpc: str, fields: Mapping[str, Any]) -> Any:
        method = methods()[rpc]
        request = method.request(fields)
        call = method.on(line[method.service])
        return await again(lambda: call(request))
