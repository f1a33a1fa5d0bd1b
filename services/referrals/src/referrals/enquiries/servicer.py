"""Enquiries over gRPC: requests to commands, states and rows to replies."""

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from grpc.aio import ServicerContext

from chassis.edge.malformed import a_uuid
from chassis.edge.rpc import caller, command_context, tenant_of
from chassis.failures import NotFound
from chassis.service import Servicer
from ledger.personal import Plain
from referrals.drafts.compose import CONTENT_CLAIM, BeginDraft
from referrals.drafts.content import kept, key_text
from referrals.drafts.events import DraftStarted
from referrals.enquiries import replies, requests
from referrals.enquiries.compose import TurnEnquiry
from referrals.enquiries.enquiry import ENQUIRY, Enquiry, Open, made
from referrals.enquiries.enquiry_list import page
from referrals.enquiries.prefill import prefilled
from referrals.readings import Place, named, page_token, personal_values, purpose
from referrals.streams import enquiry_stream, made_by
from referrals.worklists.noting import looked
from throughline.common.v1.common_pb2 import CommandContext
from throughline.referrals.v1 import enquiries_pb2 as pb
from throughline.referrals.v1 import enquiries_pb2_grpc as stubs

if TYPE_CHECKING:
    from chassis.runtime import Runtime

Context = ServicerContext[Any, Any]
TO_REFER: Final = "turn-into-referral"
"""The purpose for which an enquiry is opened when a draft is made of it."""


def servicer(runtime: "Runtime") -> Servicer:
    """Give the servicer of enquiries."""
    return Servicer(
        Enquiries(runtime),
        stubs.add_EnquiriesServiceServicer_to_server,
        pb.DESCRIPTOR.services_by_name["EnquiriesService"].full_name,
    )


