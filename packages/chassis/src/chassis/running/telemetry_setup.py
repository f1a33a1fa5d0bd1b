"""Where spans and metrics go: a collector by OTLP, a file of JSON lines, or nowhere."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from chassis.running import telemetry
from chassis.running.gauges import DESCRIBED, GAUGES, Gauges

if TYPE_CHECKING:
    from chassis.running.settings import Settings

QUEUE = 8_192
"""Spans that wait for export; more are dropped."""
BATCH = 512
EVERY_MS = 200.0
METRICS_EVERY_MS = 10_000.0
EXPORT_S = 1
"""How long one export may take: a collector that is away must not keep a process from ending."""
FLUSH_MS = 3_000
"""How long a process that ends waits for its last spans to go."""


@contextmanager
def telemetry_from(settings: "Settings", service: str) -> Iterator[None]:
    """Export the body's spans and metrics where the settings say."""
    exporter, reader = _exporters(settings)
    with exporting(service, exporter, reader):
        yield


@contextmanager
def exporting(
    service: str,
    exporter: SpanExporter | None,
    reader: MetricReader | None = None,
    gauges: Gauges = GAUGES,
) -> Iterator[None]:
    """Give the body's spans to an exporter, and its gauges to a reader."""
    resource = Resource.create({"service.name": service})
    traces = _traces(resource, exporter)
    metrics = _metrics(resource, reader, gauges) if reader else None
    telemetry.use(traces.get_tracer("throughline") if traces else None)
    try:
        yield
    finally:
        telemetry.use(None)
        if traces:
            # Exports what is left first.
            traces.shutdown()
        if metrics:
            metrics.shutdown(FLUSH_MS)


class JsonLines(SpanExporter):
    """Appends each span to a file as one line of JSON."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file
        self._lock = threading.Lock()

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Write a batch of spans."""
        text = "".join(json.dumps(_as_json(each)) + "\n" for each in spans)
        try:
            # One write a batch: several processes may share the file.
            with self._lock, self._file.open("a", encoding="utf-8") as lines:
                lines.write(text)
        except OSError:
            return SpanExportResult.FAILURE
        return SpanExportResult.SUCCESS


def _exporters(settings: "Settings") -> tuple[SpanExporter | None, MetricReader | None]:
    if settings.otlp_endpoint:
        from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import (  # noqa: PLC0415 # slow to import, rarely wanted
            OTLPMetricExporter,
        )
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import (  # noqa: PLC0415 # the same
            OTLPSpanExporter,
        )

        where = settings.otlp_endpoint
        plain = where.startswith("http:")
        reader = PeriodicExportingMetricReader(
            OTLPMetricExporter(endpoint=where, insecure=plain, timeout=EXPORT_S), METRICS_EVERY_MS
        )
        return OTLPSpanExporter(endpoint=where, insecure=plain, timeout=EXPORT_S), reader
    return (JsonLines(settings.traces_file) if settings.traces_file else None), None


def _traces(resource: Resource, exporter: SpanExporter | None) -> TracerProvider | None:
    if exporter is None:
        return None
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter, QUEUE, EVERY_MS, BATCH, FLUSH_MS))
    return provider


def _metrics(resource: Resource, reader: MetricReader, gauges: Gauges) -> MeterProvider:
    provider = MeterProvider([reader], resource, shutdown_on_exit=False)
    meter = provider.get_meter("throughline")
    for gauge, description in DESCRIBED.items():
        meter.create_observable_gauge(gauge, [_observer(gauges, gauge)], "1", description)
    return provider


def _observer(gauges: Gauges, gauge: str) -> Callable[[CallbackOptions], Iterable[Observation]]:
    return partial(_observe, gauges, gauge)


def _observe(gauges: Gauges, gauge: str, _options: CallbackOptions) -> Iterable[Observation]:
    for value, name, shard in gauges.values(gauge):
        yield Observation(value, {"name": name, "shard": shard})


def _as_json(span: ReadableSpan) -> dict[str, object]:
    context, parent = span.get_span_context(), span.parent
    return {
        "trace_id": f"{context.trace_id:032x}" if context else None,
        "span_id": f"{context.span_id:016x}" if context else None,
        "parent_id": f"{parent.span_id:016x}" if parent else None,
        "service": span.resource.attributes.get("service.name"),
        "name": span.name,
        "kind": span.kind.name.lower(),
        "start_ns": span.start_time,
        "end_ns": span.end_time,
        "status": span.status.status_code.name.lower(),
        "attributes": dict(span.attributes or {}),
    }
