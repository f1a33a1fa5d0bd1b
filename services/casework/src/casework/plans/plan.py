"""A plan: drafted in versions, proposed by a notice, in force from a day, paused, ended.

A version comes into force by the decision on the notice that proposed it, or as urgent provision;
so no row here lets a plan begin, change or end by itself.
"""

from dataclasses import replace
from typing import assert_never
from uuid import UUID

from casework.plans.links import PlanIncomplete, check_links, missing
from casework.plans.plan_commands import (
    ActivateVersion,
    DraftPlan,
    EndPlan,
    EndProposal,
    NominateMonitor,
    PausePlan,
    PlanCommand,
    ProposeVersion,
    ResumePlan,
)
from casework.plans.plan_events import (
    Ground,
    MonitorNominated,
    PlanActivated,
    PlanDrafted,
    PlanEnded,
    PlanEvent,
    PlanPaused,
    PlanProposalEnded,
    PlanProposed,
    PlanResumed,
)
from casework.plans.plan_states import (
    Active,
    Ended,
    NoPlan,
    NoProposal,
    NotYetActive,
    Paused,
    Plan,
    Planned,
    Proposed,
    Version,
    in_force,
    version_of,
)
from ledger.decider import Decider, Refusal


class NoSuchPlan(Refusal):
    """Nobody has drafted a plan for the case."""


class NoSuchVersion(Refusal):
    """The plan has no version of that number."""


class AnotherVersionProposed(Refusal):
    """A notice proposes another version, or the same one by another notice."""


class NotProposed(Refusal):
    """The decision is not about the version that its notice proposed."""


class NotInForce(Refusal):
    """No version of the plan is in force."""


class PausedOtherwise(Refusal):
    """The plan is paused already, from another day or for another reason."""


class NotPaused(Refusal):
    """The plan is not paused."""


class EndedOtherwise(Refusal):
    """The plan is over already, after another day or for another reason."""


class BeforeItBegan(Refusal):
    """The day is before the one from which the plan is in force."""


def decide(  # noqa: PLR0911 # a row a command
    command: PlanCommand, plan: Plan
) -> list[PlanEvent]:
    """Each row is a transition the domain allows; whatever is not a row is refused."""
    match command, plan:
        case DraftPlan(), _:
            return _draft(command, plan)
        case _, NoPlan():
            raise NoSuchPlan
        case ProposeVersion(), _:
            return _propose(command, plan)
        case EndProposal(asked), Planned(proposal=Proposed(version, proposal)) if asked == proposal:
            return [PlanProposalEnded(plan.case_id, plan.child, version, proposal)]
        # Ended already, or decided on.
        case EndProposal(), _:
            return []
        case ActivateVersion(), _:
            return _activate(command, plan)
        case EndPlan(), _:
            return _end(command, plan)
        case NominateMonitor() | PausePlan() | ResumePlan(), _:
            return _in_course(command, plan)
        case _:
            raise Refusal(type(command), type(plan))


def _draft(command: DraftPlan, plan: Plan) -> list[PlanEvent]:
    versions = () if isinstance(plan, NoPlan) else plan.versions
    if any(each.draft_id == command.draft_id for each in versions):
        return []
    check_links(command.document, command.words.value)
    return [
        PlanDrafted(
            command.case_id,
            command.child,
            len(versions) + 1,
            command.draft_id,
            command.document,
            command.words,
        )
    ]


def _propose(command: ProposeVersion, plan: Planned) -> list[PlanEvent]:
    version = version_of(plan, command.version)
    if version is None:
        raise NoSuchVersion
    match plan.proposal:
        case Proposed(number, proposal):
            if (command.version, command.proposal_id) == (number, proposal):
                return []
            raise AnotherVersionProposed
        case NoProposal():
            lacking = missing(version.document)
            if lacking:
                raise PlanIncomplete(lacking)
            return [PlanProposed(plan.case_id, plan.child, version.number, command.proposal_id)]


def _activate(command: ActivateVersion, plan: Planned) -> list[PlanEvent]:
    version = version_of(plan, command.version)
    if version is None:
        raise NoSuchVersion
    now = in_force(plan)
    if now is not None and now.decided_by == command.decided_by:
        return []
    if command.ground is not Ground.URGENT and plan.proposal != Proposed(
        command.version, command.decided_by
    ):
        raise NotProposed
    return [
        PlanActivated(
            plan.case_id,
            plan.child,
            version.number,
            command.from_day,
            version.document.monitor,
            command.review_by.on,
            command.review_by.rule,
            command.ground,
            command.decided_by,
        )
    ]