class Enquiries(stubs.EnquiriesServiceServicer):
    """Parses, executes, replies."""

    def __init__(self, runtime: "Runtime") -> None:
        self._shell = runtime.shell
        self._vault = runtime.vault
        self._directory = runtime.directory

    async def MakeEnquiry(  # noqa: N802 # the contract's name
        self, request: pb.MakeEnquiryRequest, _context: Context
    ) -> pb.MakeEnquiryResponse:
        """Keep an enquiry."""
        enquiry = self._made("enquiry", request.context)
        enquirer = self._made("enquirer", request.context)
        command = requests.make(request, enquiry, enquirer)
        done = await self._shell.command(request.context, command)
        return pb.MakeEnquiryResponse(receipt=self._shell.receipt(done), enquiry_id=str(enquiry))

    async def AskSafety(  # noqa: N802 # the contract's name
        self, request: pb.AskSafetyRequest, _context: Context
    ) -> pb.AskSafetyResponse:
        """Record whether somebody is unsafe."""
        there = await self._there(request)
        asked = self._made("safety", request.context)
        command = requests.ask_safety(request, there.said.enquirer, asked)
        done = await self._shell.command(request.context, command)
        return pb.AskSafetyResponse(receipt=self._shell.receipt(done))

    async def RecordAdvice(  # noqa: N802 # the contract's name
        self, request: pb.RecordAdviceRequest, _context: Context
    ) -> pb.RecordAdviceResponse:
        """Record advice."""
        there = await self._there(request)
        known_as = self._made("note", request.context)
        command = requests.advice(request, there.said.enquirer, known_as)
        done = await self._shell.command(request.context, command)
        return pb.RecordAdviceResponse(receipt=self._shell.receipt(done))

    async def SendInformation(  # noqa: N802 # the contract's name
        self, request: pb.SendInformationRequest, _context: Context
    ) -> pb.SendInformationResponse:
        """Record which leaflets were sent."""
        command = requests.information(request, self._made("note", request.context))
        done = await self._shell.command(request.context, command)
        return pb.SendInformationResponse(receipt=self._shell.receipt(done))

    async def Signpost(  # noqa: N802 # the contract's name
        self, request: pb.SignpostRequest, _context: Context
    ) -> pb.SignpostResponse:
        """Record to whom the enquirer was pointed."""
        there = await self._there(request)
        known_as = self._made("note", request.context)
        command = requests.signpost(request, there.said.enquirer, known_as)
        done = await self._shell.command(request.context, command)
        return pb.SignpostResponse(receipt=self._shell.receipt(done))

    async def TurnIntoReferral(  # noqa: N802 # the contract's name
        self, request: pb.TurnIntoReferralRequest, _context: Context
    ) -> pb.TurnIntoReferralResponse:
        """Start a draft with what was said, which is opened for it."""
        by = caller()
        there = await self._there(request)
        tenant = tenant_of(request.context, by)
        facts = [there.said, there.who, there.safety]
        opened = await self._shell.unseal(TO_REFER, personal_values(facts), tenant=tenant)
        text = kept(prefilled(there, *named(facts, opened)))
        draft = self._made("draft", request.context)
        started = DraftStarted(draft, by.actor.id, there.said.enquiry)
        key = await self._vault.blind_index(tenant, CONTENT_CLAIM, key_text(draft, 1, text))
        partnership = self._directory.partnership_of(tenant)
        slug = partnership.slug if partnership else ""
        begin = BeginDraft(started, Plain(text), key, slug)
        done = await self._shell.command(request.context, TurnEnquiry(there.said.enquiry, begin))
        return pb.TurnIntoReferralResponse(receipt=self._shell.receipt(done), draft_id=str(draft))

    async def CloseEnquiry(  # noqa: N802 # the contract's name
        self, request: pb.CloseEnquiryRequest, _context: Context
    ) -> pb.CloseEnquiryResponse:
        """Close an enquiry."""
        done = await self._shell.command(request.context, requests.close(request))
        return pb.CloseEnquiryResponse(receipt=self._shell.receipt(done))

    async def GetEnquiry(  # noqa: N802 # the contract's name
        self, request: pb.GetEnquiryRequest, _context: Context
    ) -> pb.GetEnquiryResponse:
        """Answer an enquiry as its stream says; what is sealed on request."""
        tenant = tenant_of(request.context, caller())
        state, there = await self._state(tenant, request.enquiry_id)
        values = personal_values(replies.sealed_in(there))
        if request.unseal:
            reason = purpose(request.context)
            values = await self._shell.unseal(reason, values, tenant=tenant)
        return replies.enquiry(state, values)

    async def ListEnquiries(  # noqa: N802 # the contract's name
        self, request: pb.ListEnquiriesRequest, _context: Context
    ) -> pb.ListEnquiriesResponse:
        """Answer a page of the list."""
        by = caller()
        tenant, worker = tenant_of(request.context, by), a_uuid("token.sub", by.actor.id)
        query = requests.query(request)
        async with self._shell.reading(request.context) as rows:
            found = await page(rows, tenant, query, worker)
        await looked(self._shell, tenant, "enquiries", len(found))
        answer = pb.ListEnquiriesResponse(enquiries=[replies.listed(each) for each in found])
        if len(found) == query.limit:
            last = found[-1]
            answer.next_page_token = page_token(Place(last.made_at, last.enquiry_id))
        return answer

    async def _there(self, request: Any) -> Open:
        tenant = tenant_of(request.context, caller())
        _, there = await self._state(tenant, request.enquiry_id)
        return there

    async def _state(self, tenant: UUID, enquiry: str) -> tuple[Enquiry, Open]:
        stream = enquiry_stream(a_uuid("enquiry_id", enquiry))
        state: Enquiry = await self._shell.state(tenant, ENQUIRY, stream)
        there = made(state)
        if there is None:
            raise NotFound("enquiry")
        return state, there

    @staticmethod
    def _made(kind: str, context: CommandContext) -> UUID:
        return made_by(kind, command_context(context, caller()).command_id)
