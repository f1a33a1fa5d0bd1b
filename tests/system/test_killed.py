"""Each role's process and each service, killed in mid-import: nothing is lost, nothing is twice."""

import asyncio
import json
import signal
import unicodedata
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from stack.programs import ALL_ROLES
from stack.settings import Provider
from tests.system.installation import Installation, installed
from tests.system.office import Office
from tests.system.submissions import EXPECTED, Submission, refused, write, year
from throughline_cli.importing import Answered, Importer
from throughline_cli.operating import Clock, Statuses
from throughline_cli.people import Staff
from throughline_cli.playing import Year
from throughline_cli.reporting import Report

SPLIT = "casework"
VICTIMS = (
    *(f"{SPLIT}-{role}" for role in ALL_ROLES),
    *("referrals", "notifications", "groups"),
)
LINES = 27
EACH = LINES // len(VICTIMS)
"""So many valid lines come between one killing and the next."""


@dataclass(slots=True)
class Killer:
    """Kills one process after the other while lines are decided on, and starts each again."""

    platform: Installation
    deciding: Year
    left: list[str] = field(default_factory=lambda: list(VICTIMS))
    ended: dict[str, int] = field(default_factory=dict)
    _lines: int = 0
    _again: "asyncio.Task[None] | None" = None

    async def received(self, answered: Sequence[Answered]) -> None:
        """Decide on submissions; at some of them a process is killed meanwhile."""
        if self.left and self._lines >= EACH * (len(VICTIMS) - len(self.left)):
            await self.all_up()
            self._again = asyncio.create_task(self._kill(self.left.pop(0)))
        self._lines += len(answered)
        await self.deciding.received(answered)

    async def all_up(self) -> None:
        """Return when the process that was killed last serves again."""
        if self._again is not None:
            await self._again

    async def _kill(self, name: str) -> None:
        self.ended[name] = await self.platform.kill(name)


@dataclass(frozen=True, slots=True)
class Survived:
    """What is there after everything was killed once, started again, and settled."""

    platform: Installation
    submissions: list[Submission]
    report: Report
    killer: Killer
    statuses: Statuses


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def survived(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Survived]:
    """Import the first lines of the year on a platform of its own, killing all the way."""
    submissions = list(islice(year(), LINES))
    file = write(tmp_path_factory.mktemp("killed") / "lines.jsonl", submissions)
    provider = Provider(request.config.getoption("--stack"))
    async with installed(provider, split=[SPLIT]) as platform, AsyncExitStack() as opened:
        office = await Office.of(Staff.of(platform.platform, opened))
        killer = Killer(platform, office.deciding())
        report = await imported(office, file, killer)
        await office.operator.settle()
        statuses = await office.operator.statuses(counts=True)
        yield Survived(platform, submissions, report, killer, statuses)


async def imported(office: Office, file: Path, killer: Killer) -> Report:
    """Import a file while its cases are decided on and processes are killed."""
    clock = await Clock.of(office.operator)
    importer = Importer(office.staff.platform.directory, office.duty, clock)
    try:
        report = await importer.run(file, on_line=lambda: None, received=killer.received)
    finally:
        await killer.all_up()
    await killer.deciding.finish()
    return report


def counted(submissions: list[Submission]) -> dict[str, Any]:
    """Count submissions as the file's counts are meant, by nothing but what is written in them."""
    bad = {name: code for name, code in refused().items() if name in ids(submissions)}
    valid = [each for each in submissions if each["submission_id"] not in bad]
    known: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    duplicates = 0
    for each in valid:
        children = {child(found) for found in each["family"]["children"]}
        duplicates += not known[each["received_by"]].isdisjoint(children)
        known[each["received_by"]] |= children
    everyone = [found for each in valid for found in each["family"]["children"]]
    return {
        "valid": len(valid),
        "refused": len(bad),
        "children": len(everyone),
        "duplicates": duplicates,
        "siblings_in_one_submission": sum(len(each["family"]["children"]) > 1 for each in valid),
        "urgent": sum(
            each["safeguarding"]["immediate_danger"] or each["placement_at_risk"] for each in valid
        ),
        "by_authority": dict(Counter(each["received_by"] for each in valid)),
        "undetermined_duty": sum(found["legal_status"] == "unknown" for found in everyone),
        "refusals": bad,
    }


def ids(submissions: list[Submission]) -> set[str]:
    """Return the ids of submissions."""
    return {each["submission_id"] for each in submissions}


