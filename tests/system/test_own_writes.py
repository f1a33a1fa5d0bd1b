"""A reading that carries the position of a write sees that write, in each service, at once."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from chassis.roles import Role
from tests.system.desk import CASEWORK, Desk, Told
from tests.system.installation import Installation
from tests.system.office import Office, commanded, reading
from tests.system.story import Story
from tests.system.submissions import invented
from throughline.casework.v1 import casework_pb2 as casework
from throughline.casework.v1.casework_pb2_grpc import CaseworkServiceStub
from throughline.groups.v1 import groups_pb2 as groups
from throughline.groups.v1.groups_pb2_grpc import GroupsServiceStub
from throughline.notifications.v1 import notifications_pb2 as notifications
from throughline.notifications.v1.notifications_pb2_grpc import NotificationsServiceStub
from throughline.referrals.v1 import referrals_pb2 as referrals
from throughline.referrals.v1.referrals_pb2_grpc import ReferralsServiceStub
from throughline_cli.operating import Clock

TIMES = 8
"""A reading that did not wait would be too early in most of them."""


async def test_referrals_lists_what_was_just_received_and_screened(office: Office) -> None:
    westmarch = office.authority("westmarch")
    stub: Any = ReferralsServiceStub(office.duty["wap"]["referrals"])
    for _ in range(TIMES):
        received = await office.submit(invented())
        [child] = received.children
        token = received.receipt.position_token
        assert child.referral_id in await _listed(stub, westmarch, "received", token)
        token = await _screen(stub, office, child.referral_id)
        assert child.referral_id in await _listed(stub, westmarch, "screened", token)


async def _listed(stub: Any, authority: UUID, state: str, token: str) -> set[str]:
    listed = await stub.ListReferrals(
        referrals.ListReferralsRequest(
            context=reading(authority, token), state=state, page_size=500
        )
    )
    return {each.referral_id for each in listed.referrals}


async def _screen(stub: Any, office: Office, referral_id: str) -> str:
    answer = await stub.ScreenReferral(
        referrals.ScreenReferralRequest(
            context=commanded(office.authority("westmarch")),
            referral_id=referral_id,
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
    return str(answer.receipt.position_token)


async def test_casework_shows_a_lead_and_a_session_that_were_just_recorded(
    office: Office, story: Story
) -> None:
    case, authority = story.case, story.case.authority
    manager: Any = CaseworkServiceStub(office.managers[authority]["casework"])
    workers = office.staff.workers(authority)
    for number in range(TIMES):
        worker = workers[number % len(workers)]
        allocated = await manager.AllocateCase(
            casework.AllocateCaseRequest(
                context=commanded(authority),
                case_id=case.case_id,
                worker_id=worker.id,
                reason="workload",
            )
        )
        fresh = reading(authority, allocated.receipt.position_token)
        found = await manager.GetCase(casework.GetCaseRequest(context=fresh, case_id=case.case_id))
        assert found.case.lead == worker.id
        load = await manager.ListCaseload(
            casework.ListCaseloadRequest(context=fresh, worker_id=worker.id, limit=200)
        )
        assert case.case_id in {each.case_id for each in load.cases}
        line = await office.staff.line_of(worker.slug)
        await _session_is_seen(CaseworkServiceStub(line["casework"]), story)


async def _session_is_seen(stub: Any, story: Story) -> None:
    context = commanded(story.case.authority)
    context.occurred.day = story.said_on.isoformat()
    recorded = await stub.RecordSession(
        casework.RecordSessionRequest(
            context=context, case_id=story.case.case_id, kind="home-visit", notes="Seen."
        )
    )
    entries = await stub.ReadChronology(
        casework.ReadChronologyRequest(
            context=reading(story.case.authority, recorded.receipt.position_token),
            case_id=story.case.case_id,
            limit=500,
        )
    )
    assert recorded.session_id in {each.session_id for each in entries.entries}


async def test_groups_shows_a_cohort_and_a_place_that_were_just_asked_for(office: Office) -> None:
    westmarch = office.authority("westmarch")
    facilitator = await office.staff.line(Role.GROUP_FACILITATOR, westmarch)
    stub: Any = GroupsServiceStub(facilitator["groups"])
    starts = ((await Clock.of(office.operator)).now + timedelta(days=30)).date().isoformat()
    programme = await stub.PublishProgramme(
        groups.PublishProgrammeRequest(
            context=commanded(westmarch), name="Together", usual_sessions=1
        )
    )
    for _ in range(TIMES):
        cohort = await stub.PublishCohort(
            groups.PublishCohortRequest(
                context=commanded(westmarch),
                programme_id=programme.programme_id,
                capacity_families=1,
                session_days=[starts],
                offer_days=4,
                referral_deadline=starts,
            )
        )
        fresh = reading(westmarch, cohort.receipt.position_token)
        found = await stub.GetCohort(
            groups.GetCohortRequest(context=fresh, cohort_id=cohort.cohort_id)
        )
        assert found.cohort.capacity_families == 1
        asked = await stub.RequestPlace(
            groups.RequestPlaceRequest(
                context=commanded(westmarch),
                cohort_id=cohort.cohort_id,
                family_id=str(uuid4()),
                contact=str(uuid4()),
            )
        )
        listed = await stub.ListPlaces(
            groups.ListPlacesRequest(
                context=reading(westmarch, asked.receipt.position_token),
                cohort_id=cohort.cohort_id,
            )
        )
        assert [each.place_id for each in listed.places] == [asked.place_id]


async def test_notifications_shows_a_note_as_read_once_it_was_acknowledged(
    office: Office,
) -> None:
    [case] = await office.take_on(invented())
    worker = office.staff.worker_for(case.authority, case.case_id)
    line = await office.staff.line_of(worker.slug)
    stub: Any = NotificationsServiceStub(line["notifications"])
    inbox = notifications.ListInboxRequest(
        context=reading(case.authority), unread_only=True, limit=TIMES
    )
    notes = (await stub.ListInbox(inbox)).notes
    assert case.case_id in {each.case_id for each in notes}
    for note in notes:
        read = await stub.AcknowledgeMessage(
            notifications.AcknowledgeMessageRequest(
                context=commanded(case.authority), message_id=note.message_id
            )
        )
        left = await stub.ListInbox(
            notifications.ListInboxRequest(
                context=reading(case.authority, read.receipt.position_token),
                unread_only=True,
                limit=100,
            )
        )
        assert note.message_id not in {each.message_id for each in left.notes}


async def test_a_position_of_another_service_and_one_that_is_none_are_refused(
    platform: Installation, desk: Desk
) -> None:
    received = await desk.office.submit(invented())
    refused = {received.receipt.position_token: "wrong-service", "zzz": "bad-position-token"}
    for token, code in refused.items():
        request = casework.GetCaseRequest(
            context=reading(desk.case.authority, token), case_id=desk.case.case_id
        )
        told = await desk.send(
            f"{CASEWORK}GetCase", request.SerializeToString(), desk.token(Role.TEAM_MANAGER)
        )
        assert told == Told("INVALID_ARGUMENT", "context.position_token", code)
