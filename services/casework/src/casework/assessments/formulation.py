"""How a child's difficulties are understood: drafted in versions, shared, agreed.

An agreed version stays as it is; a better understanding is the next version.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, TypeAlias, assert_never
from uuid import UUID

from ledger.decider import Decider, Refusal
from ledger.personal import Block, Personal, Plain, SealedIn


class Reader(StrEnum):
    """With whom a formulation is shared, and who agrees to it."""

    CHILD = "child"
    PARENTS = "parents"
    TEAM = "team"
    SCHOOL = "school"
    HEALTH = "health"
    SOCIAL_CARE = "social-care"


@dataclass(frozen=True, slots=True)
class DraftFormulation:
    """Write the next version. `rests_on`: items of information that it accounts for."""

    case_id: UUID
    child: UUID
    draft_id: UUID
    rests_on: tuple[UUID, ...]
    words: Plain[str]


@dataclass(frozen=True, slots=True)
class ShareFormulation:
    """A version was shown to somebody."""

    version: int
    readers: tuple[Reader, ...]


@dataclass(frozen=True, slots=True)
class AgreeFormulation:
    """Somebody agrees to a version that was shared with them."""

    version: int
    readers: tuple[Reader, ...]


@dataclass(frozen=True, slots=True)
class FormulationDrafted:
    """A version was written; it accounts for those items of information."""

    case_id: UUID
    child: UUID
    version: int
    draft_id: UUID
    rests_on: tuple[UUID, ...]
    words: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class FormulationShared:
    """The version was shown to these for the first time."""

    case_id: UUID
    child: UUID
    version: int
    readers: tuple[Reader, ...]


@dataclass(frozen=True, slots=True)
class FormulationAgreed:
    """These agree to the version, in addition to those who did before."""

    case_id: UUID
    child: UUID
    version: int
    readers: tuple[Reader, ...]


@dataclass(frozen=True, slots=True)
class NotFormulated:
    """Nothing was drafted."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version: what it accounts for, who has seen it, and who of them agrees."""

    draft_id: UUID
    rests_on: tuple[UUID, ...]
    shared: frozenset[Reader]
    agreed: frozenset[Reader]


@dataclass(frozen=True, slots=True)
class Formulated:
    """There are versions, the first at place 0."""

    case_id: UUID
    child: UUID
    versions: tuple[Version, ...]


class NoSuchFormulation(Refusal):
    """Nothing was drafted for the case."""


class NoSuchVersion(Refusal):
    """The formulation has no version of that number."""


class VersionReplaced(Refusal):
    """A later version has taken its place."""


class NotShared(Refusal):
    """Nobody agrees to what was not shared with them."""


FormulationCommand: TypeAlias = DraftFormulation | ShareFormulation | AgreeFormulation
FormulationEvent: TypeAlias = FormulationDrafted | FormulationShared | FormulationAgreed
Formulation: TypeAlias = NotFormulated | Formulated


def decide(command: FormulationCommand, formulation: Formulation) -> list[FormulationEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command, formulation:
        case DraftFormulation(), _:
            return _draft(command, formulation)
        case _, NotFormulated():
            raise NoSuchFormulation
        case ShareFormulation(number, readers), Formulated(case_id, child):
            new = _new(readers, _latest(formulation, number).shared)
            return [FormulationShared(case_id, child, number, new)] if new else []
        case AgreeFormulation(number, readers), Formulated(case_id, child):
            version = _latest(formulation, number)
            if not version.shared.issuperset(readers):
                raise NotShared
            new = _new(readers, version.agreed)
            return [FormulationAgreed(case_id, child, number, new)] if new else []
        case _:
            raise Refusal(type(command), type(formulation))


def _draft(command: DraftFormulation, formulation: Formulation) -> list[FormulationEvent]:
    versions = formulation.versions if isinstance(formulation, Formulated) else ()
    if any(each.draft_id == command.draft_id for each in versions):
        return []
    number = len(versions) + 1
    return [
        FormulationDrafted(
            command.case_id,
            command.child,
            number,
            command.draft_id,
            command.rests_on,
            command.words,
        )
    ]


def _latest(formulation: Formulated, number: int) -> Version:
    """Return the version of that number, which must be the latest."""
    if not 1 <= number <= len(formulation.versions):
        raise NoSuchVersion
    if number < len(formulation.versions):
        raise VersionReplaced
    return formulation.versions[-1]


def _new(readers: tuple[Reader, ...], known: frozenset[Reader]) -> tuple[Reader, ...]:
    return tuple(each for each in Reader if each in readers and each not in known)


def evolve(formulation: Formulation, event: FormulationEvent) -> Formulation:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event, formulation:
        case FormulationDrafted(case_id, child), _:
            before = formulation.versions if isinstance(formulation, Formulated) else ()
            new = Version(event.draft_id, event.rests_on, frozenset(), frozenset())
            return Formulated(case_id, child, (*before, new))
        case FormulationShared(readers=readers), Formulated(versions=(*before, last)):
            seen = replace(last, shared=last.shared | frozenset(readers))
            return replace(formulation, versions=(*before, seen))
        case FormulationAgreed(readers=readers), Formulated(versions=(*before, last)):
            agreed = replace(last, agreed=last.agreed | frozenset(readers))
            return replace(formulation, versions=(*before, agreed))
        case ((FormulationShared() | FormulationAgreed()), _):
            return formulation
        case _:
            assert_never(event)


def is_agreed(version: Version) -> bool:
    """Tell whether somebody beside the workers agrees to a version."""
    return bool(version.agreed - {Reader.TEAM})


DECIDER: Decider[FormulationCommand, Formulation, FormulationEvent] = Decider(
    "Formulation", NotFormulated(), decide, evolve
)
