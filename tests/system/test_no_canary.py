"""Nothing personal lies open: no name, address or word in topics, logs, traces, tables, files.

Mails are the one place where a name may be. Looked for are words planted in every personal field,
and all that the year of referrals says of people and addresses, its refused lines too.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import grpc
import grpc.aio
import pytest
import pytest_asyncio

from tests.system.installation import DATABASES, Finished, Installation
from tests.system.office import Office, commanded
from tests.system.story import Story
from tests.system.submissions import Submission, invented, line, refused, year
from tests.system.words import SHORTEST, Words
from throughline.casework.v1 import casework_pb2 as casework
from throughline.casework.v1.casework_pb2_grpc import CaseworkServiceStub
from throughline.referrals.v1 import referrals_pb2 as referrals
from throughline.referrals.v1.referrals_pb2_grpc import ReferralsServiceStub
from throughline_cli.calling import again
from throughline_cli.playing import Accepted
from throughline_cli.playing_group import Sessions
from throughline_cli.reaching import SERVICES

MARK = "zqcanary"
"""What every planted word begins with: a scan for it finds them all."""

CONTROL = "zqcontrol0123456789"
ACCEPTED_LINES = 6

_TABLES = """
select format('%I.%I', n.nspname, c.relname) as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'm', 'p')
   and n.nspname not in ('information_schema', 'pg_toast')
   and n.nspname not like 'pg_temp%'
 order by 1
"""

# Only a function can run a statement that is made of a table's name.
_READER = """
create function pg_temp.rows_of(name text) returns setof text language plpgsql as $$
begin
    return query execute format('select row_to_json(t)::text from %s t', name);
end $$
"""


def planted(received_by: str) -> Submission:
    """Return a submission with a word of its own in every free and personal field."""

    def word(field: str) -> str:
        return f"{MARK}{field}{uuid4().hex[:8]}"

    made = invented(received_by)
    made["referrer"] = {
        "kind": "school",
        "name": f"Ms {word('referrer')}",
        "organisation": word("organisation"),
        "email": f"{word('mailto')}@example.org",
        "phone": word("phone"),
    }
    family = made["family"]
    family["address"] = {
        "lines": [f"1 {word('street')}", word("village")],
        "town": word("town"),
        "postcode": word("postcode"),
    }
    for role in ("first", "second"):
        adult = family["adults"][0] | {
            "name": f"{word(role)} {word('surname')}",
            "email": f"{word(role)}@example.org",
            "phone": word("adultphone"),
            "contact_preference": "email",
            "safe_times": word("safetimes"),
        }
        family["adults"] = [*family["adults"][: role == "second"], adult]
    family["children"][0] |= {
        "given_name": word("given"),
        "family_name": word("family"),
        "interpreter": word("interpreter"),
    }
    made["in_their_words"] = f"At home {word('words')} is too much for us."
    made["safeguarding"] = {
        "immediate_danger": False,
        "concern": True,
        "words": f"We worry about {word('worry')}.",
    }
    return made


def told(submission: Submission) -> Iterator[str]:
    """Say what a submission tells of people: full names, address lines, postcode, e-mails."""
    family = submission["family"]
    yield submission["referrer"]["name"]
    yield submission["referrer"]["email"] or ""
    for adult in family["adults"]:
        yield adult["name"]
        yield adult["email"] or ""
    for child in family["children"]:
        yield f"{child['given_name']} {child['family_name']}"
    yield from family["address"]["lines"]
    yield family["address"]["postcode"]
    yield submission["in_their_words"]


@dataclass(frozen=True, slots=True)
class Scan:
    """Looks for words, in capitals or not."""

    words: Words

    def found(self, where: str, hay: bytes) -> list[str]:
        """Say which words are in some bytes."""
        return sorted(f"{word} in {where}" for word in self.words.found_in(hay))

    def found_in_files(self, files: Iterable[Path]) -> list[str]:
        """Say which words are in which files; one that went meanwhile is passed over."""
        found: list[str] = []
        for file in files:
            with contextlib.suppress(FileNotFoundError):
                found += self.found(str(file), file.read_bytes())
        return found

    async def found_in_tables(self, platform: Installation) -> list[str]:
        """Say which words are in which tables of all databases, as text or in `bytea`."""
        found: list[str] = []
        for database in DATABASES:
            async with platform.superuser(database) as connection:
                await connection.execute(_READER)
                for table in await connection.fetch(_TABLES):
                    rows = await connection.fetch(
                        "select * from pg_temp.rows_of($1) as t(said)", table["name"]
                    )
                    where = f"{database}.{table['name']}"
                    text = "\n".join(row["said"] for row in rows)
                    found += await asyncio.to_thread(self._found_in_rows, where, text)
        return found

    def _found_in_rows(self, where: str, rows: str) -> list[str]:
        blobs = b"\n".join(bytes.fromhex(each) for each in _hidden(rows))
        return [*self.found(where, rows.encode()), *self.found(f"{where} (bytea)", blobs)]


def _hidden(text: str) -> Iterator[str]:
    """Give the hexadecimal digits of each `bytea` in rows written as JSON."""
    for part in text.split('"\\\\x')[1:]:
        yield part[: part.index('"')]


def data_files(platform: Installation) -> list[Path]:
    """Return the files of PostgreSQL's data directory, with its write-ahead log."""
    return [each for each in platform.embedded.places.postgres.rglob("*") if each.is_file()]


