"""One client: each attempt at a command or a reading, written down before and after."""

import asyncio
import itertools
import random
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import grpc
from google.rpc.error_details_pb2 import (  # type: ignore[import-untyped] # no types published
    ErrorInfo,
)
from grpc_status.rpc_status import from_call

from chassis.failures import Unavailable
from chassis.queries.positions import PositionToken
from faults.journal import Journal, now, wall
from faults.speaking import People, Voice
from throughline.common.v1.common_pb2 import CommandContext, ReadContext

CALL_S = 4.0
ATTEMPTS = 12
FIRST_PAUSE_S = 0.05
LONGEST_PAUSE_S = 1.0
GIVES_UP = 0.04
"""How often a client that is in doubt stays in doubt."""

NEWS_ATTEMPTS = 25
NEWS_PAUSE_S = 0.2

DEFINITE = frozenset(
    {
        grpc.StatusCode.FAILED_PRECONDITION,
        grpc.StatusCode.INVALID_ARGUMENT,
        grpc.StatusCode.NOT_FOUND,
        grpc.StatusCode.PERMISSION_DENIED,
        grpc.StatusCode.ABORTED,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
    }
)
AGAIN = frozenset({grpc.StatusCode.ABORTED, grpc.StatusCode.RESOURCE_EXHAUSTED})
NOT_YET = frozenset({grpc.StatusCode.NOT_FOUND, grpc.StatusCode.FAILED_PRECONDITION})


@dataclass(frozen=True, slots=True)
class Call:
    """Who asks which service for what, in whose name."""

    person: str
    service: str
    rpc: str
    tenant: UUID
    request: Any


@dataclass(slots=True)
class Told:
    """What came of one attempt."""

    outcome: str
    reply: Any = None
    status: grpc.StatusCode | None = None


@dataclass(slots=True)
class Gate:
    """Lets clients work, or holds them between two attempts."""

    open: asyncio.Event = field(default_factory=asyncio.Event)
    under_way: int = 0
    calls: int = 0
    in_doubt: int = 0

    async def quiet(self) -> None:
        """Hold all clients; return when no attempt is under way."""
        self.open.clear()
        while self.under_way:
            await asyncio.sleep(0.01)


