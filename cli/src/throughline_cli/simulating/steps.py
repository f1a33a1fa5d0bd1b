"""What happens in a child's course, as data: a verb, when it was so, and when somebody wrote it."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from throughline_cli.simulating.families import Family


class Verb(StrEnum):
    """What is done; each has one call or a few, told by whoever does it."""

    REFER = "refer"
    SCREEN = "screen"
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    ALLOCATE = "allocate"
    AGREE = "agree"
    REFUSE = "refuse"
    TAKE_BACK = "take-back"
    BOOK = "book"
    CANCEL = "cancel"
    HAND_OVER = "hand-over"
    SHARE = "share"
    TRANSFER = "transfer"
    INFORM = "inform"
    ASSESS = "assess"
    CONCLUDE = "conclude"
    UNDERSTAND = "understand"
    PLAN = "plan"
    PROPOSE = "propose"
    SATISFIED = "satisfied"
    REPRESENT = "represent"
    DECIDE = "decide"
    SERVE = "serve"
    AUTHORISE = "authorise"
    COMPLAIN = "complain"
    CHANGE = "change"
    REVIEW = "review"
    OWE = "owe"
    ANSWER_DUTY = "answer-duty"
    JOIN = "join"
    TAKE_PLACE = "take-place"
    ATTEND = "attend"
    SESSION = "session"
    CORRECT = "correct"
    CONCERN = "concern"
    CLOSE = "close"


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """One thing that somebody does. `told`: the day of writing; `on`: when it was so, if earlier.

    `child`: which of the family's, from 0. `number` tells steps of one verb apart, `code` says
    what of several kinds it is.
    """

    told: date
    child: int
    verb: Verb = field(compare=False)
    on: date = field(compare=False)
    number: int = field(default=0, compare=False)
    code: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Life:
    """A family and what happens to it, in the order in which it is written down."""

    family: Family
    steps: tuple[Step, ...]
