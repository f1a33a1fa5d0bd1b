"""Reviews over gRPC: requests to commands, rows and facts to replies."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from casework import opening, paging
from casework.assessments.requests import day_of, entry, words
from casework.cases import standing
from casework.cases.case import NoSuchCase
from casework.information.item import NoSuchItem
from casework.opening import reading
from casework.reviews import replies, upcoming
from casework.reviews.commands import (
    CompleteReview,
    ConsiderAtReview,
    NoteChange,
    PlanReview,
    StartReview,
)
from casework.reviews.review_events import Change, ReviewOutcome
from casework.streams import entry_made_by, review_stream
from casework.tasks.lists import Part
from chassis.edge.malformed import a_choice, a_count, a_day, a_uuid
from chassis.edge.rpc import caller, command_context, tenant_of
from chassis.failures import NotFound
from chassis.service import Servicer
from throughline.casework.v1 import reviews_pb2 as pb
from throughline.casework.v1 import reviews_pb2_grpc as stubs
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
            ReviewsServicer(runtime),
            stubs.add_ReviewsServiceServicer_to_server,
            pb.DESCRIPTOR.services_by_name["ReviewsService"].full_name,
        )
    ]


class ReviewsServicer(stubs.ReviewsServiceServicer):
    """Reviews brought forward, held and completed."""

    def __init__(self, runtime: "Runtime") -> None:
        self._runtime, self._shell = runtime, runtime.shell

    async def NoteChange(  # noqa: N802 # the contract's name
        self, request: pb.NoteChangeRequest, _context: "Context"
    ) -> pb.NoteChangeResponse:
        """Say that something changed."""
        change_id = self._made(request.context)
        command = NoteChange(
            a_uuid("case_id", request.case_id),
            change_id,
            a_choice("kind", request.kind, Change),
            day_of(request.context),
            words(request.words),
        )
        receipt = await self._do(request.context, command)
        return pb.NoteChangeResponse(receipt=receipt, change_id=str(change_id))

    async def PlanReview(  # noqa: N802 # the contract's name
        self, request: pb.PlanReviewRequest, _context: "Context"
    ) -> pb.PlanReviewResponse:
        """Name a day for the review."""
        command = PlanReview(a_uuid("case_id", request.case_id), a_day("on", request.on))
        return pb.PlanReviewResponse(receipt=await self._do(request.context, command))

    async def StartReview(  # noqa: N802 # the contract's name
        self, request: pb.StartReviewRequest, _context: "Context"
    ) -> pb.StartReviewResponse:
        """Begin the review."""
        command = StartReview(a_uuid("case_id", request.case_id), day_of(request.context))
        return pb.StartReviewResponse(receipt=await self._do(request.context, command))

    async def ConsiderAtReview(  # noqa: N802 # the contract's name
        self, request: pb.ConsiderAtReviewRequest, _context: "Context"
    ) -> pb.ConsiderAtReviewResponse:
        """Say something under a heading."""
        entry_id = self._made(request.context)
        command = ConsiderAtReview(
            a_uuid("case_id", request.case_id),
            entry(request, entry_id),
            words(request.words),
        )
        receipt = await self._do(request.context, command)
        return pb.ConsiderAtReviewResponse(receipt=receipt, entry_id=str(entry_id))

    async def CompleteReview(  # noqa: N802 # the contract's name
        self, request: pb.CompleteReviewRequest, _context: "Context"
    ) -> pb.CompleteReviewResponse:
        """End the review."""
        command = CompleteReview(
            a_uuid("case_id", request.case_id),
            day_of(request.context),
            a_choice("outcome", request.outcome, ReviewOutcome),
            words(request.words),
        )
        return pb.CompleteReviewResponse(receipt=await self._do(request.context, command))

    async def GetReviews(  # noqa: N802 # the contract's name
        self, request: pb.GetReviewsRequest, _context: "Context"
    ) -> pb.GetReviewsResponse:
        """Answer the reviews of a case."""
        tenant = tenant_of(request.context, caller())
        case_id = a_uuid("case_id", request.case_id)
        stream = review_stream(case_id)
        async with self._shell.reading(request.context) as rows:
            if await standing.one(rows, tenant, case_id) is None:
                raise NotFound("case")
            seen = await opening.read(self._shell, request.context, tenant, stream, case_id)
        return pb.GetReviewsResponse(reviews=replies.reviews(seen))

    async def ListReviews(  # noqa: N802 # the contract's name
        self, request: pb.ListReviewsRequest, _context: "Context"
    ) -> pb.ListReviewsResponse:
        """Answer a page of the reviews that are due, or overdue."""
        which = a_choice("state", request.state, upcoming.Listed)
        limit = a_count("limit", request.limit or PAGE, 1, MAX_PAGE)
        of_list = f"reviews {which}"
        after = paging.place_after(request.page_token, of_list, UUID, upcoming.BEGINNING)
        async with reading(self._runtime, request.context) as (rows, reader):
            found = await upcoming.page(rows, reader, which, Part(after, limit))
        last = upcoming.place(found[-1]) if len(found) == limit else None
        return pb.ListReviewsResponse(
            reviews=[replies.summary(each) for each in found],
            next_page_token=paging.token(of_list, last) if last else "",
        )

    @staticmethod
    def _made(context: CommandContext) -> UUID:
        """Return the id of what a command writes."""
        asked = command_context(context, caller())
        return entry_made_by(asked.tenant, asked.command_id)

    async def _do(self, context: CommandContext, command: object) -> Receipt:
        """Carry out a command; what is not there is not found."""
        try:
            done = await self._shell.command(context, command)
        except NoSuchItem:
            raise NotFound("item") from None
        except NoSuchCase:
            raise NotFound("case") from None
        return self._shell.receipt(done)
