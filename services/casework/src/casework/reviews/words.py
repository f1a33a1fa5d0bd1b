"""How reviews read in a chronology; nothing personal. Pure."""

from collections.abc import Mapping

from casework.plain_words import Headline, Said, plain


def _scheduled(said: Said) -> str:
    before = f" (before: {said['previous_due']})" if said["previous_due"] else ""
    return f"Review due by {said['next_due']}{before}: {plain(said['trigger'])}"


def _considered(said: Said) -> str:
    how = "" if said["relevance"] == "considered" else ", not relevant"
    return f"Review: {plain(said['heading'])}{how}"


_OUTCOMES = {
    "continue": "the plan goes on",
    "change": "the plan is to change, by notice",
    "end": "the plan is to end, by notice",
}

ENTRIES: Mapping[str, tuple[str, Headline]] = {
    "ReviewScheduled": ("review-scheduled", _scheduled),
    "ChangeNoted": (
        "change-noted",
        lambda said: f"Change of circumstances on {said['on']}: {plain(said['kind'])}",
    ),
    "ReviewOverdue": (
        "review-overdue",
        lambda said: f"The plan was not reviewed by {said['due_on']}",
    ),
    "ReviewStarted": ("review-started", lambda said: f"Review begun on {said['on']}"),
    "ReviewHeadingConsidered": ("review-heading-considered", _considered),
    "ReviewCompleted": (
        "review-completed",
        lambda said: f"Review completed on {said['on']}: {_OUTCOMES[said['outcome']]}",
    ),
    "ReviewsCeased": ("reviews-ceased", lambda _: "No plan in force, so none is reviewed"),
}
