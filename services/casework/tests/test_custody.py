"""A case passes to another authority: at one instant, with its history of safeguarding, once."""

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import grpc
import pytest

from chassis.roles import Role
from services.casework.tests.conftest import HARROWDALE, WESTMARCH
from services.casework.tests.own_news import News
from throughline.casework.v1 import consents_pb2

if TYPE_CHECKING:
    from services.casework.tests.conftest import Office
    from services.casework.tests.speaking import Speaker

pytestmark = pytest.mark.asyncio(loop_scope="session")

SHARE = consents_pb2.ConsentMatter(purpose="share", party="authority:harrowdale")
PARENT = consents_pb2.CaseConsentSpeaker(person_id=str(uuid4()), capacity="parental-responsibility")

RING = {"due_on": "2030-01-02", "desk": "lead", "words": "Ring the school."}


async def refused(name: str, doing: Any) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await doing
    assert name in str(error.value.details()) + str(error.value.debug_error_string())


async def a_case(office: "Office") -> tuple["Speaker", "Speaker", str]:
    """Give a lead, a manager and their case, with what an authority may be told of agreed."""
    lead = await office.registered("therapist")
    manager = office.speaker(Role.TEAM_MANAGER)
    case_id = str(await office.led_case(lead))
    await lead.do("GiveCaseConsent", case_id=case_id, given_by=PARENT, matters=[SHARE])
    return lead, manager, case_id


async def to_do(lead: "Speaker") -> set[str]:
    return {each.task_id for each in (await lead.ask("ListMyTasks", all=True)).tasks}


async def test_custody_passes_at_one_instant_and_the_record_behind_stands_still(
    office: "Office", news: News
) -> None:
    lead, manager, case_id = await a_case(office)
    raised = await lead.do(
        "RaiseConcern", case_id=case_id, source="session", words="She says she was hit."
    )
    agreed = await lead.do("AgreeAction", case_id=case_id, **RING)
    there = office.speaker(Role.TEAM_MANAGER, at=HARROWDALE)
    theirs = await office.registered("social-worker", at=HARROWDALE)

    preview = await lead.ask("PreviewTransfer", case_id=case_id)
    parts = {each.part: (each.streams, each.always) for each in preview.parts}
    assert parts["safeguarding"] == (1, True)
    assert parts["consents"] == (1, False)
    assert {"pre-adoption-link", "birth-family", "address"} <= set(preview.never)

    offer = {"kind": "authority", "to": "harrowdale", "reason": "family-moved"}
    offered = await lead.do(
        "OfferTransfer", case_id=case_id, ground="consent", parts=["consents"], **offer
    )
    await news.told(there)
    [waiting] = (await there.ask("ListIncomingTransfers", state="waiting")).transfers
    assert waiting.transfer_id == offered.transfer_id
    assert list(waiting.parts) == ["case", "safeguarding", "consents"]
    assert not await office.has_case(there, UUID(case_id))

    await there.do("AcceptTransfer", transfer_id=offered.transfer_id, lead=str(theirs.id))
    await news.told()
    await news.copied()
    theirs.seen = lead.seen = manager.seen = there.seen = await office.newest()

    # One holder before, another after, told by one event; both sides say the same of it.
    [passing] = (await lead.ask("GetCustody", case_id=case_id)).passings
    for asked in (manager, theirs):
        now = await asked.ask("GetCustody", case_id=case_id)
        assert (now.holder, list(now.passings)) == (str(HARROWDALE), [passing])
        before = passing.at.ToDatetime().replace(microsecond=0)
        passing_before = type(passing.at)()
        passing_before.FromDatetime(before.replace(year=before.year - 1))
        then = await asked.ask("GetCustody", case_id=case_id, at=passing_before)
        assert then.holder == str(WESTMARCH)

    # The lead is handed over at that very instant, in two records.
    here = await manager.ask("GetCase", case_id=case_id)
    new = await theirs.ask("GetCase", case_id=case_id)
    assert (here.case.state, here.case.lead) == ("transferred", "")
    assert (new.case.state, new.case.lead) == ("open", str(theirs.id))
    assert new.case.lead_since.instant == passing.at

    # What was to be done is nobody's work here any more, and stays to be read.
    assert agreed.task_id not in {
        e.task_id for e in (await lead.ask("ListMyTasks", all=True)).tasks
    }
    tasks = {e.task_id: e for e in (await manager.ask("ListCaseTasks", case_id=case_id)).tasks}
    assert tasks[agreed.task_id].outcome == "passed-on"

    # The old side writes nothing more, yet reads; a concern is never refused.
    await refused(
        "CustodyPassed",
        lead.do("RefuseCaseConsent", case_id=case_id, refused_by=PARENT, matters=[SHARE]),
    )
    await refused(
        "CaseHasGone", lead.do("OfferTransfer", case_id=case_id, ground="consent", **offer)
    )
    late = await lead.do(
        "RaiseConcern", case_id=case_id, source="call", words="A school called us."
    )
    assert late.concern_id != raised.concern_id
    page = await lead.ask("ReadChronology", purpose="direct-care", case_id=case_id)
    assert [each.kind for each in page.entries][-2:] == ["custody-passed", "allocation-ended"]
    await came_along(office, news, theirs, raised.concern_id, case_id)


