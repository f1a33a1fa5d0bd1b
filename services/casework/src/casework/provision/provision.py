"""Urgent provision: a manager lets help begin before the steps that the law asks for are done.

Each step that is skipped is named, with the day by which it is made good (ASSR 2005 reg 21); what
was skipped and why stays on record. It stands until all is made good, or it is ended.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias, assert_never
from uuid import UUID

from ledger.decider import Decider, Refusal
from ledger.personal import Block, Personal, Plain, SealedIn


class Skipped(StrEnum):
    """A step that would have delayed the help."""

    ASSESSMENT = "assessment"
    PLAN = "plan"
    # The notice of the proposal, and with it the time for representations.
    NOTICE = "notice"


class EndReason(StrEnum):
    """Why the help that could not wait ended before all was made good."""

    NOT_NEEDED = "not-needed"
    FAMILY_WITHDREW = "family-withdrew"
    STEPPED_UP = "stepped-up-to-safeguarding"
    # It was decided, after notice, not to go on.
    DECIDED_AGAINST = "decided-against"


@dataclass(frozen=True, slots=True)
class Missing:
    """A skipped step and the day by which it is to be made good."""

    step: Skipped
    by: date


@dataclass(frozen=True, slots=True)
class Authorise:
    """A manager authorises help from a day on, although steps are missing."""

    provision_id: UUID
    case_id: UUID
    child: UUID
    services: tuple[str, ...]
    skipped: tuple[Missing, ...]
    by: str
    on: date
    begins_on: date
    rule: str
    reason: Plain[str]


@dataclass(frozen=True, slots=True)
class Regularise:
    """A skipped step is made good, by that assessment, plan or notice."""

    step: Skipped
    made_good_by: UUID
    on: date


@dataclass(frozen=True, slots=True)
class EndProvision:
    """The help ends before all is made good."""

    reason: EndReason
    on: date


@dataclass(frozen=True, slots=True)
class UrgentProvisionAuthorised:
    """A manager let help begin without those steps, for a reason in words.

    Each step is to be made good by its day, by the rule of that name.
    """

    provision_id: UUID
    case_id: UUID
    child: UUID
    services: tuple[str, ...]
    skipped: tuple[Missing, ...]
    by: str
    on: date
    begins_on: date
    rule: str
    reason: Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="child")]


@dataclass(frozen=True, slots=True)
class StepRegularised:
    """A skipped step was made good on that day, by that assessment, plan or notice."""

    provision_id: UUID
    step: Skipped
    made_good_by: UUID
    on: date


@dataclass(frozen=True, slots=True)
class UrgentProvisionRegularised:
    """All that was skipped is made good: what goes on rests on a decision now."""

    provision_id: UUID
    on: date


@dataclass(frozen=True, slots=True)
class UrgentProvisionEnded:
    """The help ended although not all was made good; what was skipped stays to be seen."""

    provision_id: UUID
    reason: EndReason
    on: date


@dataclass(frozen=True, slots=True)
class NotAuthorised:
    """There is no such provision."""


@dataclass(frozen=True, slots=True)
class Known:
    """What holds whatever becomes of it. `made_good`: steps with what made them good."""

    provision_id: UUID
    case_id: UUID
    child: UUID
    skipped: tuple[Missing, ...]
    made_good: tuple[tuple[Skipped, UUID], ...] = ()

    @property
    def missing(self) -> tuple[Missing, ...]:
        """The steps that are not made good."""
        done = {step for step, _ in self.made_good}
        return tuple(each for each in self.skipped if each.step not in done)


@dataclass(frozen=True, slots=True)
class Standing:
    """Help goes on, and steps are missing."""

    known: Known


@dataclass(frozen=True, slots=True)
class Regularised:
    """All was made good."""

    known: Known


@dataclass(frozen=True, slots=True)
class Ended:
    """It ended before."""

    known: Known
    reason: EndReason


class NoSuchProvision(Refusal):
    """The authority has no urgent provision of that id."""


class NothingSkipped(Refusal):
    """Where no step is missing, the help is provided by a decision."""


class BeginsBeforeAuthority(Refusal):
    """Help begins on the day on which it is authorised, or later."""


class StepNotSkipped(Refusal):
    """That step was not skipped."""


class AlreadyStands(Refusal):
    """Urgent provision stands in the case already: it is made good or ended first."""


class ProvisionIsOver(Refusal):
    """The provision has ended, or all was made good."""


ProvisionCommand: TypeAlias = Authorise | Regularise | EndProvision
ProvisionEvent: TypeAlias = (
    UrgentProvisionAuthorised | StepRegularised | UrgentProvisionRegularised | UrgentProvisionEnded
)
Provision: TypeAlias = NotAuthorised | Standing | Regularised | Ended


def decide(command: ProvisionCommand, provision: Provision) -> list[ProvisionEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command, provision:
        case Authorise(), NotAuthorised():
            return [_authorised(command)]
        # The same authority again is the same answer, so that callers may retry.
        case Authorise(), _:
            return []
        case _, NotAuthorised():
            raise NoSuchProvision
        case Regularise(), Standing(known) | Regularised(known) | Ended(known):
            return _made_good(command, known, provision)
        case EndProvision(reason, on), Standing(known):
            return [UrgentProvisionEnded(known.provision_id, reason, on)]
        case EndProvision(reason), Ended(reason=held) if reason is held:
            return []
        case _:
            raise ProvisionIsOver


def _authorised(command: Authorise) -> UrgentProvisionAuthorised:
    if not command.skipped:
        raise NothingSkipped
    if command.begins_on < command.on:
        raise BeginsBeforeAuthority
    return UrgentProvisionAuthorised(
        command.provision_id,
        command.case_id,
        command.child,
        command.services,
        command.skipped,
        command.by,
        command.on,
        command.begins_on,
        command.rule,
        command.reason,
    )


def _made_good(command: Regularise, known: Known, provision: Provision) -> list[ProvisionEvent]:
    if all(each.step is not command.step for each in known.skipped):
        raise StepNotSkipped
    if any(step is command.step for step, _ in known.made_good):
        return []
    good = StepRegularised(known.provision_id, command.step, command.made_good_by, command.on)
    # What was ended before can still be made good, but it stays ended.
    if isinstance(provision, Standing) and len(known.missing) == 1:
        return [good, UrgentProvisionRegularised(known.provision_id, command.on)]
    return [good]


def evolve(provision: Provision, event: ProvisionEvent) -> Provision:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    match event, provision:
        case UrgentProvisionAuthorised(provision_id, case_id, child, skipped=skipped), _:
            return Standing(Known(provision_id, case_id, child, skipped))
        case _, NotAuthorised():
            return provision
        case StepRegularised(step=step, made_good_by=what), _:
            made_good = (*provision.known.made_good, (step, what))
            return replace(provision, known=replace(provision.known, made_good=made_good))
        case UrgentProvisionRegularised(), _:
            return Regularised(provision.known)
        case UrgentProvisionEnded(reason=reason), _:
            return Ended(provision.known, reason)
        case _:
            assert_never(event)


DECIDER: Decider[ProvisionCommand, Provision, ProvisionEvent] = Decider(
    "UrgentProvision", NotAuthorised(), decide, evolve
)
