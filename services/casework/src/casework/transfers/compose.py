"""Which streams a command on a transfer touches on either side; each command is of one side."""

from collections.abc import Mapping, Sequence
from typing import assert_never, get_args
from uuid import UUID

from casework.allocations import allocation
from casework.allocations.allocating import allocate_steps
from casework.allocations.allocation_commands import EndAllocation
from casework.allocations.allocation_events import AllocationReason
from casework.cases import case
from casework.consents import consent
from casework.consents.consent_events import Matter, Purpose
from casework.consents.consent_states import holds
from casework.duty.compose import hand_on_with_case
from casework.streams import (
    allocation_stream,
    case_stream,
    consent_stream,
    transfer_stream,
)
from casework.transfers import arriving, transfer
from casework.transfers import transfer_commands as asked
from casework.transfers.codes import RefuseReason
from casework.transfers.commands import (
    NoteTransferGivenBack,
    NoteTransferRefused,
    OfferTransfer,
    OfIncoming,
    OfTransfer,
    PassCase,
    RecordTransferAnswer,
    RevokeTransfer,
)
from casework.transfers.events import CustodyPassed, TransferRefused
from casework.transfers.transfer_states import AskedBack, Offered, Staying, Transfer
from chassis.acting import Compose, Situation, Step
from ledger.commands import Passes
from ledger.personal import Plain


async def of_transfer(command: OfTransfer, situation: Situation) -> Sequence[Step]:
    """Turn a command of the side that has the case into steps."""
    match command:
        case OfferTransfer():
            return await _offer(command, situation)
        case RevokeTransfer(case_id, reason):
            await _kept(case_id, situation)
            return [_step(command, asked.Revoke(reason))]
        case RecordTransferAnswer(case_id):
            await _kept(case_id, situation)
            return await _answer(command, situation)
        case NoteTransferGivenBack(transfer_id):
            return [_step(command, asked.NoteGivenBack(transfer_id))]
        case NoteTransferRefused(transfer_id, _, reason):
            return [_step(command, asked.NoteRefused(transfer_id, reason))]
        case PassCase():
            return await _pass(command, situation)
        case _:
            assert_never(command)


async def _kept(case_id: UUID, situation: Situation) -> None:
    """Raise NoSuchCase where the authority never had the case."""
    found = await situation.state(case.DECIDER, case_stream(case_id))
    if isinstance(found, case.NotOpened):
        raise case.NoSuchCase


def _step(command: OfTransfer, what: asked.TransferCommand) -> Step:
    return Step(transfer.DECIDER, transfer_stream(command.case_id), what, command.case_id)


async def _offer(command: OfferTransfer, situation: Situation) -> list[Step]:
    of_case = case_stream(command.case_id)
    of_consent = consent_stream(command.case_id, Matter(Purpose.SHARE, command.party))
    await situation.look({of_case: case.DECIDER, of_consent: consent.DECIDER})
    held = holds(await situation.state(consent.DECIDER, of_consent))
    offer = asked.Offer(
        command.transfer,
        await situation.state(case.DECIDER, of_case),
        command.whither,
        command.ground,
        asked.Agreed() if held else asked.NotAgreed(),
        command.reason,
        command.parts,
        command.words,
    )
    return [_step(command, offer)]


async def _answer(command: RecordTransferAnswer, situation: Situation) -> list[Step]:
    """Record the answer of a team or an agency; a team's worker leads from the same append on."""
    if command.reason is not None:
        stream = transfer_stream(command.case_id)
        held = await situation.state(transfer.DECIDER, stream)
        return [_step(command, refusal) for refusal in _refused(held, command.reason)]
    took = _step(command, asked.TakeOver(command.lead))
    if command.lead is None:
        return [took]
    leading = await allocate_steps(
        situation, command.case_id, command.lead, AllocationReason.HANDOVER, Plain(None)
    )
    return [took, *leading]


def _refused(held: Transfer, reason: RefuseReason) -> Sequence[asked.NoteRefused]:
    match held:
        case Offered(said) if said.to_authority is None:
            return [asked.NoteRefused(said.transfer, reason)]
        case Offered() | AskedBack():
            raise transfer.AnswerIsTheirs
        case Staying(last=TransferRefused(reason=before)) if before is reason:
            return []
        case _:
            raise transfer.NotOffered


async def _pass(command: PassCase, situation: Situation) -> list[Step]:
    """Let custody pass: whoever led the case leads it no more, and all of its streams stand still.

    Where the other authority owes the service, the duty goes along.

    Heard again, or heard of a transfer that is over, nothing is decided and nothing turns.
    """
    of_case, of_lead = case_stream(command.case_id), allocation_stream(command.case_id)
    stream = transfer_stream(command.case_id)
    await situation.look(
        {stream: transfer.DECIDER, of_case: case.DECIDER, of_lead: allocation.DECIDER}
    )
    found = await situation.state(case.DECIDER, of_case)
    passing = asked.PassCustody(
        command.transfer, found, situation.tenant, command.lead, command.accepted_by
    )
    people = case.people_of(found)
    state = await situation.state(transfer.DECIDER, stream)
    decided = transfer.DECIDER.decide(passing, state)
    passed = next((each for each in decided if isinstance(each, CustodyPassed)), None)
    if passed is None:
        return []
    return [
        *await hand_on_with_case(command.case_id, passed.to_authority, situation),
        Step(
            transfer.DECIDER,
            stream,
            passing,
            command.case_id,
            people,
            turn=Passes(command.case_id),
        ),
        Step(allocation.DECIDER, of_lead, EndAllocation(found), command.case_id, people),
    ]


COMMANDS: Mapping[type, Compose] = {
    **dict.fromkeys(get_args(OfTransfer), of_transfer),
    **dict.fromkeys(get_args(OfIncoming), arriving.of_incoming),
}
