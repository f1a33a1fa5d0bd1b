"""Keys come in few round trips, and a keyring that is away harms nobody for longer than it is."""

import asyncio
from typing import Any
from uuid import uuid4

from ledger.envelope import Actor
from ledger.personal import Block
from vault.access import Access, KeyringUnavailable
from vault.keyring import Keyring
from vault.keys import FileRootKey
from vault.memory import MemoryKeyring
from vault.testing import Remembered, sealed
from vault.vault import Vault

ROOT = FileRootKey(bytes(range(32)))
TENANT = uuid4()
ACCESS = Access(Actor("worker-1", "support-worker"), "direct-care", TENANT, case_id=uuid4())


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
            await asyncio.sleep(0)
            if self.away:
                raise KeyringUnavailable("away")
            self.calls[name] = self.calls.get(name, 0) + 1
            return await found(*arguments)

        return counted


async def test_many_keys_are_made_in_one_round_trip() -> None:
    keyring = Counting()
    vault = Vault(keyring, ROOT, Remembered())
    pairs = [(uuid4(), block) for _ in range(50) for block in Block]
    await vault.warm(TENANT, pairs)
    assert keyring.calls == {"authority_keys": 1, "offer_authority_key": 1, "offer": 1}
    for subject, block in pairs[:10]:
        await sealed(vault, TENANT, subject, block, name="Z")
    assert keyring.calls["offer"] == 1


async def test_what_is_cached_is_not_asked_for() -> None:
    keyring = Counting()
    vault = Vault(keyring, ROOT, Remembered())
    handles = await sealed(vault, TENANT, uuid4(), name="Z")
    before = dict(keyring.calls)
    for _ in range(3):
        assert await vault.open(handles, ACCESS) == ["Z"]
    assert keyring.calls == before


async def test_a_thousand_events_are_opened_by_one_question_and_recorded_as_one_reading() -> None:
    keyring, recorded = Counting(), Remembered()
    sealing, vault = Vault(keyring, ROOT, Remembered()), Vault(keyring, ROOT, recorded)
    child = uuid4()
    handles = [
        handle
        for version in range(1, 1_001)
        for handle in await sealed(sealing, TENANT, child, version=version, notes=version)
    ]
    keyring.calls.clear()
    assert await vault.open(handles, ACCESS) == list(range(1, 1_001))
    assert keyring.calls == {"find": 1, "authority_keys": 1}
    [(_, [opening])] = recorded.accesses
    assert (opening.subject, opening.events) == (child, 1_000)


async def test_what_many_ask_at_once_is_asked_in_two_questions() -> None:
    keyring = Counting()
    vault = Vault(keyring, ROOT, Remembered())
    await asyncio.gather(*(sealed(vault, TENANT, uuid4(), name="Z") for _ in range(100)))
    assert keyring.calls["offer"] <= 2


async def test_a_keyring_that_is_away_is_an_error_for_each_who_asks_until_it_is_back() -> None:
    keyring = Counting()
    vault = Vault(keyring, ROOT, Remembered())
    keyring.away = True
    answers = await asyncio.gather(
        *(sealed(vault, TENANT, uuid4(), name="Z") for _ in range(5)), return_exceptions=True
    )
    assert [type(each) for each in answers] == [KeyringUnavailable] * 5
    keyring.away = False
    handles = await sealed(vault, TENANT, uuid4(), name="Z")
    assert await vault.open(handles, ACCESS) == ["Z"]


async def test_the_cache_is_bounded() -> None:
    vault = Vault(MemoryKeyring(), ROOT, Remembered(), cached_keys=10)
    await vault.warm(TENANT, [(uuid4(), Block.IDENTITY) for _ in range(100)])
    assert len(vault._cache) == 10
