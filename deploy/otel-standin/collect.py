# ruff: noqa: INP001 # it is run as a file, alone in its image
"""Takes spans by OTLP over gRPC and writes each as one line of JSON; metrics are dropped.

Stands in for the OpenTelemetry collector: `python collect.py HOST:PORT FILE`.
"""

import json
import signal
import sys
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2 as metrics
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2_grpc as metrics_grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as traces
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc as traces_grpc
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

THREADS = 4
GRACE_SECONDS = 5


class Traces(traces_grpc.TraceServiceServicer):
    """Appends spans to a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()

    def Export(  # noqa: N802 # the name of the RPC
        self, request: traces.ExportTraceServiceRequest, _context: grpc.ServicerContext
    ) -> traces.ExportTraceServiceResponse:
        """Write the spans of one request; they are there when it is answered."""
        lines = [
            json.dumps(as_json(span, _attributes(each.resource.attributes))) + "\n"
            for each in request.resource_spans
            for scope in each.scope_spans
            for span in scope.spans
        ]
        with self._lock, self._file.open("a", encoding="utf-8") as file:
            file.write("".join(lines))
        return traces.ExportTraceServiceResponse()


class Metrics(metrics_grpc.MetricsServiceServicer):
    """Takes metrics and keeps none."""

    def Export(  # noqa: N802 # the name of the RPC
        self, _request: metrics.ExportMetricsServiceRequest, _context: grpc.ServicerContext
    ) -> metrics.ExportMetricsServiceResponse:
        """Answer that they were taken."""
        return metrics.ExportMetricsServiceResponse()


def as_json(span: Span, resource: dict[str, object]) -> dict[str, object]:
    """Return a span in the words in which services write their spans to files."""
    return {
        "trace_id": span.trace_id.hex(),
        "span_id": span.span_id.hex(),
        "parent_id": span.parent_span_id.hex() or None,
        "service": resource.get("service.name"),
        "name": span.name,
        "kind": Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_").lower(),
        "start_ns": span.start_time_unix_nano,
        "end_ns": span.end_time_unix_nano,
        "status": Status.StatusCode.Name(span.status.code).removeprefix("STATUS_CODE_").lower(),
        "attributes": _attributes(span.attributes),
    }


def _attributes(pairs: Iterable[KeyValue]) -> dict[str, object]:
    return {
        pair.key: getattr(pair.value, kind)
        for pair in pairs
        if (kind := pair.value.WhichOneof("value")) and kind.removesuffix("_value") in SCALARS
    }


SCALARS = ("string", "bool", "int", "double")


def main(listen: str, file: str) -> None:
    """Collect until told to end."""
    server = grpc.server(ThreadPoolExecutor(THREADS))
    traces_grpc.add_TraceServiceServicer_to_server(Traces(Path(file)), server)  # type: ignore[no-untyped-call] # generated without types
    metrics_grpc.add_MetricsServiceServicer_to_server(Metrics(), server)  # type: ignore[no-untyped-call] # the same
    server.add_insecure_port(listen)
    server.start()
    ending = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: ending.set())
    ending.wait()
    server.stop(GRACE_SECONDS).wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