async def came_along(
    office: "Office", news: News, theirs: "Speaker", concern_id: str, case_id: str
) -> None:
    """Look at what is on the other side: the history of safeguarding, and proof of the passing."""
    # What came along: safeguarding with its words, nothing before the adoption, with its origin.
    came = await theirs.ask("ReadTransferredRecord", purpose="direct-care", case_id=case_id)
    assert {each.part for each in came.entries} == {"case", "safeguarding", "consents"}
    told = next(each for each in came.entries if each.type == "ConcernRaised")
    assert json.loads(told.words) == {"words": "She says she was hit."}
    assert told.origin_authority == str(WESTMARCH)
    kept = await office.parts.worker_pool.fetchval(
        "select leaf_hash from es.events where event_id = $1", UUID(told.origin_event_id)
    )
    assert told.leaf_hash == kept.hex()
    # It was open there: it is open here, and somebody is told anew.
    open_here = await theirs.ask("GetConcern", concern_id=concern_id)
    assert open_here.concern.state == "raised"
    facts = await office.parts.worker_pool.fetchrow(
        "select convert_from(c.payload, 'utf8')::jsonb ->> 'custody_leaf' as leaf, e.leaf_hash"
        " from es.events c join es.events e"
        " on e.event_id = (convert_from(c.payload, 'utf8')::jsonb ->> 'by')::uuid"
        " where c.type = 'CopyComplete' and c.tenant = $1",
        HARROWDALE,
    )
    assert facts is not None
    assert facts["leaf"] == facts["leaf_hash"].hex()
    # The front door there was told of nobody: its lead is to ask the family, once.
    untold = {"transfer_id": str(uuid4()), "child": str(uuid4())}
    said = office.record("referrals", "FamilyUntold", untold, UUID(case_id), at=HARROWDALE)
    await office.hear(said)
    await office.hear(said)
    theirs.seen = await office.newest()
    tasks = (await theirs.ask("ListCaseTasks", case_id=case_id)).tasks
    assert [each.desk for each in tasks if each.kind == "ask-family"] == ["lead"]
    # Delivered again and again: no second case, no second lead, no second copy.
    await news.copied()
    again = await theirs.ask("ReadTransferredRecord", case_id=case_id)
    assert len(again.entries) == len(came.entries)


async def test_a_referral_of_a_child_whose_case_is_elsewhere_is_told_to_a_manager(
    office: "Office", news: News
) -> None:
    lead, manager, case_id = await a_case(office)
    there = office.speaker(Role.TEAM_MANAGER, at=HARROWDALE)
    theirs = await office.registered("social-worker", at=HARROWDALE)
    offer = {"case_id": case_id, "kind": "authority", "to": "harrowdale", "ground": "consent"}
    out = await lead.do("OfferTransfer", reason="family-moved", **offer)
    await news.told()
    await there.do("AcceptTransfer", transfer_id=out.transfer_id, lead=str(theirs.id))
    await news.told(manager, there)
    child = UUID((await manager.ask("GetCase", case_id=case_id)).case.child)
    accepted = office.acceptance(child)
    came = office.record("referrals", "ReferralAccepted", accepted, UUID(case_id))
    await office.hear(came)
    await office.hear(came)
    manager.seen = await office.newest()
    told = await office.parts.worker_pool.fetch(
        "select tenant from es.events where type = 'TaskRaised'"
        " and convert_from(payload, 'utf8')::jsonb @> $1",
        json.dumps({"kind": "case-elsewhere", "about": accepted["referral_id"]}),
    )
    assert [each["tenant"] for each in told] == [WESTMARCH]
    # Nothing was joined.
    assert (await manager.ask("GetCase", case_id=case_id)).case.episode == 1


