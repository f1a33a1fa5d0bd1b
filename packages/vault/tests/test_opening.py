"""Sealed data opens for who says why and about whom, once that is written down, or stays closed."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from ledger.envelope import Actor
from ledger.personal import Block, OpenBlock, Plain
from vault.access import Access, Opening, ReadRefused
from vault.keys import FileRootKey
from vault.memory import MemoryKeyring
from vault.testing import Remembered, sealed
from vault.vault import TURN, Vault

ROOT = FileRootKey(bytes(range(32)))
TENANT, CASE, CHILD, PARENT = uuid4(), uuid4(), uuid4(), uuid4()
CANARY = "Zinnia-Canary"
ACCESS = Access(Actor("worker-1", "support-worker"), "direct-care", TENANT, case_id=CASE)


@pytest.fixture
def recorded() -> Remembered:
    """Give a recorder."""
    return Remembered()


@pytest.fixture
def vault(recorded: Remembered) -> Vault:
    """Give a vault with a keyring in memory."""
    return Vault(MemoryKeyring(), ROOT, recorded)


async def test_what_is_sealed_opens_to_what_it_was(vault: Vault) -> None:
    fields: dict[str, Any] = {"given_name": "Zoë", "alias": None, "names": ["a", "b"], "score": 1.5}
    child = await sealed(vault, TENANT, CHILD, **fields)
    parent = await sealed(vault, TENANT, PARENT, given_name="P")
    assert await vault.open([*child, *parent], ACCESS) == [*fields.values(), "P"]


async def test_the_blocks_of_one_event_are_sealed_in_their_order(vault: Vault) -> None:
    blocks = [OpenBlock(who, Block.IDENTITY, {"name": "x"}) for who in (PARENT, CHILD)]
    made = await vault.seal(TENANT, uuid4(), 1, "PersonNamed", 1, blocks)
    assert [each.subject for each in made] == [PARENT, CHILD]
    assert await vault.seal(TENANT, uuid4(), 1, "PersonNamed", 1, []) == []


async def test_values_that_were_never_sealed_answer_themselves(
    vault: Vault, recorded: Remembered
) -> None:
    handle = (await sealed(vault, TENANT, CHILD, name=CANARY))[0]
    assert await vault.open([Plain(None), handle, Plain("x")], ACCESS) == [None, CANARY, "x"]
    assert await vault.open([Plain(None)], ACCESS) == [None]
    assert len(recorded.accesses) == 1


async def test_each_opening_is_recorded_by_subject_block_and_field(
    vault: Vault, recorded: Remembered
) -> None:
    handles = [
        *await sealed(vault, TENANT, CHILD, Block.IDENTITY, a=1, b=2),
        *await sealed(vault, TENANT, CHILD, Block.CONTACT, version=4, c=3),
        *await sealed(vault, TENANT, PARENT, Block.CONTACT, c=3),
    ]
    await vault.open(handles, ACCESS)
    ((access, openings),) = recorded.accesses
    assert access is ACCESS
    assert {each.subject: each for each in openings} == {
        CHILD: Opening(CHILD, (Block.CONTACT, Block.IDENTITY), ("a", "b", "c"), 2),
        PARENT: Opening(PARENT, (Block.CONTACT,), ("c",), 1),
    }


async def test_nothing_is_opened_before_the_access_is_recorded(vault: Vault) -> None:
    handle = (await sealed(vault, TENANT, CHILD, name=CANARY))[0]
    # A block that does not open, yet its reading stands recorded: so that came first.
    handle = replace(handle, sealed=replace(handle.sealed, commitment=bytes(32)))
    recorded = Remembered()
    vault._record = recorded
    with pytest.raises(Exception, match="not committed"):
        await vault.open([handle], ACCESS)
    assert len(recorded.accesses) == 1


async def test_while_very_many_are_opened_others_have_their_turn(vault: Vault) -> None:
    handles = [
        (await sealed(vault, TENANT, CHILD, version=version, number=version))[0]
        for version in range(1, 2 * TURN + 1)
    ]
    opening = asyncio.create_task(vault.open(handles, ACCESS))
    turns = 0
    while not opening.done():
        await asyncio.sleep(0)
        turns += 1
    assert opening.result() == list(range(1, 2 * TURN + 1))
    assert turns > 2


async def test_an_access_that_cannot_be_recorded_is_refused(
    vault: Vault, recorded: Remembered
) -> None:
    handles = await sealed(vault, TENANT, CHILD, name=CANARY)
    recorded.fails = RuntimeError("the store is away")
    with pytest.raises(ReadRefused) as refused:
        await vault.open(handles, ACCESS)
    assert CANARY not in repr(refused.value)


async def test_a_recorder_that_hangs_opens_nothing(vault: Vault) -> None:
    handles = await sealed(vault, TENANT, CHILD, name=CANARY)

    async def never(_access: Access, _openings: Sequence[Opening]) -> None:
        await asyncio.Event().wait()

    vault._record = never
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await vault.open(handles, ACCESS)


@pytest.mark.parametrize(
    "wrong",
    [
        {"purpose": ""},
        {"purpose": "Because he asked"},
        {"purpose": "x" * 65},
        {"actor": Actor("", "support-worker")},
        {"actor": Actor("worker-1", "")},
        {"case_id": None},
        {"tenant": uuid4()},
        {"subject": uuid4()},
    ],
)
async def test_an_access_that_does_not_say_enough_or_asks_for_more_is_refused(
    vault: Vault, recorded: Remembered, wrong: dict[str, Any]
) -> None:
    handles = await sealed(vault, TENANT, CHILD, name=CANARY)
    with pytest.raises(ReadRefused):
        await vault.open(handles, replace(ACCESS, **wrong))
    assert recorded.accesses == []


async def test_where_there_is_no_case_a_subject_will_do(vault: Vault) -> None:
    handles = await sealed(vault, TENANT, CHILD, name=CANARY)
    assert await vault.open(handles, replace(ACCESS, case_id=None, subject=CHILD)) == [CANARY]


async def test_one_value_of_another_authority_refuses_all(vault: Vault) -> None:
    own = await sealed(vault, TENANT, CHILD, name=CANARY)
    other = await sealed(vault, uuid4(), CHILD, name=CANARY)
    with pytest.raises(ReadRefused):
        await vault.open([*own, *other], ACCESS)


async def test_nothing_shows_in_a_repr(vault: Vault) -> None:
    handles = await sealed(vault, TENANT, CHILD, name=CANARY)
    key = next(iter(vault._cache._kept.values()))[1]
    shown = repr((vault, ROOT, key, handles, vault._cache, Plain(CANARY)))
    assert CANARY not in shown
    for secret in (bytes(range(32)), key._key):
        assert secret.hex() not in shown
        assert repr(secret)[2:-1] not in shown
