"""Apache Kafka 4.3 on this machine: one process that is broker and controller (KRaft)."""

import asyncio
import base64
import os
import signal
import uuid
from dataclasses import dataclass
from pathlib import Path

from stack.errors import StackError
from stack.jars import LOG4J, Progress, class_path
from stack.java import find_java
from stack.ports import LOOPBACK, answers, check_free, port_of
from stack.processes import Launch, Process, alive, end, find, start
from stack.remembered import changing, recall
from stack.room import check_room, explain, size
from stack.server import Status
from stack.settings import Purpose, Settings
from stack.waiting import holds_within

NAME = "Kafka"
START_SECONDS = 120.0
STOP_SECONDS = 20.0
FORMAT_SECONDS = 120.0

PROPERTIES = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    # Topics are declared, never made by the first who names one: those would have one partition.
    "auto.create.topics.enable": "false",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    # After a kill the broker waits for its own former session to end; by default for 14 seconds.
    "broker.session.timeout.ms": "2000",
    "broker.heartbeat.interval.ms": "500",
    "log.cleaner.dedupe.buffer.size": "2097152",
}


def silent(what: str, done: int, total: int) -> None:
    """Tell nobody of a download."""


def cluster_id(made_from: uuid.UUID) -> str:
    """Return a cluster's id: 22 characters of base64, of which the first is no dash.

    The tool that formats a data folder takes an id with a dash in front for an option.
    """
    encoded = base64.urlsafe_b64encode(made_from.bytes).decode().rstrip("=")
    return f"A{encoded[1:]}" if encoded.startswith("-") else encoded


@dataclass(frozen=True, slots=True)
class EmbeddedKafka:
    """One broker over the data in the places of the settings."""

    settings: Settings
    progress: Progress = silent

    async def start(self) -> None:
        """Return when the broker listens; one that already runs here is kept."""
        places = self.settings.places
        places.make()
        running = self._running()
        if not running:
            check_room(places.folder, self.settings.room_bytes)
            for port in (self.port, self.controller_port):
                check_free(places, NAME, port)
            running = await self._launch()
        await self._listening(running)

    async def stop(self) -> None:
        """Return when the broker has ended. Data of tests needs no orderly end."""
        running = self._running()
        if running:
            hurry = self.settings.purpose is Purpose.TEST
            await end(running, STOP_SECONDS, signal.SIGKILL if hurry else signal.SIGTERM)

    def status(self) -> Status:
        """Return how the broker stands."""
        running = self._running()
        listens = running is not None and answers(self.port)
        return Status(NAME, listens, self.bootstrap, running.pid if running else None)

    @property
    def bootstrap(self) -> str:
        """Where clients find it."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def port(self) -> int:
        """Where it listens for clients, on loopback."""
        return port_of(self.settings.places, "kafka")

    @property
    def controller_port(self) -> int:
        """Where it listens for itself as controller, on loopback."""
        return port_of(self.settings.places, "kafka-controller")

    @property
    def _properties(self) -> Path:
        return self.settings.places.kafka / "server.properties"

    @property
    def _log(self) -> Path:
        return self.settings.places.logs / "kafka.log"

    async def _launch(self) -> Process:
        jars = await class_path(self.settings.places.cache, self.progress)
        java = await asyncio.to_thread(find_java)
        command: list[str | Path] = [
            java,
            *self._flags(),
            "-cp",
            ":".join(str(jar) for jar in jars),
        ]
        self._write_properties()
        await self._format(command)
        process = start(self._to_run([*command, "kafka.Kafka", self._properties]))
        with changing(self.settings.places.processes) as processes:
            processes["kafka"] = process.record()
        return process

    def _to_run(self, command: list[str | Path]) -> Launch:
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        return Launch(command, self._log, self.settings.places.kafka, environment)

    def _flags(self) -> list[str]:
        return [
            "-Xms128m",
            f"-Xmx{self.settings.broker_heap_mb}m",
            "-XX:+UseSerialGC",
            # One machine for everything: what the second compiler spends in the first minutes
            # is not earned back in a demo or a test.
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.awt.headless=true",
            f"-Dlog4j2.configurationFile={LOG4J}",
        ]

    def _write_properties(self) -> None:
        further = self.settings.broker_listeners
        control = f"CONTROLLER://{LOOPBACK}:{self.controller_port}"
        own = f"PLAINTEXT://{LOOPBACK}:{self.port}"
        listened = [f"{name}://{LOOPBACK}:{port}" for name, (port, _) in further.items()]
        told = [f"{name}://{LOOPBACK}:{port}" for name, (_, port) in further.items()]
        protocols = ["PLAINTEXT", "CONTROLLER", *further]
        properties = PROPERTIES | {
            "listener.security.protocol.map": ",".join(f"{each}:PLAINTEXT" for each in protocols),
            "listeners": ",".join([own, control, *listened]),
            "advertised.listeners": ",".join([own, control, *told]),
            "controller.quorum.bootstrap.servers": f"{LOOPBACK}:{self.controller_port}",
            "log.dirs": str(self.settings.places.kafka / "data"),
        }
        self._properties.write_text(
            "".join(f"{key}={value}\n" for key, value in properties.items())
        )

    async def _format(self, command: list[str | Path]) -> None:
        """Prepare the data folder. One that is formatted already is left as it is."""
        words = ["kafka.tools.StorageTool", "format", "--standalone", "--ignore-formatted"]
        options = ["-t", cluster_id(uuid.uuid4()), "-c", str(self._properties)]
        began = size(self._log)
        if (self.settings.places.kafka / "data" / "meta.properties").exists():
            return
        process = start(self._to_run([*command, *words, *options]))
        await holds_within(FORMAT_SECONDS, lambda: not alive(process))
        if not (self.settings.places.kafka / "data" / "meta.properties").exists():
            raise explain(NAME, self._log, self.settings.places.folder, began)

    async def _listening(self, process: Process) -> None:
        began = size(self._log)
        settled = lambda: answers(self.port) or not alive(process)  # noqa: E731 # one use
        if not await holds_within(START_SECONDS, settled):
            raise StackError(
                f"Kafka does not listen on {self.bootstrap} after {START_SECONDS:g} seconds."
                f" Its log is {self._log}."
            )
        if not alive(process):
            raise explain(NAME, self._log, self.settings.places.folder, began)

    def _running(self) -> Process | None:
        """Return the broker over our data, also when its start was never written down."""
        recorded = Process.recorded(recall(self.settings.places.processes).get("kafka"))
        if recorded and alive(recorded):
            return recorded
        if not self._properties.exists():
            return None
        return find("kafka.Kafka", str(self._properties))
