"""Poison is poison to everyone who listens, or a campaign could not tell a loss from a taste."""

import json
from uuid import UUID

import pytest

from casework.__main__ import SERVICE as CASEWORK
from chassis.inward.reading import Spoiled, read_record
from chassis.service import Service
from faults.classes.poison import (
    FROM,
    LOOK_INTO_IT,
    LOOKED_INTO,
    POISONS,
    SOUND,
    Poison,
    headers_of,
)
from notifications.__main__ import SERVICE as NOTIFICATIONS

LISTENERS = (CASEWORK, NOTIFICATIONS)
SOMEBODY = UUID("1c5f3a1e-6f0e-4a57-9f0a-64f3c2a0d9b1")
LONGEST_RECORD = 1_000_000
"""Bytes that a producer and a broker take with their defaults, less the record's own frame."""

PLAIN = [each for each in POISONS if each.headers is None and each.name == LOOKED_INTO]


def test_they_are_those_whom_a_campaign_asks() -> None:
    assert {each.name for each in LISTENERS} == set(LOOK_INTO_IT)


@pytest.mark.parametrize("listener", LISTENERS, ids=lambda each: each.name)
@pytest.mark.parametrize("poison", PLAIN, ids=lambda each: each.what)
def test_nobody_who_listens_takes_a_spoiled_record(poison: Poison, listener: Service) -> None:
    assert not _taken(poison, listener)


@pytest.mark.parametrize("poison", POISONS, ids=lambda each: each.what)
def test_a_topic_takes_every_spoiled_record(poison: Poison) -> None:
    assert len(poison.value or b"") < LONGEST_RECORD


@pytest.mark.parametrize("listener", LISTENERS, ids=lambda each: each.name)
def test_the_same_record_unspoiled_is_taken(listener: Service) -> None:
    assert _taken(Poison("none", value=json.dumps(dict(SOUND)).encode()), listener)


def _taken(poison: Poison, listener: Service) -> bool:
    headers = headers_of(poison, SOMEBODY, SOMEBODY, SOMEBODY)
    found = read_record(b"key", poison.value, headers)
    if isinstance(found, Spoiled):
        return False
    heard = [each for each in listener.subscriptions if each.service == FROM]
    try:
        asked = [ask for each in heard for ask in each.hear(found)]
    except ValueError:
        return False
    return bool(asked)
