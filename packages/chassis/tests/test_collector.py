"""Spans and metrics reach an OpenTelemetry collector; one that is away costs no work."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from opentelemetry.proto.collector.metrics.v1 import (
    metrics_service_pb2,
    metrics_service_pb2_grpc,
)
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc

from chassis.running import telemetry
from chassis.running.gauges import GAUGES, RELAY_LAG
from chassis.running.settings import Settings
from chassis.running.telemetry_setup import telemetry_from


class Collector:
    """Takes what comes."""

    def __init__(self) -> None:
        self.spans: list[str] = []
        self.metrics: list[str] = []
        self.port = 0

    def take_spans(self, request: Any, _context: Any) -> Any:
        """Keep the names."""
        self.spans += [
            s.name for r in request.resource_spans for c in r.scope_spans for s in c.spans
        ]
        return trace_service_pb2.ExportTraceServiceResponse()

    def take_metrics(self, request: Any, _context: Any) -> Any:
        """Keep the names of those that have a value."""
        self.metrics += [
            metric.name
            for resource in request.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
            if metric.gauge.data_points
        ]
        return metrics_service_pb2.ExportMetricsServiceResponse()


@pytest.fixture
def collector() -> Iterator[Collector]:
    """Run a collector in threads of its own."""
    made = Collector()
    spans: Any = trace_service_pb2_grpc.TraceServiceServicer()
    spans.Export = made.take_spans
    metrics: Any = metrics_service_pb2_grpc.MetricsServiceServicer()
    metrics.Export = made.take_metrics
    server = grpc.server(ThreadPoolExecutor(2))
    add_spans: Any = trace_service_pb2_grpc.add_TraceServiceServicer_to_server
    add_metrics: Any = metrics_service_pb2_grpc.add_MetricsServiceServicer_to_server
    add_spans(spans, server)
    add_metrics(metrics, server)
    made.port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield made
    server.stop(0).wait()


def settings(port: int) -> Settings:
    return Settings.model_construct(traces_file=None, otlp_endpoint=f"http://127.0.0.1:{port}")


def test_spans_and_lags_reach_a_collector(collector: Collector) -> None:
    GAUGES.set(RELAY_LAG, 3, "relay")
    with telemetry_from(settings(collector.port), "casework"), telemetry.span("execute OpenCase"):
        pass
    assert collector.spans == ["execute OpenCase"]
    assert RELAY_LAG in collector.metrics


def test_a_collector_that_is_away_costs_no_work() -> None:
    began = time.monotonic()
    with telemetry_from(settings(1), "casework"), telemetry.span("execute OpenCase"):
        worked_s = time.monotonic() - began
    assert worked_s < 5
    # Nor does it keep a process from ending before it is killed.
    assert time.monotonic() - began < 8
