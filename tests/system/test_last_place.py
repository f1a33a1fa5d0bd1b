"""Families that ask for the last place at the same instant: exactly one of them is offered it."""

import asyncio
from collections import Counter
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from chassis.roles import Role
from tests.system.installation import Installation
from tests.system.office import Office, commanded, reading
from tests.system.submissions import Submission, invented
from throughline.casework.v1 import casework_pb2 as casework
from throughline.casework.v1.casework_pb2_grpc import CaseworkServiceStub
from throughline.groups.v1 import groups_pb2 as groups
from throughline.groups.v1.groups_pb2_grpc import GroupsServiceStub
from throughline_cli.calling import again
from throughline_cli.operating import Clock
from throughline_cli.playing import Accepted

COHORTS = 3
FAMILIES = 4


async def publish(stub: Any, host: UUID, today: date, capacity: int) -> str:
    """Publish a cohort with so many places; return its id."""
    programme = await again(
        lambda: stub.PublishProgramme(
            groups.PublishProgrammeRequest(
                context=commanded(host), name="Together", usual_sessions=1
            )
        )
    )
    cohort = groups.PublishCohortRequest(
        context=commanded(host),
        programme_id=programme.programme_id,
        capacity_families=capacity,
        session_days=[(today + timedelta(days=60)).isoformat()],
        offer_days=30,
        referral_deadline=(today + timedelta(days=60)).isoformat(),
    )
    answer = await again(lambda: stub.PublishCohort(cohort))
    return str(answer.cohort_id)


async def ask(office: Office, case: Accepted, cohort_id: str) -> None:
    """Ask by casework, for the family of a case."""
    stub = CaseworkServiceStub(office.managers[case.authority]["casework"])
    request = casework.RequestPlaceRequest(
        context=commanded(case.authority), case_id=case.case_id, cohort_id=cohort_id
    )
    await again(lambda: stub.RequestPlace(request))


async def ask_directly(stub: Any, authority: UUID, cohort_id: str) -> None:
    """Ask for a family without a case."""
    request = groups.RequestPlaceRequest(
        context=commanded(authority),
        cohort_id=cohort_id,
        family_id=str(uuid4()),
        contact=str(uuid4()),
    )
    await again(lambda: stub.RequestPlace(request))


async def standing(stub: Any, authority: UUID, cohort_id: str) -> Counter[str]:
    """Count the places of a cohort by how they stand."""
    request = groups.ListPlacesRequest(context=reading(authority), cohort_id=cohort_id)
    answer = await again(lambda: stub.ListPlaces(request))
    return Counter(each.status for each in answer.places)


async def test_exactly_one_of_those_who_ask_at_once_gets_the_last_place(
    platform: Installation, office: Office
) -> None:
    host = office.authority("westmarch")
    families: list[Submission] = [invented() for _ in range(FAMILIES)]
    cases = await office.take_on(*families)
    facilitator = await office.staff.line(Role.GROUP_FACILITATOR, host)
    stub = GroupsServiceStub(facilitator["groups"])
    today = (await Clock.of(office.operator)).now.date()
    cohorts = [await publish(stub, host, today, capacity=1) for _ in range(COHORTS)]
    await office.operator.settle()
    await asyncio.gather(
        *(ask(office, case, cohort) for cohort in cohorts for case in cases),
        *(ask_directly(stub, host, cohort) for cohort in cohorts),
    )
    await office.operator.settle()
    for cohort in cohorts:
        found = await standing(stub, host, cohort)
        assert found == {"offered": 1, "waiting": FAMILIES}
    # Only families with a case can be written to here.
    offered = await offered_cases(office, cases, cohorts)
    addresses = {each["referrer"]["email"] for each in families}
    offers = [
        mail
        for mail in platform.mails()
        if mail["To"] in addresses and "place" in str(mail["Subject"]).lower()
    ]
    assert len({mail["Message-ID"] for mail in offers}) == offered


async def offered_cases(office: Office, cases: list[Accepted], cohorts: list[str]) -> int:
    """Count the offers that casework shows with its cases."""
    offered = 0
    for case in cases:
        stub: Any = CaseworkServiceStub(office.managers[case.authority]["casework"])
        request = casework.GetCaseRequest(context=reading(case.authority), case_id=case.case_id)
        answer = await again(partial(stub.GetCase, request))
        places = {each.cohort_id: each.state for each in answer.places}
        assert places.keys() == set(cohorts)
        offered += sum(state == "offered" for state in places.values())
    return offered
