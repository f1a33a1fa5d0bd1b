"""Every state that a service folds can be kept, and goes on as from all of its events."""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from random import Random
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest

from chassis.acting import unmoved
from ledger.decider import Decider
from ledger.personal import Block, Handle, Plain, SealedBlock
from ledger.registry import Registry
from ledger.snapshots import Codec

SERVICES = ("referrals", "casework", "groups", "notifications")
SEEDS = range(30)


def made(kind: Any, chance: Random) -> Any:  # noqa: C901, PLR0911 # a row a kind of type
    """Make some value of a type, sealed where it is personal."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return made(inner[0], chance)
    if origin in {Union, UnionType}:
        # What is read back is sealed, or nothing where nothing was said.
        handles = [each for each in inner if get_origin(each) is Handle]
        optional = any(type(None) in get_args(get_args(each)[0]) for each in handles)
        if handles:
            return Plain(None) if optional and chance.random() < 0.5 else sealed(chance)
        return made(chance.choice(inner), chance)
    if origin is Literal:
        return chance.choice(inner)
    if origin is tuple and len(inner) == 2 and inner[1] is Ellipsis:
        return tuple(made(inner[0], chance) for _ in range(chance.randrange(4)))
    if origin is tuple:
        return tuple(made(each, chance) for each in inner)
    if origin is frozenset:
        return frozenset(made(inner[0], chance) for _ in range(chance.randrange(4)))
    if kind is SealedBlock:
        return sealed(chance).sealed
    if isinstance(kind, type) and issubclass(kind, Enum):
        return chance.choice(list(kind))
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind, include_extras=True)
        return kind(**{each.name: made(hints[each.name], chance) for each in fields(kind)})
    return simple(kind, chance)


def simple(kind: Any, chance: Random) -> Any:
    at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(10**8))
    values: dict[Any, Any] = {
        UUID: UUID(int=chance.getrandbits(128)),
        str: chance.choice(["", "word", "ŵ \u2028 'quoted' \"twice\"", "2025-01-01"]),
        int: chance.randrange(-5, 10**6),
        bool: chance.random() < 0.5,
        bytes: chance.randbytes(9),
        datetime: at,
        date: at.date(),
        timedelta: timedelta(seconds=chance.randrange(10**6)),
        type(None): None,
    }
    return values[kind]


def sealed(chance: Random) -> Handle[Any]:
    block = SealedBlock(
        tenant=made(UUID, chance),
        stream_id=made(UUID, chance),
        version=7,
        type="Described",
        schema_version=1,
        subject=made(UUID, chance),
        block=chance.choice(list(Block)),
        key_id=made(UUID, chance),
        nonce=chance.randbytes(12),
        ciphertext=chance.randbytes(40),
        commitment=chance.randbytes(32),
    )
    return Handle(block, "name")


def deciders() -> Iterator[tuple[str, Decider[Any, Any, Any], Registry]]:
    """Give the deciders of all services that fold anything, each with its service's events."""
    for service in SERVICES:
        package = importlib.import_module(service)
        registry = importlib.import_module(f"{service}.events").REGISTRY
        seen: set[str] = set()
        modules = pkgutil.walk_packages(package.__path__, f"{service}.")
        for module in sorted(each.name for each in modules):
            if module.endswith("__main__"):
                continue
            for value in vars(importlib.import_module(module)).values():
                if (
                    isinstance(value, Decider)
                    and value.evolve is not unmoved
                    and value.category not in seen
                ):
                    seen.add(value.category)
                    yield f"{service}.{value.category}", value, registry


FOUND = list(deciders())
BY_NAME = [pytest.param(decider, registry, id=name) for name, decider, registry in FOUND]


def states_of(decider: Decider[Any, Any, Any]) -> tuple[Any, ...]:
    said = get_type_hints(decider.evolve)["return"]
    return get_args(said) if get_origin(said) in {Union, UnionType} else (said,)


def events_of(decider: Decider[Any, Any, Any], registry: Registry) -> list[type]:
    return [cls for category, cls, _ in registry.types() if category == decider.category]


def test_the_deciders_are_found() -> None:
    assert len(FOUND) >= 40


@pytest.mark.parametrize(("decider", "registry"), BY_NAME)
def test_each_state_is_read_back_as_it_was_written(
    decider: Decider[Any, Any, Any], registry: Registry
) -> None:
    codec = Codec(decider)
    assert codec.decode(codec.encode(decider.initial)) == decider.initial
    for seed in SEEDS:
        for kind in states_of(decider):
            state = made(kind, Random(seed))  # noqa: S311 # the same values each time
            assert codec.decode(codec.encode(state)) == state


@pytest.mark.parametrize(("decider", "registry"), BY_NAME)
def test_a_snapshot_and_the_tail_give_the_state_of_all_events(
    decider: Decider[Any, Any, Any], registry: Registry
) -> None:
    kinds = events_of(decider, registry)
    codec = Codec(decider)
    moved = 0
    for seed in SEEDS:
        chance = Random(seed)  # noqa: S311 # the same values each time
        history = [made(chance.choice(kinds), chance) for _ in range(6)]
        states = list(folded(decider, history))
        for at, state in enumerate(states[:-1]):
            kept = codec.decode(codec.encode(state))
            assert decider.fold(history[at : len(states) - 1], kept) == states[-1]
        moved += states[-1] != decider.initial
    assert moved, "no history changed anything"


def folded(decider: Decider[Any, Any, Any], history: list[Any]) -> Iterator[Any]:
    """Give the states of a history, up to where no service would have recorded what comes next."""
    state = decider.initial
    yield state
    for event in history:
        try:
            state = decider.evolve(state, event)
        except (AssertionError, AttributeError, TypeError, LookupError, ValueError):
            return
        yield state
