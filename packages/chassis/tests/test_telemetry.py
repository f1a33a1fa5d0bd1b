"""One trace runs through processes, without personal data; with no exporter spans are free."""

import json
import timeit
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from chassis.running import telemetry
from chassis.running.gauges import (
    CONSUMER_LAG,
    DESCRIBED,
    FEED_LAG,
    PARKED_STREAMS,
    RELAY_LAG,
    Gauges,
)
from chassis.running.observing import note_lags
from chassis.running.settings import Settings
from chassis.running.telemetry_setup import JsonLines, exporting, telemetry_from
from throughline.operations.v1 import operations_pb2

PARENT = f"00-{'a' * 32}-{'b' * 16}-01"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give a place for spans."""
    return tmp_path / "traces" / "spans.jsonl"


def spans(file: Path) -> dict[str, dict[str, Any]]:
    """Read the spans back, by name."""
    return {each["name"]: each for each in map(json.loads, file.read_text().splitlines())}


def test_one_trace_runs_from_the_call_through_store_and_kafka_to_the_effect(file: Path) -> None:
    with exporting("referrals", JsonLines(file)):
        with telemetry.span("throughline.referrals.v1.ReferralsService/AcceptReferral"):
            stored = telemetry.current_traceparent()
        # The relay, later: the event's own trace context is the parent.
        with telemetry.continued(stored, "publish ReferralAccepted"):
            sent = telemetry.current_traceparent()
    with (
        exporting("casework", JsonLines(file)),
        telemetry.continued(sent, "hear ReferralAccepted"),
        telemetry.span("execute OpenCase"),
    ):
        pass
    found = spans(file)
    assert len({each["trace_id"] for each in found.values()}) == 1
    names = [
        "throughline.referrals.v1.ReferralsService/AcceptReferral",
        "publish ReferralAccepted",
        "hear ReferralAccepted",
        "execute OpenCase",
    ]
    parents = [found[name]["parent_id"] for name in names]
    assert parents == [None, *(found[name]["span_id"] for name in names[:-1])]
    assert [found[name]["service"] for name in names] == ["referrals"] * 2 + ["casework"] * 2


def test_a_span_belongs_to_the_trace_that_it_is_given(file: Path) -> None:
    with exporting("casework", JsonLines(file)), telemetry.span("a", PARENT):
        assert str(telemetry.current_traceparent()).startswith(f"00-{'a' * 32}-")
    assert spans(file)["a"]["parent_id"] == "b" * 16


def test_an_error_leaves_its_type_and_no_words(file: Path) -> None:
    with (
        pytest.raises(ValueError, match="Alice"),
        exporting("casework", JsonLines(file)),
        telemetry.span("a"),
    ):
        raise ValueError("Alice Hartley")
    assert spans(file)["a"]["status"] == "error"
    assert spans(file)["a"]["attributes"] == {"error.type": "ValueError"}
    assert "Alice" not in file.read_text()


def test_attributes_are_those_on_the_list(file: Path) -> None:
    stream = uuid4()
    about = {"stream_id": stream, "name": "Alice Hartley", "address": "81 Edwards Dam", "count": 2}
    with exporting("casework", JsonLines(file)), telemetry.span("a", about=about):
        telemetry.note({"version": 4, "words": "school hours"})
    assert spans(file)["a"]["attributes"] == {"stream_id": str(stream), "count": 2, "version": 4}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "00-" + "0" * 32 + "-" + "b" * 16 + "-01",
        "00-" + "a" * 32 + "-" + "0" * 16 + "-01",
        "01-" + "a" * 32 + "-" + "b" * 16 + "-01",
        PARENT + "-more",
        PARENT.upper(),
        b"\xff\xfe",
        None,
    ],
)
def test_what_is_no_trace_context_is_not_passed_on(text: str | bytes | None) -> None:
    assert telemetry.valid_traceparent(text) is None
    with telemetry.continued(telemetry.valid_traceparent(text), "a"):
        assert telemetry.current_traceparent() is None


def test_the_trace_context_is_found_among_headers() -> None:
    assert telemetry.from_pairs([("other", b"x"), ("traceparent", PARENT.encode())]) == PARENT
    assert telemetry.from_pairs((("traceparent", PARENT),)) == PARENT
    assert telemetry.from_pairs(None) is None


def test_without_an_exporter_the_callers_trace_is_passed_on() -> None:
    with telemetry.span("call", PARENT):
        with telemetry.span("inner"):
            assert telemetry.current_traceparent() == PARENT
        telemetry.note({"version": 1})
    assert telemetry.current_traceparent() is None


def test_without_an_exporter_a_span_is_nearly_free() -> None:
    def measured() -> None:
        with telemetry.span("a"):
            pass

    # Typical is 0.2 µs; the bound allows for a busy machine and finds a span that is really made.
    assert min(timeit.repeat(measured, number=1_000, repeat=5)) / 1_000 < 5e-6


def test_a_folder_that_cannot_be_written_loses_spans_and_no_work(tmp_path: Path) -> None:
    lines = JsonLines(tmp_path / "spans")
    (tmp_path / "spans").mkdir()
    with exporting("casework", lines), telemetry.span("a"):
        pass


def test_gauges_reach_the_metrics() -> None:
    gauges, reader = Gauges(), InMemoryMetricReader()
    gauges.set(RELAY_LAG, 12)
    gauges.set(RELAY_LAG, 7)
    gauges.set(PARKED_STREAMS, 1, name="groups", shard=3)
    with exporting("casework", None, reader, gauges):
        data = reader.get_metrics_data()
    assert data is not None
    found = {
        metric["name"]: [(p["value"], p["attributes"]) for p in metric["data"]["data_points"]]
        for metric in json.loads(data.to_json())["resource_metrics"][0]["scope_metrics"][0][
            "metrics"
        ]
    }
    assert found[RELAY_LAG] == [(7, {"name": "", "shard": 0})]
    assert found[PARKED_STREAMS] == [(1, {"name": "groups", "shard": 3})]


def test_every_lag_of_a_service_has_its_gauge() -> None:
    gauges = Gauges()
    found = [
        operations_pb2.Lag(role="relay", name="relay", behind=3),
        operations_pb2.Lag(role="project", name="caseload", behind=2),
        operations_pb2.Lag(role="notarise", name="notarise", behind=1),
        operations_pb2.Lag(role="react", name="throughline.groups.v1", shard=5, behind=9),
    ]
    note_lags(found, 4, gauges)
    assert list(gauges.values(RELAY_LAG)) == [(3, "relay", 0)]
    assert list(gauges.values(FEED_LAG)) == [(2, "caseload", 0), (1, "notarise", 0)]
    assert list(gauges.values(CONSUMER_LAG)) == [(9, "throughline.groups.v1", 5)]
    assert list(gauges.values(PARKED_STREAMS)) == [(4, "", 0)]


def test_a_gauge_that_nobody_described_is_refused() -> None:
    with pytest.raises(KeyError):
        Gauges().set("invented", 1)
    assert all(DESCRIBED.values())


@pytest.fixture
def settings(file: Path) -> Settings:
    """Give settings that name a file for spans, and nothing else."""
    return Settings.model_construct(traces_file=file, otlp_endpoint=None)


def test_the_settings_say_where_spans_go(settings: Settings, file: Path) -> None:
    with telemetry_from(settings, "groups"), telemetry.span("a"):
        pass
    assert spans(file)["a"]["service"] == "groups"
