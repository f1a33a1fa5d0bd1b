"""What must hold of a world in which all has settled, and what it came to, told without ids."""

from collections import Counter
from collections.abc import Iterator
from typing import TypeAlias
from uuid import UUID

from chassis.acting import Done
from ledger.commands import StoredEvent
from tests.simulation.world import Kept, World

Came: TypeAlias = dict[str, dict[str, int]]
"""What a story came to, counted: nothing of it depends on ids, or on who came first."""


def came_to(world: World) -> Came:
    """Tell what has come of a story."""
    found: dict[str, Counter[str]] = {
        each: Counter() for each in ("streams", "accepted", "written", "refused", "waiting")
    }
    for name, kept in world.kept.items():
        for stored in _streams(kept).values():
            found["streams"][" ".join([f"{name}:", *(each.type for each in stored)])] += 1
        found["accepted"][name] = len(kept.store.accepted)
        found["written"].update(f"{name}: {statement}" for *_, statement in kept.heard.written)
        found["refused"].update(f"{name}: {code}" for code in kept.heard.refused.values())
        for memory in (kept.heard, kept.relay):
            found["waiting"].update(f"{name}: {wait.reason}" for wait in memory.waits.values())
    return {what: dict(sorted(counted.items())) for what, counted in found.items() if counted}


def faults(world: World) -> Iterator[str]:
    """Say what is wrong; nothing is, if nothing is said."""
    yield from _lost_answers(world)
    for name, kept in world.kept.items():
        yield from _in_the_topic(world, name, kept)
        yield from _heard(world, name, kept)
        for (event_id, number, statement), times in kept.heard.written.items():
            if times != 1:
                yield f"{name}: write {number} ({statement}) of {event_id} {times} times"


def _lost_answers(world: World) -> Iterator[str]:
    """Say what a client was told of that is not there."""
    heads: Counter[UUID] = Counter()
    for kept in world.kept.values():
        heads.update(each.stream_id for each in kept.store.log)
    for label, answer in world.clients.items():
        if isinstance(answer, Done):
            for stream, version in answer.versions.items():
                if heads[stream] < version:
                    yield f"{label}: answered version {version}, there are {heads[stream]}"


def _in_the_topic(world: World, name: str, kept: Kept) -> Iterator[str]:
    """Say which stream's versions are not in one partition, in their order, none missing."""
    # A case has the same id at every authority that held it, and so have its streams.
    told: dict[tuple[UUID, UUID], list[int]] = {}
    where: dict[tuple[UUID, UUID], set[int]] = {}
    for number, records in enumerate(world.topics[kept.service.topic]):
        for each in records:
            headers = dict(each.headers)
            stream, version = UUID(headers["ce_subject"].decode()), int(headers["ce_sequence"])
            key = (UUID(headers["ce_tenant"].decode()), stream)
            if version not in told.setdefault(key, []):
                told[key].append(version)
            where.setdefault(key, set()).add(number)
    for (tenant, stream), stored in _streams(kept).items():
        if [each.version for each in stored] != list(range(1, len(stored) + 1)):
            yield f"{name}: versions of {stream} have gaps"
        wait = kept.relay.waits.get((tenant, stream))
        untold = wait.records if wait else {}
        expected = [each.version for each in stored if each.version not in untold]
        # What the broker lost it may have got again, from a relay that began again.
        lost = {version for lost, version in world.rules.lost if lost == stream}
        found = told.get((tenant, stream), [])
        if [each for each in found if each not in lost] != [
            each for each in expected if each not in lost
        ]:
            yield f"{name}: {stream} told {found}, expected {expected}"
        if len(where.get((tenant, stream), ())) > 1:
            yield f"{name}: {stream} is in several partitions"


def _heard(world: World, name: str, kept: Kept) -> Iterator[str]:
    """Say which stream of those that are heard is not heard to its end."""
    for owner in {each.service for each in kept.service.subscriptions} & world.kept.keys():
        for stream, stored in _streams(world.kept[owner]).items():
            untold = world.kept[owner].relay.waits.get(stream)
            expected = min(untold.records) - 1 if untold else len(stored)
            # The last that was told of a stream may be lost: nobody can know, until the next.
            while expected and (stream[1], expected) in world.rules.lost:
                expected -= 1
            if kept.heard.heard.get(stream, 0) != expected:
                yield f"{name}: heard {kept.heard.heard.get(stream)} of {expected} of {stream[1]}"


def _streams(kept: Kept) -> dict[tuple[UUID, UUID], list[StoredEvent]]:
    found: dict[tuple[UUID, UUID], list[StoredEvent]] = {}
    for each in kept.store.log:
        found.setdefault((each.tenant, each.stream_id), []).append(each)
    return found
