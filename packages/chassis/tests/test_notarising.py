"""The log of an authority grows with the store, is signed as it grows, and is one over restarts."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from chassis.followers import notarise as notarised
from chassis.followers import notarising
from chassis.followers.notarise import read_nodes
from evidence.merkle import Frontier, consistency_proof, nodes_of_consistency, verify_consistency
from evidence.notes import Checkpoint, Signer, open_checkpoint, origin_of, read_private_key
from ledger.commands import StoredEvent
from packages.chassis.tests.conftest import Parts, until
from packages.chassis.tests.counters import Count

SIZE = "select size from es.log_sizes where tenant = $1"
SIGNED = "select max(size) from es.log_checkpoints where tenant = $1"
NOTES = "select note from es.log_checkpoints where tenant = $1 order by size"


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sign more often than each second."""
    monkeypatch.setattr(notarising, "SECONDS_A_CHECKPOINT", 0.05)


async def leaves(parts: Parts) -> list[bytes]:
    """Return the leaves of the authority in the feed's order."""
    rows = await parts.fetch(
        "select leaf_hash from es.events where tenant = $1 order by position", parts.tenant
    )
    return [row["leaf_hash"] for row in rows]


def opened(parts: Parts, note: str) -> Checkpoint:
    """Open a note with the service's public key."""
    key = read_private_key(parts.runtime.settings.checkpoint_key_file.read_bytes())
    origin = origin_of("counters", parts.tenant)
    return open_checkpoint(note, origin, [Signer(origin, key).verifier])


async def test_the_log_is_that_of_all_leaves_however_often_the_role_begins_again(
    parts: Parts,
) -> None:
    counter = await parts.opened()
    for size in (3, 4, 8):
        while len(await leaves(parts)) < size:
            await parts.do(Count(counter, 1))
        async with parts.in_role("notarise") as running:
            await running.until(size, SIZE, parts.tenant)
            await running.until(size, SIGNED, parts.tenant)
    whole, _ = Frontier().append(await leaves(parts))
    notes = [opened(parts, row["note"]) for row in await parts.fetch(NOTES, parts.tenant)]
    assert (notes[-1].size, notes[-1].root) == (8, whole.root())
    async with parts.runtime.worker_pool.acquire(timeout=5) as connection:
        for earlier, later in pairwise(notes):
            wanted = nodes_of_consistency(earlier.size, later.size)
            nodes = await read_nodes(connection, parts.tenant, wanted)
            proof = consistency_proof(earlier.size, later.size, nodes)
            verify_consistency(earlier.size, later.size, earlier.root, later.root, proof)


async def test_the_newest_note_lies_outside_the_database_too(parts: Parts) -> None:
    await parts.opened(counted=1)
    async with parts.in_role("notarise") as running:
        await running.until(2, SIGNED, parts.tenant)
    kept = {each.name: each for each in _files(parts.runtime.settings.checkpoint_dir)}
    note = kept.pop(f"counters.{parts.tenant}.checkpoint")
    assert opened(parts, note.read_text()).size == 2
    assert not [name for name in kept if name.endswith(".part")]


def _files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_leaves_go_on_while_nothing_can_be_signed(parts: Parts, tmp_path: Path) -> None:
    settings = parts.runtime.settings.model_copy(
        update={"checkpoint_key_file": tmp_path / "lost.pem"}
    )
    unsigned = replace(parts, runtime=replace(parts.runtime, settings=settings))
    counter = await parts.opened()
    async with unsigned.in_role("notarise") as running:
        await running.until(1, SIZE, parts.tenant)
        await parts.do(Count(counter, 1))
        await running.until(2, SIZE, parts.tenant)
    assert await parts.one(SIGNED, parts.tenant) is None
    async with parts.in_role("notarise") as running:
        await running.until(2, SIGNED, parts.tenant)


async def test_a_page_that_is_not_committed_leaves_no_trace_in_the_log(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    await parts.opened(counted=1)
    tries: list[int] = []
    usual = notarised.Logs.add

    async def add(self: notarised.Logs, connection: object, events: list[StoredEvent]) -> None:
        await usual(self, connection, events)  # type: ignore[arg-type] # as it was called
        tries.append(len(events))
        if len(tries) == 1:
            raise ConnectionResetError

    monkeypatch.setattr(notarised.Logs, "add", add)
    async with parts.in_role("notarise") as running:
        await until(lambda: _more(tries), "it is tried again")
        await running.until(2, SIGNED, parts.tenant)
    whole, _ = Frontier().append(await leaves(parts))
    [row] = (await parts.fetch(NOTES, parts.tenant))[-1:]
    assert opened(parts, row["note"]).root == whole.root()


async def _more(tries: list[int]) -> bool:
    return len(tries) > 1
