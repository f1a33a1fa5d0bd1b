"""One family's way through an authority, all of it: what a stranger would have to ask for."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from chassis.roles import Role
from tests.system.office import Office, commanded, reading
from tests.system.submissions import Submission, invented
from throughline.casework.v1 import casework_pb2 as casework
from throughline.casework.v1.casework_pb2_grpc import CaseworkServiceStub
from throughline.groups.v1 import groups_pb2 as groups
from throughline.groups.v1.groups_pb2_grpc import GroupsServiceStub
from throughline.notifications.v1 import notifications_pb2 as notifications
from throughline.notifications.v1.notifications_pb2_grpc import NotificationsServiceStub
from throughline.referrals.v1 import referrals_pb2 as referrals
from throughline.referrals.v1.referrals_pb2_grpc import ReferralsServiceStub
from throughline_cli.calling import again
from throughline_cli.operating import Clock
from throughline_cli.playing import Accepted
from throughline_cli.playing_group import Sessions
from throughline_cli.reaching import Line as Channels


@dataclass(frozen=True, slots=True)
class World:
    """An authority, its people by role, and the ids of what is recorded there."""

    authority: UUID
    slug: str
    people: dict[Role, Channels]
    worker: str
    submission: Submission
    day: date
    ids: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.ids[name]


async def worlds(office: Office, *slugs: str) -> list[World]:
    """Play the same submission through each authority, to a case, a group and letters."""
    pattern = invented(slugs[0])
    sent = [_received_by(pattern, slug) for slug in slugs]
    waiting = [await office.submit(_received_by(invented(slugs[0]), slug)) for slug in slugs]
    taken = {each.authority: each for each in await office.take_on(*sent)}
    found = []
    for slug, submission, undecided in zip(slugs, sent, waiting, strict=True):
        case = taken[office.authority(slug)]
        ids = {"undecided": undecided.children[0].referral_id, **await _case(office, case)}
        ids |= await join_group(office, case)
        await office.operator.settle()
        people = {
            role: await office.staff.line(role, case.authority)
            for role in (Role.TEAM_MANAGER, Role.AUDITOR, Role.DUTY_WORKER, Role.GROUP_FACILITATOR)
        }
        worker = office.staff.worker_for(case.authority, case.case_id)
        people[Role.SUPPORT_WORKER] = await office.staff.line_of(worker.slug)
        ids |= {"note": await _note(people[Role.SUPPORT_WORKER], case)}
        day = (await Clock.of(office.operator)).now.date()
        found.append(World(case.authority, slug, people, worker.id, submission, day, ids))
    return found


def _received_by(submission: Submission, slug: str) -> Submission:
    """Return the same submission about a family that lives with another authority, sent there."""
    sent = deepcopy(submission) | {
        "received_by": slug,
        "partnership": invented(slug)["partnership"],
    }
    sent["family"]["lives_in"] = slug
    for child in sent["family"]["children"]:
        child["placing_authority"] = slug
    return sent


async def _case(office: Office, case: Accepted) -> dict[str, str]:
    """Record a session; return the ids of the case and of who belongs to it."""
    worker = office.staff.worker_for(case.authority, case.case_id)
    line = await office.staff.line_of(worker.slug)
    day = (await Clock.of(office.operator)).now.date()
    session = await Sessions(line, case).record(1, day, 50, "A first talk.")
    await office.operator.settle()
    chronology = await again(
        lambda: CaseworkServiceStub(line["casework"]).ReadChronology(
            casework.ReadChronologyRequest(context=reading(case.authority), case_id=case.case_id)
        )
    )
    duty = ReferralsServiceStub(office.managers[case.authority]["referrals"])
    referral = await again(
        lambda: duty.GetReferral(
            referrals.GetReferralRequest(
                context=reading(case.authority), referral_id=case.referral_id
            )
        )
    )
    return {
        "case": case.case_id,
        "family": case.family_id,
        "referral": case.referral_id,
        "child": referral.referral.child,
        "contact": referral.contact,
        "referrer": referral.referrer,
        "session": session,
        "entry": next(e.event_id for e in chronology.entries if e.kind == "session-recorded"),
    }


async def join_group(office: Office, case: Accepted) -> dict[str, str]:
    """Let a family come to a new group's first session; return the ids."""
    line = await office.staff.line(Role.GROUP_FACILITATOR, case.authority)
    stub = GroupsServiceStub(line["groups"])
    today = (await Clock.of(office.operator)).now.date()
    programme = await stub.PublishProgramme(
        groups.PublishProgrammeRequest(
            context=commanded(case.authority), name="Parents' group", usual_sessions=2
        )
    )
    cohort = await stub.PublishCohort(
        groups.PublishCohortRequest(
            context=commanded(case.authority),
            programme_id=programme.programme_id,
            capacity_families=3,
            session_days=_days(today, 0, 7),
            offer_days=4,
            referral_deadline=today.isoformat(),
        )
    )
    await office.operator.settle()
    manager = CaseworkServiceStub(office.managers[case.authority]["casework"])
    await manager.RequestPlace(
        casework.RequestPlaceRequest(
            context=commanded(case.authority), case_id=case.case_id, cohort_id=cohort.cohort_id
        )
    )
    await office.operator.settle()
    places = await stub.ListPlaces(
        groups.ListPlacesRequest(context=reading(case.authority), cohort_id=cohort.cohort_id)
    )
    [place] = places.places
    await stub.AcceptPlace(
        groups.AcceptPlaceRequest(context=commanded(case.authority), place_id=place.place_id)
    )
    await stub.RecordAttendance(
        groups.RecordAttendanceRequest(
            context=commanded(case.authority),
            place_id=place.place_id,
            session_number=1,
            attendance="attended",
        )
    )
    return {
        "programme": programme.programme_id,
        "cohort": cohort.cohort_id,
        "place": place.place_id,
    }


async def _note(worker: Channels, case: Accepted) -> str:
    """Return the id of the note that told a worker of a case."""
    stub = NotificationsServiceStub(worker["notifications"])
    inbox: Any = await again(
        lambda: stub.ListInbox(notifications.ListInboxRequest(context=reading(case.authority)))
    )
    return next(str(each.message_id) for each in inbox.notes if each.case_id == case.case_id)


def _days(first: date, *later: int) -> list[str]:
    return [(first + timedelta(days=each)).isoformat() for each in later]
