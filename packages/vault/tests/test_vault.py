"""What is sealed opens only where it was sealed, for who says why, once that is written down."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from ledger.envelope import Actor
from ledger.personal import Block, Handle, OpenBlock, Plain, SealedBlock
from vault.access import (
    Access,
    KeyringUnavailable,
    NotGranted,
    Opening,
    ReadRefused,
    SealBroken,
    Shredded,
    SubjectShredded,
)
from vault.keyring import Keyring
from vault.keys import FileRootKey
from vault.memory import MemoryKeyring
from vault.vault import Vault

ROOT = FileRootKey(bytes(range(32)))
AMINA = Actor("worker-1", "support-worker")
TENANT, CASE, CHILD, PARENT = uuid4(), uuid4(), uuid4(), uuid4()
CANARY = "Zinnia-Canary"


class Written:
    """A recorder that remembers, or refuses."""

    def __init__(self) -> None:
        self.accesses: list[tuple[Access, Sequence[Opening]]] = []
        self.fails: Exception | None = None

    async def __call__(self, access: Access, openings: Sequence[Opening]) -> None:
        """Remember an access."""
        await asyncio.sleep(0)
        if self.fails is not None:
            raise self.fails
        self.accesses.append((access, openings))


@pytest.fixture
def written() -> Written:
    """Give a recorder."""
    return Written()


@pytest.fixture
def vault(written: Written) -> Vault:
    """Give a vault with a keyring in memory."""
    return Vault(MemoryKeyring(), ROOT, written)


def an_access(**values: Any) -> Access:
    return replace(Access(AMINA, "direct-care", TENANT, case_id=CASE), **values)


async def sealed_by(vault: Vault, *blocks: OpenBlock, **place: Any) -> list[SealedBlock]:
    at = {
        "tenant": TENANT,
        "stream_id": UUID(int=7),
        "version": 3,
        "type": "PersonNamed",
        "schema_version": 1,
        **place,
    }
    return await vault.seal(**at, blocks=blocks)


def a_name(value: str = CANARY, subject: UUID = CHILD) -> OpenBlock:
    return OpenBlock(subject, Block.IDENTITY, {"given_name": value})


async def a_handle(vault: Vault, **place: Any) -> Handle[Any]:
    return Handle((await sealed_by(vault, a_name(), **place))[0], "given_name")


async def test_what_is_sealed_opens_to_what_it_was(vault: Vault) -> None:
    fields = {"given_name": "Zoë", "alias": None, "names": ["a", "b"], "score": 1.5}
    person, parent = await sealed_by(
        vault, OpenBlock(CHILD, Block.IDENTITY, fields), a_name("P", PARENT)
    )
    handles: list[Handle[Any]] = [
        *(Handle(person, name) for name in fields),
        Handle(parent, "given_name"),
    ]
    assert await vault.open(handles, an_access()) == [*fields.values(), "P"]


async def test_values_that_were_never_sealed_answer_themselves(
    vault: Vault, written: Written
) -> None:
    handle = await a_handle(vault)
    assert await vault.open([Plain(None), handle, Plain("x")], an_access()) == [None, CANARY, "x"]
    assert await vault.open([Plain(None)], an_access()) == [None]
    assert len(written.accesses) == 1


async def test_each_opening_is_recorded_first_by_subject_block_and_field(
    vault: Vault, written: Written
) -> None:
    person = (await sealed_by(vault, OpenBlock(CHILD, Block.IDENTITY, {"a": 1, "b": 2})))[0]
    again = (await sealed_by(vault, OpenBlock(CHILD, Block.CONTACT, {"c": 3}), version=4))[0]
    parent = (await sealed_by(vault, OpenBlock(PARENT, Block.CONTACT, {"c": 3})))[0]
    handles: list[Handle[Any]] = [
        Handle(person, "a"),
        Handle(person, "b"),
        Handle(again, "c"),
        Handle(parent, "c"),
    ]
    access = an_access()
    await vault.open(handles, access)
    ((recorded, openings),) = written.accesses
    assert recorded is access
    assert {each.subject: each for each in openings} == {
        CHILD: Opening(CHILD, (Block.CONTACT, Block.IDENTITY), ("a", "b", "c"), 2),
        PARENT: Opening(PARENT, (Block.CONTACT,), ("c",), 1),
    }


async def test_an_access_that_cannot_be_recorded_is_refused(vault: Vault, written: Written) -> None:
    handle = await a_handle(vault)
    written.fails = RuntimeError("the store is away")
    with pytest.raises(ReadRefused) as refused:
        await vault.open([handle], an_access())
    assert CANARY not in repr(refused.value)


async def test_a_recorder_that_hangs_opens_nothing(vault: Vault) -> None:
    handle = await a_handle(vault)

    async def never(_access: Access, _openings: Sequence[Opening]) -> None:
        await asyncio.Event().wait()

    vault._record = never
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await vault.open([handle], an_access())


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
async def test_an_access_that_does_not_say_enough_is_refused_and_opens_nothing(
    vault: Vault, written: Written, wrong: dict[str, Any]
) -> None:
    handle = await a_handle(vault)
    with pytest.raises(ReadRefused):
        await vault.open([handle], an_access(**wrong))
    assert written.accesses == []


async def test_one_value_of_another_authority_refuses_all(vault: Vault) -> None:
    own, other = await a_handle(vault), await a_handle(vault, tenant=uuid4())
    with pytest.raises(ReadRefused):
        await vault.open([own, other], an_access())


@pytest.mark.parametrize(
    "moved",
    [
        {"stream_id": UUID(int=8)},
        {"version": 4},
        {"type": "PersonRenamed"},
        {"schema_version": 2},
        {"subject": PARENT},
        {"block": Block.NARRATIVE},
        {"key_id": UUID(int=1)},
        {"nonce": bytes(12)},
        {"nonce": b""},
        {"ciphertext": bytes(80)},
        {"ciphertext": b""},
        {"commitment": bytes(32)},
        {"commitment": b""},
    ],
)
async def test_a_block_that_was_moved_or_altered_does_not_open(
    vault: Vault, moved: dict[str, Any]
) -> None:
    handle = await a_handle(vault)
    # The other subject and block have keys too: it is not their absence that keeps it shut.
    await vault.warm(TENANT, [(PARENT, Block.IDENTITY), (CHILD, Block.NARRATIVE)])
    with pytest.raises(SealBroken) as broken:
        await vault.open([replace(handle, sealed=replace(handle.sealed, **moved))], an_access())
    assert CANARY not in str(broken.value)


async def test_a_block_does_not_open_at_another_authority(vault: Vault) -> None:
    handle, other = await a_handle(vault), uuid4()
    await vault.warm(other, [(CHILD, Block.IDENTITY)])
    stolen = replace(handle, sealed=replace(handle.sealed, tenant=other))
    with pytest.raises(SealBroken):
        await vault.open([stolen], an_access(tenant=other))


async def test_every_bit_of_ciphertext_and_commitment_counts(vault: Vault) -> None:
    handle = await a_handle(vault)
    for column in ("ciphertext", "commitment", "nonce"):
        value = getattr(handle.sealed, column)
        for place in range(len(value) * 8):
            flipped = bytearray(value)
            flipped[place // 8] ^= 1 << place % 8
            changed: dict[str, Any] = {column: bytes(flipped)}
            with pytest.raises(SealBroken):
                await vault.open(
                    [replace(handle, sealed=replace(handle.sealed, **changed))], an_access()
                )


async def test_the_commitments_of_two_blocks_cannot_be_swapped(vault: Vault) -> None:
    one, two = await a_handle(vault), await a_handle(vault)
    swapped = replace(one, sealed=replace(one.sealed, commitment=two.sealed.commitment))
    with pytest.raises(SealBroken, match="not committed"):
        await vault.open([swapped], an_access())


async def test_a_field_that_the_block_does_not_hold_is_no_silent_nothing(vault: Vault) -> None:
    handle = await a_handle(vault)
    with pytest.raises(SealBroken, match="no field"):
        await vault.open([replace(handle, field="family_name")], an_access())


async def test_equal_values_seal_to_different_bytes_of_equal_length(vault: Vault) -> None:
    long, short, same = [
        (await sealed_by(vault, a_name(value)))[0] for value in ("Bartholomew", "Al", "Al")
    ]
    assert len({long.ciphertext, short.ciphertext, same.ciphertext}) == 3
    assert len(long.ciphertext) == len(short.ciphertext)


async def test_nothing_shows_in_a_repr(vault: Vault) -> None:
    handle = await a_handle(vault)
    key = next(iter(vault._cache._kept.values()))[1]
    shown = repr((vault, ROOT, key, handle, vault._cache, a_name(), Plain(CANARY)))
    assert CANARY not in shown
    assert bytes(range(32)).hex() not in shown
    assert str(bytes(range(32)))[2:-1] not in shown
    assert repr(key._key)[2:-1] not in shown


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), {1, 2}, b"x"])
async def test_what_is_no_json_is_refused_without_being_shown(vault: Vault, value: object) -> None:
    with pytest.raises(ValueError, match="are JSON values") as refused:
        await sealed_by(vault, OpenBlock(CHILD, Block.IDENTITY, {"a": CANARY, "b": value}))
    assert CANARY not in repr(refused.value)
    assert refused.value.__context__ is None or refused.value.__suppress_context__


async def test_a_block_that_is_too_long_is_refused(vault: Vault) -> None:
    with pytest.raises(ValueError, match="at most 1000000 bytes"):
        await sealed_by(vault, a_name("x" * 1_000_001))


async def test_a_service_neither_seals_nor_opens_what_it_is_not_granted(keyrings: Any) -> None:
    tenant = uuid4()
    wide = Vault(await keyrings.everything(), ROOT, Written())
    narrow = Vault(await keyrings.limited(), ROOT, Written())
    handle = await a_handle(wide, tenant=tenant)
    with pytest.raises(NotGranted):
        await narrow.open([handle], an_access(tenant=tenant))
    with pytest.raises(NotGranted):
        await sealed_by(narrow, a_name(), tenant=tenant)
    with pytest.raises(NotGranted):
        await narrow.blind_index(tenant, "child", "zinnia")
    with pytest.raises(NotGranted):
        await narrow.shred(tenant, CHILD)
    assert await wide.open([handle], an_access(tenant=tenant)) == [CANARY]


async def test_what_one_process_seals_another_opens(keyrings: Any) -> None:
    tenant = uuid4()
    vaults = [Vault(await keyrings.everything(), ROOT, Written()) for _ in range(3)]
    handles = await asyncio.gather(*(a_handle(each, tenant=tenant) for each in vaults))
    assert len({each.sealed.key_id for each in handles}) == 1
    for vault in vaults:
        assert await vault.open(handles, an_access(tenant=tenant)) == [CANARY] * 3


async def test_a_shred_is_final_and_exact(keyrings: Any) -> None:
    tenant, gone, stays = uuid4(), uuid4(), uuid4()
    vault = Vault(await keyrings.everything(), ROOT, Written())
    other = Vault(await keyrings.everything(), ROOT, Written(), cache_seconds=0)
    place = {"tenant": tenant}
    lost: list[Handle[Any]] = [
        Handle((await sealed_by(vault, OpenBlock(gone, block, {"a": 1}), **place))[0], "a")
        for block in (Block.IDENTITY, Block.NARRATIVE)
    ]
    kept: Handle[Any] = Handle(
        (await sealed_by(vault, a_name(subject=stays), **place))[0], "given_name"
    )
    elsewhere: Handle[Any] = Handle((await sealed_by(vault, a_name(subject=gone)))[0], "given_name")
    assert await vault.shred(tenant, gone) == 2
    for each in (vault, other):
        assert await each.open([*lost, kept], an_access(tenant=tenant)) == [
            Shredded(Block.IDENTITY),
            Shredded(Block.NARRATIVE),
            CANARY,
        ]
        with pytest.raises(SubjectShredded):
            await sealed_by(each, a_name(subject=gone), **place)
    assert await vault.open([elsewhere], an_access()) == [CANARY]
    await vault.warm(tenant, [(gone, Block.IDENTITY)])
    assert await vault.shred(tenant, gone) == 0


async def test_another_process_forgets_a_shredded_key_within_the_time_of_the_cache() -> None:
    keyring, now = MemoryKeyring(), [0.0]
    here, there = (Vault(keyring, ROOT, Written()) for _ in range(2))
    there._cache._clock = lambda: now[0]
    handle = await a_handle(there)
    await here.shred(TENANT, CHILD)
    assert await there.open([handle], an_access()) == [CANARY]
    now[0] = 60.0
    assert await there.open([handle], an_access()) == [Shredded(Block.IDENTITY)]


async def test_no_cache_may_live_longer_than_a_minute() -> None:
    with pytest.raises(ValueError, match="0 to 60 seconds"):
        Vault(MemoryKeyring(), ROOT, Written(), cache_seconds=61)


async def test_a_key_that_is_lost_is_not_told_as_shredded(vault: Vault, written: Written) -> None:
    handle = await a_handle(vault)
    with pytest.raises(SealBroken, match="lost"):
        await Vault(MemoryKeyring(), ROOT, written).open([handle], an_access())


async def test_another_root_key_opens_nothing(written: Written) -> None:
    keyring = MemoryKeyring()
    handle = await a_handle(Vault(keyring, ROOT, written))
    stranger = Vault(keyring, FileRootKey(bytes(32)), written)
    with pytest.raises(SealBroken):
        await stranger.open([handle], an_access())
    with pytest.raises(SealBroken):
        await sealed_by(stranger, a_name())


async def test_many_keys_are_made_in_one_round_trip(written: Written) -> None:
    keyring = Counting()
    vault = Vault(keyring, ROOT, written)
    pairs = [(uuid4(), block) for _ in range(50) for block in Block]
    await vault.warm(TENANT, pairs)
    assert keyring.calls == {"authority_keys": 1, "offer_authority_key": 1, "offer": 1}
    for subject, block in pairs[:10]:
        await sealed_by(vault, OpenBlock(subject, block, {"a": 1}))
    assert keyring.calls["offer"] == 1


async def test_what_many_ask_at_once_is_asked_once(written: Written) -> None:
    keyring = Counting()
    vault = Vault(keyring, ROOT, written)
    await asyncio.gather(
        *(sealed_by(vault, a_name(subject=uuid4()), version=each) for each in range(1, 101))
    )
    assert keyring.calls["offer"] <= 2


async def test_a_keyring_that_is_away_is_an_error_for_each_who_asks(written: Written) -> None:
    keyring = Counting()
    vault = Vault(keyring, ROOT, written)
    keyring.away = True
    for answer in await asyncio.gather(
        *(a_handle(vault) for _ in range(5)), return_exceptions=True
    ):
        assert isinstance(answer, KeyringUnavailable)
    keyring.away = False
    assert await vault.open([await a_handle(vault)], an_access()) == [CANARY]


class Counting(MemoryKeyring):
    """Counts questions, each of which takes a turn of the loop."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: dict[str, int] = {}
        self.away = False

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name not in {each for each in vars(Keyring) if not each.startswith("_")}:
            return found

        async def counted(*arguments: Any) -> Any:
            await asyncio.sleep(0.001)
            if self.away:
                raise KeyringUnavailable("away")
            self.calls[name] = self.calls.get(name, 0) + 1
            return await found(*arguments)

        return counted


async def test_a_blind_index_is_equal_for_equal_texts_of_one_kind_and_authority_only(
    keyrings: Any,
) -> None:
    one, two = [Vault(await keyrings.everything(), ROOT, Written()) for _ in range(2)]
    tenant, other = uuid4(), uuid4()
    index = await one.blind_index(tenant, "child", "zinnia|2019-02-03")
    assert index == await two.blind_index(tenant, "child", "zinnia|2019-02-03")
    assert len(index) == 32
    assert (
        len(
            {
                index,
                await one.blind_index(tenant, "child", "zinnia|2019-02-04"),
                await one.blind_index(tenant, "adult", "zinnia|2019-02-03"),
                await one.blind_index(other, "child", "zinnia|2019-02-03"),
            }
        )
        == 4
    )