async def test_an_offer_is_refused_or_taken_back_and_the_case_stays(
    office: "Office", news: News
) -> None:
    lead, manager, case_id = await a_case(office)
    there = office.speaker(Role.TEAM_MANAGER, at=HARROWDALE)
    theirs = await office.registered("social-worker", at=HARROWDALE)
    offer = {
        "case_id": case_id,
        "kind": "authority",
        "to": "harrowdale",
        "ground": "consent",
        "reason": "family-moved",
    }
    first = await lead.do("OfferTransfer", **offer)
    await news.told()
    await there.do("RefuseTransfer", transfer_id=first.transfer_id, reason="no-capacity")
    await news.told()
    standing = await lead.ask("GetTransfer", case_id=case_id)
    assert (standing.state, standing.last) == ("staying", "transfer-refused")

    second = await lead.do("OfferTransfer", **offer)
    await news.told()
    await manager.do("RevokeTransfer", case_id=case_id, reason="circumstances-changed")
    await news.told()
    assert (await lead.ask("GetTransfer", case_id=case_id)).last == "transfer-revoked"
    accept = there.do("AcceptTransfer", transfer_id=second.transfer_id, lead=str(theirs.id))
    await refused("TakenBack", accept)

    # Accepted and recalled in the same moment: whoever was told "accepted" has it.
    third = await lead.do("OfferTransfer", **offer)
    await news.told()
    await there.do("AcceptTransfer", transfer_id=third.transfer_id, lead=str(theirs.id))
    await manager.do("RevokeTransfer", case_id=case_id, reason="circumstances-changed")
    await news.told()
    assert (await lead.ask("GetTransfer", case_id=case_id)).state == "gone"
    theirs.seen = await office.newest()
    assert await office.has_case(theirs, UUID(case_id))


async def test_a_case_that_comes_back_goes_on_in_the_record_that_stood_still(
    office: "Office", news: News
) -> None:
    lead, manager, case_id = await a_case(office)
    waiting = await lead.do("AgreeAction", case_id=case_id, **RING)
    there = office.speaker(Role.TEAM_MANAGER, at=HARROWDALE)
    theirs = await office.registered("social-worker", at=HARROWDALE)
    offer = {"case_id": case_id, "kind": "authority", "ground": "statutory-duty"}
    out = await lead.do("OfferTransfer", to="harrowdale", reason="duty-changed", **offer)
    await news.told()
    await there.do("AcceptTransfer", transfer_id=out.transfer_id, lead=str(theirs.id))
    await news.told()
    theirs.seen = lead.seen = await office.newest()
    assert waiting.task_id not in {
        e.task_id for e in (await lead.ask("ListMyTasks", all=True)).tasks
    }
    back = await theirs.do("OfferTransfer", to="westmarch", reason="family-moved", **offer)
    await news.told()
    await manager.do("AcceptTransfer", transfer_id=back.transfer_id, lead=str(lead.id))
    await news.told()
    await news.copied()
    lead.seen = await office.newest()
    case = (await lead.ask("GetCase", case_id=case_id)).case
    assert (case.state, case.lead, case.episode) == ("open", str(lead.id), 3)
    assert waiting.task_id in await to_do(lead)
    await lead.close(case_id, "goals-met")
    await refused(
        "CustodyPassed",
        theirs.do("GiveCaseConsent", case_id=case_id, given_by=PARENT, matters=[SHARE]),
    )
    custody = await lead.ask("GetCustody", case_id=case_id)
    assert (custody.holder, len(custody.passings)) == (str(WESTMARCH), 2)


async def test_a_team_and_an_agency_answer_on_our_own_side(office: "Office") -> None:
    lead, manager, case_id = await a_case(office)
    other = await office.registered("social-worker")
    offer = {"case_id": case_id, "reason": "team-change", "ground": "consent"}
    await lead.do("OfferTransfer", kind="team", to="north-team", **offer)
    await manager.do("RecordTransferAnswer", case_id=case_id, answer="accepted", lead=str(other.id))
    other.seen = manager.seen
    assert (await other.ask("GetCase", case_id=case_id)).case.lead == str(other.id)
    agency = {"kind": "agency", "to": "camhs", **offer}
    await refused("NoConsentToShare", other.do("OfferTransfer", **agency))
    camhs = consents_pb2.ConsentMatter(purpose="share", party="agency:camhs")
    await other.do("GiveCaseConsent", case_id=case_id, given_by=PARENT, matters=[camhs])
    await other.do("OfferTransfer", **agency)
    await manager.do(
        "RecordTransferAnswer", case_id=case_id, answer="refused", reason="no-capacity"
    )
    await other.do("OfferTransfer", **agency)
    await manager.do("RecordTransferAnswer", case_id=case_id, answer="accepted")
    standing = await other.ask("GetTransfer", case_id=case_id)
    assert (standing.state, standing.last) == ("staying", "agency-took-over")
    await other.close(case_id, "goals-met")
