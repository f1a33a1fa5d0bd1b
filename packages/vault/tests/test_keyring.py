"""A keyring keeps the first key offered for a name, gives what is granted, and shreds for ever."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

from ledger.personal import Block
from vault.keyring import DataRow, KeyName, NoKey
from vault.keys import AuthorityKey, FileRootKey

ROOT = FileRootKey(bytes(range(32)))


def a_key(tenant: UUID, subject: UUID, block: Block = Block.NARRATIVE) -> DataRow:
    authority = AuthorityKey.unwrap(AuthorityKey.new(tenant, 1, ROOT), ROOT)
    return authority.new_data_key(KeyName(tenant, subject, block))


async def test_the_first_key_offered_for_a_name_stays(keyrings: Any) -> None:
    keyring = await keyrings.everything()
    first, second = (a_key(t := uuid4(), s := uuid4()), a_key(t, s))
    assert await keyring.offer([first]) == {first.name: first}
    assert await keyring.offer([second]) == {first.name: first}
    assert await keyring.find([first.name]) == {first.name: first}


async def test_two_processes_that_make_the_same_keys_at_once_end_with_the_same(
    keyrings: Any,
) -> None:
    rings = [await keyrings.everything() for _ in range(4)]
    for _ in range(5):
        tenant = uuid4()
        subjects = [uuid4() for _ in range(100)]
        # Known subjects: the rows of new ones would already make the processes wait in turn.
        await rings[0].offer([a_key(tenant, each, Block.HEALTH) for each in subjects])
        # Each in an order of its own: who locks in the order given would deadlock.
        answers = await asyncio.gather(
            *(
                ring.offer([a_key(tenant, each) for each in subjects[::way]])
                for ring, way in zip(rings, (1, -1, 1, -1), strict=True)
            )
        )
        assert all(answer == answers[0] for answer in answers)


async def test_the_first_authority_key_of_a_version_stays(keyrings: Any) -> None:
    tenant = uuid4()
    rings = [await keyrings.everything() for _ in range(3)]
    offers = [AuthorityKey.new(tenant, 1, ROOT) for _ in rings]
    answers = await asyncio.gather(
        *(ring.offer_authority_key(row) for ring, row in zip(rings, offers, strict=True))
    )
    assert all(list(answer) == list(answers[0]) and len(answer) == 1 for answer in answers)


async def test_authority_keys_come_lowest_version_first(keyrings: Any) -> None:
    keyring, tenant = await keyrings.everything(), uuid4()
    for version in (2, 1, 3):
        await keyring.offer_authority_key(AuthorityKey.new(tenant, version, ROOT))
    assert [row.version for row in await keyring.authority_keys(tenant)] == [1, 2, 3]
    assert await keyring.authority_keys(uuid4()) == []


async def test_a_name_without_a_key_is_absent(keyrings: Any) -> None:
    name = KeyName(uuid4(), uuid4(), Block.HEALTH)
    assert await (await keyrings.everything()).find([name]) == {name: NoKey.ABSENT}


async def test_a_block_that_is_not_granted_is_neither_kept_nor_given(keyrings: Any) -> None:
    owner, limited = await keyrings.everything(), await keyrings.limited()
    kept = a_key(tenant := uuid4(), subject := uuid4(), Block.PRE_ADOPTION_LINK)
    await owner.offer([kept])
    assert await limited.find([kept.name]) == {kept.name: NoKey.NOT_GRANTED}
    fresh = a_key(tenant, subject, Block.ADDRESS)
    own = a_key(tenant, subject, Block.HEALTH)
    assert await limited.offer([fresh, own]) == {fresh.name: NoKey.NOT_GRANTED, own.name: own}
    assert await owner.find([fresh.name]) == {fresh.name: NoKey.ABSENT}


async def test_blind_index_keys_are_kept_once_and_only_given_where_granted(keyrings: Any) -> None:
    owner, limited = await keyrings.everything(), await keyrings.limited()
    authority = AuthorityKey.unwrap(AuthorityKey.new(uuid4(), 1, ROOT), ROOT)
    first, second = authority.new_index_key("child"), authority.new_index_key("child")
    assert await owner.offer_index_key(first) == first
    assert await owner.offer_index_key(second) == first
    assert await limited.offer_index_key(second) is NoKey.NOT_GRANTED


async def test_a_shred_takes_all_keys_of_one_subject_at_one_authority_for_ever(
    keyrings: Any,
) -> None:
    keyring = await keyrings.everything()
    tenant, gone, stays = uuid4(), uuid4(), uuid4()
    keys = [a_key(tenant, gone, block) for block in Block]
    others = [a_key(tenant, stays), a_key(uuid4(), gone)]
    await keyring.offer(keys + others)
    assert await keyring.shred(tenant, gone) == len(Block)
    assert await keyring.shred(tenant, gone) == 0
    assert set((await keyring.find([key.name for key in keys])).values()) == {NoKey.SHREDDED}
    again = a_key(tenant, gone)
    assert await keyring.offer([again]) == {again.name: NoKey.SHREDDED}
    assert await keyring.find([key.name for key in others]) == {key.name: key for key in others}


async def test_a_subject_without_keys_can_be_shredded_before_it_gets_any(keyrings: Any) -> None:
    keyring, late = await keyrings.everything(), a_key(uuid4(), uuid4())
    assert await keyring.shred(late.name.tenant, late.name.subject) == 0
    assert await keyring.offer([late]) == {late.name: NoKey.SHREDDED}


async def test_a_key_made_while_its_subject_is_shredded_does_not_survive(keyrings: Any) -> None:
    maker, shredder = await keyrings.everything(), await keyrings.everything()
    tenant = uuid4()
    for _ in range(30):
        subject = uuid4()
        keys = [a_key(tenant, subject, block) for block in Block]
        await asyncio.gather(*(maker.offer([key]) for key in keys), shredder.shred(tenant, subject))
        found = await maker.find([key.name for key in keys])
        assert set(found.values()) == {NoKey.SHREDDED}
