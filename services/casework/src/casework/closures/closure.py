"""The end of an episode: proposed by who leads the case, sent back or signed.

The checklist is complete when it is signed, a manager signs where the rules say so, and against the
family's wish a case is closed only after a notice, its representations and a decision.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, TypeAlias, assert_never
from uuid import UUID

from casework.cases import case
from casework.cases.case import CloseReason, open_case
from casework.closures.checklist import Answer, ChecklistIncomplete, Item, Open, missing
from casework.decisions.grounds import ends
from casework.decisions.notice_events import Proposal
from casework.decisions.notice_states import Decided, Notice
from ledger.decider import Decider, Refusal
from ledger.personal import Block, Personal, Plain, SealedIn

Reasons: TypeAlias = Annotated[Personal[dict[str, str]], SealedIn(Block.NARRATIVE, of="child")]


class Wish(StrEnum):
    """What the family wishes."""

    AGREES = "agrees"
    NOT_REACHED = "not-reached"
    DISAGREES = "disagrees"


class Signer(StrEnum):
    """Who signs."""

    CLINICIAN = "clinician"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms an episode ends. `notice`: the decided proposal to close, if there is one."""

    reason: CloseReason
    wish: Wish
    notice: UUID | None
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Propose:
    """Propose to close; `words`: reasons, by item. The case was looked up."""

    case: case.Case
    terms: Terms
    explained: tuple[Item, ...]
    words: Plain[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Return:
    """Send the proposal back."""

    words: Plain[str]


@dataclass(frozen=True, slots=True)
class Sign:
    """Close the case on these terms; None: on those that were proposed.

    Looked up: the case, what is open, the notice, and for which reasons a manager signs by `rule`.
    `words` holds the reasons that come with these terms.
    """

    case: case.Case
    reason: CloseReason
    terms: Terms | None
    explained: tuple[Item, ...]
    words: Plain[dict[str, str]]
    found: Open
    notice: Notice
    signer: Signer
    manager_signs: frozenset[str]
    rule: str


@dataclass(frozen=True, slots=True)
class ClosureProposed:
    """Who leads the case proposes to end the episode, with the answers to the checklist."""

    case_id: UUID
    child: UUID
    episode: int
    terms: Terms
    explained: tuple[Item, ...]
    words: Reasons


@dataclass(frozen=True, slots=True)
class ClosureReturned:
    """Who was to sign sent the proposal back, with what is still to be done."""

    case_id: UUID
    child: UUID
    episode: int
    words: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class ClosureSigned:
    """The checklist is complete and the end of the episode is signed, by the rule of that name."""

    case_id: UUID
    child: UUID
    episode: int
    terms: Terms
    explained: tuple[Item, ...]
    signer: Signer
    rule: str
    words: Reasons


@dataclass(frozen=True, slots=True)
class NotProposed:
    """Nobody has proposed to end the episode in hand, or the proposal was sent back."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """Somebody is to sign. `explained`: items for which a reason was given in words."""

    case_id: UUID
    child: UUID
    episode: int
    terms: Terms
    explained: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Signed:
    """The episode of that number is ended on these terms."""

    episode: int
    terms: Terms


class NothingProposed(Refusal):
    """Nobody proposed to close the case: say the reason and answer the checklist."""


class SignedAlready(Refusal):
    """The end of the episode is signed already."""


class ProposedForAnotherReason(Refusal):
    """The proposal names another reason: sign that one, or answer the checklist anew."""


class ManagerSigns(Refusal):
    """For that reason, or where the family disagrees, a manager signs."""


class NoticeNeeded(Refusal):
    """Against the family's wish a case is closed by a decision after notice."""


ClosureCommand: TypeAlias = Propose | Return | Sign
ClosureEvent: TypeAlias = ClosureProposed | ClosureReturned | ClosureSigned
Closure: TypeAlias = NotProposed | Proposed | Signed


def decide(command: ClosureCommand, closure: Closure) -> list[ClosureEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command, closure:
        case Propose(), _:
            return _propose(command, closure)
        case Return(words), Proposed(case_id, child, episode):
            return [ClosureReturned(case_id, child, episode, words)]
        # Sent back already, or signed.
        case Return(), NotProposed():
            return []
        case Return(), Signed():
            raise SignedAlready
        case Sign(), _:
            return _sign(command, closure)
        case _:
            raise Refusal(type(command), type(closure))


def _propose(command: Propose, closure: Closure) -> list[ClosureEvent]:
    known = open_case(command.case)
    if isinstance(closure, Proposed) and closure == Proposed(
        known.case_id, known.child, known.episode, command.terms, command.explained
    ):
        return []
    return [
        ClosureProposed(
            known.case_id,
            known.child,
            known.episode,
            command.terms,
            command.explained,
            command.words,
        )
    ]


def _sign(command: Sign, closure: Closure) -> list[ClosureEvent]:
    if isinstance(command.case, case.Closed):
        # The closing again: whether it is the same one, the case itself knows.
        return []
    known = open_case(command.case)
    terms, explained = command.terms, command.explained
    if terms is None:
        if not isinstance(closure, Proposed):
            raise NothingProposed
        terms, explained = closure.terms, closure.explained
    if terms.reason is not command.reason:
        raise ProposedForAnotherReason
    _check(command, terms, closure)
    lacks = missing(terms.answers, explained, command.found)
    if lacks:
        raise ChecklistIncomplete(lacks)
    return [
        ClosureSigned(
            known.case_id,
            known.child,
            known.episode,
            terms,
            explained,
            command.signer,
            command.rule,
            command.words,
        )
    ]


def _check(command: Sign, terms: Terms, closure: Closure) -> None:
    """Refuse who may not sign, and a closing against the family's wish without its decision."""
    against = terms.wish is Wish.DISAGREES
    by_manager = against or terms.reason.value in command.manager_signs
    if by_manager and command.signer is not Signer.MANAGER:
        raise ManagerSigns
    if not against:
        return
    notice = command.notice
    # One decision closes one episode.
    used = isinstance(closure, Signed) and closure.terms.notice == terms.notice
    if used or not (isinstance(notice, Decided) and ends(notice, Proposal.CLOSE)):
        raise NoticeNeeded
    if notice.known.case_id != open_case(command.case).case_id:
        raise NoticeNeeded


def evolve(_closure: Closure, event: ClosureEvent) -> Closure:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event:
        case ClosureProposed(case_id, child, episode, terms, explained):
            return Proposed(case_id, child, episode, terms, explained)
        case ClosureReturned():
            return NotProposed()
        case ClosureSigned(episode=episode, terms=terms):
            return Signed(episode, terms)
        case _:
            assert_never(event)


def proposed_notice(closure: Closure) -> UUID | None:
    """Return the decided proposal on which the proposed end rests, if it rests on one."""
    return closure.terms.notice if isinstance(closure, Proposed) else None


DECIDER: Decider[ClosureCommand, Closure, ClosureEvent] = Decider(
    "Closure", NotProposed(), decide, evolve
)
