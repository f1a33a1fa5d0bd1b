"""What else lies in an authority: at its front door, on its worklists, with its urgent path."""

import json
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from chassis.roles import Role
from stack.places import checkout
from tests.system.mirrors.contract import methods
from tests.system.office import Office, commanded, reading
from tests.system.submissions import RECEIVED_AT, Submission, invented
from tests.system.worlds import World
from throughline.common.v1.common_pb2 import Occurred
from throughline_cli.calling import again
from throughline_cli.reaching import Line as Channels

SIBLINGS = {"saltby": "westmarch", "colne-bay": "northmoor"}
"""Another authority of the same partnership."""

_MESSAGE = checkout() / "services/referrals/tests/messages/unknown-code.json"


def message() -> bytes:
    """Return a message of the health service: the same one, whoever receives it."""
    bundle = json.loads(_MESSAGE.read_bytes())
    bundle["timestamp"] = RECEIVED_AT
    return json.dumps(bundle).encode()


async def said(
    line: Channels, authority: UUID, rpc: str, fields: dict[str, Any], command_id: str = ""
) -> Any:
    """Let somebody command or ask something of an authority's record."""
    method = methods()[rpc]
    request = method.request(fields)
    if method.reads:
        request.context.MergeFrom(reading(authority, purpose="direct-care"))
    else:
        named = {"command_id": command_id} if command_id else {}
        request.context.MergeFrom(commanded(authority, **named))
    return await again(lambda: method.on(line[method.service])(request, timeout=20))


async def all_the_rest(office: Office, world: World) -> None:
    """Record something of each room in a world, and add the ids."""
    manager = office.managers[world.authority]
    world.ids.update(await _at_the_door(manager, world))
    world.ids.update(await _redirects(office, world))
    world.ids.update(await _in_danger(manager, world))
    world.ids.update(await _assessed(manager, world))
    await office.operator.settle()
    world.ids.update(await _entries(manager, world))
    world.ids.update(await _decided_on(manager, world))
    await office.operator.settle()
    world.ids["service"] = await _to_serve(manager, world)
    world.ids.update(await _by_hand(manager, world))
    world.ids["task"] = await _task(manager, world)
    world.ids["from a message"] = await _from_a_message(manager, world)


async def _at_the_door(manager: Channels, world: World) -> dict[str, str]:
    """Let somebody ask, write a draft, screen a call; receive a message of the health service."""

    async def do(rpc: str, **fields: Any) -> Any:
        return await said(manager, world.authority, rpc, fields)

    enquiry = await do(
        "EnquiriesService.MakeEnquiry",
        channel="telephone",
        kind="adopter",
        topics=["therapy"],
        words="May we come?",
        enquirer={"name": "Ann Other"},
    )
    draft = await do("DraftsService.StartDraft", content=json.dumps(invented(world.slug)).encode())
    screen = await do(
        "ScreeningService.OpenSafeguardingScreen", safeguarding="concern", words="A call."
    )
    residence = await do(
        "DutyService.RecordResidence",
        child=world["child"],
        authority=world.slug,
        from_day="2024-06-01",
    )
    await do(
        "ConsentsService.GiveConsent",
        child=world["child"],
        recipient={"agency": "school"},
        given_by={"person_id": world["contact"], "capacity": "parental-responsibility"},
    )
    received = await do("IntakeService.SubmitReferralMessage", message=message())
    assert received.code == "ok"
    return {
        "enquiry": enquiry.enquiry_id,
        "draft": draft.draft_id,
        "screen": screen.screen_id,
        "fact": residence.fact_id,
        "message reference": received.reference,
    }


async def _redirects(office: Office, world: World) -> dict[str, str]:
    """Offer two referrals to a sibling, of families who want a letter and a call; be offered one.

    The sibling works for the same partnership, so that one manager acts for both.
    """
    sibling = SIBLINGS[world.slug]
    sent = await _offered(office, world.slug, sibling, "letter")
    await _offered(office, world.slug, sibling, "phone")
    return {"sent": sent, "incoming": await _offered(office, sibling, world.slug, "email")}


async def _offered(office: Office, slug: str, to: str, rather: str) -> str:
    authority = office.authority(slug)
    received = await office.submit(_who_prefer(rather, slug))
    referral = {"referral_id": received.children[0].referral_id}
    manager = office.managers[authority]
    answers = {
        "safeguarding": "none",
        "urgency": "routine",
        "eligibility": "eligible",
        "identity": "new",
        "duplicates": "none",
        "duty_holder": "looked-up",
        "conflict_of_interest": "none",
        "safe_contact": "safe",
    }
    await said(manager, authority, "ReferralsService.ScreenReferral", referral | answers)
    offer = {"to": to, "ground": "statutory-duty", "words": "They owe it."}
    offered = await said(manager, authority, "RedirectsService.OfferRedirect", referral | offer)
    return str(offered.redirect_id)


def _who_prefer(rather: str, slug: str) -> Submission:
    submission = invented(slug)
    submission["referrer"]["kind"] = "school"
    adult = submission["family"]["adults"][0]
    adult |= {"contact_preference": rather, "phone": "07700 900321"}
    return submission


