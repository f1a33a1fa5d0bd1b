"""A programme: a kind of group that is run again and again; once published it stays as it is."""

from dataclasses import dataclass
from typing import TypeAlias, assert_never
from uuid import UUID

from ledger.decider import Decider, Refusal


@dataclass(frozen=True, slots=True)
class PublishProgramme:
    """Make a programme known. `name` is the programme's own and never a person's."""

    programme_id: UUID
    name: str
    usual_sessions: int


@dataclass(frozen=True, slots=True)
class ProgrammePublished:
    """Cohorts of this programme may be published from now on."""

    programme_id: UUID
    name: str
    usual_sessions: int


@dataclass(frozen=True, slots=True)
class NotKnown:
    """Nobody published it."""


@dataclass(frozen=True, slots=True)
class Known:
    """It may have cohorts."""

    name: str
    usual_sessions: int


class ProgrammeKnownOtherwise(Refusal):
    """A programme of that id says something else."""


class ProgrammeUnknown(Refusal):
    """The authority has published no such programme."""


ProgrammeState: TypeAlias = NotKnown | Known


def decide(command: PublishProgramme, programme: ProgrammeState) -> list[ProgrammePublished]:
    """Publish once; the same again decides nothing."""
    match command, programme:
        case PublishProgramme(programme_id=each, name=name, usual_sessions=sessions), NotKnown():
            return [ProgrammePublished(each, name, sessions)]
        case PublishProgramme(name=asked, usual_sessions=count), Known(name=name) if (
            asked,
            count,
        ) == (name, programme.usual_sessions):
            return []
        case _:
            raise ProgrammeKnownOtherwise


def evolve(_programme: ProgrammeState, event: ProgrammePublished) -> ProgrammeState:
    """Fold one recorded fact into the state."""
    match event:
        case ProgrammePublished(name=name, usual_sessions=sessions):
            return Known(name, sessions)
        case _:
            assert_never(event)


PROGRAMME: Decider[PublishProgramme, ProgrammeState, ProgrammePublished] = Decider(
    "Programme", NotKnown(), decide, evolve
)
