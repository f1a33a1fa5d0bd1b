"""I4, I6: versions and sets of events, in the stores and in the topics."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from faults.checking.evidence import Evidence
from faults.checking.report import Look, look, wrong
from faults.checking.telling import Stream, telling

if TYPE_CHECKING:
    from uuid import UUID


def versions_have_no_hole(evidence: Evidence) -> Iterator[Look]:
    """I4: versions of a stream are 1..n, in its store and, first occurrences, in its partition."""
    for service, store in evidence.stores.items():
        stored: dict[Stream, list[int]] = defaultdict(list)
        for each in sorted(store.events, key=lambda event: event.position):
            stored[service, each.tenant, each.stream_id].append(each.version)
        heads = {
            (service, row["tenant"], row["stream_id"]): row["version"]
            for row in store.rows("streams")
        }
        for stream in stored.keys() | heads.keys():
            found = stored.get(stream, [])
            head = heads.get(stream, 0)
            expected = f"versions 1 to {head} in the order of their positions"
            yield look(found == [*range(1, head + 1)], expected, found, **_ids(stream))
    told: dict[Stream, list[int]] = defaultdict(list)
    partitions: dict[Stream, set[int]] = defaultdict(set)
    for one in telling(evidence).first():
        stream = (one.service, one.tenant, one.stream_id)
        told[stream].append(one.version)
        partitions[stream].add(one.record.partition)
    for stream, found in told.items():
        expected = "first occurrences in a topic are versions 1 to n"
        yield look(found == [*range(1, len(found) + 1)], expected, found, **_ids(stream))
        expected = "a stream is told in one partition"
        yield look(len(partitions[stream]) == 1, expected, partitions[stream], **_ids(stream))


def stores_and_topics_hold_the_same(evidence: Evidence) -> Iterator[Look]:
    """I6: the events in the store and in its topic are the same set."""
    told: dict[str, dict[UUID, tuple[UUID, UUID, int]]] = defaultdict(dict)
    for each in telling(evidence).first():
        told[each.service][each.event_id] = (each.tenant, each.stream_id, each.version)
    for service, store in evidence.stores.items():
        parked = {
            (row["tenant"], row["stream_id"], row["version"])
            for row in store.rows("parked_records")
            if row["consumer"] == "relay"
        }
        stored = {each.event_id: each for each in store.events}
        for event_id, event in stored.items():
            place = (event.tenant, event.stream_id, event.version)
            found = told[service].get(event_id)
            # What waits for the relay is no part of the topic yet, and is shown as waiting.
            held = found == place or (found is None and place in parked)
            expected = "a stored event is told, as the version that it is"
            yield look(held, expected, found, service=service, event=event_id, type=event.type)
        for event_id in told[service].keys() - stored.keys():
            expected = "a told event is stored"
            yield wrong(expected, told[service][event_id], service=service, event=event_id)


def _ids(stream: Stream) -> dict[str, object]:
    return {"service": stream[0], "tenant": stream[1], "stream": stream[2]}
