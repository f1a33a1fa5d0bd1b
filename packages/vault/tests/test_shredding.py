"""Keys are granted, shared by processes, and destroyed for one subject exactly and for ever."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from ledger.envelope import Actor
from ledger.personal import Block
from vault.access import Access, NotGranted, SealBroken, Shredded, SubjectShredded
from vault.keys import AuthorityKey, FileRootKey
from vault.memory import MemoryKeyring
from vault.testing import Remembered, sealed
from vault.vault import Vault

ROOT = FileRootKey(bytes(range(32)))
CHILD = uuid4()


def reading(tenant: UUID) -> Access:
    return Access(Actor("worker-1", "support-worker"), "direct-care", tenant, case_id=uuid4())


async def test_a_service_neither_seals_nor_opens_what_it_is_not_granted(keyrings: Any) -> None:
    tenant = uuid4()
    wide = Vault(await keyrings.everything(), ROOT, Remembered())
    narrow = Vault(await keyrings.limited(), ROOT, Remembered())
    handles = await sealed(wide, tenant, CHILD, name="Z")
    with pytest.raises(NotGranted):
        await narrow.open(handles, reading(tenant))
    with pytest.raises(NotGranted):
        await sealed(narrow, tenant, CHILD, name="Z")
    with pytest.raises(NotGranted):
        await narrow.blind_index(tenant, "child", "zinnia")
    with pytest.raises(NotGranted):
        await narrow.shred(tenant, CHILD)
    assert await wide.open(handles, reading(tenant)) == ["Z"]


async def test_what_one_process_seals_another_opens(keyrings: Any) -> None:
    tenant = uuid4()
    vaults = [Vault(await keyrings.everything(), ROOT, Remembered()) for _ in range(3)]
    made = await asyncio.gather(*(sealed(each, tenant, CHILD, name="Z") for each in vaults))
    handles = [handle for each in made for handle in each]
    assert len({each.sealed.key_id for each in handles}) == 1
    for vault in vaults:
        assert await vault.open(handles, reading(tenant)) == ["Z"] * 3


async def test_a_shred_is_final_and_exact(keyrings: Any) -> None:
    tenant, elsewhere, gone, stays = uuid4(), uuid4(), uuid4(), uuid4()
    vault = Vault(await keyrings.everything(), ROOT, Remembered())
    other = Vault(await keyrings.everything(), ROOT, Remembered(), cache_seconds=0)
    lost = [
        *await sealed(vault, tenant, gone, Block.IDENTITY, name="Z"),
        *await sealed(vault, tenant, gone, Block.NARRATIVE, words="w"),
    ]
    kept = await sealed(vault, tenant, stays, name="P")
    theirs = await sealed(vault, elsewhere, gone, name="Q")
    assert await vault.shred(tenant, gone) == 2
    for each in (vault, other):
        assert await each.open([*lost, *kept], reading(tenant)) == [
            Shredded(Block.IDENTITY),
            Shredded(Block.NARRATIVE),
            "P",
        ]
        with pytest.raises(SubjectShredded):
            await sealed(each, tenant, gone, name="again")
    assert await vault.open(theirs, reading(elsewhere)) == ["Q"]
    await vault.warm(tenant, [(gone, Block.IDENTITY)])
    assert await vault.shred(tenant, gone) == 0


async def test_another_process_forgets_a_shredded_key_within_the_time_of_the_cache() -> None:
    tenant, keyring, now = uuid4(), MemoryKeyring(), [0.0]
    here, there = (Vault(keyring, ROOT, Remembered()) for _ in range(2))
    there._cache._clock = lambda: now[0]
    handles = await sealed(there, tenant, CHILD, name="Z")
    await here.shred(tenant, CHILD)
    assert await there.open(handles, reading(tenant)) == ["Z"]
    now[0] = 60.0
    assert await there.open(handles, reading(tenant)) == [Shredded(Block.IDENTITY)]


def test_no_cache_may_live_longer_than_a_minute() -> None:
    with pytest.raises(ValueError, match="0 to 60 seconds"):
        Vault(MemoryKeyring(), ROOT, Remembered(), cache_seconds=61)


async def test_a_key_that_is_lost_is_not_told_as_shredded() -> None:
    tenant = uuid4()
    handles = await sealed(Vault(MemoryKeyring(), ROOT, Remembered()), tenant, CHILD, name="Z")
    with pytest.raises(SealBroken, match="lost"):
        await Vault(MemoryKeyring(), ROOT, Remembered()).open(handles, reading(tenant))


async def test_another_root_key_opens_nothing() -> None:
    tenant, keyring = uuid4(), MemoryKeyring()
    handles = await sealed(Vault(keyring, ROOT, Remembered()), tenant, CHILD, name="Z")
    stranger = Vault(keyring, FileRootKey(bytes(32)), Remembered())
    with pytest.raises(SealBroken):
        await stranger.open(handles, reading(tenant))
    with pytest.raises(SealBroken):
        await sealed(stranger, tenant, CHILD, name="Z")


async def test_a_newer_authority_key_wraps_what_is_new_and_the_older_one_still_unwraps() -> None:
    tenant, keyring = uuid4(), MemoryKeyring()
    old = Vault(keyring, ROOT, Remembered())
    handles = await sealed(old, tenant, CHILD, name="Z")
    await keyring.offer_authority_key(AuthorityKey.new(tenant, 2, ROOT))
    new = Vault(keyring, ROOT, Remembered())
    handles += await sealed(new, tenant, uuid4(), name="Y")
    assert {row.authority_version for row in keyring._data.values()} == {1, 2}
    # The older process has not heard of version 2 and looks again.
    for vault in (old, new):
        assert await vault.open(handles, reading(tenant)) == ["Z", "Y"]


async def test_a_blind_index_is_equal_for_equal_texts_of_one_kind_and_authority_only(
    keyrings: Any,
) -> None:
    one, two = [Vault(await keyrings.everything(), ROOT, Remembered()) for _ in range(2)]
    tenant = uuid4()
    index = await one.blind_index(tenant, "child", "zinnia|2019-02-03")
    assert index == await two.blind_index(tenant, "child", "zinnia|2019-02-03")
    others = {
        await one.blind_index(tenant, "child", "zinnia|2019-02-04"),
        await one.blind_index(tenant, "adult", "zinnia|2019-02-03"),
        await one.blind_index(uuid4(), "child", "zinnia|2019-02-03"),
    }
    assert len(index) == 32
    assert len(others - {index}) == 3
