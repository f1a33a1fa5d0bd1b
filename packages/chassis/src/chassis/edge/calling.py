"""Calling another service: its channel, with the caller's token, a deadline and the trace."""

import json
from collections.abc import Callable
from typing import Any

import grpc
import grpc.aio
from opentelemetry.trace import SpanKind

from chassis.edge.gate import Limits, caller
from chassis.identity.tokens import TokenSource
from chassis.running import telemetry

CALL_S = 5.0
"""How long a call may take whose caller set no deadline."""
STREAM_S = 60.0
"""The same for a call with a stream of messages."""

KEEPALIVE = (
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.max_pings_without_data", 0),
)

# A command carries its id and a reading changes nothing, so each may be sent again.
_RETRIES = json.dumps(
    {
        "methodConfig": [
            {
                "name": [{}],
                "retryPolicy": {
                    "maxAttempts": 4,
                    "initialBackoff": "0.05s",
                    "maxBackoff": "0.5s",
                    "backoffMultiplier": 2,
                    "retryableStatusCodes": ["UNAVAILABLE"],
                },
            }
        ]
    }
)


def connect(target: str, token: TokenSource, limits: Limits | None = None) -> grpc.aio.Channel:
    """Open a channel to a service (host:port); close it when done, or use it as a context.

    Every call carries a bearer token and the trace, has a deadline, and is sent again a bounded
    number of times while the service cannot be reached.
    """
    sizes = limits or Limits()
    return grpc.aio.insecure_channel(
        target,
        options=(
            *KEEPALIVE,
            ("grpc.max_send_message_length", sizes.request_bytes),
            ("grpc.max_receive_message_length", sizes.response_bytes),
            ("grpc.service_config", _RETRIES),
            ("grpc.enable_retries", 1),
            # Backoff between attempts to connect: a peer that is back is found soon.
            ("grpc.initial_reconnect_backoff_ms", 100),
            ("grpc.max_reconnect_backoff_ms", 2_000),
        ),
        interceptors=(
            _OneForOne(token),
            _ManyForOne(token),
            _OneForMany(token),
            _ManyForMany(token),
        ),
    )


async def forwarded() -> str:
    """Give the token of the caller of the moment: a service asks in his name, with his rights."""
    return caller().token


class _Dressed:
    """Adds to a call what every call carries."""

    def __init__(self, token: TokenSource) -> None:
        self._token = token

    async def dress(self, details: Any, longest_s: float) -> grpc.aio.ClientCallDetails:
        metadata = grpc.aio.Metadata(*(details.metadata or ()))
        metadata["authorization"] = f"Bearer {await self._token()}"
        traceparent = telemetry.current_traceparent()
        if traceparent is not None:
            metadata[telemetry.HEADER] = traceparent
        return grpc.aio.ClientCallDetails(
            method=details.method,
            timeout=longest_s if details.timeout is None else details.timeout,
            metadata=metadata,
            credentials=details.credentials,
            wait_for_ready=details.wait_for_ready,
        )


def _span(details: Any) -> Any:
    name = details.method.decode() if isinstance(details.method, bytes) else details.method
    return telemetry.span(name.lstrip("/"), kind=SpanKind.CLIENT)


class _OneForOne(_Dressed, grpc.aio.UnaryUnaryClientInterceptor):
    async def intercept_unary_unary(
        self, continuation: Callable[..., Any], client_call_details: Any, request: Any
    ) -> Any:
        with _span(client_call_details):
            call = await continuation(await self.dress(client_call_details, CALL_S), request)
            # Waited for here, so that the span is as long as the call.
            await call.code()
            return call


class _ManyForOne(_Dressed, grpc.aio.UnaryStreamClientInterceptor):
    async def intercept_unary_stream(
        self, continuation: Callable[..., Any], client_call_details: Any, request: Any
    ) -> Any:
        return await continuation(await self.dress(client_call_details, STREAM_S), request)


class _OneForMany(_Dressed, grpc.aio.StreamUnaryClientInterceptor):
    async def intercept_stream_unary(
        self,
        continuation: Callable[..., Any],
        client_call_details: Any,
        request_iterator: Any,
    ) -> Any:
        return await continuation(await self.dress(client_call_details, STREAM_S), request_iterator)


class _ManyForMany(_Dressed, grpc.aio.StreamStreamClientInterceptor):
    async def intercept_stream_stream(
        self,
        continuation: Callable[..., Any],
        client_call_details: Any,
        request_iterator: Any,
    ) -> Any:
        return await continuation(await self.dress(client_call_details, STREAM_S), request_iterator)
