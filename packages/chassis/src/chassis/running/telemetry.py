"""One trace through everything: spans, and the W3C trace context between processes.

Without an exporter a span costs next to nothing, and the caller's trace context is still passed on.
"""

import re
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar, Token
from types import TracebackType
from typing import Any, TypeAlias

from opentelemetry import context as otel_context
from opentelemetry.trace import (
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    Tracer,
    get_current_span,
    set_span_in_context,
)

from chassis.edge.sayable import said

HEADER = "traceparent"
"""The name of the trace context in gRPC metadata; on Kafka it is an attribute of CloudEvents."""

Attributes: TypeAlias = Mapping[str, Any]

_FORM = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_ZERO_TRACE, _ZERO_SPAN = "0" * 32, "0" * 16
_NOTHING: AbstractContextManager[None] = nullcontext()

_carried: ContextVar[str | None] = ContextVar("carried_traceparent", default=None)


class _Use:
    """The tracer of this process; None where no exporter is configured."""

    tracer: Tracer | None = None


def use(tracer: Tracer | None) -> None:
    """Make spans with this tracer from now on, or none."""
    _Use.tracer = tracer


def is_measuring() -> bool:
    """Whether spans are made at all: where they are not, many need not even be named."""
    return _Use.tracer is not None


def span(
    name: str,
    parent: str | None = None,
    kind: SpanKind = SpanKind.INTERNAL,
    about: Attributes | None = None,
) -> AbstractContextManager[None]:
    """Measure the body as a span. `parent`: a traceparent from outside, else the current span.

    `about` is kept as far as `sayable` allows. An error leaves its type on the span, not its words.
    """
    if _Use.tracer is None:
        return _NOTHING if parent is None else _Carried(parent)
    outside = _context_of(parent)
    started = _Use.tracer.start_span(
        name, outside, kind, _allowed(about) if about else None, record_exception=False
    )
    return _Measured(started)


def continued(traceparent: str | None, name: str) -> AbstractContextManager[None]:
    """Measure the body as the effect of something that came through Kafka or the store."""
    return span(name, valid_traceparent(traceparent), SpanKind.CONSUMER)


def note(about: Attributes) -> None:
    """Add attributes to the current span, as far as `sayable` allows."""
    if _Use.tracer is not None:
        get_current_span().set_attributes(_allowed(about))


def note_fault(error: BaseException) -> None:
    """Mark the current span as failed, with the error's type and none of its words."""
    if _Use.tracer is not None:
        _mark(get_current_span(), type(error))


def current_traceparent() -> str | None:
    """Return the trace context to store with an event or to send along."""
    if _Use.tracer is None:
        return _carried.get()
    current = get_current_span().get_span_context()
    if not current.is_valid:
        return None
    return f"00-{current.trace_id:032x}-{current.span_id:016x}-{current.trace_flags:02x}"


def valid_traceparent(text: str | bytes | None) -> str | None:
    """Return the trace context if it is one; what comes from outside may be anything."""
    if text is None:
        return None
    text = text.decode("ascii", "replace") if isinstance(text, bytes) else text
    form = _FORM.fullmatch(text)
    if form is None or form[1] == _ZERO_TRACE or form[2] == _ZERO_SPAN:
        return None
    return text


def from_pairs(pairs: Iterable[tuple[str, str | bytes]] | None) -> str | None:
    """Find the trace context in gRPC metadata."""
    for name, value in pairs or ():
        if name == HEADER:
            return valid_traceparent(value)
    return None


class _Carried:
    """Passes a trace context on, without a span."""

    __slots__ = ("_parent", "_token")

    def __init__(self, parent: str) -> None:
        self._parent = parent

    def __enter__(self) -> None:
        self._token: Token[str | None] = _carried.set(self._parent)

    def __exit__(self, *_error: object) -> None:
        _carried.reset(self._token)


class _Measured:
    """Makes a span the current one, and ends it."""

    __slots__ = ("_span", "_token")

    def __init__(self, started: Span) -> None:
        self._span = started

    def __enter__(self) -> None:
        self._token = otel_context.attach(set_span_in_context(self._span))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _where: TracebackType | None,
    ) -> None:
        otel_context.detach(self._token)
        if kind is not None:
            _mark(self._span, kind)
        self._span.end()


def _mark(failed: Span, kind: type[BaseException]) -> None:
    failed.set_attribute("error.type", kind.__name__)
    failed.set_status(Status(StatusCode.ERROR))


def _context_of(traceparent: str | None) -> otel_context.Context | None:
    form = _FORM.fullmatch(traceparent) if traceparent else None
    if form is None:
        return None
    remote = SpanContext(
        int(form[1], 16), int(form[2], 16), is_remote=True, trace_flags=TraceFlags(int(form[3], 16))
    )
    return set_span_in_context(NonRecordingSpan(remote))


def _allowed(about: Attributes) -> dict[str, str | int | float | bool]:
    kept: dict[str, str | int | float | bool] = {}
    for key, value in about.items():
        try:
            allowed = said(key, value)
        except ValueError:
            continue
        if allowed is not None:
            kept[key] = allowed
    return kept
