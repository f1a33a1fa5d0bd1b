"""Whoever calls casework in its tests: a speaker for one authority, and the stubs he calls by."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import grpc

from throughline.casework.v1 import (
    allocations_pb2,
    assessments_pb2,
    cases_pb2,
    closures_pb2,
    complaints_pb2,
    concerns_pb2,
    consents_pb2,
    decisions_pb2,
    duty_changes_pb2,
    information_pb2,
    plans_pb2,
    provision_pb2,
    reviews_pb2,
    rota_pb2,
    sessions_pb2,
    tasks_pb2,
    transfers_pb2,
    workers_pb2,
)
from throughline.casework.v1 import casework_pb2 as pb
from throughline.casework.v1.allocations_pb2_grpc import AllocationsServiceStub
from throughline.casework.v1.assessments_pb2_grpc import AssessmentsServiceStub
from throughline.casework.v1.cases_pb2_grpc import CasesServiceStub
from throughline.casework.v1.casework_pb2_grpc import CaseworkServiceStub
from throughline.casework.v1.closures_pb2_grpc import ClosuresServiceStub
from throughline.casework.v1.complaints_pb2_grpc import ComplaintsServiceStub
from throughline.casework.v1.concerns_pb2_grpc import ConcernsServiceStub
from throughline.casework.v1.consents_pb2_grpc import CaseConsentsServiceStub
from throughline.casework.v1.decisions_pb2_grpc import DecisionsServiceStub
from throughline.casework.v1.duty_changes_pb2_grpc import DutyChangesServiceStub
from throughline.casework.v1.information_pb2_grpc import InformationServiceStub
from throughline.casework.v1.plans_pb2_grpc import PlansServiceStub
from throughline.casework.v1.provision_pb2_grpc import ProvisionServiceStub
from throughline.casework.v1.reviews_pb2_grpc import ReviewsServiceStub
from throughline.casework.v1.rota_pb2_grpc import RotaServiceStub
from throughline.casework.v1.sessions_pb2_grpc import SessionsServiceStub
from throughline.casework.v1.tasks_pb2_grpc import TasksServiceStub
from throughline.casework.v1.transfers_pb2_grpc import TransfersServiceStub
from throughline.casework.v1.workers_pb2_grpc import WorkersServiceStub
from throughline.common.v1.common_pb2 import CommandContext, ReadContext

ON_REGISTER = {
    kind: (pb.Registration(body=body, valid_from="2020-01-01", valid_to="2099-12-31"),)
    for kind, body in (("therapist", "hcpc"), ("social-worker", "social-work-england"))
}
"""What a worker stands on of whom a test says nothing else."""
CHECKED: dict[str, Any] = {
    "wish": "agrees",
    "checklist": [
        *(
            pb.ChecklistAnswer(item=item, done="done")
            for item in ("measures", "family-told", "referrer-told", "funding", "letters")
        ),
        pb.ChecklistAnswer(item="groups", done="not-done", reason="The group goes on."),
    ],
}
"""A checklist that is complete where no concern and no booking is open."""


@dataclass(frozen=True)
class Stubs:
    """The stubs of the services that casework serves: each RPC is found by its name."""

    channel: grpc.aio.Channel

    def rpc(self, name: str) -> tuple[Any, Any]:
        """Return the RPC of that name, and the type of its request."""
        stubs: tuple[tuple[Any, Any], ...] = (
            (CaseworkServiceStub, pb),
            (RotaServiceStub, rota_pb2),
            (ConcernsServiceStub, concerns_pb2),
            (CaseConsentsServiceStub, consents_pb2),
            (SessionsServiceStub, sessions_pb2),
            (ClosuresServiceStub, closures_pb2),
            (CasesServiceStub, cases_pb2),
            (TasksServiceStub, tasks_pb2),
            (TransfersServiceStub, transfers_pb2),
            (InformationServiceStub, information_pb2),
            (AssessmentsServiceStub, assessments_pb2),
            (PlansServiceStub, plans_pb2),
            (ReviewsServiceStub, reviews_pb2),
            (AllocationsServiceStub, allocations_pb2),
            (WorkersServiceStub, workers_pb2),
            (DutyChangesServiceStub, duty_changes_pb2),
            (DecisionsServiceStub, decisions_pb2),
            (ProvisionServiceStub, provision_pb2),
            (ComplaintsServiceStub, complaints_pb2),
        )
        for stub, messages in stubs:
            if hasattr(messages, f"{name}Request"):
                return getattr(stub(self.channel), name), getattr(messages, f"{name}Request")
        raise LookupError(name)


@dataclass
class Speaker:
    """Somebody who calls for one authority; `seen` is the newest position he was told of."""

    stubs: Stubs
    authority: UUID
    id: UUID
    seen: str = ""

    async def close(self, case_id: object, reason: str, **more: Any) -> Any:
        """Close a case, with a complete checklist."""
        closing = {"case_id": str(case_id), "reason": reason, "summary": "Well."} | CHECKED | more
        return await self.do("CloseCase", **closing)

    def context(self, day: str = "", **more: Any) -> CommandContext:
        """Make the context of a fresh command."""
        given = {"command_id": str(uuid4()), "authority": str(self.authority)} | more
        context = CommandContext(**given)
        if day:
            context.occurred.day = day
        return context

    def reading(self, purpose: str = "") -> ReadContext:
        """Make the context of a reading that sees at least what was written last."""
        return ReadContext(authority=str(self.authority), position_token=self.seen, purpose=purpose)

    async def do(self, rpc: str, day: str = "", **request: Any) -> Any:
        """Carry out a command."""
        call, kind = self.stubs.rpc(rpc)
        context = request.pop("context", None) or self.context(day)
        answer = await call(kind(context=context, **request))
        self.seen = answer.receipt.position_token
        return answer

    async def ask(self, rpc: str, purpose: str = "", **request: Any) -> Any:
        """Read."""
        call, kind = self.stubs.rpc(rpc)
        return await call(kind(context=self.reading(purpose), **request))
