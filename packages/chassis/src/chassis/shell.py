"""The thin shell around every decision: load, fold, decide, seal, chain the leaves, append."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from ledger.commands import (
    Answer,
    AppendCommand,
    Appended,
    ClockOff,
    Conflict,
    Duplicate,
    OutOfScope,
    ReadOnly,
    Taken,
)
from ledger.decider import Decider, Refusal
from ledger.envelope import Occurred
from ledger.registry import Registry
from ledger.store import Store
from ledger.writer import Writer

from chassis import telemetry
from chassis.acting import Act, Compose, Done
from chassis.drafting import Draft, draft
from chassis.failures import Conflicted, NotFound, Unavailable
from chassis.service import Outcome
from chassis.situation import Looked

if TYPE_CHECKING:
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
    vault: "Vault"
    compose: Compose
    outcome: Outcome

    async def execute(self, act: Act) -> Done:
        """Carry out one act. Raises Refusal, Conflicted, NotFound or Unavailable."""
        with telemetry.span(f"execute {type(act.command).__name__}"):
            for attempt in range(ATTEMPTS):
                drafted = await self._draft(act)
                if isinstance(drafted, Duplicate):
                    return _repeated(drafted)
                answer = await self._append(drafted.command)
                done = self._done(act, drafted, answer)
                if done is not None:
                    return done
                # Let whoever won finish; the pause stays far below a caller's patience.
                await asyncio.sleep(0.001 * attempt)
            raise Conflicted(type(act.command).__name__)

    async def state(self, tenant: UUID, decider: Decider[Any, S, Any], stream_id: UUID) -> S:
        """Return the state of a stream as it is now."""
        looked = Looked(self.registry, self.store, tenant, frozenset([tenant]), None)
        return await looked.state(decider, stream_id)

    async def _draft(self, act: Act) -> Draft | Duplicate:
        if act.tenant not in act.scope:
            raise NotFound("authority")
        looked = Looked(self.registry, self.store, act.tenant, act.scope, act.command_id)
        await looked.begin()
        if looked.duplicate is not None:
            return looked.duplicate
        steps = await self.compose(act.command, looked)
        heads = await looked.load(tuple(dict.fromkeys(step.stream_id for step in steps)))
        if looked.duplicate is not None:
            return looked.duplicate
        return await draft(act, steps, heads, looked.now, self.registry, self.vault, self.outcome)

    async def _append(self, command: AppendCommand) -> Answer:
        append = asyncio.ensure_future(self.writer.append(command))
        try:
            return await asyncio.shield(append)
        except asyncio.CancelledError:
            # The caller went away; the append goes on, and its failure is nobody's but the log's.
            append.add_done_callback(_log_if_failed)
            raise

    def _done(self, act: Act, drafted: Draft, answer: Answer) -> Done | None:
        """Return what the answer comes to, or None where the act is to be decided anew."""
        match answer:
            case Appended(versions=versions, position=position):
                return Done(
                    versions=drafted.versions | versions,
                    position=position,
                    outcome=drafted.command.outcome,
                    events=drafted.events,
                )
            case Duplicate():
                return _repeated(answer)
            case Conflict(stream_id=stream, actual=actual):
                if act.expected_version is not None and stream == drafted.first_stream:
                    raise Conflicted(f"the stream is at version {actual}")
                return None
            case Taken() | ClockOff():
                return None
            case ReadOnly():
                raise CustodyPassed
            case OutOfScope():
                raise NotFound("authority")


def _repeated(duplicate: Duplicate) -> Done:
    return Done(
        versions=duplicate.versions,
        position=duplicate.position,
        outcome=duplicate.outcome,
        duplicate=True,
    )


def _log_if_failed(append: "asyncio.Future[Answer]") -> None:
    if not append.cancelled() and append.exception() is not None:
        logging.getLogger(__name__).error(
            "append failed after its caller left", extra={"error": type(append.exception()).__name__}
        )