async def _in_danger(manager: Channels, world: World) -> dict[str, str]:
    """Let somebody stand for the nights, and raise a concern."""
    midnight = datetime.combine(world.day + timedelta(days=1), time(), UTC)
    shift = {"post": "on-call", "worker_id": world.worker, "until": midnight}
    await said(manager, world.authority, "RotaService.StartOnCall", shift)
    concern = await said(
        manager,
        world.authority,
        "ConcernsService.RaiseConcern",
        {
            "child": world["child"],
            "case_id": world["case"],
            "referral_id": world["referral"],
            "source": "call",
            "words": "A neighbour called.",
        },
    )
    return {"concern": concern.concern_id}


async def _task(manager: Channels, world: World) -> str:
    """Agree what somebody is to do in the case."""
    day = (world.day + timedelta(days=30)).isoformat()
    fields = {"case_id": world["case"], "due_on": day, "desk": "lead", "words": "Ring the school."}
    agreed = await said(manager, world.authority, "TasksService.AgreeAction", fields)
    return str(agreed.task_id)


async def _assessed(manager: Channels, world: World) -> dict[str, str]:
    """Write down what two sources say, begin an assessment, draft a formulation and a plan."""
    case, day = {"case_id": world["case"]}, Occurred(day=world.day.isoformat())

    async def do(rpc: str, **fields: Any) -> Any:
        return await said(manager, world.authority, rpc, case | fields)

    told = {"heading": "child-needs", "topic": "sleep", "source": "school", "basis": "opinion"}
    words = {"told": told, "words": "She sleeps.", "context": {"occurred": day}}
    one, other = [await do("InformationService.ReceiveInformation", **words) for _ in range(2)]
    items = [one.item_id, other.item_id]
    conflict = await do("InformationService.FlagConflict", item_ids=items)
    asked = {"kind": "full", "asked_by": "adoptive-parent", "requested_on": day.day}
    await do("AssessmentsService.StartAssessment", **asked)
    await do("AssessmentsService.DraftFormulation", words="She is afraid.")
    await do("PlansService.DraftPlan", document={"monitor": world.worker})
    return {"item": items[0], "other item": items[1], "conflict": conflict.conflict_id}


async def _entries(manager: Channels, world: World) -> dict[str, str]:
    """Return which entry of an item a correction corrects."""
    case = {"case_id": world["case"]}
    known = await said(manager, world.authority, "InformationService.ListInformation", case)
    entries = {each.item_id: each.event_id for each in known.items}
    return {"item entry": entries[world["item"]]}


async def _decided_on(manager: Channels, world: World) -> dict[str, str]:
    """Propose to end something, let help begin at once, and take a complaint about it."""

    async def do(rpc: str, **fields: Any) -> Any:
        return await said(manager, world.authority, rpc, fields)

    case = {"case_id": world["case"]}
    written = await do(
        "DecisionsService.WriteProposal",
        **case,
        proposal="end",
        addressee=world["contact"],
        addressed_as="adopter",
        text="We propose to end this.",
    )
    notice = str(written.notice_id)
    await do("DecisionsService.IssueNotice", **case, notice_id=notice)
    begun = await do(
        "ProvisionService.AuthoriseUrgentProvision",
        **case,
        skipped=["assessment"],
        begins_on=(world.day + timedelta(days=365)).isoformat(),
        reason="It cannot wait.",
    )
    made = await do(
        "ComplaintsService.RecordComplaint",
        by=world["contact"],
        about_notice=notice,
        words="Nobody asked us.",
    )
    provision, complaint = str(begun.provision_id), str(made.complaint_id)
    return {"notice": notice, "provision": provision, "complaint": complaint}


async def _to_serve(manager: Channels, world: World) -> str:
    """Return the service that waits of the notice of what is proposed."""
    asked = {"notice_id": world["notice"]}
    found = await said(manager, world.authority, "NoticesService.ListServices", asked)
    return str(found.services[0].service_id)


async def _by_hand(manager: Channels, world: World) -> dict[str, str]:
    """Return the letter and the call that wait for a worker's hands."""
    letters, calls = [
        await said(manager, world.authority, f"ByHandService.{rpc}", {"limit": 500})
        for rpc in ("ListToPost", "ListToCall")
    ]
    return {"letter": letters.messages[-1].message_id, "call": calls.messages[-1].message_id}


async def _from_a_message(manager: Channels, world: World) -> str:
    listed = await said(
        manager, world.authority, "WorklistsService.ReadWorklist", {"list": "new", "page_size": 500}
    )
    return next(
        str(each.referral_id)
        for each in listed.entries
        if each.reference == world["message reference"]
    )


async def twins(world: World, words: str, command_ids: dict[str, str]) -> dict[str, str]:
    """Record an enquiry, a draft and a screen by commands whose ids are the same in each world."""
    manager, authority = world.people[Role.TEAM_MANAGER], world.authority
    enquiry = {"channel": "email", "kind": "gp", "topics": ["school"], "words": words}
    asked = (
        ("EnquiriesService.MakeEnquiry", enquiry, "enquiry_id"),
        ("DraftsService.StartDraft", {"content": json.dumps({"us": words}).encode()}, "draft_id"),
        (
            "ScreeningService.OpenSafeguardingScreen",
            {"safeguarding": "none", "words": words},
            "screen_id",
        ),
    )
    found = {}
    for rpc, fields, known_as in asked:
        done = await said(manager, authority, rpc, fields, command_ids[known_as])
        found[known_as] = str(getattr(done, known_as))
    return found
