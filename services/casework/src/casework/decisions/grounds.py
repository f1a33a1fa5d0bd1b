"""When a decision can be made, and what it brings: rules over what is known of a proposal. Pure."""

from datetime import date
from typing import Final

from casework.decisions.notice_events import Ground, Outcome, Proposal
from casework.decisions.notice_states import Decided, Known, Notice

ENDING: Final = frozenset({Proposal.END, Proposal.CLOSE})
"""Proposals after which less is done for the family, or nothing."""


def ground_on(day: date, known: Known, last_day: date | None) -> Ground | None:
    """Return why a decision could be made on a day; None: it could not yet."""
    if any(said <= day for _, said in known.satisfied):
        return Ground.SATISFIED
    if any(by in known.parties and said <= day for _, by, said in known.represented):
        return Ground.REPRESENTATIONS
    if last_day is not None and day > last_day:
        return Ground.PERIOD_OVER
    return None


def changes(proposal: Proposal, outcome: Outcome) -> bool:
    """Tell whether a decision changes what is done under the plan of the case."""
    held = {Proposal.PROVIDE, Proposal.VARY, Proposal.END}
    return proposal in held and outcome is not Outcome.DROPPED


def ends(notice: Notice, *proposals: Proposal) -> bool:
    """Tell whether it was decided to end or close as proposed, after the family had its say."""
    match notice:
        case Decided(Known(proposal=proposal), outcome=outcome):
            return proposal in (proposals or ENDING) and outcome is not Outcome.DROPPED
        case _:
            return False
