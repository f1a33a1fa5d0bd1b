"""Small logs and cases for tests of bundles and live rows."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid5

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evidence.leaf import NO_LEAF, LeafInput, make_leaf
from evidence.merkle import Frontier, Node, inclusion_proof
from evidence.notes import Checkpoint, Signer, Verifier, origin_of, write_checkpoint
from evidence.part import PartEvent, predecessors_needed, write_part
from evidence.rows import LiveRow

TENANT = UUID("0b5e6ab0-0000-4000-8000-000000000001")
CASE = UUID("0b5e6ab0-0000-4000-8000-0000000000ca")
START = datetime(2025, 9, 1, 8, 30, tzinfo=UTC)


@dataclass
class Log:
    """One service's log of an authority, grown by hand; everything in it is made from names."""

    service: str
    tenant: UUID = TENANT
    rows: list[LiveRow] = field(default_factory=list)
    frontier: Frontier = field(default_factory=Frontier)
    nodes: dict[Node, bytes] = field(default_factory=dict)
    heads: dict[UUID, tuple[int, bytes]] = field(default_factory=dict)

    @property
    def signer(self) -> Signer:
        """The log's key."""
        seed = sha256(self.service.encode()).digest()
        key = Ed25519PrivateKey.from_private_bytes(seed)
        return Signer(origin_of(self.service, self.tenant), key)

    @property
    def verifier(self) -> Verifier:
        """The log's public key."""
        return self.signer.verifier

    def id(self, name: str) -> UUID:
        """Make an id of a name."""
        return uuid5(self.tenant, f"{self.service}/{name}")

    def record(
        self, stream: str, kind: str, case_id: UUID | None = CASE, corrects: UUID | None = None
    ) -> LiveRow:
        """Add an event to a stream and its leaf to the log."""
        number = len(self.rows)
        stream_id = self.id(stream)
        version, previous = self.heads.get(stream_id, (0, NO_LEAF))
        metadata = {
            "category": "Case",
            "actor": "worker-1",
            "role": "support-worker",
            "correlation_id": str(self.id(f"correlation {number}")),
            "basis": "fact",
            "case_id": str(case_id) if case_id else None,
            "corrects": str(corrects) if corrects else None,
        }
        columns = LeafInput(
            tenant=self.tenant,
            stream_id=stream_id,
            version=version + 1,
            event_id=self.id(f"event {number}"),
            command_id=self.id(f"command {number}"),
            type=kind,
            schema_version=1,
            occurred_at=START,
            occurred_precision="day" if number % 2 else "instant",
            recorded_at=START + timedelta(minutes=number),
            payload=json.dumps({"number": number, "note": None}).encode(),
            sealed=b'[{"block":"narrative","fields":["summary"]}]' if number % 2 else b"",
            metadata=json.dumps({k: v for k, v in metadata.items() if v}).encode(),
            blinding=sha256(f"{self.service} {number}".encode()).digest(),
        )
        leaf = make_leaf(columns, previous)
        self.heads[stream_id] = (version + 1, leaf)
        self.frontier, complete = self.frontier.append([leaf])
        self.nodes.update(complete)
        self.rows.append(LiveRow(columns, leaf, number, leaf))
        return self.rows[-1]

    def note(self) -> str:
        """Sign the log as it is."""
        checkpoint = Checkpoint(self.signer.verifier.name, self.frontier.size, self.frontier.root())
        return write_checkpoint(checkpoint, self.signer)

    def part(self, rows: Sequence[LiveRow] | None = None) -> bytes:
        """Export rows (all by default) as a part."""
        chosen = self.rows if rows is None else list(rows)
        leaves = {(row.columns.stream_id, row.columns.version): row.leaf_hash for row in self.rows}
        events = [
            PartEvent(
                row.columns,  # type: ignore[arg-type] # made above as what a part holds
                row.leaf_hash,
                row.leaf_index or 0,
                tuple(inclusion_proof(row.leaf_index or 0, self.frontier.size, self.nodes)),
            )
            for row in chosen
        ]
        needed = predecessors_needed(event.columns for event in events)
        predecessors = {key: leaves[key] for key in needed}
        return write_part(self.service, self.tenant, self.note(), predecessors, events)


@pytest.fixture
def new_log() -> Callable[[str], Log]:
    """Give a maker of empty logs."""
    return Log


@pytest.fixture
def casework() -> Log:
    """Give a log with three streams and a correction."""
    log = Log("casework")
    log.record("case", "CaseOpened")
    wrong = log.record("session", "SessionRecorded")
    log.record("case", "CaseAllocated")
    log.record("session", "SessionCorrected", corrects=wrong.columns.event_id)
    log.record("worker", "WorkerRegistered", case_id=None)
    return log


@pytest.fixture
def groups() -> Log:
    """Give a second log."""
    log = Log("groups")
    log.record("place", "PlaceOffered")
    log.record("place", "PlaceAccepted")
    return log
