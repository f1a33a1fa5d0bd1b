"""Which streams a command on consents goes to: the matters, and the work that rests on them."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias
from uuid import UUID

from casework.cases import case, duty_line
from casework.cases.rechecking import rechecked
from casework.consents import consent
from casework.consents.commands import AssessCompetence, DecideConsent, RecordConsent
from casework.consents.consent_events import Matter, Purpose, Said
from casework.consents.consent_states import Consent, Decided, Disputed, Known, dispute
from casework.sessions import intervention
from casework.streams import (
    case_stream,
    consent_stream,
    duty_line_stream,
    intervention_stream,
    worker_stream,
)
from casework.tasks.kinds import MANAGER, TaskKind
from casework.tasks.raising import drop_step, settle_step, task_step
from casework.workers import worker
from chassis.acting import Compose, Situation, Step
from ledger.clock import london_day

_Asked: TypeAlias = list[tuple[Matter, consent.ConsentCommand]]


async def _record(command: RecordConsent, situation: Situation) -> Sequence[Step]:
    """Record one person's word on each matter; what stops sharing stands first."""
    child = await _child(command.case_id, command.matters, situation)
    on = command.on or london_day(await situation.now())
    said = Said(command.by, command.capacity, on, command.wording)
    asked: _Asked = [
        (each, consent.Say(_about(command.case_id, child, each), command.answer, said, command.how))
        for each in sorted(command.matters, key=lambda each: each.purpose is not Purpose.SHARE)
    ]
    return await _steps(asked, command.case_id, (child, command.by), situation)


async def _assess(command: AssessCompetence, situation: Situation) -> Sequence[Step]:
    child = await _child(command.case_id, (command.matter,), situation)
    assessor = worker.known_worker(
        await situation.state(worker.DECIDER, worker_stream(command.assessor))
    )
    on = command.on or london_day(await situation.now())
    about = _about(command.case_id, child, command.matter)
    assess = consent.AssessCompetence(about, command.found, assessor, on, command.reasons)
    return await _steps([(command.matter, assess)], command.case_id, (child,), situation)


async def _decide(command: DecideConsent, situation: Situation) -> Sequence[Step]:
    child = await _child(command.case_id, (command.matter,), situation)
    clinician = worker.known_worker(
        await situation.state(worker.DECIDER, worker_stream(command.clinician))
    )
    on = command.on or london_day(await situation.now())
    decide = consent.Decide(command.outcome, clinician, on, command.reasons)
    return await _steps([(command.matter, decide)], command.case_id, (child,), situation)


async def _child(case_id: UUID, matters: Sequence[Matter], situation: Situation) -> UUID:
    """Return whose case it is, open or closed: what is said late is still recorded."""
    consents = {consent_stream(case_id, each): consent.DECIDER for each in matters}
    of_case = case_stream(case_id)
    await situation.look({of_case: case.DECIDER, **consents})
    match case.people_of(await situation.state(case.DECIDER, of_case)):
        case (child,):
            return child
        case _:
            raise case.NoSuchCase


def _about(case_id: UUID, child: UUID, matter: Matter) -> consent.About:
    return consent.About(case_id, child, matter)


async def _steps(
    asked: _Asked, case_id: UUID, people: tuple[UUID, ...], situation: Situation
) -> list[Step]:
    steps: list[Step] = []
    follows: list[Step] = []
    for matter, command in asked:
        stream = consent_stream(case_id, matter)
        steps.append(Step(consent.DECIDER, stream, command, case_id, people))
        before = await situation.state(consent.DECIDER, stream)
        after = consent.after(command, before)
        follows += _decision_task(situation.tenant, before, after)
        if matter == consent.THERAPY:
            on = command.said.on if isinstance(command, consent.Say) else command.on
            follow = intervention.FollowConsent(before, after, on)
            work = intervention_stream(case_id)
            follows.append(Step(intervention.DECIDER, work, follow, case_id, people[:1]))
        if matter == consent.ASSESS:
            follows += await _checked_again(after, case_id, people[0], situation)
    return [*steps, *follows]


async def _checked_again(
    agreed: Consent, case_id: UUID, child: UUID, situation: Situation
) -> list[Step]:
    found = await situation.state(case.DECIDER, case_stream(case_id))
    line = await situation.state(duty_line.DECIDER, duty_line_stream(child))
    owed = line.periods if isinstance(line, duty_line.Learned) else ()
    return await rechecked(found, agreed, owed, situation)


def _decision_task(tenant: UUID, before: Consent, after: Consent) -> list[Step]:
    """Ask the manager to decide where the family disagrees, and no longer where it is over."""
    kind = TaskKind.CONSENT_DECISION
    match before, after:
        case _, Disputed(known) if not isinstance(before, Disputed):
            about = dispute(known)
            return [
                task_step(tenant, kind, known.case_id, about, child=known.child, whom=MANAGER),
                # The clinician who leads the case takes part in the decision.
                task_step(tenant, kind, known.case_id, f"{about}/clinician", child=known.child),
            ]
        case Disputed(known), Decided():
            return _both(settle_step, tenant, known)
        case Disputed(known), _ if not isinstance(after, Disputed):
            return _both(drop_step, tenant, known)
        case _:
            return []


def _both(ends: Callable[..., Step], tenant: UUID, known: Known) -> list[Step]:
    kind, about = TaskKind.CONSENT_DECISION, dispute(known)
    return [ends(tenant, kind, known.case_id, each) for each in (about, f"{about}/clinician")]


COMMANDS: Mapping[type, Compose] = {
    RecordConsent: _record,
    AssessCompetence: _assess,
    DecideConsent: _decide,
}