class Client:
    """Makes calls one after the other and writes each attempt down."""

    numbers = itertools.count(1)

    def __init__(
        self,
        number: int,
        rng: random.Random,
        people: People,
        voice: Voice,
        book: Journal,
        gate: Gate,
    ) -> None:
        self.number = number
        self.rng = rng
        self.people = people
        self._voice = voice
        self._book = book
        self._gate = gate
        self.last_op = 0

    def an_id(self) -> str:
        """Make an id from the client's seed."""
        return str(UUID(int=self.rng.getrandbits(128), version=4))

    async def command(self, call: Call, *, news: bool = False) -> Any | None:
        """Send a command until it is answered or given up; None where it came to nothing.

        With `news` a refusal may only mean that news from another service has not come yet.
        """
        command_id = call.request.context.command_id or self.an_id()
        occurred = (
            call.request.context.occurred if call.request.context.HasField("occurred") else None
        )
        call.request.context.CopyFrom(
            CommandContext(command_id=command_id, authority=str(call.tenant), occurred=occurred)
        )
        pause_s, waits = FIRST_PAUSE_S, NEWS_ATTEMPTS if news else 0
        attempt = 0
        for _ in range(ATTEMPTS + waits):
            attempt += 1
            told = await self._attempt(call, {"command_id": command_id, "attempt": attempt})
            if told.outcome == "ok":
                return told.reply
            if told.outcome == "refused" and told.status not in AGAIN:
                if told.status not in NOT_YET or waits == 0:
                    return None
                waits -= 1
                await asyncio.sleep(NEWS_PAUSE_S)
                continue
            if told.outcome == "in_doubt" and self.rng.random() < GIVES_UP:
                return None
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        return None

    async def read(self, call: Call, token: str = "", wanted: str = "", found: Any = None) -> Any:
        """Read once; `found` judges from the reply whether what must be seen is there."""
        call.request.context.CopyFrom(ReadContext(authority=str(call.tenant), position_token=token))
        known: dict[str, Any] = {"token": _position(token, call.service)}
        if wanted:
            known |= {"after": self.last_op, "wanted": wanted}
        told = await self._attempt(call, known, found)
        return told.reply

    async def _attempt(self, call: Call, known: dict[str, Any], found: Any = None) -> Told:
        await self._gate.open.wait()
        op = next(self.numbers)
        kind = "command" if "command_id" in known else "read"
        about = _ids(call.request)
        line = {
            "client": self.number,
            "op": op,
            "kind": kind,
            "service": call.service,
            "rpc": call.rpc,
            "tenant": str(call.tenant),
            **known,
            "about": about,
        }
        self._gate.under_way += 1
        try:
            token = await self._token(call.person)
            self._book.write({"at": now(), "wall": wall(), "outcome": "invoked", **line})
            told = await self._send(call, token)
        finally:
            self._gate.under_way -= 1
        self._gate.calls += 1
        self._gate.in_doubt += told.outcome == "in_doubt"
        said = _said(told, call.service, kind)
        if kind == "read" and told.outcome == "ok" and found is not None:
            said["found"] = bool(found(told.reply))
        self._book.write({"at": now(), "wall": wall(), "outcome": told.outcome, **line, **said})
        if told.outcome == "ok" and kind == "command":
            self.last_op = op
        return told

    async def _token(self, person: str) -> str:
        for _ in range(ATTEMPTS):
            try:
                return await self.people.token(person)
            except Unavailable:
                await asyncio.sleep(LONGEST_PAUSE_S)
        return await self.people.token(person)

    async def _send(self, call: Call, token: str) -> Told:
        method = await self._voice.method(call.service, call.rpc)
        metadata = (("authorization", f"Bearer {token}"),)
        try:
            reply = await method(call.request, metadata=metadata, timeout=CALL_S)
        except grpc.aio.AioRpcError as error:
            outcome = "refused" if error.code() in DEFINITE else "in_doubt"
            return Told(outcome, error, error.code())
        return Told("ok", reply)


def _said(told: Told, service: str, kind: str) -> dict[str, Any]:
    """Return what is written down of an answer: opaque ids, versions, positions, codes."""
    if told.outcome != "ok":
        status = told.status.name if told.status else "UNKNOWN"
        reason = _reason(told.reply) or status
        told.reply = None
        return {"status": status, "reason": reason}
    said: dict[str, Any] = {"ids": _ids(told.reply)}
    if kind == "command":
        receipt = told.reply.receipt
        said |= {
            "versions": {receipt.stream_id: receipt.version} if receipt.stream_id else {},
            "position": _position(receipt.position_token, service),
            "duplicate": receipt.duplicate,
        }
    return said


def _position(token: str, service: str) -> int:
    return PositionToken.decode(token, service).position if token else 0


def _ids(message: Any) -> dict[str, Any]:
    """Return the opaque ids that a message names, also those of its children."""
    found: dict[str, Any] = {}
    for field_, value in message.ListFields():
        name = field_.name
        if name in {"context", "receipt"}:
            continue
        if name.endswith("_id") and isinstance(value, str):
            found[name] = value
        elif name == "children":
            for key in ("referral_id", "case_id"):
                found[key] = [getattr(each, key) for each in value]
    return found


def _reason(error: grpc.aio.AioRpcError) -> str:
    try:
        status = from_call(error)  # type: ignore[arg-type] # it has what a Call is asked for here
    except ValueError:
        # What came back was torn.
        return ""
    for detail in status.details if status else ():
        info = ErrorInfo()
        if detail.Unpack(info):
            return str(info.reason)
    return ""
