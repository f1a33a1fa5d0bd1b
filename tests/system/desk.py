"""Requests sent as bytes, with any token, and what a caller is told."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import grpc
import grpc.aio
from google.rpc.error_details_pb2 import (  # type: ignore[import-untyped] # no types published
    BadRequest,
    ErrorInfo,
)
from grpc_status.rpc_status import from_call

from chassis.identity.claims import AUDIENCE
from chassis.identity.local_issuer import LocalIssuer
from chassis.roles import Role
from tests.system.installation import Installation
from tests.system.office import Office, commanded
from tests.system.submissions import invented
from throughline.casework.v1 import casework_pb2 as casework
from throughline.common.v1.common_pb2 import Occurred
from throughline.referrals.v1 import referrals_pb2 as referrals
from throughline_cli.people import Person
from throughline_cli.playing import Accepted

CASEWORK = "/throughline.casework.v1.CaseworkService/"
GROUPS = "/throughline.groups.v1.GroupsService/"
REFERRALS = "/throughline.referrals.v1.ReferralsService/"
OPERATIONS = "/throughline.operations.v1.OperationsService/"


@dataclass(frozen=True, slots=True)
class Told:
    """What a caller is told: a status, and the first field and code, or the reason."""

    status: str
    field: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """Sends bytes as they are, with any token."""

    platform: Installation
    office: Office
    issuer: LocalIssuer
    case: Accepted

    @property
    def worker(self) -> Person:
        """Who leads the case."""
        return self.office.staff.worker_for(self.case.authority, self.case.case_id)

    def token(self, *roles: Role, life_s: int = 600, **claims: Any) -> str:
        """Make a token of the platform's issuer for the case's worker, in any roles."""
        now = int(time.time())
        tenants = [self.office.authority(each) for each in ("westmarch", "harrowdale", "saltby")]
        known = {
            "iss": self.issuer.issuer,
            "aud": AUDIENCE,
            "sub": self.worker.id,
            "iat": now,
            "nbf": now,
            "exp": now + life_s,
            "roles": [each.value for each in roles],
            "tenants": [str(each) for each in tenants],
        }
        return self.issuer.sign(known | claims)

    async def send(self, method: str, request: bytes, token: str | None) -> Told:
        """Send a request; say what came of it."""
        service = method.split(".")[1]
        service = "casework" if service == "operations" else service
        metadata = (("authorization", f"Bearer {token}"),) if token is not None else ()
        async with grpc.aio.insecure_channel(self.platform.platform.services[service]) as channel:
            call: Any = channel.unary_unary(method)
            try:
                await call(request, metadata=metadata, timeout=20)
            except grpc.aio.AioRpcError as error:
                return _told(error)
        return Told("OK")

    def screening(self, **changes: Any) -> referrals.ScreenReferralRequest:
        """Return a screening of the case's referral."""
        context = commanded(self.case.authority, **changes.pop("context", {}))
        known = {
            "referral_id": self.case.referral_id,
            "safeguarding": "none",
            "urgency": "routine",
            "eligibility": "eligible",
            "identity": "new",
            "duplicates": "none",
            "duty_holder": "looked-up",
            "conflict_of_interest": "none",
            "safe_contact": "safe",
        }
        return referrals.ScreenReferralRequest(context=context, **(known | changes))

    def session(self, **changes: Any) -> casework.RecordSessionRequest:
        """Return a session in the case."""
        occurred = changes.pop("occurred", Occurred(day="2024-12-31"))
        known: dict[str, Any] = {
            "case_id": self.case.case_id,
            "kind": "direct-work",
            "minutes": 60,
            "notes": "Played.",
        }
        context = commanded(self.case.authority, occurred=occurred)
        return casework.RecordSessionRequest(context=context, **(known | changes))

    def submission(self, **changes: Any) -> bytes:
        """Return an invented submission, as a request."""
        context = commanded(self.case.authority)
        raw = json.dumps(invented() | changes).encode()
        return referrals.SubmitReferralRequest(context=context, submission=raw).SerializeToString()

    def of_child(self, **changes: Any) -> bytes:
        """Return an invented submission with something else about its child."""
        family = invented()["family"]
        family["children"][0] |= changes
        return self.submission(family=family)


def _told(error: grpc.aio.AioRpcError) -> Told:
    status = from_call(error)  # type: ignore[arg-type] # it has what a Call is asked for here
    for detail in status.details if status else ():
        bad, info = BadRequest(), ErrorInfo()
        if detail.Unpack(bad):
            violation = bad.field_violations[0]
            assert violation.description, "it says what is allowed"
            return Told(error.code().name, violation.field, violation.reason)
        if detail.Unpack(info):
            return Told(error.code().name, code=info.reason)
    return Told(error.code().name)


Request = Callable[[Desk], tuple[str, bytes]]


def screening(**changes: Any) -> Request:
    return lambda desk: (
        f"{REFERRALS}ScreenReferral",
        desk.screening(**changes).SerializeToString(),
    )


def session(**changes: Any) -> Request:
    return lambda desk: (f"{CASEWORK}RecordSession", desk.session(**changes).SerializeToString())


def submission(**changes: Any) -> Request:
    return lambda desk: (f"{REFERRALS}SubmitReferral", desk.submission(**changes))


def of_child(**changes: Any) -> Request:
    return lambda desk: (f"{REFERRALS}SubmitReferral", desk.of_child(**changes))


def raw(method: str, request: bytes) -> Request:
    return lambda _desk: (method, request)
