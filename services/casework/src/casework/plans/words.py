"""How a plan's life reads in a chronology; nothing personal. Pure."""

from collections.abc import Mapping

from casework.plain_words import Headline, Said, plain


def _drafted(said: Said) -> str:
    document = said["document"]
    count = len(document["services"])
    services = "one service" if count == 1 else f"{count} services"
    return f"Plan drafted, version {said['version']}: {services}"


def _activated(said: Said) -> str:
    return (
        f"Plan in force from {said['from_day']}, version {said['version']}"
        f" ({plain(said['ground'])}); to be reviewed by {said['review_by']}"
    )


ENTRIES: Mapping[str, tuple[str, Headline]] = {
    "PlanDrafted": ("plan-drafted", _drafted),
    "PlanProposed": (
        "plan-proposed",
        lambda said: f"Version {said['version']} of the plan proposed by a notice",
    ),
    "PlanProposalEnded": (
        "plan-proposal-ended",
        lambda said: f"Version {said['version']} of the plan is proposed no longer",
    ),
    "PlanActivated": ("plan-activated", _activated),
    "MonitorNominated": (
        "monitor-nominated",
        lambda said: f"Plan monitored by {said['monitor']}, in place of {said['previous']}",
    ),
    "PlanPaused": (
        "plan-paused",
        lambda said: f"Plan paused from {said['from_day']}: {plain(said['reason'])}",
    ),
    "PlanResumed": ("plan-resumed", lambda said: f"Plan resumed from {said['from_day']}"),
    "PlanEnded": (
        "plan-ended",
        lambda said: f"Plan ended on {said['on']}: {plain(said['reason'])}",
    ),
}
