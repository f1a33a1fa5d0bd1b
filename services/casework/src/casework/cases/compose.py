"""Which streams a command on a case goes to, and what is looked up for it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from casework.allocations.allocating import await_lead, keep_away
from casework.allocations.conflict import DeclareConflict, Knows, Tie
from casework.cases import case, family_link
from casework.cases.commands import (
    Identity,
    LinkFamily,
    NoteDuty,
    NoteIdentity,
    ReopenCase,
    UnlinkFamily,
)
from casework.cases.noting_duty import duty_asked, note_duty
from casework.cases.rechecking import recheck
from casework.cases.reopening import Check, Reopen
from casework.consents import consent
from casework.consents.consent import ASSESS
from casework.consents.consent_states import asked_since, holds
from casework.rules.clocks import Clock, Unit
from casework.rules.policies import shipped
from casework.streams import (
    case_of_child,
    case_stream,
    consent_stream,
    family_link_stream,
    transfer_stream,
)
from casework.tasks.kinds import MANAGER, TaskKind, TaskOutcome
from casework.tasks.raising import settle_step, task_step
from casework.transfers import transfer
from casework.transfers.transfer_states import Gone
from chassis.acting import Compose, Situation, Step
from ledger.clock import london_day
from ledger.personal import Plain


async def _take_on(command: case.TakeOnReferral, situation: Situation) -> Sequence[Step]:
    """Join the case that the child has, whatever its id; else take the child and open one."""
    claim = case_of_child(command.child)
    stream = case_stream(command.case_id)
    # Mostly nobody holds it, and both come in one round trip.
    await situation.look({stream: case.DECIDER}, claims=[claim])
    held = await situation.holder(claim)
    found = await situation.state(case.DECIDER, held or stream)
    case_id = _case_id(found) or command.case_id
    if held is not None and await _is_elsewhere(case_id, situation):
        return [await _tell_them(command, situation)]
    contact = command.referral.contact
    subjects = (command.child,) if contact is None else (command.child, contact)
    steps = [
        *_lead_awaited(command, found, case_id, situation),
        *duty_asked(command, case_id, situation),
        *await _kept_away(command, found, situation),
    ]
    if held is None:
        return [Step(case.DECIDER, stream, command, case_id, subjects, take=(claim,)), *steps]
    return [Step(case.DECIDER, held, command, case_id, subjects), *steps]


async def _kept_away(
    command: case.TakeOnReferral, found: case.Case, situation: Situation
) -> list[Step]:
    """Keep whoever knows the family away from all of it, from the instant its case is there."""
    if command.known_by is None:
        return []
    said = DeclareConflict(
        command.known_by, command.referral.family_id, Knows.FAMILY, Tie.OTHER, Plain(None)
    )
    worked_on = found.case_id if isinstance(found, case.Open) else None
    return await keep_away(said, worked_on, situation)


async def _is_elsewhere(case_id: UUID, situation: Situation) -> bool:
    passed = await situation.state(transfer.DECIDER, transfer_stream(case_id))
    return isinstance(passed, Gone)


async def _tell_them(command: case.TakeOnReferral, situation: Situation) -> Step:
    """Ask a manager to tell the authority that has the case of the referral, soon.

    The record here stands still, so the task is in no file; nobody may think that it was joined.
    """
    today = london_day(await situation.now())
    rules = shipped().on(today, situation.partnership)
    return task_step(
        situation.tenant,
        TaskKind.CASE_ELSEWHERE,
        None,
        str(command.referral.referral_id),
        child=command.child,
        clock=Clock(today, rules.transfer_answer_working_days, Unit.WORKING_DAYS),
        rule=rules.version,
        whom=MANAGER,
    )


def _lead_awaited(
    command: case.TakeOnReferral, found: case.Case, case_id: UUID, situation: Situation
) -> list[Step]:
    """Wait for a lead where an episode is opened: in a new case, or in one that was closed."""
    accepted_on = command.referral.accepted_on
    match found:
        case case.Open():
            return []
        case case.NotOpened():
            return [await_lead(situation, case_id, command.child, 1, accepted_on)]
        case case.Closed(last=last):
            if command.referral.referral_id in last.referrals:
                return []
            episode = last.episode + 1
            return [
                await_lead(situation, case_id, last.child, episode, accepted_on),
                recheck(situation.tenant, case_id, last.child, episode),
            ]


async def _reopen(command: ReopenCase, situation: Situation) -> Sequence[Step]:
    stream, of_consent = case_stream(command.case_id), consent_stream(command.case_id, ASSESS)
    await situation.look({stream: case.DECIDER, of_consent: consent.DECIDER})
    found = await situation.state(case.DECIDER, stream)
    agreed = await situation.state(consent.DECIDER, of_consent)
    on = command.on or london_day(await situation.now())
    lacking: tuple[Check, ...] = ()
    steps: list[Step] = []
    if isinstance(found, case.Closed):
        asked = holds(agreed) and asked_since(agreed, found.on)
        lacking = (
            *((Check.DUTY_HOLDER,) if command.known_duty != command.duty_holder else ()),
            *(() if asked else (Check.CONSENT,)),
        )
        last = found.last
        steps = [await_lead(situation, command.case_id, last.child, last.episode + 1, on)]
    reopen = Reopen(
        command.reopening, command.reason, command.duty_holder, on, lacking, command.words
    )
    people = case.people_of(found)
    return [Step(case.DECIDER, stream, reopen, command.case_id, people), *steps]


async def _link(command: LinkFamily | UnlinkFamily, situation: Situation) -> Sequence[Step]:
    """Note it in both records, or in neither; each shows its own child alone."""
    pair = (command.case_id, command.other_case)
    await situation.look({case_stream(each): case.DECIDER for each in pair})
    found = [await situation.state(case.DECIDER, case_stream(each)) for each in pair]
    if any(isinstance(each, case.NotOpened) for each in found):
        raise case.NoSuchCase
    steps = []
    for here, there in ((0, 1), (1, 0)):
        asked: family_link.FamilyLinkCommand = family_link.Unlink()
        if isinstance(command, LinkFamily):
            asked = family_link.Link(
                pair[here], found[here], pair[there], found[there], command.relation
            )
        stream = family_link_stream(pair[here], pair[there])
        people = case.people_of(found[here])
        steps.append(Step(family_link.DECIDER, stream, asked, pair[here], people))
    return steps


async def _identity(command: NoteIdentity, situation: Situation) -> Sequence[Step]:
    """Let a person look at each case of two that are one; no longer if they are two after all."""
    claims = [case_of_child(each) for each in (command.person, command.same_as)]
    await situation.look(claims=claims)
    kind, about, steps = TaskKind.MERGED_CASE, str(command.finding), []
    for claim in claims:
        stream = await situation.holder(claim)
        if stream is None:
            continue
        found = await situation.state(case.DECIDER, stream)
        case_id, people = _case_id(found), case.people_of(found)
        if case_id is None:
            continue
        if command.found is Identity.ONE:
            tenant, child = situation.tenant, people[0]
            steps.append(task_step(tenant, kind, case_id, about, child=child, whom=MANAGER))
        else:
            not_needed = TaskOutcome.NOT_NEEDED
            steps.append(settle_step(situation.tenant, kind, case_id, about, not_needed))
    return steps


def _case_id(found: case.Case) -> UUID | None:
    match found:
        case case.Open(case_id=case_id) | case.Closed(last=case.Open(case_id=case_id)):
            return case_id
        case case.NotOpened():
            return None


COMMANDS: Mapping[type, Compose] = {
    case.TakeOnReferral: _take_on,
    ReopenCase: _reopen,
    LinkFamily: _link,
    UnlinkFamily: _link,
    NoteIdentity: _identity,
    NoteDuty: note_duty,
}
