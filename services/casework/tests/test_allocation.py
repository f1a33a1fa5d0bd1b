"""A case has one lead at any time, or a gap that is told; every naming, offer and answer stays."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from casework.allocations.allocation_commands import (
    AllocationCommand,
    AwaitLead,
    Candidate,
    EndAllocation,
    NoteUnanswered,
    WeighCase,
    WithdrawOffer,
)
from casework.allocations.allocation_events import (
    AllocationAccepted,
    AllocationEnded,
    AllocationReason,
    LeadAwaited,
    LeadEnded,
    LeavingReason,
    Part,
    WithdrawalReason,
    WorkerLeft,
)
from casework.allocations.allocation_states import part_of
from casework.allocations.conflict import ConflictOfInterest, InConflict, NoConflict
from casework.allocations.naming import LeadsAlready, MayNotLead, MayNotTakePart
from casework.cases.case import CaseIsClosed, NoSuchCase, NotOpened
from casework.workers.work import RegistrationLapsed
from casework.workers.worker import NotRegistered, WorkerUnknown
from ledger.testing import Transitions
from services.casework.tests.allocation_samples import (
    AMINA,
    BEN,
    CASE,
    CHILD,
    DUE,
    FAMILY,
    NO_WORDS,
    OFFER,
    RULE,
    SECOND,
    accept,
    allocation,
    amina,
    amina_leads,
    awaited,
    ben,
    ben_joined,
    decline,
    end,
    ended,
    factors,
    fay,
    first_episode,
    handing_over,
    join,
    joint,
    late,
    led,
    name,
    named,
    offer,
    offered,
    over,
    overdue,
    second_episode,
    waiting,
    was_late,
    weighed,
)

TRANSITIONS = Transitions(
    {
        "not awaited": allocation,
        "unallocated": waiting,
        "unallocated, offered to Ben": waiting.given(offered),
        "overdue": overdue,
        "led by Amina": led,
        "led by Amina, offered to Ben": handing_over,
        "led by Amina, Ben beside her": joint,
        "ended": ended,
    },
    {
        "await a lead": AwaitLead(CASE, CHILD, 1, DUE, RULE),
        "name Amina": name(amina),
        "name Ben": name(ben),
        "let Ben join": join(ben),
        "offer Ben the lead": offer(ben, offer_id=SECOND),
        "Ben accepts": accept(ben),
        "Ben declines": decline,
        "take the offer back": WithdrawOffer(OFFER, first_episode, WithdrawalReason.MISTAKE),
        "no answer in time": NoteUnanswered(OFFER, first_episode),
        "Amina leaves": end(AMINA),
        "Ben leaves": end(BEN),
        "weigh the case": WeighCase(first_episode, factors, 124, "weight-1"),
        "no lead in time": late,
        "the case is closed": EndAllocation(first_episode),
    },
)


def test_an_opening_waits_for_a_lead_once_and_the_next_episode_again() -> None:
    allocation.when(AwaitLead(CASE, CHILD, 1, DUE, RULE)).then(awaited)
    led.when(AwaitLead(CASE, CHILD, 1, DUE, RULE)).then()
    again = LeadAwaited(CASE, CHILD, 2, DUE, RULE)
    ended.when(AwaitLead(CASE, CHILD, 2, DUE, RULE)).then(again)


def test_an_open_case_is_given_a_lead() -> None:
    waiting.when(name(amina)).then(amina_leads)
    allocation.when(name(amina)).then(amina_leads)


def test_a_new_lead_follows_the_old_one_and_names_him() -> None:
    led.when(name(ben, reason=AllocationReason.HANDOVER)).then(named(BEN, AMINA, reason="handover"))


def test_the_lead_named_again_decides_nothing() -> None:
    led.when(name(amina, reason=AllocationReason.SKILLS)).then()


def test_a_lead_is_a_registered_worker_who_leads_cases() -> None:
    waiting.when(name(NotRegistered())).then_refused(WorkerUnknown)
    waiting.when(name(fay)).then_refused(MayNotLead)


def test_whoever_knows_the_family_takes_no_part_however_asked() -> None:
    conflicted = Candidate(ben, DUE, (NoConflict(), InConflict(BEN, FAMILY)))
    for command in (
        replace(name(ben), candidate=conflicted),
        replace(join(ben), candidate=conflicted),
        replace(offer(ben, offer_id=SECOND), candidate=conflicted),
        replace(accept(ben), candidate=conflicted),
    ):
        handing_over.when(command).then_refused(ConflictOfInterest)


def test_nobody_begins_to_lead_whose_registration_has_lapsed() -> None:
    lapsed = Candidate(amina, date(2026, 6, 1))
    on_its_last_day = Candidate(amina, date(2026, 5, 31))
    waiting.when(replace(name(amina), candidate=on_its_last_day)).then(amina_leads)
    waiting.when(replace(name(amina), candidate=lapsed)).then_refused(RegistrationLapsed)
    waiting.when(replace(offer(amina), candidate=lapsed)).then_refused(RegistrationLapsed)
    asked = waiting.given(replace(offered, worker=AMINA))
    asked.when(replace(accept(amina), candidate=lapsed)).then_refused(RegistrationLapsed)


def test_whose_work_needs_no_register_leads_and_advice_asks_for_none() -> None:
    later = date(2026, 6, 1)
    waiting.when(replace(name(ben), candidate=Candidate(ben, later))).then(named(BEN, None))
    joins = replace(join(amina, Part.CONSULTANT), candidate=Candidate(amina, later))
    advises = replace(ben_joined, worker=AMINA, part=Part.CONSULTANT)
    waiting.when(joins).then(advises)


def test_only_an_open_case_gets_a_lead() -> None:
    waiting.when(name(amina, over)).then_refused(CaseIsClosed)
    waiting.when(name(amina, NotOpened())).then_refused(NoSuchCase)


def test_a_lead_who_falls_away_leaves_a_gap_with_its_last_day() -> None:
    gone = LeadEnded(CASE, CHILD, 1, AMINA, LeavingReason.LEFT_SERVICE, DUE, RULE, NO_WORDS)
    led.when(end(AMINA)).then(gone)
    led.given(gone).when(end(AMINA)).then()
    led.given(gone).when(late).then(was_late)
    # What was offered meanwhile can still fill it.
    handing_over.given(gone).when(accept(ben)).then(
        AllocationAccepted(CASE, 1, OFFER, BEN, Part.LEAD), named(BEN, None, reason="handover")
    )


def test_others_work_beside_the_lead_in_one_part_each() -> None:
    led.when(join(ben)).then(ben_joined)
    joint.when(join(ben)).then()
    led.when(join(amina)).then_refused(LeadsAlready)
    led.when(join(ben, Part.CONSULTANT)).then_refused(MayNotTakePart)
    assert part_of(joint.state, BEN) is Part.CO_WORKER
    left = WorkerLeft(CASE, CHILD, 1, BEN, Part.CO_WORKER, LeavingReason.LEFT_SERVICE, NO_WORDS)
    joint.when(end(BEN)).then(left)
    assert part_of(joint.given(left).state, BEN) is None
    # Whoever leads is not beside himself.
    leads_now = joint.given(named(BEN, AMINA))
    assert part_of(leads_now.state, BEN) is Part.LEAD
    assert part_of(leads_now.given(named(AMINA, BEN)).state, BEN) is None


def test_a_case_is_weighed_once_by_the_same_factors() -> None:
    weigh = WeighCase(first_episode, factors, 124, "weight-1")
    led.when(weigh).then(weighed)
    led.given(weighed).when(weigh).then()


def test_the_closing_ends_the_lead_even_where_there_was_none() -> None:
    led.when(EndAllocation(first_episode)).then(AllocationEnded(CASE, 1, AMINA))
    waiting.when(EndAllocation(first_episode)).then(AllocationEnded(CASE, 1, None))
    ended.when(EndAllocation(over)).then()
    assert part_of(ended.state, AMINA) is Part.LEAD


def test_a_lead_named_in_the_instant_of_the_closing_is_refused() -> None:
    ended.when(name(ben)).then_refused(CaseIsClosed)
    ended.when(join(ben)).then_refused(CaseIsClosed)
    ended.when(offer(ben)).then_refused(CaseIsClosed)


def test_a_new_episode_gets_a_lead_of_its_own() -> None:
    ended.when(name(ben, second_episode)).then(named(BEN, None, episode=2))


def test_a_case_without_a_lead_in_time_is_noted_once_a_gap() -> None:
    waiting.when(late).then(was_late)
    overdue.when(late).then()
    led.when(late).then()
    waiting.given(AllocationEnded(CASE, 1, None)).when(late).then()
    overdue.when(name(amina)).then(amina_leads)


commands: st.SearchStrategy[AllocationCommand] = st.one_of(
    st.builds(
        name,
        st.sampled_from([amina, ben]),
        st.sampled_from([first_episode, second_episode]),
        st.sampled_from(AllocationReason),
    ),
    st.builds(
        offer,
        st.sampled_from([amina, ben]),
        st.sampled_from(Part),
        st.sampled_from([OFFER, SECOND]),
    ),
    st.builds(accept, st.sampled_from([amina, ben]), st.sampled_from([OFFER, SECOND])),
    st.builds(end, st.sampled_from([AMINA, BEN]), st.sampled_from(LeavingReason)),
    st.builds(join, st.sampled_from([amina, ben]), st.sampled_from(Part)),
    st.sampled_from(
        [late, decline, NoteUnanswered(OFFER, first_episode), EndAllocation(first_episode)]
    ),
)


@given(st.lists(commands, max_size=12))
def test_a_repeated_command_decides_nothing(history: list[AllocationCommand]) -> None:
    so_far = waiting
    for command in history:
        decided = so_far.when(command)
        if decided.refusal is None:
            # A closing is decided on the case, which is closed when it is heard of again.
            if not isinstance(command, EndAllocation):
                so_far.repeats_nothing(command)
            so_far = so_far.given(*decided.events)
