"""A submission is received once, a known child is known, and what is bad changes nothing."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import grpc
import pytest

from referrals.intake.reference import normalised, reference_of

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.


async def test_a_submission_is_answered_with_all_that_follows(front_door: Any, duty: Any) -> None:
    answer = await front_door.submit(duty, front_door.fresh())
    child = answer.children[0]
    assert normalised(child.reference) == child.reference
    assert child.duty_holder == "northmoor"
    assert not child.known_before
    assert answer.receipt.case_id == child.case_id
    assert answer.receipt.version == 2
    assert not answer.urgent


async def test_many_submissions_at_once_of_one_new_child_make_one_person(
    front_door: Any, duty: Any
) -> None:
    name = f"Zoë {uuid4()}"
    spellings = [name, name.upper(), name.replace("ë", "e"), f" {name} "]
    answers = await asyncio.gather(
        *(front_door.submit(duty, front_door.fresh(given_name=each)) for each in spellings)
    )
    children = [each.children[0] for each in answers]
    assert sum(not each.known_before for each in children) == 1
    assert len({each.child for each in children}) == 1
    assert len({each.case_id for each in children}) == 1
    assert len({each.family_id for each in answers}) == 1
    assert len({each.referral_id for each in children}) == len(children)


async def test_the_same_submission_to_another_authority_is_another_child_there(
    front_door: Any, duty: Any
) -> None:
    document = front_door.fresh()
    here, there = await asyncio.gather(
        front_door.submit(duty, document),
        front_door.submit(duty, document | front_door.to("saltby"), "saltby"),
    )
    for answer in (here, there):
        assert not answer.receipt.duplicate
        assert not answer.children[0].known_before
    assert there.children[0].child != here.children[0].child
    assert there.family_id != here.family_id


async def test_the_same_child_twice_in_one_submission_is_one_person_and_not_known_before(
    front_door: Any, duty: Any
) -> None:
    document = front_door.fresh()
    document["family"]["children"] *= 2
    answer = await front_door.submit(duty, document)
    assert [each.known_before for each in answer.children] == [False, False]
    assert len({each.child for each in answer.children}) == 1
    assert len({each.referral_id for each in answer.children}) == 2


async def test_the_same_submission_is_answered_again_whatever_the_command_id(
    front_door: Any, duty: Any
) -> None:
    document = front_door.fresh()
    first = await front_door.submit(duty, document)
    again = await front_door.submit(duty, document)
    assert again.receipt.duplicate
    again.receipt.duplicate = False
    assert again == first


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"needs": ["telepathy"]}, "needs[0]", "unknown-need"),
        ({"received_at": "2025-01-15T12:01:08"}, "received_at", "naive-timestamp"),
        ({"received_at": "2199-01-15T12:01:08Z"}, "received_at", "in-the-future"),
        ({"received_by": "saltby"}, "received_by", "other-authority"),
        ({"partnership": "wap"}, "partnership", "other-partnership"),
        ({"partnership": "nobodys"}, "partnership", "other-partnership"),
        ({"surprise": 1}, "surprise", "malformed"),
    ],
)
async def test_a_bad_submission_is_named_by_field_and_code_and_changes_nothing(
    front_door: Any, duty: Any, change: Mapping[str, Any], field: str, code: str
) -> None:
    before = await front_door.runtime.feed.last_position()
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await front_door.submit(duty, front_door.fresh() | dict(change))
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert front_door.fault(caught.value) == (field, code)
    assert await front_door.runtime.feed.last_position() == before


async def test_a_reference_that_is_taken_is_drawn_anew(
    front_door: Any, duty: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter([4711, 4711, 4712])
    monkeypatch.setattr("referrals.intake.compose.secrets.randbelow", lambda _limit: next(drawn))
    first = await front_door.submit(duty, front_door.fresh())
    second = await front_door.submit(duty, front_door.fresh())
    assert first.children[0].reference == reference_of(4711)
    assert second.children[0].reference == reference_of(4712)
