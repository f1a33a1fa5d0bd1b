"""Consents over gRPC: what each person says is recorded, and how each matter stands is answered."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from casework.cases import case
from casework.cases.case import NoSuchCase
from casework.consents import consent, matters, replies, requests
from casework.consents.consent_events import Answer, Matter
from casework.consents.consent_states import Asked, NeverAsked
from casework.streams import SERVICE, case_stream, consent_stream
from casework.workers.worker import WorkerUnknown
from chassis.edge.malformed import a_uuid
from chassis.edge.rpc import caller, tenant_of
from chassis.failures import NotFound
from chassis.queries.positions import PositionToken
from chassis.service import Servicer
from throughline.casework.v1 import consents_pb2 as pb
from throughline.casework.v1 import consents_pb2_grpc as stubs
from throughline.common.v1.common_pb2 import CommandContext, ReadContext, Receipt

if TYPE_CHECKING:
    from grpc.aio import ServicerContext

    from chassis.runtime import Runtime

    Context = ServicerContext[Any, Any]


def servicers(runtime: "Runtime") -> Sequence[Servicer]:
    """Give the servicer of consents."""
    return [
        Servicer(
            ConsentsServicer(runtime),
            stubs.add_CaseConsentsServiceServicer_to_server,
            pb.DESCRIPTOR.services_by_name["CaseConsentsService"].full_name,
        )
    ]


class ConsentsServicer(stubs.CaseConsentsServiceServicer):
    """What a family agrees to."""

    def __init__(self, runtime: "Runtime") -> None:
        self._shell = runtime.shell
        self._feed = runtime.feed

    async def GiveCaseConsent(  # noqa: N802 # the contract's name
        self, request: pb.GiveCaseConsentRequest, _context: "Context"
    ) -> pb.GiveCaseConsentResponse:
        """Record that somebody agrees."""
        receipt = await self._do(request.context, requests.give(request))
        return pb.GiveCaseConsentResponse(receipt=receipt)

    async def RefuseCaseConsent(  # noqa: N802 # the contract's name
        self, request: pb.RefuseCaseConsentRequest, _context: "Context"
    ) -> pb.RefuseCaseConsentResponse:
        """Record that somebody does not agree."""
        receipt = await self._do(request.context, requests.refuse(request))
        return pb.RefuseCaseConsentResponse(receipt=receipt)

    async def WithdrawCaseConsent(  # noqa: N802 # the contract's name
        self, request: pb.WithdrawCaseConsentRequest, _context: "Context"
    ) -> pb.WithdrawCaseConsentResponse:
        """Take a consent back, or all that a person gave."""
        given = () if request.matters else await self._given_by(request)
        receipt = await self._do(request.context, requests.withdraw(request, given))
        return pb.WithdrawCaseConsentResponse(receipt=receipt)

    async def AssessCompetence(  # noqa: N802 # the contract's name
        self, request: pb.AssessCompetenceRequest, _context: "Context"
    ) -> pb.AssessCompetenceResponse:
        """Record whether the child can decide a matter."""
        command = requests.assess(request, caller().actor.id)
        receipt = await self._do(request.context, command)
        return pb.AssessCompetenceResponse(receipt=receipt)

    async def DecideConsent(  # noqa: N802 # the contract's name
        self, request: pb.DecideConsentRequest, _context: "Context"
    ) -> pb.DecideConsentResponse:
        """Decide where the family does not agree."""
        receipt = await self._do(request.context, requests.decide(request))
        return pb.DecideConsentResponse(receipt=receipt)

    async def ListCaseConsents(  # noqa: N802 # the contract's name
        self, request: pb.ListCaseConsentsRequest, _context: "Context"
    ) -> pb.ListCaseConsentsResponse:
        """Answer how each matter of a case stands."""
        tenant = tenant_of(request.context, caller())
        case_id = a_uuid("case_id", request.case_id)
        of_case = await self._shell.state(tenant, case.DECIDER, case_stream(case_id))
        if isinstance(of_case, case.NotOpened):
            raise NotFound("case")
        found = await self._consents(request.context, tenant, case_id)
        return pb.ListCaseConsentsResponse(consents=[replies.consent(each) for each in found])

    async def _consents(self, context: ReadContext, tenant: UUID, case_id: UUID) -> list[Asked]:
        async with self._shell.reading(context) as rows:
            asked = await matters.of_case(rows, tenant, case_id)
        states = [
            await self._shell.state(tenant, consent.DECIDER, consent_stream(case_id, each))
            for each in asked
        ]
        return [each for each in states if not isinstance(each, NeverAsked)]

    async def _given_by(self, request: pb.WithdrawCaseConsentRequest) -> tuple[Matter, ...]:
        """Return what a person agreed to in a case, as of the newest record."""
        tenant = tenant_of(request.context, caller())
        person = a_uuid("withdrawn_by.person_id", request.withdrawn_by.person_id)
        newest = PositionToken(SERVICE, await self._feed.last_position()).encode()
        context = ReadContext(authority=request.context.authority, position_token=newest)
        found = await self._consents(context, tenant, a_uuid("case_id", request.case_id))
        words = [(each.known.matter, each.known.word_of(person)) for each in found]
        return tuple(matter for matter, word in words if word and word.answer is Answer.GIVEN)

    async def _do(self, context: CommandContext, command: object) -> Receipt:
        try:
            done = await self._shell.command(context, command)
        except NoSuchCase:
            raise NotFound("case") from None
        except WorkerUnknown:
            raise NotFound("worker") from None
        return self._shell.receipt(done)
