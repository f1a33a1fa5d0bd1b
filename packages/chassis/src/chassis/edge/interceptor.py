"""The one interceptor of a server: the gate, then the deadline, then errors to statuses.

One does it all, so that no RPC can be served past it and errors are mapped once.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AbstractContextManager, aclosing, nullcontext
from typing import Any, NoReturn, TypeAlias, cast

import grpc
import grpc.aio
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from opentelemetry.trace import SpanKind

from chassis.edge.contract import authority_in, described
from chassis.edge.gate import Gate, Metadata
from chassis.edge.malformed import malformed
from chassis.edge.statuses import DeadlinePassed, Failure, failure_of
from chassis.edge.wire import read_message
from chassis.failures import Unavailable
from chassis.identity.tokens import Caller
from chassis.running import telemetry

ABSENCE_S = 0.025
"""NOT_FOUND is told at a multiple of this after the call began, so that its time tells nothing."""

# What is our fault and not the caller's, as OpenTelemetry counts errors of a server.
_FAULTS = frozenset(
    {
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.INTERNAL,
        grpc.StatusCode.UNAVAILABLE,
    }
)
_UNBOUNDED = nullcontext()

Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]


class _Method:
    """One RPC behind the gate: what is known of it before any call."""

    def __init__(self, gate: Gate, name: str, handler: Any) -> None:
        self.gate = gate
        self.name = name
        self.behaviour: Callable[..., Any] = (
            handler.unary_unary
            or handler.unary_stream
            or handler.stream_unary
            or handler.stream_stream
        )
        self.serialize: Callable[[Any], bytes] = handler.response_serializer
        service, _, method = name[1:].partition("/")
        self.request = GetMessageClass(described(service).methods_by_name[method].input_type)
        self.about = {"rpc.system": "grpc", "rpc.service": service, "rpc.method": method}

    def span(self, metadata: Metadata) -> AbstractContextManager[None]:
        """Measure one call, as part of its client's trace if it has one."""
        parent = telemetry.from_pairs(metadata)
        return telemetry.span(self.name[1:], parent, SpanKind.SERVER, self.about)

    def deadline(self, context: Context, longest_s: float) -> asyncio.Timeout | None:
        """Bound a call; None where its client set a deadline in our limits, which gRPC keeps."""
        # The stub does not say so, but without a deadline of the client's it is None.
        left = cast("float | None", context.time_remaining())
        if left is None:
            left = self.gate.limits.default_s
        elif left <= longest_s:
            return None
        return asyncio.timeout(min(longest_s, left))

    async def enter(self, by: Caller, data: bytes) -> Message:
        """Read the call's (first) message and let the call in."""
        message = read_message(self.request, data)
        await self.gate.admit(by, self.name, message)
        return message

    async def entered(
        self, data: AsyncIterator[bytes], metadata: Metadata
    ) -> AsyncIterator[Message]:
        """Let a call with a stream of messages in; each must name the first one's authority."""
        by = await self.gate.identify(metadata)
        first = await anext(data, None)
        if first is None:
            raise malformed("request", "required", "at least one message")
        message = await self.enter(by, first)
        return self._rest(message, data)

    async def _rest(self, first: Message, data: AsyncIterator[bytes]) -> AsyncIterator[Message]:
        authority = authority_in(first)
        yield first
        async for each in data:
            message = read_message(self.request, each)
            if authority_in(message) != authority:
                raise malformed("context.authority", "changed", "that of the first message")
            yield message

    def told(self, error: Exception, limit: asyncio.Timeout | None) -> Failure:
        """Say what an error is to the caller, and in the span."""
        late = isinstance(error, TimeoutError) and limit is not None and limit.expired()
        failure = failure_of(DeadlinePassed() if late else error, self.name)
        telemetry.note({"status": failure.code.name})
        if failure.code in _FAULTS:
            telemetry.note_fault(error)
        return failure


