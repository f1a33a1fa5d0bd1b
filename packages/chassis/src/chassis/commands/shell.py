"""The thin shell around every decision: load, fold, decide, seal, chain the leaves, append."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from chassis import crash
from chassis.acting import Act, Compose, Done
from chassis.commands.access import unseal
from chassis.commands.drafting import Draft, draft
from chassis.commands.remembering import recalled
from chassis.commands.situation import AcceptedBefore, Looked
from chassis.commands.tails import Tails, settled
from chassis.edge.malformed import Malformed
from chassis.edge.rpc import caller, command_context
from chassis.failures import Conflicted, NotFound, Unavailable
from chassis.followers.pulse import Pulse
from chassis.queries.positions import PositionToken
from chassis.queries.reading import Rows
from chassis.running import telemetry
from chassis.service import Outcome
from ledger.commands import (
    Answer,
    Appended,
    ClockOff,
    Conflict,
    Duplicate,
    OutOfScope,
    ReadOnly,
    Taken,
)
from ledger.connect import Connection
from ledger.decider import Decider, Refusal
from ledger.envelope import Basis
from ledger.personal import Block, Personal
from ledger.registry import Registry
from ledger.snapshots import SnapshotWriter
from ledger.store import Store, StoreUnavailable
from ledger.writer import Writer
from throughline.common.v1.common_pb2 import CommandContext, ReadContext, Receipt
from vault.access import KeyringUnavailable
from vault.vault import Vault

S = TypeVar("S")

ATTEMPTS = 12
"""How often a command is decided anew after it lost a race, before its caller is told."""


class CustodyPassed(Refusal):
    """The record has passed to another authority and is read-only here."""


@dataclass(frozen=True, slots=True)
class Shell:
    """Executes acts for one service.

    A command is answered only after its events are committed; the same command id again is answered
    with the first outcome; a lost race is decided anew at most `ATTEMPTS` times. Once handed to the
    writer an append is not lost when its caller goes away.
    """

    service: str
    registry: Registry
    store: Store
    writer: Writer
    vault: Vault
    rows: Rows
    pulse: Pulse
    compose: Compose
    outcome: Outcome
    # Without it long streams are read from their beginning each time.
    snapshots: SnapshotWriter | None = None
    tails: Tails = field(default_factory=Tails)
    # The slug of each authority's partnership.
    partnerships: Mapping[UUID, str] = field(default_factory=dict)
    # By slug, the authorities that keep their record here.
    authorities: Mapping[str, UUID] = field(default_factory=dict)

    async def execute(self, act: Act) -> Done:
        """Carry out one act. Raises Refusal, Conflicted, NotFound, QueueFull or Unavailable."""
        if act.tenant not in act.scope:
            raise NotFound("authority")
        with telemetry.span(f"execute {type(act.command).__name__}"):
            try:
                return await self._decide_until_it_holds(act)
            except (StoreUnavailable, KeyringUnavailable) as error:
                raise Unavailable("the outcome is in doubt") from error

    async def command(
        self,
        context: CommandContext,
        command: object,
        *,
        corrects: UUID | None = None,
        basis: Basis = Basis.FACT,
    ) -> Done:
        """Carry out a command of the caller of the moment, as its context says."""
        by = caller()
        asked = command_context(context, by)
        return await self.execute(
            Act(
                command_id=asked.command_id,
                tenant=asked.tenant,
                scope=by.scope,
                actor=by.actor,
                command=command,
                occurred=asked.occurred,
                expected_version=asked.expected_version,
                correlation_id=asked.correlation_id,
                corrects=corrects,
                basis=basis,
            )
        )

    def receipt(
        self, done: Done, stream_id: UUID | None = None, case_id: UUID | None = None
    ) -> Receipt:
        """Make the answer to a command, for a stream; for the first that it touched if none."""
        stream = stream_id or next(iter(done.versions), None)
        return Receipt(
            stream_id=str(stream or ""),
            version=done.versions.get(stream, 0) if stream else 0,
            position_token=PositionToken(self.service, done.position).encode(),
            duplicate=done.duplicate,
            case_id=str(case_id or ""),
        )

    def reading(self, context: ReadContext) -> AbstractAsyncContextManager[Connection]:
        """Give a connection on the caller's authority, at least as fresh as its position token."""
        return self.rows.reading(context)

    async def unseal(
        self,
        purpose: str,
        values: Sequence[Personal[Any]],
        *,
        tenant: UUID,
        case_id: UUID | None = None,
        also: frozenset[Block] = frozenset(),
    ) -> list[Any]:
        """Open personal values for the caller of the moment; each reading is recorded first."""
        by = caller()
        return await unseal(
            self.vault, by, purpose, values, tenant=tenant, case_id=case_id, also=also
        )

    async def state(self, tenant: UUID, decider: Decider[Any, S, Any], stream_id: UUID) -> S:
        """Return the state of a stream as it is now."""
        looked = self._looked(tenant, frozenset([tenant]), None)
        return await looked.state(decider, stream_id)

    def _looked(
        self,
        tenant: UUID,
        scope: frozenset[UUID],
        command_id: UUID | None,
        tails: Tails | None = None,
    ) -> Looked:
        return Looked(
            self.registry,
            self.store,
            tenant,
            scope,
            command_id,
            self.snapshots,
            tails,
            self.partnerships.get(tenant, ""),
            self.authorities,
        )

    async def _decide_until_it_holds(self, act: Act) -> Done:
        tails: Tails | None = self.tails
        for attempt in range(ATTEMPTS):
            looked = self._looked(act.tenant, act.scope, act.command_id, tails)
            tails = self.tails
            drafted: Draft | None = None
            try:
                drafted = await self._draft(act, looked)
            except AcceptedBefore as found:
                return recalled(found.duplicate)
            except (Refusal, Malformed, Conflicted, NotFound):
                if not looked.built_on:
                    raise
            if drafted is None or (looked.built_on and not drafted.events):
                # That rests on what may never come to be: once it is known, on what is there.
                await settled(looked.built_on)
                tails = None
                continue
            try:
                done = await self._append(act, drafted)
            except CustodyPassed:
                # It may have passed since this was decided: something else may follow then.
                if attempt:
                    raise
                continue
            if done is not None:
                return done
            # Let whoever won finish; the pause stays far below a caller's patience.
            await asyncio.sleep(0.001 * attempt)
        raise Conflicted(type(act.command).__name__)

    async def _draft(self, act: Act, looked: Looked) -> Draft:
        steps = await self.compose(act.command, looked)
        await looked.load_for(steps)
        return await draft(act, steps, looked, self.registry, self.vault, self.outcome)

    async def _append(self, act: Act, drafted: Draft) -> Done | None:
        with telemetry.span("append"), self.tails.on_their_way(drafted.command):
            # The writer carries on with what it was handed even if this caller goes away.
            crash.point("execute.before-append")
            answer = await self.writer.append(drafted.command)
            crash.point("execute.after-append")
        return self._done(act, drafted, answer)

    def _done(self, act: Act, drafted: Draft, answer: Answer) -> Done | None:
        """Return what the answer comes to, or None where the act is to be decided anew."""
        match answer:
            case Appended(position=position):
                self.pulse.wake(position)
                return Done(
                    versions=drafted.versions,
                    position=position or drafted.position,
                    outcome=drafted.outcome,
                    events=drafted.events,
                )
            case Duplicate():
                return recalled(answer)
            case Conflict(stream_id=stream, actual=actual):
                first = next(iter(drafted.versions), None)
                if act.expected_version is not None and stream == first:
                    raise Conflicted(f"the stream is at version {actual}")
                return None
            case Taken() | ClockOff():
                return None
            case ReadOnly():
                raise CustodyPassed
            case OutOfScope():
                raise NotFound("authority")
