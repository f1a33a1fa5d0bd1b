"""The front door over gRPC: requests to commands, states and rows to replies."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from grpc.aio import ServicerContext

from chassis.edge.malformed import a_choice, a_uuid
from chassis.edge.rpc import caller, command_context, tenant_of
from chassis.failures import NotFound
from chassis.service import Servicer
from ledger.clock import london_day
from ledger.ids import stream_of
from ledger.registry import personal_fields
from referrals import replies, requests
from referrals.consents import servicer as consents
from referrals.drafts import servicer as drafts
from referrals.duty import servicer as duty
from referrals.duty.line import Span, on_day
from referrals.duty.timeline import TIMELINE, line_of
from referrals.enquiries import servicer as enquiries
from referrals.intake import replies as receipts
from referrals.intake import servicer as intake
from referrals.intake.receiving import Receiving, came_along
from referrals.intake.submission import parse
from referrals.life import replies as shown
from referrals.life import requests as told
from referrals.life.entitlement import Entitled, entitlement
from referrals.life.events import ReferralReceived
from referrals.life.referral import REFERRAL
from referrals.life.states import NotReceived, Referral, TakenBack, said_of
from referrals.people import servicer as people
from referrals.people.contact import Block, Blocked, Reached, way_to
from referrals.people.deliveries import has_failed
from referrals.people.facts import Way
from referrals.people.known import KnownAddress
from referrals.people.person import PERSON, Child
from referrals.people.showing import fields_shown, reader_side, words_are_shown
from referrals.people.sides import Side
from referrals.people.threads import thread_of
from referrals.readings import purpose as purpose_of
from referrals.redirects import servicer as redirects
from referrals.redirects.withheld import NoLongerHere, check_is_here, is_here
from referrals.screening import servicer as screening
from referrals.streams import SERVICE, person_stream, referral_stream, timeline_stream
from referrals.subscriptions import EMAIL
from referrals.worklists import servicer as worklists
from referrals.worklists.hiding import check_shown
from referrals.worklists.noting import ALL, looked
from referrals.worklists.worklist import Place, page
from throughline.referrals.v1 import referrals_pb2 as pb
from throughline.referrals.v1 import referrals_pb2_grpc as stubs

if TYPE_CHECKING:
    from chassis.runtime import Runtime
    from ledger.personal import Personal

Context = ServicerContext[Any, Any]
ROOMS = (consents, drafts, duty, enquiries, intake, people, redirects, screening, worklists)
"""The rooms that are asked from outside by a gRPC service of their own."""
"""By which an adult is addressed: whole, or the given name and the other."""


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
        self._rows = runtime.rows

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
        tenant = tenant_of(request.context, caller())
        stream = referral_stream(a_uuid("referral_id", request.referral_id))
        state: Referral = await self._shell.state(tenant, REFERRAL, stream)
        said = said_of(state)
        if isinstance(state, NotReceived) or said is None:
            raise NotFound("referral")
        await check_shown(self._shell, tenant, said.child)
        answer = shown.referral(state)
        owed = await self._owed(tenant, said.child)
        answer.referral.duty_holder = (owed and owed.duty_holder) or ""
        if request.unseal:
            if isinstance(state, TakenBack):
                raise NoLongerHere
            opened = await self._words(request.context, tenant, said)
            for name in ("in_their_words", "safeguarding_words", "codes_as_given"):
                setattr(answer, name, opened.get(name, ""))
        answer.not_mapped = await came_along(self._shell, tenant, said.referral)
        return answer

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
        by = caller()
        tenant = tenant_of(request.context, by)
        asked = a_uuid("person_id", request.person_id)
        person, state = await thread_of(self._shell, tenant, asked)
        owed = await self._owed(tenant, person) if isinstance(state, Child) else None
        if not request.unseal:
            return replies.person(state, owed, {})
        await check_is_here(self._shell, tenant, state)
        purpose = purpose_of(request.context)
        fields = fields_shown(state, reader_side(by.roles, purpose))
        case_id = state.case if isinstance(state, Child) else None
        opened = await self._texts(purpose, fields, tenant, case_id)
        return replies.person(state, owed, opened)

    async def GetContact(  # noqa: N802 # the contract's name
        self, request: pb.GetContactRequest, _context: Context
    ) -> pb.GetContactResponse:
        """Answer how an adult may be written to; a child is written to by nobody."""
        tenant = tenant_of(request.context, caller())
        purpose = purpose_of(request.context)
        way = a_choice("way", request.way or Way.EMAIL.value, Way)
        asked = a_uuid("person_id", request.person_id)
        person, state = await thread_of(self._shell, tenant, asked)
        if isinstance(state, Child):
            raise NotFound("person")
        async with self._shell.reading(request.context) as rows:
            failed = await has_failed(rows, tenant, person, EMAIL)
        answer = replies.contact(person, state, delivery_failed=failed)
        if not await is_here(self._shell, tenant, state):
            answer.blocked = Block.NONE_KNOWN.value
            return answer
        fields = replies.names_of(fields_shown(state, Side.AFTER))
        match way_to(state.known, way, purpose, london_day(await self._rows.now())):
            case Blocked(by=block):
                # Not even the name is opened: nobody is to be written to.
                answer.blocked = block.value
                return answer
            case KnownAddress() as home:
                fields |= replies.lines_of(home)
            case Reached(channel=channel):
                fields |= {way.value: channel.value, "safe_times": channel.safe_times}
                answer.do_not_leave_voicemail = channel.do_not_leave_voicemail
        answer.MergeFrom(replies.reached(await self._texts(purpose, fields, tenant, None)))
        return answer

    async def _owed(self, tenant: UUID, child: UUID) -> Span | None:
        """Return who owes a child the service today, as is known."""
        line = line_of(await self._shell.state(tenant, TIMELINE, timeline_stream(child)))
        return on_day(line.duty, london_day(await self._rows.now()))

    async def _words(self, context: Any, tenant: UUID, said: ReferralReceived) -> Mapping[str, str]:
        """Open the words of a referral, but not those about a child as it was before adoption."""
        purpose = purpose_of(context)
        child = await self._shell.state(tenant, PERSON, person_stream(said.child))
        said_on = london_day(said.received_at)
        if isinstance(child, Child) and not words_are_shown(child.known, said_on):
            return {}
        fields = {name: getattr(said, name) for name in personal_fields(type(said))}
        return await self._texts(purpose, fields, tenant, said.case)

    async def _texts(
        self,
        purpose: str,
        fields: "Mapping[str, Personal[Any]]",
        tenant: UUID,
        case_id: UUID | None,
    ) -> Mapping[str, str]:
        """Open personal values by name, those that are texts and that the caller may see."""
        values = await self._shell.unseal(
            purpose, [*fields.values()], tenant=tenant, case_id=case_id
        )
        pairs = zip(fields, values, strict=True)
        return {name: value for name, value in pairs if isinstance(value, str)}
