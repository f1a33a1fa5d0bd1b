"""The safeguarding screen over gRPC, before there is a referral."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from grpc.aio import ServicerContext

from chassis.edge.malformed import a_choice, a_text, a_uuid, if_given
from chassis.edge.rpc import caller, tenant_of
from chassis.failures import NotFound
from chassis.service import Servicer
from ledger.ids import stream_of
from ledger.personal import Plain
from referrals.codes import Safeguarding
from referrals.intake.document import MAX_WORDS
from referrals.readings import purpose
from referrals.screening.compose import OpenScreen
from referrals.screening.screen import SCREEN, About, Held, OfCall, OfEnquiry, OfReferral
from referrals.streams import SERVICE, screen_stream
from throughline.referrals.v1 import screening_pb2 as pb
from throughline.referrals.v1 import screening_pb2_grpc as stubs

if TYPE_CHECKING:
    from chassis.runtime import Runtime

Context = ServicerContext[Any, Any]


def servicer(runtime: "Runtime") -> Servicer:
    """Give the servicer of screens."""
    return Servicer(
        Screening(runtime),
        stubs.add_ScreeningServiceServicer_to_server,
        pb.DESCRIPTOR.services_by_name["ScreeningService"].full_name,
    )


class Screening(stubs.ScreeningServiceServicer):
    """Parses, executes, replies."""

    def __init__(self, runtime: "Runtime") -> None:
        self._shell = runtime.shell

    async def OpenSafeguardingScreen(  # noqa: N802 # the contract's name
        self, request: pb.OpenSafeguardingScreenRequest, _context: Context
    ) -> pb.OpenSafeguardingScreenResponse:
        """Answer whether a child is safe; the same command again is the same screen."""
        opened = _open(request)
        done = await self._shell.command(request.context, opened)
        return pb.OpenSafeguardingScreenResponse(
            receipt=self._shell.receipt(done), screen_id=str(opened.screen)
        )

    async def GetSafeguardingScreen(  # noqa: N802 # the contract's name
        self, request: pb.GetSafeguardingScreenRequest, _context: Context
    ) -> pb.GetSafeguardingScreenResponse:
        """Answer a screen; its words on request."""
        tenant = tenant_of(request.context, caller())
        screen = a_uuid("screen_id", request.screen_id)
        state = await self._shell.state(tenant, SCREEN, screen_stream(screen))
        if not isinstance(state, Held):
            raise NotFound("screen")
        answer = _shown(screen, state)
        if request.unseal:
            why = purpose(request.context)
            [words] = await self._shell.unseal(why, [state.answered.words], tenant=tenant)
            answer.words = words or ""
        return answer


def _open(request: pb.OpenSafeguardingScreenRequest) -> OpenScreen:
    again = if_given(a_uuid, "screen_id", request.screen_id)
    enquiry = if_given(a_uuid, "enquiry_id", request.enquiry_id)
    about: About = OfCall() if enquiry is None else OfEnquiry(enquiry)
    return OpenScreen(
        screen=again or stream_of(SERVICE, "screen", request.context.command_id),
        is_new=again is None,
        about=about,
        answer=a_choice("safeguarding", request.safeguarding, Safeguarding),
        words=Plain(if_given(lambda at, text: a_text(at, text, MAX_WORDS), "words", request.words)),
    )


def _shown(screen: UUID, state: Held) -> pb.GetSafeguardingScreenResponse:
    shown = pb.GetSafeguardingScreenResponse(
        screen_id=str(screen), safeguarding=state.answered.answer.value
    )
    match state.opened.about:
        case OfReferral(referral=referral):
            shown.referral_id = str(referral)
        case OfEnquiry(enquiry=enquiry):
            shown.enquiry_id = str(enquiry)
        case OfCall():
            pass
    return shown
