"""Records read as what they tell, tolerantly: who cannot be read tells nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from faults.checking.evidence import Evidence, Record, Told

Stream = tuple[str, UUID, UUID]
"""A service, an authority and a stream of it."""

PARTS_OF_TYPE = 4
LONGEST_VERSION = 20


def told_by(record: Record) -> Told | None:
    """Return what a record tells, None where its place in a stream cannot be read."""
    try:
        tenant = UUID(record.header("ce_tenant") or "")
        stream = UUID(record.header("ce_subject") or "")
        event = UUID(record.header("ce_id") or "")
        case = record.header("ce_caseid")
        case_id = UUID(case) if case else None
    except ValueError:
        return None
    sequence = record.header("ce_sequence") or ""
    if not (sequence.isdecimal() and sequence.isascii() and len(sequence) <= LONGEST_VERSION):
        return None
    name = record.header("ce_type") or ""
    parts = name.split(".")
    kind = parts[2] if len(parts) == PARTS_OF_TYPE else name
    return Told(record.service, event, tenant, stream, int(sequence), kind, case_id, record)


@dataclass(frozen=True, slots=True)
class Telling:
    """The topics as told: what the owners told, in the order of the topics, and the forged rest."""

    told: tuple[Told, ...]
    forged: tuple[Record, ...]

    def first(self) -> Iterator[Told]:
        """Yield the first occurrence of each event, in the order of its partition."""
        seen: set[tuple[str, UUID]] = set()
        for each in self.told:
            if (each.service, each.event_id) not in seen:
                seen.add((each.service, each.event_id))
                yield each


def forged_places(evidence: Evidence) -> set[tuple[str, int, int]]:
    """Return where the nemesis put records that no store holds (F17)."""
    return {
        (_service(str(fault.proof["topic"])), int(fault.proof["partition"]), int(at))
        for fault in evidence.faults
        if fault.kind == "F17"
        for at in _offsets(fault.proof)
    }


def telling(evidence: Evidence) -> Telling:
    """Read the topics. A record that is forged is one whose place the nemesis named."""
    forged = forged_places(evidence)
    told: list[Told] = []
    rest: list[Record] = []
    for record in evidence.records:
        found = None if record.place in forged else told_by(record)
        if found is None:
            rest.append(record)
        else:
            told.append(found)
    return Telling(tuple(told), tuple(rest))


def last_versions(told: Iterable[Told]) -> dict[Stream, int]:
    """Return the highest version that is told of each stream."""
    last: dict[Stream, int] = {}
    for each in told:
        key = (each.service, each.tenant, each.stream_id)
        last[key] = max(last.get(key, 0), each.version)
    return last


def _offsets(proof: object) -> Iterable[int]:
    match proof:
        case {"offsets": [*several]}:
            return several
        case {"offset": one}:
            return [one]
        case _:
            return ()


def _service(topic: str) -> str:
    return topic.removeprefix("throughline.").removesuffix(".v1")


def forged_streams(evidence: Evidence) -> set[UUID]:
    """Return the made-up streams of records that the nemesis wrote (F17)."""
    return {
        UUID(str(fault.proof["stream"]))
        for fault in evidence.faults
        if fault.kind == "F17" and fault.proof.get("stream")
    }