def _unless_cancelled(error: Exception | asyncio.CancelledError) -> Exception:
    """Let the call's own cancellation pass; that of something it waited for is an error.

    Without a status for the latter grpc would leave the client waiting.
    """
    if isinstance(error, Exception):
        return error
    task = asyncio.current_task()
    if task is None or task.cancelling():
        raise error
    return Unavailable("cancelled from within")


async def _abort(context: Context, failure: Failure, began: float) -> NoReturn:
    if failure.code is grpc.StatusCode.NOT_FOUND:
        spent = asyncio.get_running_loop().time() - began
        await asyncio.sleep(ABSENCE_S - spent % ABSENCE_S)
    await context.abort(failure.code, failure.words, failure.trailing_metadata())


def _one_answer(method: _Method, enter: "_Enter") -> Callable[..., Awaitable[bytes]]:
    longest_s = method.gate.limits.longest_s

    async def call(data: Any, context: Context) -> bytes:
        began = asyncio.get_running_loop().time()
        metadata = context.invocation_metadata() or ()
        with method.span(metadata):
            limit = method.deadline(context, longest_s)
            try:
                async with limit or _UNBOUNDED:
                    request = await enter(method, data, metadata)
                    return method.serialize(await method.behaviour(request, context))
            except grpc.aio.AbortError:
                raise
            except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 # all become a status
                failure = method.told(_unless_cancelled(error), limit)
        return await _abort(context, failure, began)

    return call


def _many_answers(method: _Method, enter: "_Enter") -> Callable[..., AsyncIterator[bytes]]:
    longest_s = method.gate.limits.longest_stream_s

    async def call(data: Any, context: Context) -> AsyncIterator[bytes]:
        began = asyncio.get_running_loop().time()
        metadata = context.invocation_metadata() or ()
        with method.span(metadata):
            limit = method.deadline(context, longest_s)
            try:
                async with limit or _UNBOUNDED:
                    request = await enter(method, data, metadata)
                    async with aclosing(method.behaviour(request, context)) as answers:
                        async for answer in answers:
                            yield method.serialize(answer)
                    return
            except grpc.aio.AbortError:
                raise
            except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 # all become a status
                failure = method.told(_unless_cancelled(error), limit)
        await _abort(context, failure, began)

    return call


async def _enter_with_one(method: _Method, data: bytes, metadata: Metadata) -> Message:
    by = await method.gate.identify(metadata)
    return await method.enter(by, data)


async def _enter_with_many(
    method: _Method, data: AsyncIterator[bytes], metadata: Metadata
) -> AsyncIterator[Message]:
    return await method.entered(data, metadata)


_Enter: TypeAlias = Callable[[_Method, Any, Metadata], Awaitable[Any]]


def behind(gate: Gate, name: str, handler: Any) -> "grpc.RpcMethodHandler[Any, Any]":
    """Put a generated method handler behind the gate; it then takes and gives bytes."""
    method = _Method(gate, name, handler)
    match handler.request_streaming, handler.response_streaming:
        case False, False:
            return grpc.unary_unary_rpc_method_handler(_one_answer(method, _enter_with_one))
        case False, True:
            return grpc.unary_stream_rpc_method_handler(_many_answers(method, _enter_with_one))
        case True, False:
            return grpc.stream_unary_rpc_method_handler(_one_answer(method, _enter_with_many))
        case _:
            return grpc.stream_stream_rpc_method_handler(_many_answers(method, _enter_with_many))


class GateInterceptor(grpc.aio.ServerInterceptor):
    """Puts every RPC behind the gate, but for those of the named services."""

    def __init__(self, gate: Gate, open_services: Iterable[str]) -> None:
        self._gate = gate
        self._open = frozenset(open_services)
        self._known: dict[str, Any] = {}

    async def intercept_service(self, continuation: Any, handler_call_details: Any) -> Any:
        """Return the handler of an RPC behind the gate; one that is not there stays not there."""
        name: str = handler_call_details.method
        known = self._known.get(name)
        if known is not None:
            return known
        handler = await continuation(handler_call_details)
        if handler is None or name[1:].partition("/")[0] in self._open:
            return handler
        self._known[name] = behind(self._gate, name, handler)
        return self._known[name]
