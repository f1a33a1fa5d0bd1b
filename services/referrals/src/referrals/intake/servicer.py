"""What others send in forms of their own, over gRPC: read, received, answered."""

import json
from typing import TYPE_CHECKING, Any

from grpc.aio import ServicerContext

from chassis.edge.malformed import a_uuid
from chassis.edge.rpc import caller, command_context, tenant_of
from chassis.failures import NotFound
from chassis.service import Servicer
from referrals.intake.bars.receiving import Messages, clock
from referrals.intake.filled_form import read_web_form
from referrals.intake.not_mapped import NOT_MAPPED, Kept, NotMapped
from referrals.intake.receiving import Receiving
from referrals.life.referral import REFERRAL
from referrals.life.states import said_of
from referrals.readings import purpose
from referrals.streams import not_mapped_stream, referral_stream
from throughline.referrals.v1 import intake_pb2 as pb
from throughline.referrals.v1 import intake_pb2_grpc as stubs

if TYPE_CHECKING:
    from chassis.runtime import Runtime

Context = ServicerContext[Any, Any]


def servicer(runtime: "Runtime") -> Servicer:
    """Give the servicer of intake."""
    return Servicer(
        Intake(runtime),
        stubs.add_IntakeServiceServicer_to_server,
        pb.DESCRIPTOR.services_by_name["IntakeService"].full_name,
    )


class Intake(stubs.IntakeServiceServicer):
    """Parses, executes, replies."""

    def __init__(self, runtime: "Runtime") -> None:
        self._shell = runtime.shell
        self._receiving = Receiving.of(runtime)
        self._messages = Messages(self._receiving)

    async def SubmitWebForm(  # noqa: N802 # the contract's name
        self, request: pb.SubmitWebFormRequest, _context: Context
    ) -> pb.SubmitWebFormResponse:
        """Receive a web form once."""
        asked = command_context(request.context, caller())
        form = read_web_form(request.form, self._receiving.directory)
        with form.own_fields():
            submission = form.submission(self._receiving.places)
            received = await self._receiving.receive(asked, submission)
        # Who sends a form is not told whom the authority knows.
        received.receipt.case_id = ""
        return pb.SubmitWebFormResponse(
            receipt=received.receipt,
            references=[each.reference for each in received.answer.children],
        )

    async def SubmitReferralMessage(  # noqa: N802 # the contract's name
        self, request: pb.SubmitReferralMessageRequest, _context: Context
    ) -> pb.SubmitReferralMessageResponse:
        """Receive a referral message once; what is wrong with it stands in the answer message."""
        asked = command_context(request.context, caller())
        now = await clock(self._receiving, asked.tenant)
        return await self._messages.receive(asked, request.message, now)

    async def GetNotMapped(  # noqa: N802 # the contract's name
        self, request: pb.GetNotMappedRequest, _context: Context
    ) -> pb.GetNotMappedResponse:
        """Answer what came with a referral and has no place in it."""
        tenant = tenant_of(request.context, caller())
        reason = purpose(request.context)
        referral = a_uuid("referral_id", request.referral_id)
        said = said_of(await self._shell.state(tenant, REFERRAL, referral_stream(referral)))
        if said is None:
            raise NotFound("referral")
        stream = not_mapped_stream(referral)
        state: NotMapped = await self._shell.state(tenant, NOT_MAPPED, stream)
        if not isinstance(state, Kept):
            return pb.GetNotMappedResponse()
        opened = await self._shell.unseal(
            reason, [each.values for each in state.said], tenant=tenant, case_id=said.case
        )
        return pb.GetNotMappedResponse(
            values=[
                pb.NotMapped(expression=expression, value=value, message_id=str(each.message))
                for each, values in zip(state.said, opened, strict=True)
                for expression, value in (json.loads(values) if isinstance(values, str) else ())
            ]
        )
