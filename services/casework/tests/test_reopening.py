"""A closed case is reopened by a person, when duty holder and consents were checked again."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import grpc
import pytest

from casework.cases.case import (
    DECIDER,
    AcceptedReferral,
    CaseClosed,
    CaseOpened,
    CloseReason,
    EndCase,
    NoSuchCase,
    TakeOnReferral,
)
from casework.cases.reopening import (
    CaseIsOpen,
    CaseReopened,
    Check,
    NotCheckedAgain,
    Reopen,
    ReopenReason,
)
from chassis.roles import Role
from ledger.personal import Plain
from ledger.testing import Given, Transitions
from throughline.casework.v1 import consents_pb2

if TYPE_CHECKING:
    from services.casework.tests.conftest import Office

CASE, CHILD, FAMILY, REOPENING, OTHER = (UUID(int=n) for n in range(1, 6))
SEPTEMBER, NOVEMBER, JANUARY = date(2025, 9, 1), date(2025, 11, 3), date(2026, 1, 12)
WORDS = Plain("The school is worried.")

referral = AcceptedReferral(OTHER, "WM-1", FAMILY, None, ("sleep",), "westmarch", SEPTEMBER)
opened = CaseOpened(CASE, CHILD, referral)
closed = CaseClosed(CASE, CHILD, 1, CloseReason.GOALS_MET, NOVEMBER, WORDS)
reopen = Reopen(REOPENING, ReopenReason.CONCERN, "westmarch", JANUARY, (), WORDS)
reopened = CaseReopened(
    CASE, CHILD, 2, REOPENING, ReopenReason.CONCERN, "westmarch", JANUARY, WORDS
)

case = Given(DECIDER)
at_work = case.given(opened)
ended = at_work.given(closed)

TRANSITIONS = Transitions(
    {
        "no such case": case,
        "open": at_work,
        "closed": ended,
        "reopened": ended.given(reopened),
    },
    {
        "accept a referral": TakeOnReferral(
            CASE, CHILD, replace(referral, referral_id=UUID(int=7))
        ),
        "accept a referral that is known": TakeOnReferral(CASE, CHILD, referral),
        "close": EndCase(CloseReason.GOALS_MET, NOVEMBER, WORDS),
        "reopen": reopen,
        "reopen without checking again": replace(
            reopen, reopening=UUID(int=8), lacking=(Check.DUTY_HOLDER, Check.CONSENT)
        ),
    },
)


def test_work_begins_anew_in_a_new_episode_of_the_same_case() -> None:
    ended.when(reopen).then(reopened)
    ended.given(reopened).when(reopen).then()
    state = ended.given(reopened).state
    assert (state.episode, state.opened_on) == (2, JANUARY)


def test_what_was_not_checked_again_is_named() -> None:
    refused = ended.when(replace(reopen, lacking=(Check.CONSENT,))).refusal
    assert isinstance(refused, NotCheckedAgain)
    assert refused.details == {"missing": "consent-to-assess"}


def test_only_a_closed_case_is_reopened() -> None:
    at_work.when(reopen).then_refused(CaseIsOpen)
    case.when(reopen).then_refused(NoSuchCase)


@pytest.mark.asyncio(loop_scope="session")
async def test_duty_holder_and_consents_are_looked_up_and_family_is_linked(
    office: "Office",
) -> None:
    manager = office.speaker(Role.TEAM_MANAGER)
    children, ids = [uuid4(), uuid4()], [uuid4(), uuid4()]
    for child, each in zip(children, ids, strict=True):
        await office.accept(child, each)
    case_id, other = (str(each) for each in ids)
    manager.seen = await office.newest()
    mother = consents_pb2.CaseConsentSpeaker(
        person_id=str(uuid4()), capacity="parental-responsibility"
    )
    agree = {
        "given_by": mother,
        "matters": [consents_pb2.ConsentMatter(purpose="assess")],
        "case_id": case_id,
    }
    await manager.do("GiveCaseConsent", "2025-08-20", **agree)
    await manager.close(case_id, "goals-met", context=manager.context("2025-08-25"))
    await manager.ask("GetCase", case_id=case_id)

    asked = {"case_id": case_id, "reason": "concern", "words": "The school is worried."}
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await manager.do("ReopenCase", duty_holder="saltby", **asked)
    assert "NotCheckedAgain" in str(refused.value.details())
    # The consent of before the closing will not do: the family is asked again.
    with pytest.raises(grpc.aio.AioRpcError):
        await manager.do("ReopenCase", duty_holder="westmarch", **asked)
    await manager.do("GiveCaseConsent", "2025-08-28", **agree)
    await manager.do("ReopenCase", duty_holder="westmarch", **asked)
    stands = (await manager.ask("GetCase", case_id=case_id)).case
    assert (stands.state, stands.episode, stands.stage) == ("open", 2, "waiting")
    assert stands.HasField("allocate_by")

    link = {"case_id": case_id, "other_case_id": other}
    await manager.do("LinkFamily", relation="sibling", **link)
    for one, another in ((case_id, other), (other, case_id)):
        answer = await manager.ask("GetCase", case_id=one)
        assert [(each.case_id, each.relation) for each in answer.family] == [(another, "sibling")]
    await manager.do("UnlinkFamily", **link)
    assert not (await manager.ask("GetCase", case_id=other)).family

    # Two persons are one: a person looks at the cases of both, until they are two after all.
    finding = {"person": str(children[0]), "same_as": str(uuid4()), "episode": str(uuid4())}
    for name in ("DuplicateLinked", "DuplicateUnlinked"):
        await office.hear(office.record("referrals", name, finding, None))
    manager.seen = await office.newest()
    entries = (await manager.ask("ReadChronology", case_id=case_id)).entries
    assert "Task: merged case" in [each.headline for each in entries]
    assert entries[-1].kind == "task-settled"


@pytest.mark.asyncio(loop_scope="session")
async def test_an_acceptance_after_the_closing_asks_for_the_checks(office: "Office") -> None:
    manager = office.speaker(Role.TEAM_MANAGER)
    child, case_id = uuid4(), uuid4()
    await office.accept(child, case_id)
    manager.seen = await office.newest()
    await manager.close(case_id, "moved")
    await office.accept(child, uuid4())
    manager.seen = await office.newest()
    told = (await manager.ask("ReadChronology", case_id=str(case_id))).entries
    assert "Task: recheck duty and consents" in [each.headline for each in told]

    async def stands() -> str:
        manager.seen = await office.newest()
        tasks = (await manager.ask("ListCaseTasks", case_id=str(case_id))).tasks
        [task] = [each for each in tasks if each.kind == "recheck-duty-and-consents"]
        return str(task.state)

    # It is over by itself once both are recorded, in whichever order.
    mother = consents_pb2.CaseConsentSpeaker(
        person_id=str(uuid4()), capacity="parental-responsibility"
    )
    matters = [consents_pb2.ConsentMatter(purpose="assess")]
    await manager.do("GiveCaseConsent", given_by=mother, matters=matters, case_id=str(case_id))
    assert await stands() == "waiting"
    period = {"duty_holder": "westmarch", "from_day": None, "to_day": None}
    line = {"child": str(child), "effect_from": "2025-08-01", "periods": [period]}
    await office.hear(office.record("referrals", "ResponsibilityDetermined", line, None))
    assert await stands() == "done"
