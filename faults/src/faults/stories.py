"""What one client does with families: from a submission to a closed case, an act at a time."""

import json
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from chassis.directory import Directory
from chassis.roles import Role
from faults.attempts import Call, Client
from faults.families import submission
from throughline.casework.v1 import casework_pb2 as casework
from throughline.common.v1.common_pb2 import CommandContext, Occurred
from throughline.groups.v1 import groups_pb2 as groups
from throughline.referrals.v1 import referrals_pb2 as referrals

ONGOING = 6
"""Cases that a client works on at a time."""

BEGINS = 0.4
READS = 0.3
LEFT_ALONE = 0.1
DECLINED = 0.1
ASKS_FOR_PLACE = 0.4
ACCEPTS = 0.6
CLOSES = 0.3
FAMILIES_A_COHORT = 8
CAPACITY = 5
KINDS = ("direct-work", "home-visit", "telephone-call", "parent-support")
FAR = timedelta(days=3650)


@dataclass(slots=True)
class Case:
    """A child's way so far."""

    tenant: UUID
    referral_id: str
    case_id: str
    sessions: int = 0
    place_id: str = ""
    to_do: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Cohort:
    """A group of one partnership, and how many families have asked for it."""

    cohort_id: str
    host: UUID
    asked: int = 0


@dataclass(slots=True)
class Stories:
    """A client's cases; each act is one command, sometimes with a reading of what it wrote."""

    client: Client
    directory: Directory
    today: Callable[[], date]
    cases: list[Case] = field(default_factory=list)
    cohorts: dict[str, Cohort] = field(default_factory=dict)

    @property
    def rng(self) -> random.Random:
        """The client's dice."""
        return self.client.rng

    async def act(self) -> None:
        """Do one thing more."""
        if len(self.cases) < ONGOING and (not self.cases or self.rng.random() < BEGINS):
            await self._submit()
            return
        case = self.rng.choice(self.cases)
        if not case.to_do:
            self.cases.remove(case)
            return
        doing = case.to_do.pop(0)
        acts: dict[str, Callable[[Case], Awaitable[bool]]] = {
            "screen": self._screen,
            "accept": self._accept,
            "decline": self._decline,
            "allocate": self._allocate,
            "session": self._session,
            "place": self._request_place,
            "answer": self._answer,
            "close": self._close,
        }
        if not await acts[doing](case):
            case.to_do.clear()

    def _plan(self) -> list[str]:
        if self.rng.random() < DECLINED:
            return ["screen", "decline"]
        if self.rng.random() < LEFT_ALONE:
            return ["screen", "accept"]
        plan = ["screen", "accept", "allocate", *["session"] * self.rng.randint(1, 4)]
        if self.rng.random() < ASKS_FOR_PLACE:
            plan += ["place", "answer"]
        return [*plan, "close"] if self.rng.random() < CLOSES else plan

    async def _submit(self) -> None:
        tenant = self.rng.choice(self.directory.tenants)
        authority = self.directory.by_id(tenant)
        partnership = self.directory.partnership_of(tenant)
        if authority is None or partnership is None:
            return
        made = submission(self.rng, authority.slug, partnership.slug)
        request = referrals.SubmitReferralRequest(submission=json.dumps(made).encode())
        duty = self.client.people.who(Role.DUTY_WORKER, tenant)
        reply = await self.client.command(
            Call(duty, "referrals", "SubmitReferral", tenant, request)
        )
        if reply is None:
            return
        plan = self._plan()
        for child in reply.children:
            self.cases.append(Case(tenant, child.referral_id, child.case_id, to_do=[*plan]))
        first = reply.children[0].referral_id
        await self._look(
            Call(
                duty,
                "referrals",
                "GetReferral",
                tenant,
                referrals.GetReferralRequest(referral_id=first),
            ),
            reply.receipt.position_token,
            first,
            lambda seen: seen.referral.referral_id == first,
        )

    async def _screen(self, case: Case) -> bool:
        request = referrals.ScreenReferralRequest(
            referral_id=case.referral_id,
            safeguarding="none",
            urgency=self.rng.choice(("urgent", "routine")),
            eligibility="eligible",
            identity="new",
            duplicates="none",
            duty_holder="looked-up",
            conflict_of_interest="none",
            safe_contact="safe",
        )
        return await self._duty(case, "ScreenReferral", request, {"screened"})

    async def _accept(self, case: Case) -> bool:
        request = referrals.AcceptReferralRequest(referral_id=case.referral_id)
        return await self._duty(case, "AcceptReferral", request, {"accepted", "taken-up"})

    async def _decline(self, case: Case) -> bool:
        request = referrals.DeclineReferralRequest(
            referral_id=case.referral_id, reason="signposted", words="Others can help sooner."
        )
        return await self._duty(case, "DeclineReferral", request, {"declined"})

    async def _duty(self, case: Case, rpc: str, request: Any, states: set[str]) -> bool:
        duty = self.client.people.who(Role.DUTY_WORKER, case.tenant)
        reply = await self.client.command(Call(duty, "referrals", rpc, case.tenant, request))
        if reply is None:
            return False
        looking = referrals.GetReferralRequest(referral_id=case.referral_id)
        await self._look(
            Call(duty, "referrals", "GetReferral", case.tenant, looking),
            reply.receipt.position_token,
            case.referral_id,
            lambda seen: seen.referral.state in states,
        )
        return True

    async def _allocate(self, case: Case) -> bool:
        worker = self.client.people.worker(case.tenant, case.case_id)
        manager = self.client.people.who(Role.TEAM_MANAGER, case.tenant)
        request = casework.AllocateCaseRequest(
            case_id=case.case_id,
            worker_id=str(self.client.people.known[worker].id),
            reason="new-case",
        )
        call = Call(manager, "casework", "AllocateCase", case.tenant, request)
        return await self.client.command(call, news=True) is not None

    async def _session(self, case: Case) -> bool:
        worker = self.client.people.worker(case.tenant, case.case_id)
        request = casework.RecordSessionRequest(
            context=CommandContext(occurred=Occurred(day=self.today().isoformat())),
            case_id=case.case_id,
            kind=self.rng.choice(KINDS),
            minutes=self.rng.randint(10, 90),
            attendance=casework.Attendance(attended=["child"]),
            notes="We talked.",
        )
        call = Call(worker, "casework", "RecordSession", case.tenant, request)
        reply = await self.client.command(call)
        if reply is None:
            return False
        case.sessions += 1
        expected = case.sessions
        looking = Call(
            worker,
            "casework",
            "GetCase",
            case.tenant,
            casework.GetCaseRequest(case_id=case.case_id),
        )
        await self._look(
            looking,
            reply.receipt.position_token,
            reply.session_id,
            lambda seen: seen.case.sessions >= expected,
        )
        return True

    async def _request_place(self, case: Case) -> bool:
        partnership = self.directory.partnership_of(case.tenant)
        if partnership is None:
            return False
        cohort = self.cohorts.get(partnership.slug)
        if cohort is None or cohort.asked >= FAMILIES_A_COHORT:
            cohort = await self._publish(partnership.slug, partnership.authorities[0].id)
            if cohort is None:
                return False
            self.cohorts[partnership.slug] = cohort
        cohort.asked += 1
        manager = self.client.people.who(Role.TEAM_MANAGER, case.tenant)
        request = casework.RequestPlaceRequest(case_id=case.case_id, cohort_id=cohort.cohort_id)
        call = Call(manager, "casework", "RequestPlace", case.tenant, request)
        return await self.client.command(call, news=True) is not None

    async def _publish(self, slug: str, host: UUID) -> Cohort | None:
        facilitator = self.client.people.who(Role.GROUP_FACILITATOR, host)
        programme = groups.PublishProgrammeRequest(name=f"Group of {slug}", usual_sessions=2)
        published = await self.client.command(
            Call(facilitator, "groups", "PublishProgramme", host, programme)
        )
        if published is None:
            return None
        starts = self.today() + FAR
        cohort = groups.PublishCohortRequest(
            programme_id=published.programme_id,
            capacity_families=CAPACITY,
            session_days=[starts.isoformat(), (starts + timedelta(weeks=1)).isoformat()],
            offer_days=4,
            referral_deadline=starts.isoformat(),
        )
        answer = await self.client.command(
            Call(facilitator, "groups", "PublishCohort", host, cohort)
        )
        return Cohort(answer.cohort_id, host) if answer is not None else None

    async def _answer(self, case: Case) -> bool:
        """Answer the offer of a place, if one has come by now."""
        manager = self.client.people.who(Role.TEAM_MANAGER, case.tenant)
        looking = casework.GetCaseRequest(case_id=case.case_id)
        seen = await self.client.read(Call(manager, "casework", "GetCase", case.tenant, looking))
        offered = [each for each in seen.places if each.state == "offered"] if seen else []
        if not offered:
            return True
        place_id = offered[0].place_id
        facilitator = self.client.people.who(Role.GROUP_FACILITATOR, case.tenant)
        if self.rng.random() < ACCEPTS:
            rpc = "AcceptPlace"
            request: Any = groups.AcceptPlaceRequest(place_id=place_id)
        else:
            rpc = "DeclinePlace"
            request = groups.DeclinePlaceRequest(place_id=place_id)
        reply = await self.client.command(Call(facilitator, "groups", rpc, case.tenant, request))
        if reply is None:
            return True
        await self._look(
            Call(
                facilitator,
                "groups",
                "GetPlace",
                case.tenant,
                groups.GetPlaceRequest(place_id=place_id),
            ),
            reply.receipt.position_token,
            place_id,
            lambda found: found.place.status != "offered",
        )
        return True

    async def _close(self, case: Case) -> bool:
        manager = self.client.people.who(Role.TEAM_MANAGER, case.tenant)
        request = casework.CloseCaseRequest(
            case_id=case.case_id,
            reason="goals-met",
            summary="All went well.",
            wish="agrees",
            checklist=[
                casework.ChecklistAnswer(item=item, done="not-needed", reason="Nothing to do.")
                for item in (
                    "measures",
                    "family-told",
                    "referrer-told",
                    "funding",
                    "groups",
                    "letters",
                )
            ],
        )
        await self.client.command(Call(manager, "casework", "CloseCase", case.tenant, request))
        return False

    async def _look(self, call: Call, token: str, wanted: str, found: Any) -> None:
        if self.rng.random() < READS:
            await self.client.read(call, token, wanted, found)
