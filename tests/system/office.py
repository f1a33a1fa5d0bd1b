"""The people of a platform doing their work: referrals brought in, decided, allocated, asked of."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from chassis.roles import Role
from tests.system.submissions import Submission, line
from throughline.common.v1.common_pb2 import CommandContext, ReadContext
from throughline.operations.v1.operations_pb2_grpc import OperationsServiceStub
from throughline.referrals.v1 import referrals_pb2 as referrals
from throughline.referrals.v1.referrals_pb2_grpc import ReferralsServiceStub
from throughline_cli.calling import again
from throughline_cli.operating import Operator
from throughline_cli.people import Staff
from throughline_cli.playing import Accepted, Year, register_workers
from throughline_cli.reaching import Line as Channels

SINCE = date(2025, 1, 1)


def commanded(authority: UUID, /, **more: Any) -> CommandContext:
    """Return the context of a fresh command."""
    return CommandContext(**({"command_id": str(uuid4()), "authority": str(authority)} | more))


def reading(authority: UUID, position_token: str = "", purpose: str = "") -> ReadContext:
    """Return the context of a reading."""
    return ReadContext(authority=str(authority), position_token=position_token, purpose=purpose)


@dataclass(frozen=True, slots=True)
class Office:
    """Duty workers and managers of both partnerships, and an operator."""

    staff: Staff
    duty: dict[str, Channels]
    managers: dict[UUID, Channels]
    operator: Operator

    @classmethod
    async def of(cls, staff: Staff) -> "Office":
        """Open the office: its workers become known to casework."""
        directory = staff.platform.directory
        managers = await staff.managers()
        await register_workers(staff, directory, managers, SINCE)
        duty = {
            slug: await staff.line(Role.DUTY_WORKER, partnership.authorities[0].id)
            for slug, partnership in directory.partnerships.items()
        }
        return cls(staff, duty, managers, Operator(await staff.line(Role.OPERATOR)))

    def authority(self, slug: str) -> UUID:
        """Return an authority's id."""
        return self.staff.platform.directory.authorities[slug].id

    def operations(self, service: str) -> Any:
        """Return the operator's way to a service."""
        return OperationsServiceStub(self.operator.line[service])

    async def submit(self, submission: Submission) -> referrals.SubmitReferralResponse:
        """Bring a referral in."""
        stub = ReferralsServiceStub(self.duty[submission["partnership"]]["referrals"])
        request = referrals.SubmitReferralRequest(
            context=commanded(self.authority(submission["received_by"])),
            submission=line(submission).raw,
        )
        return await again(lambda: stub.SubmitReferral(request))

    def deciding(self) -> Year:
        """Return somebody who screens and decides by rule, and names a lead for each case."""
        return Year(self.staff.platform.directory, self.staff, self.duty, self.managers)

    async def take_on(self, *submissions: Submission) -> list[Accepted]:
        """Bring referrals in and carry each to a case with a lead; return when all has settled."""
        deciding = self.deciding()
        for each in submissions:
            await deciding.received([(line(each), await self.submit(each))])
        await deciding.finish()
        await self.operator.settle()
        return deciding.accepted