async def checkpoint(platform: Installation) -> None:
    """Let PostgreSQL write all it holds to its files."""
    async with platform.superuser("casework") as connection:
        await connection.execute("checkpoint")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scan(
    platform: Installation, office: Office, story: Story, imported: tuple[Finished, Path]
) -> Scan:
    """Bring planted words in, carry some lines of the year to cases; return what to look for."""
    bad = refused()
    good = [each for each in year() if each["submission_id"] not in bad]
    deciding = office.deciding()
    for each in good[:ACCEPTED_LINES]:
        stub = ReferralsServiceStub(office.duty[each["partnership"]]["referrals"])
        # The command of the import: the same answer again.
        request = referrals.SubmitReferralRequest(
            context=commanded(
                office.authority(each["received_by"]), command_id=str(line(each).command_id)
            ),
            submission=line(each).raw,
        )
        answer = await again(lambda: stub.SubmitReferral(request))  # noqa: B023 # awaited here
        await deciding.received([(line(each), answer)])
    await deciding.finish()
    marked = [planted(slug) for slug in ("westmarch", "northmoor", "saltby")]
    for case in await office.take_on(*marked):
        worker = office.staff.worker_for(case.authority, case.case_id)
        sessions = Sessions(await office.staff.line_of(worker.slug), case)
        await sessions.record(1, story.said_on, 60, f"She said {MARK}note to me.")
        await close(office, case, f"They are well, says {MARK}summary.")
    for changes in ({"needs": [f"{MARK}need"]}, {"received_at": f"{MARK}day"}, {MARK: MARK}):
        with pytest.raises(grpc.aio.AioRpcError):
            await office.submit(invented() | changes)
    await office.operator.settle()
    # Workers are named openly, and one of the year may be called the same.
    workers = {each.name for each in office.staff.known.values()}
    of_year = {word for each in year() for word in told(each)} - workers
    return Scan(Words({MARK, *(each for each in of_year if len(each.encode()) >= SHORTEST)}))


async def close(office: Office, case: Accepted, summary: str) -> None:
    """End the work of a case."""
    stub = CaseworkServiceStub(office.managers[case.authority]["casework"])
    request = casework.CloseCaseRequest(
        context=commanded(case.authority),
        case_id=case.case_id,
        reason="goals-met",
        summary=summary,
        wish="agrees",
        checklist=[
            casework.ChecklistAnswer(item=item, done="not-needed", reason="Nothing to do.")
            for item in ("measures", "family-told", "referrer-told", "funding", "groups", "letters")
        ],
    )
    await again(lambda: stub.CloseCase(request))


@asynccontextmanager
async def control(platform: Installation) -> AsyncIterator[Scan]:
    """Give a scan for a word that somebody wrote into tables, as text and as bytes."""
    async with platform.superuser("groups") as connection:
        await connection.execute("create table public.scratch (said text, hidden bytea)")
        try:
            await connection.execute(
                "insert into public.scratch values ($1, null), (null, $2)",
                CONTROL,
                f"{CONTROL}9".encode(),
            )
            yield Scan(Words({CONTROL, f"{CONTROL}9"}))
        finally:
            await connection.execute("drop table public.scratch")


async def test_the_scan_finds_a_word_in_a_table_and_in_the_files_of_the_database(
    platform: Installation,
) -> None:
    async with control(platform) as scan:
        tables = await scan.found_in_tables(platform)
        await checkpoint(platform)
        files = await asyncio.to_thread(scan.found_in_files, data_files(platform))
    assert f"{CONTROL} in groups.public.scratch" in tables
    assert f"{CONTROL}9 in groups.public.scratch (bytea)" in tables
    assert [each for each in files if each.startswith(f"{CONTROL} in ") and "/base/" in each]
    assert [each for each in files if each.startswith(f"{CONTROL} in ") and "/pg_wal/" in each]


async def test_the_words_that_are_looked_for_did_arrive(platform: Installation, scan: Scan) -> None:
    assert scan.words.count > len(year())
    mails = "".join(str(each) for each in platform.mails())
    assert MARK in mails
    assert len(scan.found("the mails", mails.encode())) > len(year()) / 2


async def test_no_topic_holds_a_personal_word(
    platform: Installation, scan: Scan, story: Story
) -> None:
    records = await platform.records()
    assert records
    said = b"\n".join(
        part
        for each in records
        for part in (
            each.key or b"",
            each.value or b"",
            json.dumps([(name, value.decode("latin-1")) for name, value in each.headers]).encode(),
        )
    )
    assert Scan(Words({story.case.case_id})).found("the topics", said)
    assert scan.found("the topics", said) == []


async def test_no_log_and_no_trace_holds_a_personal_word(
    platform: Installation, scan: Scan
) -> None:
    places = platform.embedded.places
    files = [each for place in (places.logs, places.traces) for each in place.rglob("*")]
    files = [each for each in files if each.is_file()]
    spoken = Scan(Words({"ReferralsService/SubmitReferral", '"event": "started"'}))
    assert len(spoken.found_in_files(files)) > len(SERVICES)
    assert scan.found_in_files(files) == []


async def test_no_table_of_any_database_holds_a_personal_word(
    platform: Installation, scan: Scan
) -> None:
    assert await scan.found_in_tables(platform) == []


async def test_no_file_of_the_databases_holds_a_personal_word(
    platform: Installation, scan: Scan
) -> None:
    await checkpoint(platform)
    files = data_files(platform)
    assert any("pg_wal" in each.parts for each in files)
    assert await asyncio.to_thread(scan.found_in_files, files) == []