def _end(command: EndPlan, plan: Planned) -> list[PlanEvent]:
    match plan.life:
        case Active() | Paused():
            active = in_force(plan)
            if active is None or command.on < active.from_day:
                raise BeforeItBegan
            return [
                PlanEnded(
                    plan.case_id,
                    plan.child,
                    active.version,
                    command.on,
                    command.reason,
                    command.ground,
                    command.decided_by,
                )
            ]
        case Ended(on=on, reason=reason):
            if (command.on, command.reason) == (on, reason):
                return []
            raise EndedOtherwise
        case NotYetActive():
            raise NotInForce


def _in_course(  # noqa: C901 # a table: one row a transition
    command: NominateMonitor | PausePlan | ResumePlan, plan: Planned
) -> list[PlanEvent]:
    active = in_force(plan)
    if active is None:
        raise NotInForce
    case_id, child, version = plan.case_id, plan.child, active.version
    match command, plan.life:
        case NominateMonitor(monitor), _:
            if monitor == active.monitor:
                return []
            return [MonitorNominated(case_id, child, monitor, active.monitor)]
        case PausePlan(from_day, reason, words), Active():
            if from_day < active.from_day:
                raise BeforeItBegan
            return [PlanPaused(case_id, child, version, from_day, reason, words)]
        case PausePlan(from_day, reason), Paused(from_day=since, reason=held):
            if (from_day, reason) == (since, held):
                return []
            raise PausedOtherwise
        case ResumePlan(from_day), Paused(from_day=since):
            if from_day < since:
                raise NotPaused
            return [PlanResumed(case_id, child, version, from_day)]
        # It goes on already.
        case ResumePlan(), Active():
            return []
        case _:
            raise Refusal(type(command), type(plan.life))


def evolve(plan: Plan, event: PlanEvent) -> Plan:
    """Fold one recorded fact into the state. Facts are past: this never refuses."""
    if isinstance(event, PlanDrafted):
        version = Version(event.version, event.draft_id, event.document)
        if isinstance(plan, NoPlan):
            return Planned(event.case_id, event.child, (version,), NoProposal(), NotYetActive())
        return replace(plan, versions=(*plan.versions, version))
    return plan if isinstance(plan, NoPlan) else _moved(plan, event)


def _moved(  # noqa: PLR0911 # a row an event
    plan: Planned, event: PlanEvent
) -> Planned:
    active = in_force(plan)
    match event:
        case PlanProposed(version=version, proposal_id=proposal):
            return replace(plan, proposal=Proposed(version, proposal))
        case PlanProposalEnded():
            return replace(plan, proposal=NoProposal())
        case PlanActivated(version=version, from_day=day, monitor=monitor, review_by=by):
            now = Active(version, day, monitor, by, event.decided_by)
            decided = event.ground is not Ground.URGENT
            return replace(plan, proposal=NoProposal() if decided else plan.proposal, life=now)
        case MonitorNominated(monitor=monitor):
            return _with_monitor(plan, monitor)
        case PlanPaused(from_day=day, reason=why):
            return plan if active is None else replace(plan, life=Paused(active, day, why))
        case PlanResumed():
            return plan if active is None else replace(plan, life=active)
        case PlanEnded(version=version, on=on, reason=why, decided_by=by):
            left = NoProposal() if _proposed_by(plan, by) else plan.proposal
            return replace(plan, proposal=left, life=Ended(version, on, why))
        case PlanDrafted():
            return plan
        case _:
            assert_never(event)


def _proposed_by(plan: Planned, proposal_id: UUID) -> bool:
    return isinstance(plan.proposal, Proposed) and plan.proposal.proposal_id == proposal_id


def _with_monitor(plan: Planned, monitor: UUID) -> Planned:
    match plan.life:
        case Active() as active:
            return replace(plan, life=replace(active, monitor=monitor))
        case Paused(active=active) as paused:
            return replace(plan, life=replace(paused, active=replace(active, monitor=monitor)))
        case _:
            return plan


DECIDER: Decider[PlanCommand, Plan, PlanEvent] = Decider("Plan", NoPlan(), decide, evolve)
