"""Redirects over gRPC: requests to commands, states and rows to replies."""

from typing import TYPE_CHECKING, Any

from grpc.aio import ServicerContext

from chassis.edge.malformed import a_uuid
from chassis.edge.rpc import caller, command_context, tenant_of
from chassis.failures import NotFound
from chassis.service import Servicer
from referrals import readings as reading
from referrals.redirects import replies, requests
from referrals.redirects.incoming import INCOMING, Incoming, NeverToArrive, NotArrived
from referrals.redirects.redirect import REDIRECT, NotOffered, Redirect
from referrals.redirects.redirects import Place, page
from referrals.streams import incoming_stream, redirect_of, redirect_stream
from referrals.worklists.noting import looked
from throughline.referrals.v1 import redirects_pb2 as pb
from throughline.referrals.v1 import redirects_pb2_grpc as stubs

if TYPE_CHECKING:
    from chassis.runtime import Runtime

Context = ServicerContext[Any, Any]


def servicer(runtime: "Runtime") -> Servicer:
    """Give the servicer of redirects."""
    return Servicer(
        Redirects(runtime),
        stubs.add_RedirectsServiceServicer_to_server,
        pb.DESCRIPTOR.services_by_name["RedirectsService"].full_name,
    )


class Redirects(stubs.RedirectsServiceServicer):
    """Parses, executes, replies."""

    def __init__(self, runtime: "Runtime") -> None:
        self._shell = runtime.shell
        self._directory = runtime.directory

    async def OfferRedirect(  # noqa: N802 # the contract's name
        self, request: pb.OfferRedirectRequest, _context: Context
    ) -> pb.OfferRedirectResponse:
        """Offer a referral to another authority."""
        asked = command_context(request.context, caller())
        redirect = redirect_of(asked.tenant, asked.command_id)
        command = requests.offer(request, redirect, self._directory)
        done = await self._shell.command(request.context, command)
        return pb.OfferRedirectResponse(
            receipt=self._shell.receipt(done), redirect_id=str(redirect)
        )

    async def AcknowledgeRedirect(  # noqa: N802 # the contract's name
        self, request: pb.AcknowledgeRedirectRequest, _context: Context
    ) -> pb.AcknowledgeRedirectResponse:
        """Say that the referral is here."""
        done = await self._shell.command(request.context, requests.acknowledge(request))
        return pb.AcknowledgeRedirectResponse(receipt=self._shell.receipt(done))

    async def RefuseRedirect(  # noqa: N802 # the contract's name
        self, request: pb.RefuseRedirectRequest, _context: Context
    ) -> pb.RefuseRedirectResponse:
        """Do not take the referral over."""
        done = await self._shell.command(request.context, requests.refuse(request))
        return pb.RefuseRedirectResponse(receipt=self._shell.receipt(done))

    async def RecordOutsideAcknowledgement(  # noqa: N802 # the contract's name
        self, request: pb.RecordOutsideAcknowledgementRequest, _context: Context
    ) -> pb.RecordOutsideAcknowledgementResponse:
        """Record what an authority outside said."""
        done = await self._shell.command(request.context, requests.outside(request))
        return pb.RecordOutsideAcknowledgementResponse(receipt=self._shell.receipt(done))

    async def RecallRedirect(  # noqa: N802 # the contract's name
        self, request: pb.RecallRedirectRequest, _context: Context
    ) -> pb.RecallRedirectResponse:
        """Take a redirect back."""
        done = await self._shell.command(request.context, requests.recall(request))
        return pb.RecallRedirectResponse(receipt=self._shell.receipt(done))

    async def GetRedirect(  # noqa: N802 # the contract's name
        self, request: pb.GetRedirectRequest, _context: Context
    ) -> pb.GetRedirectResponse:
        """Answer a redirect as this authority knows it; its words on request."""
        tenant = tenant_of(request.context, caller())
        redirect = a_uuid("redirect_id", request.redirect_id)
        sent: Redirect = await self._shell.state(tenant, REDIRECT, redirect_stream(redirect))
        if isinstance(sent, NotOffered):
            came: Incoming = await self._shell.state(tenant, INCOMING, incoming_stream(redirect))
            if isinstance(came, NotArrived | NeverToArrive):
                raise NotFound("redirect")
            return replies.came(came)
        answer = replies.sent(sent)
        if request.unseal:
            opened = await self._shell.unseal(
                reading.purpose(request.context),
                [sent.said.words, sent.said.how_sent],
                tenant=tenant,
            )
            answer.words, answer.how_sent = [
                each if isinstance(each, str) else "" for each in opened
            ]
        return answer

    async def ListIncomingRedirects(  # noqa: N802 # the contract's name
        self, request: pb.ListIncomingRedirectsRequest, _context: Context
    ) -> pb.ListIncomingRedirectsResponse:
        """Answer a page of the redirects that came here."""
        by = caller()
        tenant, worker = tenant_of(request.context, by), a_uuid("token.sub", by.actor.id)
        query = requests.query(request)
        async with self._shell.reading(request.context) as rows:
            found = await page(rows, tenant, query, worker)
        await looked(self._shell, tenant, "came-here", len(found))
        answer = pb.ListIncomingRedirectsResponse(
            redirects=[replies.listed(each) for each in found]
        )
        if len(found) == query.limit:
            last = found[-1]
            answer.next_page_token = requests.page_token(Place(last.arrived_at, last.redirect_id))
        return answer
