"""Processes that die by SIGKILL at a named point and start again: all is there, and there once."""

import asyncio
import signal
from collections import Counter, defaultdict
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from stack import processes
from stack.supervisor import Supervisor
from tests.system.installation import Installation
from tests.system.office import Office
from tests.system.submissions import Submission, invented, line
from throughline_cli.operating import Clock
from throughline_cli.playing import Accepted

if TYPE_CHECKING:
    from subprocess import Popen

DIES_WITHIN_S = 60.0
FAMILIES = 3
ACKNOWLEDGED = "We have what you sent us"

POINTS = [
    ("casework", "relay.after-publish"),
    ("casework", "react.after-commands"),
    ("casework", "react.after-heard"),
    ("casework", "react.before-offsets"),
    ("casework", "notarise.before-commit"),
    ("notifications", "sender.after-send"),
]


@dataclass(frozen=True, slots=True)
class Crash:
    """One service that is to die at a point."""

    platform: Installation
    service: str
    point: str

    async def during(self, work: Awaitable[Any]) -> None:
        """Let the service die at the point while work goes on, and start it again."""
        supervisor = Supervisor(self.platform.embedded.places)
        before = self._child(supervisor)
        before.kill()
        await asyncio.to_thread(before.wait, DIES_WITHIN_S)
        sound = self.platform.embedded.service(self.service)
        told = {**sound.environment, "THROUGHLINE_CRASH_AT": self.point}
        await supervisor.up([replace(sound, environment=told, ready=None)])
        dying = self._child(supervisor)
        going_on = asyncio.ensure_future(work)
        ended = await asyncio.to_thread(dying.wait, DIES_WITHIN_S)
        assert ended == -signal.SIGKILL
        await supervisor.up([sound])
        await going_on

    def _child(self, supervisor: Supervisor) -> "Popen[bytes]":
        [found] = [each for each in supervisor.status() if each.name == self.service]
        assert found.pid is not None
        return processes._children[found.pid]


async def stored(platform: Installation, service: str, case_id: str) -> Counter[str]:
    """Count the events of a case in a service's store by type."""
    async with platform.superuser(service) as connection:
        rows = await connection.fetch(
            "select e.type from es.events e join es.threads t using (tenant, position)"
            " where t.thread = $1",
            UUID(case_id),
        )
    return Counter(row["type"] for row in rows)


async def told(platform: Installation, cases: list[Accepted]) -> dict[tuple[str, bytes], list[int]]:
    """Return the versions of each stream of some cases as they stand in the topics."""
    case_ids = {each.case_id.encode() for each in cases}
    versions: dict[tuple[str, bytes], list[int]] = defaultdict(list)
    for record in await platform.records():
        headers = dict(record.headers)
        if headers.get("ce_caseid") in case_ids:
            stream = (record.topic, headers["ce_subject"])
            versions[stream].append(int(headers["ce_sequence"]))
    return versions


async def letters(platform: Installation, families: list[Submission]) -> list[set[str]]:
    """Return under which Message-IDs each referrer's submission was acknowledged."""
    mails = [each for each in platform.mails() if str(each["Subject"]).startswith(ACKNOWLEDGED)]
    return [
        {mail["Message-ID"] for mail in mails if mail["To"] == each["referrer"]["email"]}
        for each in families
    ]


@pytest.mark.parametrize(("service", "point"), POINTS)
async def test_a_service_that_dies_there_loses_nothing_and_does_nothing_twice(
    platform: Installation, office: Office, service: str, point: str
) -> None:
    families = [invented() for _ in range(FAMILIES)]
    deciding = office.deciding()

    async def work() -> None:
        for each in families:
            await deciding.received([(line(each), await office.submit(each))])
        await deciding.finish()

    await office.operator.settle()
    await Crash(platform, service, point).during(work())
    await office.operator.settle()
    cases = deciding.accepted
    assert len(cases) == FAMILIES
    for each in cases:
        found = await stored(platform, "casework", each.case_id)
        assert (found["CaseOpened"], found["CaseAllocated"]) == (1, 1)
        assert (await stored(platform, "referrals", each.case_id))["ReferralTakenUp"] == 1
        assert (await stored(platform, "notifications", each.case_id))["NotePlaced"] == 1
    assert [len(each) for each in await letters(platform, families)] == [1] * FAMILIES
    versions = await told(platform, cases)
    for stream, seen in versions.items():
        first = list(dict.fromkeys(seen))
        assert first == list(range(1, len(first) + 1)), stream
    repeated = [stream for stream, seen in versions.items() if len(seen) > len(set(seen))]
    # That it died between sending and remembering shows in the topic.
    assert repeated or point != "relay.after-publish"
    assert not [each for each in (await office.operator.statuses()).values() if each.parked_streams]


async def test_a_deadline_whose_process_dies_before_it_is_marked_fires_once(
    platform: Installation, office: Office
) -> None:
    submission = invented()
    answer = await office.submit(submission)
    deciding = office.deciding()
    await deciding.received([(line(submission), answer)])
    await office.operator.settle()
    [child] = answer.children
    clock = await Clock.of(office.operator)
    # Nobody is named as its lead.
    overdue = clock.now + timedelta(days=12)
    await Crash(platform, "casework", "clock.before-fired").during(clock.reach(overdue))
    await office.operator.settle()
    assert (await stored(platform, "casework", child.case_id))["AllocationOverdue"] == 1


async def test_the_stores_are_verified_after_all_that(platform: Installation) -> None:
    found = await platform.throughline("verify", "--store")
    assert found.out.startswith("verified: ")
