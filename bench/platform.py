"""A platform with all four services, each in one process, as people of the demo speak with it."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import psutil

from bench.match_people import Crowd
from bench.servers import Site
from chassis.roles import Role
from ledger.migrate import migrate
from referrals.people.tags import Traits
from stack.databases import KEYRING
from stack.environment import PREFIX
from stack.places import checkout
from stack.programs import MIGRATE, issuer
from stack.remembered import recall
from stack.supervisor import Program, Supervisor
from throughline.casework.v1 import casework_pb2_grpc
from throughline.common.v1.common_pb2 import CommandContext
from throughline.referrals.v1 import referrals_pb2, referrals_pb2_grpc
from throughline_cli.people import Staff
from throughline_cli.reaching import Line, Platform
from throughline_cli.running import Embedded
from vault.postgres import MIGRATIONS

AUTHORITY = "westmarch"
RECEIVED_AT = "2025-01-01T00:00:00+00:00"
"""Where a platform's simulated time begins."""

SEED = 1
MOST_CHILDREN = 1_000_000
OLDEST = date(2008, 1, 1)
"""Who was born since is a child still."""

ADOPTED_AFTER = timedelta(days=700)


def strangers() -> Iterator[Traits]:
    """Make children as different from each other as people are: the likeness of all is weighed."""
    everybody = (each.traits for each in Crowd(SEED).people(MOST_CHILDREN))
    return (each for each in everybody if each.births[0] >= OLDEST)


@dataclass(frozen=True, slots=True)
class Office:
    """A running platform, the people who work on it, and one of its authorities."""

    site: Site
    staff: Staff
    authority: UUID
    children: Iterator[Traits] = field(default_factory=strangers)

    async def line(self, role: Role) -> Line:
        """Return the channels of somebody in a role."""
        return await self.staff.line(role, self.authority)

    async def casework(self, role: Role) -> Any:
        """Return casework as somebody in a role reaches it."""
        return casework_pb2_grpc.CaseworkServiceStub((await self.line(role))["casework"])

    async def referrals(self, role: Role) -> Any:
        """Return referrals as somebody in a role reaches it."""
        return referrals_pb2_grpc.ReferralsServiceStub((await self.line(role))["referrals"])

    def commanded(self, **more: Any) -> CommandContext:
        """Return the context of a fresh command."""
        ids: dict[str, Any] = {"command_id": str(uuid4()), "authority": str(self.authority)}
        return CommandContext(**ids, **more)

    def pid(self, service: str) -> int:
        """Return a service's process."""
        return int(recall(self.site.places.processes)[service]["pid"])

    def memory_mib(self, service: str) -> float:
        """Return the memory of a service's process."""
        return float(psutil.Process(self.pid(service)).memory_info().rss / 2**20)

    async def screened(self) -> Any:
        """Bring a referral of one child in and screen it; return its ids."""
        stub = await self.referrals(Role.DUTY_WORKER)
        received = await stub.SubmitReferral(
            referrals_pb2.SubmitReferralRequest(
                context=self.commanded(), submission=_submission(next(self.children))
            )
        )
        child = received.children[0]
        await stub.ScreenReferral(
            referrals_pb2.ScreenReferralRequest(
                context=self.commanded(),
                referral_id=child.referral_id,
                safeguarding="none",
                urgency="routine",
                eligibility="eligible",
                identity="new",
                duplicates="none",
                duty_holder="looked-up",
                conflict_of_interest="none",
                safe_contact="safe",
            )
        )
        return child

    async def accept(self, child: Any) -> None:
        """Accept a screened referral: casework opens its case."""
        stub = await self.referrals(Role.DUTY_WORKER)
        await stub.AcceptReferral(
            referrals_pb2.AcceptReferralRequest(
                context=self.commanded(), referral_id=child.referral_id
            )
        )


@asynccontextmanager
async def office(site: Site, serving: str = "") -> AsyncIterator[Office]:
    """Give a platform over the site's servers; its processes end with the body.

    `serving`: the one service that is there, to answer calls only: nobody tells, hears, projects.
    """
    embedded = Embedded(checkout(), site.stack)
    await site.stack.start()
    owner = site.databases.url(KEYRING, f"{KEYRING}_owner")
    await migrate(owner, [MIGRATIONS])
    embedded.describe()
    supervisor = Supervisor(site.places)
    try:
        await supervisor.up([_without_spans(each) for each in _programs(embedded, serving)])
        async with AsyncExitStack() as opened:
            platform = Platform.load(embedded.platform_file)
            authority = platform.directory.authorities[AUTHORITY].id
            yield Office(site, Staff.of(platform, opened), authority)
    finally:
        await supervisor.down()


def _programs(embedded: Embedded, serving: str) -> list[Program]:
    if not serving:
        return embedded.programs()
    return [issuer(embedded.stack), embedded.service(serving, (MIGRATE, "serve"))]


def _without_spans(program: Program) -> Program:
    """Leave out the file of spans that the demo has: it is no part of a service."""
    kept = {k: v for k, v in program.environment.items() if k != f"{PREFIX}TRACES_FILE"}
    return replace(program, environment=kept)


def _submission(of: Traits) -> bytes:
    [(given, family)], [born], [postcode] = of.names, of.births, of.postcodes
    made = json.loads(_pattern())
    made["submission_id"] = str(uuid4())
    made["received_at"] = RECEIVED_AT
    made["family"]["lives_in"] = AUTHORITY
    made["family"]["address"]["postcode"] = postcode
    made["family"]["children"][0] |= {
        "given_name": given,
        "family_name": family,
        "legal_status": "order-granted",
        "placing_authority": AUTHORITY,
        "date_of_birth": born.isoformat(),
        "adoption_order_date": (born + ADOPTED_AFTER).isoformat(),
    }
    return json.dumps(made).encode()


@cache
def _pattern() -> str:
    year = (checkout() / "demo" / "intake-2025.jsonl").read_text(encoding="utf-8")
    return next(line for line in year.splitlines() if _fits(json.loads(line)))


def _fits(submission: dict[str, Any]) -> bool:
    alone = len(submission["family"]["children"]) == 1
    return bool(submission["received_by"] == AUTHORITY and alone)
