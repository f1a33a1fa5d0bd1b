"""The command `throughline` on a running platform: each of its words does what its help says."""

import asyncio
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import throughline_cli.__main__  # noqa: F401 # it adds the commands to the application
from tests.system.installation import Finished, Installation
from tests.system.story import Story
from throughline_cli.command import app

WORDS = {
    (): ("up", "down", "status", "import", "history", "export", "verify", "parked", "clock"),
    ("up",): ("--clock", "PostgreSQL, Kafka"),
    ("down",): ("What was recorded stays",),
    ("demo",): ("a year of referrals", "--stack"),
    ("status",): ("what is behind what",),
    ("import",): ("file", "--report", "It can be repeated"),
    ("history",): ("case", "--authority", "--known-at", "--as-of", "--unseal"),
    ("export",): ("case", "out", "--authority"),
    ("verify",): ("file", "--keys", "--store", "no server"),
    ("clock",): ("forward", "deadline"),
    ("settle",): ("caught up",),
    ("simulate",): ("--seed", "--families", "--months", "invented families"),
    ("follow",): ("--beginning", "--count", "Nothing personal"),
    ("parked",): ("list", "retry", "skip"),
    ("parked", "list"): ("what waits",),
    ("parked", "retry"): ("service", "consumer", "authority", "stream"),
    ("parked", "skip"): ("--reason", "recorded"),
}


@pytest.mark.parametrize(("words", "said"), WORDS.items(), ids=lambda each: " ".join(each)[:20])
def test_every_word_has_a_help_that_says_what_it_is_for(
    words: tuple[str, ...], said: tuple[str, ...]
) -> None:
    found = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "250"})
    assert found.exit_code == 0
    assert [each for each in said if each not in found.output] == []


async def history(platform: Installation, story: Story, *more: str) -> Finished:
    found = await platform.throughline("history", *story.asked, *more)
    assert found.code == 0, found.err
    return found


async def test_history_shows_the_facts_of_all_services_and_the_correction(
    platform: Installation, story: Story
) -> None:
    found = await history(platform, story)
    for service in ("referrals", "casework", "notifications"):
        assert service in found.out
    assert "SessionCorrected" in found.out
    assert "sets right what is struck through" in found.out
    assert f"occurred {story.said_on}" in found.out
    assert "[sealed]" in found.out
    assert "A first talk" not in found.out


async def test_history_known_at_an_instant_leaves_out_what_was_learned_later(
    platform: Installation, story: Story
) -> None:
    found = await history(platform, story, "--known-at", f"{story.before:%Y-%m-%d %H:%M:%S}")
    assert found.out.count("SessionRecorded") == 2
    assert "SessionCorrected" not in found.out


async def test_history_as_of_a_day_shows_what_had_happened_by_its_end_corrections_applied(
    platform: Installation, story: Story
) -> None:
    early, later, early_as_known_then = await asyncio.gather(
        history(platform, story, "--as-of", str(story.said_on)),
        history(platform, story, "--as-of", str(story.held_on)),
        history(
            platform,
            story,
            *("--as-of", str(story.said_on)),
            *("--known-at", f"{story.before:%Y-%m-%d %H:%M:%S}"),
        ),
    )
    assert "CaseOpened" in early.out
    assert "Session" not in early.out
    assert later.out.count("SessionRecorded") == 1
    assert later.out.count("SessionCorrected") == 1
    assert early_as_known_then.out.count("SessionRecorded") == 1


async def test_history_opens_words_only_for_who_may_see_them(
    platform: Installation, story: Story
) -> None:
    worker, auditor = await asyncio.gather(
        platform.throughline("history", *story.asked, "--unseal", "--as", "wap-manager"),
        platform.throughline("history", *story.asked, "--unseal", "--as", "anc-manager"),
    )
    assert "A first talk" in worker.out
    assert auditor.code == 1
    assert auditor.err.strip() == "NOT_FOUND: not found"


async def test_an_exported_case_is_verified_with_no_platform(
    platform: Installation, story: Story, tmp_path: Path
) -> None:
    bundle = tmp_path / "case.zip"
    exported = await platform.throughline(
        "export", story.case.case_id, bundle, "--authority", "westmarch"
    )
    assert exported.code == 0, exported.err
    keys = platform.platform.keys_file
    with_keys, without = await asyncio.gather(
        platform.throughline("verify", bundle, "--keys", keys),
        platform.throughline("verify", bundle),
    )
    assert with_keys.code == 0
    assert with_keys.out.startswith("verified: ")
    assert without.code == 1
    assert "--keys" in without.err


async def test_the_live_stores_are_verified(platform: Installation, story: Story) -> None:
    found = await platform.throughline("verify", "--store")
    assert found.code == 0, found.out
    assert found.out.startswith("verified: ")
    assert "the stores of 4 services" in found.out


async def test_status_says_what_runs_and_that_nothing_is_behind(
    platform: Installation, story: Story
) -> None:
    settled, found = (
        await platform.throughline("settle"),
        await platform.throughline("status"),
    )
    assert settled.code == found.code == 0
    for name in ("PostgreSQL", "Kafka", "referrals", "casework", "groups", "notifications"):
        assert name in found.out
    assert "stopped" not in found.out
    assert "What is behind" in settled.out


async def test_the_clock_is_shown_and_moves_forward_only(
    platform: Installation, story: Story
) -> None:
    shown = await platform.throughline("clock")
    back = await platform.throughline("clock", "2020-01-01")
    after = await platform.throughline("clock")
    assert shown.code == back.code == 0
    assert shown.out == after.out
    assert "UTC (simulated)" in shown.out
    assert back.out.endswith(shown.out)


async def test_follow_shows_a_number_of_records_from_the_beginning(
    platform: Installation, story: Story
) -> None:
    found = await platform.throughline("follow", "--beginning", "--count", "25")
    assert found.code == 0, found.err
    # A long one goes over to a second line.
    assert len(re.findall(r"^20\d\d-\d\d-\d\d ", found.out, re.MULTILINE)) == 25
    # Which topic comes first is the broker's to say.
    assert re.search("ReferralReceived|WorkerRegistered|told to nobody", found.out)


async def test_parked_says_that_nothing_waits(platform: Installation, story: Story) -> None:
    found = await platform.throughline("parked", "list")
    assert found.code == 0
    assert found.out.strip() == "Nothing is parked."


async def test_what_is_wrong_is_said_in_a_sentence(platform: Installation) -> None:
    wrong = {
        ("history", "no-case", "--authority", "westmarch"): "case_id: not-a-uuid",
        ("history", "no-case", "--authority", "nowhere"): "allowed: westmarch, harrowdale",
        ("verify",): "--store",
        ("verify", "x", "--keys", platform.folder / "report.json"): "report.json",
        ("parked", "retry", "casework", "casework", "x", "y"): "authority: not-a-uuid",
        ("status", "--stack", "elsewhere"): "allowed: embedded, compose",
        ("clock", "yesterday"): "Invalid value for 'to'",
    }
    answers = await asyncio.gather(*(platform.throughline(*words) for words in wrong))
    for said, found in zip(wrong.values(), answers, strict=True):
        assert found.code != 0
        assert said in found.err + found.out
        assert "Traceback" not in found.err + found.out
