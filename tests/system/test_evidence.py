"""Tampering shows: in an exported case, byte by byte, and in the live tables of a service."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
import pytest_asyncio

from evidence.bundle import uncommaed, unpack_bundle
from evidence.part import decode_event, split_part
from tests.system.installation import Installation
from tests.system.office import Office
from tests.system.story import Story
from throughline_cli.bundles import Verdict, export_case, verify_file
from throughline_cli.checking import verify_store

if TYPE_CHECKING:
    import asyncpg

SERVICE = "casework"

_FLIP = """
update es.events set payload = set_byte(payload, $2, get_byte(payload, $2) # 1)
 where event_id = $1
"""

_EARLIER = """
select coalesce(max(size), 0) from es.log_checkpoints
 where tenant = $1 and size < (select size from es.log_sizes where tenant = $1)
"""

_SET_ASIDE = (
    """
    create table aside.events as
    select e.* from es.events e
      join es.log_leaves l on l.tenant = e.tenant and l.position = e.position
     where false
    """,
    "create table aside.log_leaves as select * from es.log_leaves where false",
    "create table aside.log_nodes as select * from es.log_nodes where false",
    "create table aside.log_checkpoints as select * from es.log_checkpoints where false",
    "create table aside.log_sizes as select * from es.log_sizes where false",
)

_TAKE = (
    """
    with gone as (
        delete from es.events e using es.log_leaves l
         where e.tenant = $1 and l.tenant = e.tenant and l.position = e.position
           and l.leaf_index >= $2
        returning e.*)
    insert into aside.events select * from gone
    """,
    """
    with gone as (
        delete from es.log_leaves where tenant = $1 and leaf_index >= $2 returning *)
    insert into aside.log_leaves select * from gone
    """,
    """
    with gone as (
        delete from es.log_nodes
         where tenant = $1 and ((node_index + 1) << level) > $2 returning *)
    insert into aside.log_nodes select * from gone
    """,
    """
    with gone as (
        delete from es.log_checkpoints where tenant = $1 and size > $2 returning *)
    insert into aside.log_checkpoints select * from gone
    """,
    """
    with kept as (
        insert into aside.log_sizes
        select * from es.log_sizes where tenant = $1 returning tenant)
    update es.log_sizes set size = $2 where tenant = (select tenant from kept)
    """,
)

_PUT_BACK = (
    "insert into es.events select * from aside.events",
    "insert into es.log_leaves select * from aside.log_leaves",
    "insert into es.log_nodes select * from aside.log_nodes",
    "insert into es.log_checkpoints select * from aside.log_checkpoints",
    """
    update es.log_sizes s set size = a.size from aside.log_sizes a where a.tenant = s.tenant
    """,
    "drop schema aside cascade",
)


@dataclass(frozen=True, slots=True)
class Bundle:
    """An exported case, the public keys that go with it, and a place for what is made of it."""

    data: bytes
    authority: UUID
    keys: Path
    spoiled: Path

    def flipped(self, place: int) -> Verdict:
        """Check the bundle with one bit of one byte changed."""
        changed = bytearray(self.data)
        changed[place] ^= 1
        self.spoiled.write_bytes(changed)
        return verify_file(self.spoiled, self.keys)

    def events(self) -> list[tuple[str, str]]:
        """Return each event's id and its line."""
        parts = [
            split_part(content)[1]
            for name, content in unpack_bundle(self.data).items()
            if name.startswith("parts/")
        ]
        return [
            (str(decode_event(line, self.authority).columns.event_id), line)
            for lines in parts
            for line in uncommaed(lines)
        ]


@pytest_asyncio.fixture(loop_scope="session")
async def bundle(platform: Installation, office: Office, story: Story, tmp_path: Path) -> Bundle:
    """Export the story's case."""
    authority = story.case.authority
    auditor = await office.staff.reader(str(authority), None)
    out = tmp_path / "case.zip"
    assert await export_case(auditor, story.case.case_id, str(authority), out) > 0
    keys = platform.platform.keys_file
    assert verify_file(out, keys).ok
    return Bundle(out.read_bytes(), authority, keys, tmp_path / "spoiled.zip")


async def test_one_byte_changed_in_an_event_of_an_exported_case_names_the_event(
    bundle: Bundle,
) -> None:
    events = bundle.events()
    assert len(events) > 10
    for event_id, line in events:
        start = bundle.data.index(line.encode())
        for place in (start + 1, start + len(line) // 2, start + len(line) - 8):
            said = bundle.flipped(place)
            assert not said.ok
            assert event_id in said.text.plain.splitlines()[1]


async def test_one_byte_changed_elsewhere_in_an_exported_case_names_the_file(
    bundle: Bundle,
) -> None:
    for name, content in unpack_bundle(bundle.data).items():
        said = bundle.flipped(bundle.data.index(content) + min(len(content) // 2, 40))
        assert not said.ok
        assert name in said.text.plain


@pytest.mark.parametrize("share", [0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
async def test_one_byte_changed_anywhere_in_an_exported_case_is_found(
    bundle: Bundle, share: float
) -> None:
    place = round(share * (len(bundle.data) - 1))
    assert not bundle.flipped(place).ok


@asynccontextmanager
async def unprotected(platform: Installation) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """Give a connection of the one who owns everything, who has taken the trigger away."""
    async with platform.superuser(SERVICE) as connection:
        await connection.execute("alter table es.events disable trigger append_only")
        try:
            yield connection
        finally:
            await connection.execute("alter table es.events enable always trigger append_only")


async def run(
    connection: "asyncpg.Connection[Any]", statements: Sequence[str], *arguments: object
) -> None:
    """Run statements as one."""
    async with connection.transaction():
        for statement in statements:
            await connection.execute(statement, *arguments)


async def checked(platform: Installation) -> Verdict:
    """Hold the live stores against their checkpoints."""
    return await verify_store(platform.platform, platform.platform.keys_file)


async def test_one_byte_of_a_stored_event_changed_by_the_owner_names_the_event(
    platform: Installation, story: Story
) -> None:
    corrected = UUID(story.corrected)
    async with unprotected(platform) as connection:
        await connection.execute(_FLIP, corrected, 3)
        try:
            said = await checked(platform)
        finally:
            await connection.execute(_FLIP, corrected, 3)
    assert not said.ok
    first = said.text.plain.splitlines()[1]
    assert story.corrected in first
    assert f"throughline/{SERVICE}/{story.case.authority}" in first
    assert "altered" in first
    assert (await checked(platform)).ok


async def test_a_log_rolled_back_with_all_its_tables_is_found_by_the_checkpoint_kept_outside(
    platform: Installation, story: Story
) -> None:
    authority = story.case.authority
    async with unprotected(platform) as connection:
        earlier = await connection.fetchval(_EARLIER, authority)
        await run(connection, ("create schema aside", *_SET_ASIDE))
        await run(connection, _TAKE, authority, earlier)
        try:
            gone = await connection.fetchval("select count(*) from aside.events")
            said = await checked(platform)
        finally:
            await run(connection, _PUT_BACK)
    assert gone > 0
    assert not said.ok
    assert "rolled back" in said.text.plain
    assert f"throughline/{SERVICE}/{authority}" in said.text.plain
    assert (await checked(platform)).ok
    # What was away for a while is not for a follower to judge: whoever follows goes on.
    lines = (platform.embedded.places.logs / f"{SERVICE}.jsonl").read_text()
    assert "history changed" not in lines
