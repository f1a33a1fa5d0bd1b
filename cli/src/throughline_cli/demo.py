"""The demo: a year of referrals through the platform, and one case's history at its end."""

import json
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from chassis.roles import Role
from throughline_cli import screens
from throughline_cli.bundles import export_case, verify_file
from throughline_cli.importing import Importer
from throughline_cli.operating import Clock, Operator
from throughline_cli.past import Asked, History, read_history
from throughline_cli.people import Staff
from throughline_cli.playing import Accepted, Year, at, register_workers
from throughline_cli.playing_group import FAMILIES_ASKING, Group, Sessions, ask_for_place
from throughline_cli.progress import bar
from throughline_cli.reaching import Line, Platform
from throughline_cli.simulating import command as simulating

BEGINS = date(2025, 1, 1)
ENDS = date(2025, 12, 31)
GROUP_BEGINS = date(2026, 1, 14)
BETWEEN = date(2026, 1, 15)
CORRECTED = date(2026, 1, 20)
SEED, FAMILIES, MONTHS = 1, 6, 5
"""What is simulated at the end: enough that some are helped by a plan that was decided."""


@dataclass(frozen=True, slots=True)
class Story:
    """The case whose history the demo shows: its correction was recorded between two instants."""

    case: Accepted
    before: datetime
    after: datetime


async def play(platform: Platform, console: Console, year: Path, bundle: Path) -> bool:
    """Play the demo on a running platform; True if all is as expected and verified."""
    async with AsyncExitStack() as opened:
        staff = Staff.of(platform, opened)
        operator = Operator(await staff.line(Role.OPERATOR))
        clock = await Clock.of(operator)
        await clock.reach(at(BEGINS, 0))
        managers = await staff.managers()
        await register_workers(staff, platform.directory, managers, BEGINS)
        speakers = {
            slug: await staff.line(Role.DUTY_WORKER, partnership.authorities[0].id)
            for slug, partnership in platform.directory.partnerships.items()
        }
        playing = Year(platform.directory, staff, speakers, managers)
        importer = Importer(platform.directory, speakers, clock)
        with bar(console, year) as on_line:
            report = await importer.run(year, on_line=on_line, received=playing.received)
        await playing.finish()
        with Progress(console=console, transient=True) as progress:
            progress.add_task("a group, sessions, a correction", total=None)
            await clock.reach(at(ENDS))
            await operator.settle()
            await _run_group(staff, playing.accepted, clock)
            story = await _tell_story(staff, playing.accepted, clock)
            await operator.settle()
            statuses = await operator.statuses(counts=True)
        console.print(screens.imported(report))
        console.print(screens.counts(platform.directory, report, statuses))
        console.print(screens.lags(statuses))
        wanted = json.loads(year.with_suffix(".expected.json").read_bytes())
        wrong = screens.expected(report, wanted)
        console.print(
            "[bold red]Other counts than expected: " + ", ".join(wrong)
            if wrong
            else f"[green]All counts are those of {year.with_suffix('.expected.json').name}."
        )
        await _show(console, await staff.line(Role.AUDITOR, story.case.authority), story)
        auditor = await staff.line(Role.AUDITOR, story.case.authority)
        await export_case(auditor, story.case.case_id, str(story.case.authority), bundle)
        verdict = verify_file(bundle, platform.keys_file)
        console.print(verdict.text)
        await _simulate(platform, console)
        console.print(_further(story, bundle))
        return verdict.ok and not wrong


async def _simulate(platform: Platform, console: Console) -> None:
    """Let invented workers go on with a few more families, from what is known to a decision."""
    played = await simulating.play(platform, console, SEED, FAMILIES, MONTHS)
    console.print(simulating.shown(played))


async def _run_group(staff: Staff, accepted: list[Accepted], clock: Clock) -> None:
    """Let more families ask than there are places; some accept, one declines, one lets it lapse."""
    host = accepted[0].authority
    facilitator = await staff.line(Role.GROUP_FACILITATOR, host)
    partnership = staff.platform.directory.partnership_of(host)
    authorities = [each.id for each in partnership.authorities] if partnership else [host]
    group = await Group.publish(facilitator, host, GROUP_BEGINS)
    managers = await staff.managers()
    families: dict[str, Accepted] = {}
    for each in accepted:
        if each.authority in authorities and len(families) < FAMILIES_ASKING:
            families.setdefault(each.family_id, each)
    for each in families.values():
        await ask_for_place(managers[each.authority], each, group.cohort_id)
    await clock.operator.settle()
    places = sorted(
        await group.places(authorities), key=lambda found: (found[1].status, found[1].place_id)
    )
    offered = [found for found in places if found[1].status == "offered"]
    # All but two accept; of those one declines, and the last offer lapses.
    for authority, place in offered[:-2]:
        await group.answer(authority, place, accepts=True)
    for authority, place in offered[-2:-1]:
        await group.answer(authority, place, accepts=False)
    await clock.operator.settle()
    await clock.reach(at(GROUP_BEGINS, 18))
    await clock.operator.settle()
    for authority, place in offered[:-2]:
        await group.attended(authority, place, GROUP_BEGINS)


async def _tell_story(staff: Staff, accepted: list[Accepted], clock: Clock) -> Story:
    """Record sessions in one case, and later set one of them right."""
    case = accepted[0]
    worker = staff.worker_for(case.authority, case.case_id)
    line = await staff.line_of(worker.slug)
    sessions = Sessions(line, case)
    first = await sessions.record(
        1, date(2026, 1, 5), 60, "Met at home. Played, drew, and spoke about the new school."
    )
    await sessions.record(2, date(2026, 1, 12), 60, "A harder hour. We stopped early for a walk.")
    await clock.operator.settle()
    before = at(BETWEEN)
    await clock.reach(at(CORRECTED))
    auditor = await staff.line(Role.AUDITOR, case.authority)
    known = await read_history(auditor, Asked(case.case_id, str(case.authority), before))
    await sessions.correct(
        first,
        _event_of(known, "SessionRecorded", 0),
        date(2026, 1, 6),
        "Met at home on the 6th, not the 5th, for an hour and a quarter.",
    )
    await clock.operator.settle()
    return Story(case, before, clock.now)


def _event_of(known: History, kind: str, number: int) -> str:
    return [entry.event_id for entry in known.entries if entry.type == kind][number]


async def _show(console: Console, auditor: Line, story: Story) -> None:
    for known_at in (story.before, story.after):
        found = await read_history(
            auditor, Asked(story.case.case_id, str(story.case.authority), known_at, unseal=True)
        )
        console.print(
            screens.history(
                f"Case {story.case.case_id} as it was known on"
                f" {known_at.astimezone(UTC):%-d %B %Y}",
                found,
            )
        )


def _further(story: Story, bundle: Path) -> str:
    """Say how to look further."""
    case = f"{story.case.case_id} --authority {story.case.authority}"
    return (
        "\nThe platform is still running. To look further:\n"
        f"  .venv/bin/throughline history {case} --as-of 2026-01-05\n"
        f"  .venv/bin/throughline verify {bundle} --keys KEYS\n"
        "  .venv/bin/throughline follow\n"
        "  .venv/bin/throughline status\n"
        "  make down"
    )
