"""Consents over gRPC: requests to commands, states to replies."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from grpc.aio import ServicerContext

from chassis.edge.malformed import a_uuid
from chassis.edge.rpc import caller, tenant_of
from chassis.service import Servicer
from referrals import readings as reading
from referrals.consents import requests
from referrals.consents.consent import (
    CONSENT,
    Consent,
    ConsentGiven,
    Given,
    NotAsked,
    Refused,
    Withdrawn,
)
from referrals.consents.consents import recipients
from referrals.streams import consent_stream
from throughline.referrals.v1 import consents_pb2 as pb
from throughline.referrals.v1 import consents_pb2_grpc as stubs

if TYPE_CHECKING:
    from chassis.runtime import Runtime
    from ledger.personal import Personal

Context = ServicerContext[Any, Any]

_STATES = {Given: "given", Refused: "refused", Withdrawn: "withdrawn"}


def servicer(runtime: "Runtime") -> Servicer:
    """Give the servicer of consents."""
    return Servicer(
        Consents(runtime),
        stubs.add_ConsentsServiceServicer_to_server,
        pb.DESCRIPTOR.services_by_name["ConsentsService"].full_name,
    )


class Consents(stubs.ConsentsServiceServicer):
    """Parses, executes, replies."""

    def __init__(self, runtime: "Runtime") -> None:
        self._shell = runtime.shell
        self._directory = runtime.directory

    async def GiveConsent(  # noqa: N802 # the contract's name
        self, request: pb.GiveConsentRequest, _context: Context
    ) -> pb.GiveConsentResponse:
        """Record that somebody agreed."""
        command = requests.give(request, self._directory)
        done = await self._shell.command(request.context, command)
        return pb.GiveConsentResponse(receipt=self._shell.receipt(done))

    async def RefuseConsent(  # noqa: N802 # the contract's name
        self, request: pb.RefuseConsentRequest, _context: Context
    ) -> pb.RefuseConsentResponse:
        """Record that somebody did not agree."""
        command = requests.refuse(request, self._directory)
        done = await self._shell.command(request.context, command)
        return pb.RefuseConsentResponse(receipt=self._shell.receipt(done))

    async def WithdrawConsent(  # noqa: N802 # the contract's name
        self, request: pb.WithdrawConsentRequest, _context: Context
    ) -> pb.WithdrawConsentResponse:
        """Take a consent back."""
        command = requests.withdraw(request, self._directory)
        done = await self._shell.command(request.context, command)
        return pb.WithdrawConsentResponse(receipt=self._shell.receipt(done))

    async def ListConsents(  # noqa: N802 # the contract's name
        self, request: pb.ListConsentsRequest, _context: Context
    ) -> pb.ListConsentsResponse:
        """Answer a child's consents, each as its stream says."""
        tenant = tenant_of(request.context, caller())
        child = a_uuid("child", request.child)
        async with self._shell.reading(request.context) as rows:
            found = await recipients(rows, tenant, child)
        held: list[pb.ConsentHeld] = []
        for recipient in found:
            stream = consent_stream(child, recipient)
            state: Consent = await self._shell.state(tenant, CONSENT, stream)
            if not isinstance(state, NotAsked):
                held.append(await self._shown(request, tenant, state))
        return pb.ListConsentsResponse(consents=held)

    async def _shown(
        self,
        request: pb.ListConsentsRequest,
        tenant: UUID,
        state: Given | Refused | Withdrawn,
    ) -> pb.ConsentHeld:
        said = state.said
        shown = pb.ConsentHeld(
            recipient=said.recipient,
            state=_STATES[type(state)],
            by=str(said.by),
            capacity=said.capacity.value,
        )
        sealed: list[Personal[str | None]] = [said.how]
        if isinstance(said, ConsentGiven):
            shown.from_day = said.from_day.isoformat()
            shown.until = said.until.isoformat() if said.until else ""
            shown.competent_on = said.competent_on.isoformat() if said.competent_on else ""
            sealed.append(said.limits)
        if request.unseal:
            purpose = reading.purpose(request.context)
            opened = await self._shell.unseal(purpose, sealed, tenant=tenant)
            shown.how, *limits = [each if isinstance(each, str) else "" for each in opened]
            shown.limits = "".join(limits)
        return shown
