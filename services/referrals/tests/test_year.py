"""A year of submissions is received over gRPC with its counts; a second time adds nothing."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

import grpc
import pytest

from referrals.worklists.worklist import counters

if TYPE_CHECKING:
    from throughline.referrals.v1 import referrals_pb2 as pb

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.
AT_ONCE = 16


async def test_the_year_is_received_with_its_counts_and_a_second_time_adds_nothing(
    front_door: Any, duty: Any
) -> None:
    before = await counted(front_door)
    first = await play(front_door, duty)
    expected = front_door.expected
    assert {name: first[name] for name in first if name != "again"} == expected
    assert first["again"] == 0
    second = await play(front_door, duty)
    assert second["again"] == expected["valid"]
    assert second | {"again": 0} == first
    added = await counted(front_door)
    added.subtract(before)
    assert added["submissions"] == expected["valid"]
    assert added["children"] == added["received"] == expected["children"]
    assert added["known_before"] == expected["duplicates"]
    assert added["urgent"] == expected["urgent"]
    assert added["siblings"] == expected["siblings_in_one_submission"]
    assert added["undetermined"] == expected["undetermined_duty"]


@pytest.mark.parametrize("seed", [7, 2025])
async def test_in_another_order_the_counts_are_the_same(
    front_door: Any, duty: Any, seed: int
) -> None:
    lines = [renamed(line, seed) for line in front_door.lines]
    Random(seed).shuffle(lines)  # noqa: S311 # an order, no secret
    found = await play(front_door, duty, lines)
    expected = front_door.expected
    refusals = {
        str(uuid5(UUID(each), str(seed))): why for each, why in expected["refusals"].items()
    }
    assert {name: found[name] for name in found if name != "again"} == {
        **expected,
        "refusals": refusals,
    }
    assert found["again"] == 0


def renamed(line: bytes, seed: int) -> bytes:
    """Return a submission as another world has it: the same, of other children."""
    document = json.loads(line)
    document["submission_id"] = str(uuid5(UUID(document["submission_id"]), str(seed)))
    for child in document["family"]["children"]:
        child["given_name"] += f" the {seed}th"
    return json.dumps(document).encode()


async def counted(front_door: Any) -> Counter[str]:
    """Count what an operator is told, over all authorities."""
    await front_door.seen()
    found: Counter[str] = Counter()
    async with front_door.runtime.worker_pool.acquire() as connection:
        for name, count in (await counters(connection)).items():
            found[name.partition("/")[2]] += count
    return found


async def play(front_door: Any, stub: Any, lines: Sequence[bytes] = ()) -> dict[str, Any]:
    """Send every line, several at once, and count as the file's counts are meant.

    The lines are the year's unless others are given.
    """
    room = asyncio.Semaphore(AT_ONCE)
    answers: list[tuple[str, pb.SubmitReferralResponse]] = []
    refusals: dict[str, str] = {}

    async def send(line: bytes) -> None:
        document = json.loads(line)
        slug = document["received_by"]
        to = slug if slug in front_door.slugs else "saltby"
        async with room:
            try:
                answer = await front_door.submit(stub, line, to)
            except grpc.aio.AioRpcError as error:
                refusals[document["submission_id"]] = front_door.fault(error)[1]
            else:
                answers.append((slug, answer))

    async with asyncio.TaskGroup() as tasks:
        for line in lines or front_door.lines:
            tasks.create_task(send(line))
    return {
        "valid": len(answers),
        "refused": len(refusals),
        "children": sum(len(each.children) for _, each in answers),
        "duplicates": sum(each.known_before > 0 for _, each in answers),
        "siblings_in_one_submission": sum(len(each.children) > 1 for _, each in answers),
        "urgent": sum(each.urgent for _, each in answers),
        "by_authority": Counter(slug for slug, _ in answers),
        "undetermined_duty": sum(each.undetermined for _, each in answers),
        "refusals": refusals,
        "again": sum(each.receipt.duplicate for _, each in answers),
    }
