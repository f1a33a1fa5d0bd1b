"""The front door over gRPC: requests to commands, states and rows to replies."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from grpc.aio import ServicerContext

from chassis.edge.malformed import a_uuid
from chassis.edge.rpc import caller, command_context, tenant_of
from chassis.service import Servicer
from ledger.ids import stream_of
from referrals import replies, requests
from referrals.answers import Answers
from referrals.consents import servicer as consents
from referrals.drafts import servicer as drafts
from referrals.duty import servicer as duty
from referrals.enquiries import servicer as enquiries
from referrals.intake import replies as receipts
from referrals.intake import servicer as intake
from referrals.intake.receiving import Receiving
from referrals.intake.submission import parse
from referrals.life import requests as told
from referrals.life.entitlement import Entitled, entitlement
from referrals.life.to_family import ToFamily
from referrals.people import servicer as people
from referrals.redirects import servicer as redirects
from referrals.screening import servicer as screening
from referrals.streams import SERVICE
from referrals.worklists import servicer as worklists
from referrals.worklists.noting import ALL, looked
from referrals.worklists.worklist import Place, page
from throughline.referrals.v1 import referrals_pb2 as pb
from throughline.referrals.v1 import referrals_pb2_grpc as stubs

if TYPE_CHECKING:
    from chassis.runtime import Runtime

Context = ServicerContext[Any, Any]
ROOMS = (consents, drafts, duty, enquiries, intake, people, redirects, screening, worklists)
"""The rooms that are asked from outside by a gRPC service of their own."""


def servicers(runtime: "Runtime") -> Sequence[Servicer]:
    """Give the servicers of referrals."""
    return [
        Servicer(
            Referrals(runtime),
            stubs.add_ReferralsServiceServicer_to_server,
            pb.DESCRIPTOR.services_by_name["ReferralsService"].full_name,
        ),
        *(each.servicer(runtime) for each in ROOMS),
    ]


class Referrals(stubs.ReferralsServiceServicer):
    """Parses, executes, replies."""

    def __init__(self, runtime: "Runtime") -> None:
        self._shell = runtime.shell
        self._receiving = Receiving.of(runtime)
        self._answers = Answers(runtime.shell)
        self._to_family = ToFamily(runtime.shell)

    async def SubmitReferral(  # noqa: N802 # the contract's name
        self, request: pb.SubmitReferralRequest, _context: Context
    ) -> pb.SubmitReferralResponse:
        """Receive a submission once, whatever the command id it comes with."""
        by, submission = caller(), parse(request.submission, self._receiving.places)
        received = await self._receiving.receive(command_context(request.context, by), submission)
        return receipts.told(by, received)

    async def ScreenReferral(  # noqa: N802 # the contract's name
        self, request: pb.ScreenReferralRequest, _context: Context
    ) -> pb.ScreenReferralResponse:
        """Answer all checks of a referral."""
        done = await self._shell.command(request.context, told.screen(request))
        return pb.ScreenReferralResponse(receipt=self._shell.receipt(done))

    async def RecordScreening(  # noqa: N802 # the contract's name
        self, request: pb.RecordScreeningRequest, _context: Context
    ) -> pb.RecordScreeningResponse:
        """Answer some of the checks."""
        done = await self._shell.command(request.context, told.record_screening(request))
        return pb.RecordScreeningResponse(receipt=self._shell.receipt(done))

    async def AcceptReferral(  # noqa: N802 # the contract's name
        self, request: pb.AcceptReferralRequest, _context: Context
    ) -> pb.AcceptReferralResponse:
        """Take a referral on."""
        done = await self._shell.command(request.context, told.accept(request))
        return pb.AcceptReferralResponse(receipt=self._shell.receipt(done))

    async def DeclineReferral(  # noqa: N802 # the contract's name
        self, request: pb.DeclineReferralRequest, _context: Context
    ) -> pb.DeclineReferralResponse:
        """Do not take a referral on."""
        done = await self._shell.command(request.context, told.decline(request))
        return pb.DeclineReferralResponse(receipt=self._shell.receipt(done))

    async def WithdrawReferral(  # noqa: N802 # the contract's name
        self, request: pb.WithdrawReferralRequest, _context: Context
    ) -> pb.WithdrawReferralResponse:
        """Record that a referral is taken back."""
        done = await self._shell.command(request.context, told.withdraw(request))
        return pb.WithdrawReferralResponse(receipt=self._shell.receipt(done))

    async def AmendReferral(  # noqa: N802 # the contract's name
        self, request: pb.AmendReferralRequest, _context: Context
    ) -> pb.AmendReferralResponse:
        """Set a field of a referral right."""
        done = await self._shell.command(request.context, told.amend(request))
        return pb.AmendReferralResponse(receipt=self._shell.receipt(done))

    async def RecordNeeds(  # noqa: N802 # the contract's name
        self, request: pb.RecordNeedsRequest, _context: Context
    ) -> pb.RecordNeedsResponse:
        """Keep what a person needs."""
        done = await self._shell.command(request.context, told.record_needs(request))
        return pb.RecordNeedsResponse(receipt=self._shell.receipt(done))

    async def RequestAssessment(  # noqa: N802 # the contract's name
        self, request: pb.RequestAssessmentRequest, _context: Context
    ) -> pb.RequestAssessmentResponse:
        """Note who asks for whose assessment; answer whether it must be made."""
        asked = told.request_assessment(request)
        done = await self._shell.command(request.context, asked)
        answer = entitlement(asked.asked_by, asked.asked_for)
        return pb.RequestAssessmentResponse(
            receipt=self._shell.receipt(done),
            entitled=isinstance(answer, Entitled),
            ground=answer.ground,
        )

    async def AddInformation(  # noqa: N802 # the contract's name
        self, request: pb.AddInformationRequest, _context: Context
    ) -> pb.AddInformationResponse:
        """Keep what was told unasked; the same command again is the same information."""
        information = stream_of(SERVICE, "information", request.context.command_id)
        done = await self._shell.command(
            request.context, told.add_information(request, information), basis=told.basis(request)
        )
        return pb.AddInformationResponse(
            receipt=self._shell.receipt(done), information_id=str(information)
        )

    async def AskForInformation(  # noqa: N802 # the contract's name
        self, request: pb.AskForInformationRequest, _context: Context
    ) -> pb.AskForInformationResponse:
        """Ask for what is missing; the same command again is the same inquiry."""
        inquiry = stream_of(SERVICE, "inquiry", request.context.command_id)
        done = await self._shell.command(
            request.context, told.ask_for_information(request, inquiry)
        )
        return pb.AskForInformationResponse(
            receipt=self._shell.receipt(done), inquiry_id=str(inquiry)
        )

    async def RecordInformation(  # noqa: N802 # the contract's name
        self, request: pb.RecordInformationRequest, _context: Context
    ) -> pb.RecordInformationResponse:
        """Keep what was asked for."""
        done = await self._shell.command(
            request.context, told.record_information(request), basis=told.basis(request)
        )
        return pb.RecordInformationResponse(receipt=self._shell.receipt(done))

    async def GetReferral(  # noqa: N802 # the contract's name
        self, request: pb.GetReferralRequest, _context: Context
    ) -> pb.GetReferralResponse:
        """Answer a referral as its stream says; its words on request."""
        return await self._answers.referral(request)

    async def ListReferrals(  # noqa: N802 # the contract's name
        self, request: pb.ListReferralsRequest, _context: Context
    ) -> pb.ListReferralsResponse:
        """Answer a page of the worklist."""
        by = caller()
        tenant, worker = tenant_of(request.context, by), a_uuid("token.sub", by.actor.id)
        query = requests.query(request)
        async with self._shell.reading(request.context) as rows:
            found = await page(rows, tenant, query, worker)
        await looked(self._shell, tenant, ALL, len(found))
        answer = pb.ListReferralsResponse(referrals=[replies.listed(each) for each in found])
        if len(found) == query.limit:
            last = found[-1]
            answer.next_page_token = requests.page_token(Place(last.received_at, last.referral_id))
        return answer

    async def GetPerson(  # noqa: N802 # the contract's name
        self, request: pb.GetPersonRequest, _context: Context
    ) -> pb.GetPersonResponse:
        """Answer a person; names and the like on request, those of the identity that is known."""
        return await self._answers.person(request)

    async def GetContact(  # noqa: N802 # the contract's name
        self, request: pb.GetContactRequest, _context: Context
    ) -> pb.GetContactResponse:
        """Answer how an adult may be written to; a child is written to by nobody."""
        return await self._answers.contact(request)

    async def GetWordsToFamily(  # noqa: N802 # the contract's name
        self, request: pb.GetWordsToFamilyRequest, _context: Context
    ) -> pb.GetWordsToFamilyResponse:
        """Answer what the family is told of a decline, to be sent to one of it."""
        return await self._to_family.words(request)
