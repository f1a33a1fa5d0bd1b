"""A sealed block opens in its own place with its own key, byte for byte, and nowhere else."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.envelope import Actor
from ledger.personal import Block, Handle, OpenBlock
from vault import sealing
from vault.access import Access, SealBroken
from vault.keys import FileRootKey, canonical
from vault.memory import MemoryKeyring
from vault.testing import Remembered, sealed
from vault.vault import Vault

TENANT, CHILD, PARENT = uuid4(), uuid4(), uuid4()
CANARY = "Zinnia-Canary"
ACCESS = Access(Actor("worker-1", "support-worker"), "direct-care", TENANT, case_id=uuid4())


@pytest.fixture
def vault() -> Vault:
    """Give a vault with a keyring in memory."""
    return Vault(MemoryKeyring(), FileRootKey(bytes(range(32))), Remembered())


async def a_handle(vault: Vault, value: object = CANARY) -> Handle[Any]:
    return (await sealed(vault, TENANT, CHILD, name=value))[0]


def _with(handle: Handle[Any], **columns: Any) -> Handle[Any]:
    return replace(handle, sealed=replace(handle.sealed, **columns))


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
        await vault.open([_with(handle, **moved)], ACCESS)
    assert CANARY not in str(broken.value)


async def test_a_block_does_not_open_at_another_authority(vault: Vault) -> None:
    handle, other = await a_handle(vault), uuid4()
    await vault.warm(other, [(CHILD, Block.IDENTITY)])
    with pytest.raises(SealBroken):
        await vault.open([_with(handle, tenant=other)], replace(ACCESS, tenant=other))


async def test_a_block_moved_to_another_subject_with_its_key_id_does_not_open(
    vault: Vault,
) -> None:
    handle = await a_handle(vault)
    theirs = (await sealed(vault, TENANT, PARENT, name="P"))[0].sealed
    with pytest.raises(SealBroken):
        await vault.open([_with(handle, subject=PARENT, key_id=theirs.key_id)], ACCESS)


async def test_every_bit_of_nonce_ciphertext_and_commitment_counts(vault: Vault) -> None:
    handle = await a_handle(vault)
    for column in ("ciphertext", "commitment", "nonce"):
        value = getattr(handle.sealed, column)
        for place in range(len(value) * 8):
            flipped = bytearray(value)
            flipped[place // 8] ^= 1 << place % 8
            with pytest.raises(SealBroken):
                await vault.open([_with(handle, **{column: bytes(flipped)})], ACCESS)


async def test_the_commitments_of_two_blocks_cannot_be_swapped(vault: Vault) -> None:
    one, two = await a_handle(vault), await a_handle(vault)
    with pytest.raises(SealBroken, match="not committed"):
        await vault.open([_with(one, commitment=two.sealed.commitment)], ACCESS)


async def test_a_field_that_the_block_does_not_hold_is_no_silent_nothing(vault: Vault) -> None:
    with pytest.raises(SealBroken, match="no field"):
        await vault.open([replace(await a_handle(vault), field="family_name")], ACCESS)


async def test_equal_values_seal_to_different_bytes_of_equal_length(vault: Vault) -> None:
    values = [(await a_handle(vault, name)).sealed for name in ("Bartholomew", "Al", "Al")]
    assert len({each.ciphertext for each in values}) == 3
    assert len({len(each.ciphertext) for each in values}) == 1


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), {1, 2}, b"x"])
async def test_what_is_no_json_is_refused_without_being_shown(vault: Vault, value: object) -> None:
    with pytest.raises(ValueError, match="are JSON values") as refused:
        await a_handle(vault, [CANARY, value])
    assert CANARY not in repr(refused.value)
    assert refused.value.__suppress_context__


async def test_a_block_that_is_too_long_is_refused(vault: Vault) -> None:
    with pytest.raises(ValueError, match="at most 1000000 bytes"):
        await a_handle(vault, "x" * 1_000_001)


def test_a_block_on_its_way_in_shows_nothing() -> None:
    assert CANARY not in repr(OpenBlock(CHILD, Block.IDENTITY, {"name": CANARY}))


@given(
    ids=st.lists(st.uuids(), min_size=4, max_size=4),
    numbers=st.tuples(st.integers(0, 2**63 - 1), st.integers(0, 2**31 - 1)),
    event_type=st.text(min_size=1, max_size=40),
    block=st.sampled_from(Block),
)
def test_what_a_block_is_bound_to_is_each_of_its_parts_behind_its_length(
    ids: list[UUID], numbers: tuple[int, int], event_type: str, block: Block
) -> None:
    tenant, stream, subject, key_id = ids
    version, schema_version = numbers
    place = sealing.Place(tenant, stream, version, event_type, schema_version)
    assert sealing._bound(place, subject, block, key_id) == canonical(
        b"throughline/seal/1",
        tenant.bytes,
        stream.bytes,
        version.to_bytes(8, "big"),
        event_type.encode(),
        schema_version.to_bytes(8, "big"),
        subject.bytes,
        block.value.encode(),
        key_id.bytes,
    )
