"""From what sources say to an assessment and a formulation, over gRPC; words need a purpose."""

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from chassis.roles import Role
from services.casework.tests.planning_calls import CARE, HEADINGS, refused
from throughline.casework.v1 import information_pb2

if TYPE_CHECKING:
    from services.casework.tests.conftest import Office
    from services.casework.tests.speaking import Speaker

pytestmark = pytest.mark.asyncio(loop_scope="session")


def told(source: str, basis: str = "opinion") -> information_pb2.ItemTold:
    return information_pb2.ItemTold(
        heading="child-needs", topic="sleep", source=source, basis=basis
    )


async def test_what_sources_say_is_seen_side_by_side_and_settled(office: "Office") -> None:
    lead = await office.registered("social-worker")
    case_id = str(await office.led_case(lead))

    async def says(source: str, words: str, day: str = "2025-08-20", **more: Any) -> str:
        answer = await lead.do(
            "ReceiveInformation", day, case_id=case_id, told=told(source, **more), words=words
        )
        return str(answer.item_id)

    school = await says("school", "She is rested.")
    mother = await says("parent", "She wakes five times.", "2025-08-25", basis="fact")
    assert await refused(lead.do("FlagConflict", case_id=case_id, item_ids=[school])) == (
        "FAILED_PRECONDITION TooFewItems"
    )
    elsewhere = str(await office.led_case(lead))
    assert (
        await refused(lead.do("FlagConflict", case_id=elsewhere, item_ids=[school, mother]))
    ).startswith("NOT_FOUND")
    flagged = await lead.do("FlagConflict", case_id=case_id, item_ids=[school, mother])
    listed = await lead.ask("ListInformation", CARE, case_id=case_id)
    assert [(e.told.source, e.on, e.flagged, e.words) for e in listed.items] == [
        ("school", "2025-08-20", 1, "She is rested."),
        ("parent", "2025-08-25", 1, "She wakes five times."),
    ]
    (first,) = (await lead.ask("ListInformation", case_id=case_id, limit=1)).items
    assert (first.words, first.told.basis) == ("", "opinion")

    # Set right: stated anew, and the earlier entry stays in the chronology.
    await lead.do(
        "CorrectInformation",
        "2025-08-21",
        case_id=case_id,
        item_id=school,
        corrects=first.event_id,
        told=told("school"),
        reason="wrong-date",
        words="She is rested on Mondays.",
    )
    again = await lead.ask("ListInformation", CARE, case_id=case_id, limit=1)
    assert (again.items[0].on, again.items[0].corrections) == ("2025-08-21", 1)
    after = await lead.ask(
        "ListInformation", case_id=case_id, limit=1, page_token=again.next_page_token
    )
    assert after.items[0].item_id == mother

    await begin(lead, case_id)
    ended = lead.do("CompleteAssessment", case_id=case_id, words="That is all.")
    assert "ConflictsUnsettled" in await refused(ended)
    await lead.do(
        "LeaveConflict",
        case_id=case_id,
        conflict_id=flagged.conflict_id,
        reason="views-differ",
        words="Nights differ.",
    )
    (stands,) = (await lead.ask("ListConflicts", CARE, case_id=case_id)).conflicts
    assert (stands.state, stands.code, stands.words) == (
        "left-standing",
        "views-differ",
        "Nights differ.",
    )
    listed = await lead.ask("ListInformation", case_id=case_id)
    assert {each.flagged for each in listed.items} == {0}


async def begin(lead: "Speaker", case_id: str, **more: Any) -> Any:
    """Begin an assessment and say something under each heading."""
    asked = {"kind": "full", "asked_by": "adoptive-parent", "requested_on": "2025-09-01"}
    started = await lead.do("StartAssessment", "2025-09-01", case_id=case_id, **asked | more)
    for heading in HEADINGS:
        of_birth = "Her first mother." if heading == HEADINGS[5] else ""
        await lead.do(
            "ConsiderHeading",
            case_id=case_id,
            heading=heading,
            words=f"On {heading}.",
            birth_family=of_birth,
        )
    return started


async def test_siblings_are_assessed_together_and_each_record_shows_its_own_child(
    office: "Office",
) -> None:
    lead, manager = await office.registered("social-worker"), office.speaker(Role.TEAM_MANAGER)
    family, children = uuid4(), (uuid4(), uuid4())
    cases = [str(uuid4()), str(uuid4())]
    for child, case_id in zip(children, cases, strict=True):
        accepted = office.acceptance(child) | {"family_id": str(family)}
        await office.hear(office.record("referrals", "ReferralAccepted", accepted, UUID(case_id)))
        await manager.do("AllocateCase", case_id=case_id, worker_id=str(lead.id), reason="new-case")
    lead.seen = manager.seen
    for case_id in cases:
        await begin(lead, case_id, joint=True)
        await lead.do("CompleteAssessment", case_id=case_id, needs=["sleep"], words="Of one.")
    found = []
    for case_id in cases:
        (one,) = (await lead.ask("GetAssessments", CARE, case_id=case_id)).assessments
        found.append(one)
        assert (one.state, one.due_on, list(one.needs)) == ("completed", "2025-11-03", ["sleep"])
        assert [each.heading for each in one.headings] == list(HEADINGS)
        # Whoever leads the case reads what was found, not the words on the family of birth.
        assert one.headings[5].words
        assert not one.headings[5].birth_family
    assert found[0].joint_id == found[1].joint_id != ""
    assert found[0].assessment_id != found[1].assessment_id
    manager.seen = lead.seen
    (whole,) = (await manager.ask("GetAssessments", CARE, case_id=cases[0])).assessments
    assert whole.headings[5].birth_family == "Her first mother."
    mine, other = str(found[0]), (cases[1], str(children[1]), found[1].assessment_id)
    assert not [each for each in other if each in mine]

    await lead.do("DraftFormulation", case_id=cases[0], words="She keeps watch.")
    await lead.do("ShareFormulation", case_id=cases[0], version=1, readers=["child", "parents"])
    await lead.do("AgreeFormulation", case_id=cases[0], version=1, readers=["parents"])
    (version,) = (await lead.ask("GetFormulation", CARE, case_id=cases[0])).versions
    assert (version.state, list(version.agreed_by)) == ("agreed", ["parents"])
    assert version.words == "She keeps watch."
