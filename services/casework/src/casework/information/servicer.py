"""Information over gRPC: requests to commands, rows and facts to replies."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from casework import opening, paging
from casework.cases import standing
from casework.cases.case import NoSuchCase
from casework.information import commands, conflict, known, requests
from casework.information.item import DECIDER, Item, NoSuchItem
from casework.replies import stamp
from casework.streams import conflict_stream, entry_made_by, information_stream
from chassis.edge.malformed import a_count, a_uuid, malformed
from chassis.edge.rpc import caller, command_context, tenant_of
from chassis.failures import NotFound
from chassis.service import Servicer
from ledger.envelope import Basis
from throughline.casework.v1 import information_pb2 as pb
from throughline.casework.v1 import information_pb2_grpc as stubs
from throughline.common.v1.common_pb2 import CommandContext, Receipt

if TYPE_CHECKING:
    from grpc.aio import ServicerContext

    from chassis.runtime import Runtime

    Context = ServicerContext[Any, Any]

PAGE = 50
MAX_PAGE = 200


def servicers(runtime: "Runtime") -> Sequence[Servicer]:
    """Give the servicer of the room."""
    return [
        Servicer(
            InformationServicer(runtime),
            stubs.add_InformationServiceServicer_to_server,
            pb.DESCRIPTOR.services_by_name["InformationService"].full_name,
        )
    ]


class InformationServicer(stubs.InformationServiceServicer):
    """Items written down and set right; contradictions flagged, resolved, left standing."""

    def __init__(self, runtime: "Runtime") -> None:
        self._shell = runtime.shell

    async def ReceiveInformation(  # noqa: N802 # the contract's name
        self, request: pb.ReceiveInformationRequest, _context: "Context"
    ) -> pb.ReceiveInformationResponse:
        """Write down what a source said."""
        asked = command_context(request.context, caller())
        item_id = entry_made_by(asked.tenant, asked.command_id)
        told = requests.told(request.told, request.context)
        command = commands.ReceiveInformation(
            item_id, a_uuid("case_id", request.case_id), told, requests.words(request.words)
        )
        receipt = await self._do(request.context, command, basis=told.basis)
        return pb.ReceiveInformationResponse(receipt=receipt, item_id=str(item_id))

    async def CorrectInformation(  # noqa: N802 # the contract's name
        self, request: pb.CorrectInformationRequest, _context: "Context"
    ) -> pb.CorrectInformationResponse:
        """Set an item right."""
        command, corrects = await self._correction(request)
        basis = command.told.basis
        receipt = await self._do(request.context, command, corrects=corrects, basis=basis)
        return pb.CorrectInformationResponse(receipt=receipt)

    async def FlagConflict(  # noqa: N802 # the contract's name
        self, request: pb.FlagConflictRequest, _context: "Context"
    ) -> pb.FlagConflictResponse:
        """Say that items contradict each other."""
        asked = command_context(request.context, caller())
        command = requests.flag(request, entry_made_by(asked.tenant, asked.command_id))
        receipt = await self._do(request.context, command)
        return pb.FlagConflictResponse(receipt=receipt, conflict_id=str(command.conflict_id))

    async def ResolveConflict(  # noqa: N802 # the contract's name
        self, request: pb.ResolveConflictRequest, _context: "Context"
    ) -> pb.ResolveConflictResponse:
        """Say how a contradiction was resolved."""
        receipt = await self._do(request.context, requests.resolve(request))
        return pb.ResolveConflictResponse(receipt=receipt)

    async def LeaveConflict(  # noqa: N802 # the contract's name
        self, request: pb.LeaveConflictRequest, _context: "Context"
    ) -> pb.LeaveConflictResponse:
        """Leave a contradiction standing."""
        receipt = await self._do(request.context, requests.leave(request))
        return pb.LeaveConflictResponse(receipt=receipt)

    async def ListInformation(  # noqa: N802 # the contract's name
        self, request: pb.ListInformationRequest, _context: "Context"
    ) -> pb.ListInformationResponse:
        """Answer a page of what is known in a case, sources side by side."""
        tenant = tenant_of(request.context, caller())
        case_id = a_uuid("case_id", request.case_id)
        limit = a_count("limit", request.limit or PAGE, 1, MAX_PAGE)
        after = paging.place_after(request.page_token, known.LIST, UUID, known.BEGINNING)
        async with self._shell.reading(request.context) as rows:
            if await standing.one(rows, tenant, case_id) is None:
                raise NotFound("case")
            found = await known.page(rows, tenant, case_id, after, limit)
        handles = [each.sealed["words"] for each in found]
        words = await opening.opened(self._shell, request.context, handles, tenant, case_id)
        last = known.place(found[-1]) if len(found) == limit else None
        return pb.ListInformationResponse(
            items=[_item(each, said) for each, said in zip(found, words, strict=True)],
            next_page_token=paging.token(known.LIST, last) if last else "",
        )

    async def ListConflicts(  # noqa: N802 # the contract's name
        self, request: pb.ListConflictsRequest, _context: "Context"
    ) -> pb.ListConflictsResponse:
        """Answer the contradictions of a case."""
        tenant = tenant_of(request.context, caller())
        case_id = a_uuid("case_id", request.case_id)
        stream = conflict_stream(case_id)
        async with self._shell.reading(request.context) as rows:
            if await standing.one(rows, tenant, case_id) is None:
                raise NotFound("case")
            seen = await opening.read(self._shell, request.context, tenant, stream, case_id)
        now = conflict.DECIDER.fold(each.fact.event for each in seen)
        said = {each.fact.event.conflict_id: each.text() for each in seen}
        return pb.ListConflictsResponse(
            conflicts=[_conflict(each, said[each.conflict_id]) for each in now.all]
        )

    async def _correction(
        self, request: pb.CorrectInformationRequest
    ) -> tuple[commands.CorrectInformation, UUID]:
        """Read a correction: the command, and the event that it corrects."""
        tenant = tenant_of(request.context, caller())
        case_id, item_id, corrects = (
            a_uuid(name, getattr(request, name)) for name in ("case_id", "item_id", "corrects")
        )
        told = requests.told(request.told, request.context)
        reason, words = requests.correction(request.reason), requests.words(request.words)
        stored = await self._shell.store.read(tenant, information_stream(item_id))
        found = DECIDER.fold(self._shell.registry.decode(each).event for each in stored)
        if not isinstance(found, Item) or found.case_id != case_id:
            raise NotFound("item")
        versions = {each.event_id: each.version for each in stored}
        if corrects not in versions:
            raise malformed("corrects", "unknown-entry", "the id of an entry of this item")
        command = commands.CorrectInformation(
            case_id, item_id, versions[corrects], told, reason, words
        )
        return command, corrects

    async def _do(
        self,
        context: CommandContext,
        command: object,
        *,
        corrects: UUID | None = None,
        basis: Basis = Basis.FACT,
    ) -> Receipt:
        """Carry out a command; what is not there is not found."""
        try:
            done = await self._shell.command(context, command, corrects=corrects, basis=basis)
        except NoSuchCase:
            raise NotFound("case") from None
        except NoSuchItem:
            raise NotFound("item") from None
        except conflict.NoSuchConflict:
            raise NotFound("conflict") from None
        return self._shell.receipt(done)


def _item(of: known.KnownItem, words: object) -> pb.InformationItem:
    return pb.InformationItem(
        item_id=str(of.item_id),
        told=pb.ItemTold(heading=of.heading, topic=of.topic, source=of.source, basis=of.basis),
        on=of.said_on.isoformat(),
        recorded_at=stamp(of.recorded_at),
        actor_id=of.actor,
        event_id=str(of.event_id),
        corrections=of.corrections,
        flagged=of.flagged,
        words=words if isinstance(words, str) else "",
    )


def _conflict(of: conflict.Conflict, words: str) -> pb.ConflictStanding:
    return pb.ConflictStanding(
        conflict_id=str(of.conflict_id),
        item_ids=[str(each) for each in sorted(of.items)],
        state=of.state.value,
        code=of.code,
        words=words,
    )
