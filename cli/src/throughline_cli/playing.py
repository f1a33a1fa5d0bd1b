"""What the demo's people do through the year: screen, decide, allocate.

Every command's id is made from what it is about, so playing it again changes nothing.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import grpc

from chassis.directory import Directory
from throughline.casework.v1 import casework_pb2, casework_pb2_grpc
from throughline.common.v1 import common_pb2
from throughline.referrals.v1 import referrals_pb2, referrals_pb2_grpc
from throughline_cli.calling import again
from throughline_cli.importing import Answered
from throughline_cli.lines import Line
from throughline_cli.people import Person, Staff
from throughline_cli.reaching import Line as Channels

_DEMO = UUID("7a1d5a0e-9a55-5f0f-b2a5-3c9f7f0c6d11")

CASE_PATIENCE_S = 30.0


def command_context(
    what: str, authority: UUID, occurred: datetime | date | None = None
) -> common_pb2.CommandContext:
    """Return the context of a demo command; `what` names it for ever."""
    context = common_pb2.CommandContext(
        command_id=str(uuid5(_DEMO, f"{authority}:{what}")), authority=str(authority)
    )
    if isinstance(occurred, datetime):
        context.occurred.instant.FromDatetime(occurred)
    elif occurred is not None:
        context.occurred.day = occurred.isoformat()
    return context


@dataclass(frozen=True, slots=True)
class Accepted:
    """A child whose referral was accepted, and the authority that keeps the record."""

    authority: UUID
    case_id: str
    family_id: str
    referral_id: str


@dataclass(frozen=True, slots=True)
class _Taken:
    """A child's referral was accepted; one known before has its case and its lead already."""

    accepted: Accepted
    known_before: bool


@dataclass(slots=True)
class Year:
    """Screens and decides as submissions come, and names a lead for each case that opens."""

    directory: Directory
    staff: Staff
    speakers: Mapping[str, Channels]
    managers: Mapping[UUID, Channels]
    accepted: list[Accepted] = field(default_factory=list)
    _opening: list[Accepted] = field(default_factory=list)

    async def received(self, answered: Sequence[Answered]) -> None:
        """Handle a few valid submissions, while the cases of those before get their leads."""
        opening, self._opening = self._opening, []
        async with asyncio.TaskGroup() as tasks:
            for each in opening:
                tasks.create_task(self._allocate(each))
            deciding = [
                tasks.create_task(self._decide(line, answer, child))
                for line, answer in answered
                for child in answer.children
            ]
        for task in deciding:
            if (taken := task.result()) is not None:
                self.accepted.append(taken.accepted)
                if not taken.known_before:
                    self._opening.append(taken.accepted)

    async def finish(self) -> None:
        """Name the leads of the last cases."""
        for each in self._opening:
            await self._allocate(each)
        self._opening = []

    async def _decide(
        self,
        line: Line,
        answer: referrals_pb2.SubmitReferralResponse,
        child: referrals_pb2.ReceivedChild,
    ) -> "_Taken | None":
        authority = self.directory.authorities[line.received_by].id
        partnership = self.directory.partnership_of(authority)
        assert partnership is not None  # noqa: S101 # a record is kept for its authorities only
        stub = referrals_pb2_grpc.ReferralsServiceStub(self.speakers[partnership.slug]["referrals"])
        screen = referrals_pb2.ScreenReferralRequest(
            context=command_context(f"screen {child.referral_id}", authority),
            referral_id=child.referral_id,
            safeguarding=_safeguarding(json.loads(line.raw)["safeguarding"]),
            urgency="urgent" if answer.urgent else "routine",
            eligibility="eligible" if child.duty_holder else "undetermined",
            identity="known" if child.known_before else "new",
            duplicates="none",
            duty_holder="looked-up",
            conflict_of_interest="none",
            safe_contact="safe",
        )
        await again(lambda: stub.ScreenReferral(screen))
        if not child.duty_holder:
            return None
        if child.duty_holder not in {each.slug for each in partnership.authorities}:
            decline = referrals_pb2.DeclineReferralRequest(
                context=command_context(f"decline {child.referral_id}", authority),
                referral_id=child.referral_id,
                reason="other-authority",
                words="Another authority owes you this service. We have told you which.",
            )
            await again(lambda: stub.DeclineReferral(decline))
            return None
        accept = referrals_pb2.AcceptReferralRequest(
            context=command_context(f"accept {child.referral_id}", authority),
            referral_id=child.referral_id,
        )
        await again(lambda: stub.AcceptReferral(accept))
        taken = Accepted(authority, child.case_id, answer.family_id, child.referral_id)
        return _Taken(taken, child.known_before)

    async def _allocate(self, accepted: Accepted) -> None:
        worker = self.staff.worker_for(accepted.authority, accepted.case_id)
        stub = casework_pb2_grpc.CaseworkServiceStub(self.managers[accepted.authority]["casework"])
        request = casework_pb2.AllocateCaseRequest(
            context=command_context(f"allocate {accepted.case_id}", accepted.authority),
            case_id=accepted.case_id,
            worker_id=worker.id,
            reason="new-case",
        )
        await once_there(lambda: stub.AllocateCase(request))


async def once_there(call: Any, patience_s: float = CASE_PATIENCE_S) -> Any:
    """Make a call that rests on news from another service, again until they have arrived."""
    loop = asyncio.get_running_loop()
    until = loop.time() + patience_s
    while True:
        try:
            return await again(call)
        except grpc.aio.AioRpcError as error:
            waiting = {grpc.StatusCode.NOT_FOUND, grpc.StatusCode.FAILED_PRECONDITION}
            if error.code() not in waiting or loop.time() > until:
                raise
        await asyncio.sleep(0.01)


def _safeguarding(answered: Mapping[str, Any]) -> str:
    if answered.get("immediate_danger"):
        return "immediate-danger"
    return "concern" if answered.get("concern") else "none"


async def register_workers(
    staff: Staff, directory: Directory, managers: Mapping[UUID, Channels], since: date
) -> None:
    """Make the demo's workers known to each authority for which they work."""
    async with asyncio.TaskGroup() as tasks:
        for authority, worker in staff.registrations(directory):
            tasks.create_task(_register(managers[authority], authority, worker, since))


async def _register(manager: Channels, authority: UUID, worker: Person, since: date) -> None:
    stub = casework_pb2_grpc.CaseworkServiceStub(manager["casework"])
    request = casework_pb2.RegisterWorkerRequest(
        context=command_context(f"register {worker.id}", authority),
        worker_id=worker.id,
        kind=worker.kind,
        display_name=worker.name,
        teams=["adoption-support"],
        registrations=[
            casework_pb2.Registration(
                body=worker.registration,
                valid_from=since.isoformat(),
                valid_to=(since + timedelta(days=3 * 365)).isoformat(),
            )
        ]
        if worker.registration
        else [],
    )
    await again(lambda: stub.RegisterWorker(request))


def at(day: date, hour: int = 9) -> datetime:
    """Return an instant of the demo's day."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
