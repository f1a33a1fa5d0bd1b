"""The check of a campaign: everything is read first, then every invariant looks at it."""

import asyncio
from pathlib import Path

from faults.checking import reading
from faults.checking.commands import (
    a_token_is_kept,
    an_effect_is_all_or_nothing,
    answered_before_sent_comes_first,
    nothing_acknowledged_is_lost,
)
from faults.checking.deadlines import deadlines_fire_once
from faults.checking.evidence import RECOVERY_BOUND_S, Evidence
from faults.checking.folding import read_models_equal_the_fold
from faults.checking.hearing import (
    alerts_are_visible,
    alerts_are_visible_once,
    everything_told_is_heard,
    one_effect_for_each_cause,
    what_goes_in_comes_out,
)
from faults.checking.recovering import recovery_is_bounded, replays_are_the_same_bytes
from faults.checking.references import nothing_dangles
from faults.checking.report import Finding, Invariant, Report, finding
from faults.checking.stores import read_store, read_topics
from faults.checking.streams import stores_and_topics_hold_the_same, versions_have_no_hole

INVARIANTS: dict[str, tuple[str, Invariant]] = {
    "I1": ("no acknowledged command is lost", nothing_acknowledged_is_lost),
    "I2": ("refused: no effect; in doubt: none or one", an_effect_is_all_or_nothing),
    "I3": ("one effect per consumer and event", one_effect_for_each_cause),
    "I4": ("versions of a stream are 1..n", versions_have_no_hole),
    "I5": ("answered before sent comes first", answered_before_sent_comes_first),
    "I6": ("stores and topics hold the same events", stores_and_topics_hold_the_same),
    "I7": ("every record is heard, or parked with a reason", everything_told_is_heard),
    "I8": ("a read model equals the fold", read_models_equal_the_fold),
    "I9": ("replays are the same bytes", replays_are_the_same_bytes),
    "I10": ("no dangling reference", nothing_dangles),
    "I13": ("every alert due is visible", alerts_are_visible),
    "I14": ("every alert is visible once", alerts_are_visible_once),
    "I15": ("deadlines fire once", deadlines_fire_once),
    "I20": ("recovery is bounded", recovery_is_bounded),
    "I21": ("in = applied + parked + refused", what_goes_in_comes_out),
    "I22": ("a read sees as far as its token", a_token_is_kept),
}


def judge(evidence: Evidence) -> Report:
    """Let every invariant look at the evidence."""
    return Report(
        tuple(judged(name, evidence) for name in INVARIANTS),
    )


def judged(name: str, evidence: Evidence) -> Finding:
    """Let one invariant look at the evidence."""
    means, invariant = INVARIANTS[name]
    return finding(name, means, invariant(evidence))


async def gather(folder: Path) -> Evidence:
    """Read what a campaign left behind. The servers must still run, and nothing be on its way."""
    campaign = reading.campaign(folder)
    told = campaign.told
    mail = told.get("mail")
    return Evidence(
        attempts=reading.attempts(folder),
        faults=reading.faults(folder),
        stores={name: await read_store(url) for name, url in campaign.stores.items()},
        records=await read_topics(str(told["kafka"]), campaign.topics, int(told["partitions"])),
        mails=reading.mails(Path(mail) if mail else None),
        dumps=reading.dumps(folder),
        recovery_bound_s=float(told.get("recovery_bound_s", RECOVERY_BOUND_S)),
    )


async def check(folder: Path) -> Report:
    """Judge a campaign by what it left in its folder, its stores, its topics and its mails.

    Raises ValueError for a folder of another format, and what reading raises: a check that could
    not look has no opinion.
    """
    evidence = await gather(folder)
    return await asyncio.to_thread(judge, evidence)