def child(found: dict[str, str]) -> tuple[str, ...]:
    """Return what a child is known again by: case, accents and spaces do not count."""
    names = (found["given_name"], found["family_name"], found["date_of_birth"])
    apart = (unicodedata.normalize("NFKD", each.casefold()) for each in names)
    return tuple("".join(letter for letter in each if letter.isalnum()) for each in apart)


def test_lines_are_counted_here_as_the_counts_of_the_year_are_meant() -> None:
    assert counted(year()) == json.loads(EXPECTED.read_bytes())


async def test_every_process_was_killed_in_mid_import(survived: Survived) -> None:
    assert survived.killer.ended == dict.fromkeys(VICTIMS, -signal.SIGKILL)


async def test_the_report_is_that_of_the_lines(survived: Survived) -> None:
    found = survived.report.as_json()
    expected = counted(survived.submissions)
    assert {name: found[name] for name in expected} == expected


async def test_each_accepted_child_has_one_case(survived: Survived) -> None:
    accepted = survived.killer.deciding.accepted
    cases = {(str(each.authority), each.case_id) for each in accepted}
    expected = Counter(authority for authority, _ in cases)
    counters = survived.statuses[SPLIT].counters
    opened = {name: counters[f"{name}/open"] for name in expected}
    assert len(cases) > LINES // 2
    assert opened == expected
    assert sum(n for name, n in counters.items() if name.endswith("/open")) == len(cases)


async def test_each_letter_that_is_due_was_sent_under_one_message_id(survived: Survived) -> None:
    valid = [each for each in survived.submissions if each["submission_id"] not in refused()]
    async with survived.platform.superuser("notifications") as connection:
        rows = await connection.fetch(
            "select message_id, about_event, template, recipient, channel, state from read.messages"
        )
    letters = {
        f"<{row['message_id']}@throughline.invalid>": row
        for row in rows
        if row["channel"] == "email"
    }
    mails = {mail["Message-ID"]: mail for mail in survived.platform.mails()}
    receipts = {
        header: row
        for header, row in letters.items()
        if row["template"] == "referral-acknowledgement"
    }
    about = [str(row["about_event"]) for row in receipts.values()]
    assert sorted(about) == sorted(ids(valid))
    assert {row["state"] for row in receipts.values()} == {"sent"}
    # A family is written to only where there is a sure way to it.
    assert {row["state"] for row in letters.values()} <= {"sent", "blocked"}
    sent = {header for header, row in letters.items() if row["state"] == "sent"}
    assert mails.keys() == sent
    assert Counter(mails[header]["To"] for header in receipts) == Counter(
        each["referrer"]["email"] for each in valid
    )


async def test_each_lead_has_one_note_of_the_case(survived: Survived) -> None:
    counters = survived.statuses[SPLIT].counters
    led = sum(n for name, n in counters.items() if name.endswith("/allocated"))
    async with survived.platform.superuser("notifications") as connection:
        notes = await connection.fetch(
            "select case_id, state from read.messages where template = 'case-allocated'"
        )
    assert led > LINES // 2
    assert len(notes) == len({row["case_id"] for row in notes}) == led
    assert not {row["state"] for row in notes} & {"queued", "attempting", "failed", "in-doubt"}


async def test_each_topic_tells_every_stored_event_in_the_order_of_its_stream(
    survived: Survived,
) -> None:
    told: dict[tuple[str, bytes, bytes], list[int]] = defaultdict(list)
    for record in await survived.platform.records():
        headers = dict(record.headers)
        stream = (record.topic.split(".")[1], headers["ce_tenant"], headers["ce_subject"])
        version = int(headers["ce_sequence"])
        if version not in told[stream]:
            told[stream].append(version)
    wrong = {
        stream: versions
        for stream, versions in told.items()
        if versions != list(range(1, len(versions) + 1))
    }
    assert not wrong
    first = Counter[str]()
    for (service, *_), versions in told.items():
        first[service] += len(versions)
    stored = await survived.platform.events()
    assert {name: first[name] for name in stored} == stored


async def test_nothing_is_parked_and_nothing_is_a_dead_letter(survived: Survived) -> None:
    left = {
        name: (each.parked_streams, each.dead_letters) for name, each in survived.statuses.items()
    }
    assert left == dict.fromkeys(left, (0, 0))
    assert len(left) == 4
