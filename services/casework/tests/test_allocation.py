"""A case has one lead at any time or none; every naming stays; too late shows as a fact."""

from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from casework.allocations.allocation import (
    DECIDER,
    AllocateLead,
    AllocationCommand,
    AllocationEnded,
    AllocationOverdue,
    AllocationReason,
    CaseAllocated,
    EndAllocation,
    MayNotLead,
    NoteOverdue,
)
from casework.cases.case import Case, CaseIsClosed, Closed, CloseReason, NoSuchCase, NotOpened, Open
from casework.workers.worker import NotRegistered, Registered, WorkerKind, WorkerUnknown
from ledger.personal import Plain
from ledger.testing import Given

CASE, CHILD, FAMILY, AMINA, BEN, FAY = (UUID(int=n) for n in range(1, 7))
OPENED, DUE, CLOSED = date(2025, 9, 1), date(2025, 9, 11), date(2025, 12, 1)
NAME = Plain("Somebody")
NO_WORDS: Plain[str | None] = Plain(None)

first_episode = Open(CASE, CHILD, FAMILY, None, 1, OPENED, frozenset())
second_episode = Open(CASE, CHILD, FAMILY, None, 2, CLOSED, frozenset())
over = Closed(first_episode, CloseReason.GOALS_MET, CLOSED)
amina = Registered(AMINA, WorkerKind.THERAPIST, (), (), NAME)
ben = Registered(BEN, WorkerKind.SUPPORT_WORKER, (), (), NAME)
fay = Registered(FAY, WorkerKind.GROUP_FACILITATOR, (), (), NAME)


def name(
    worker: Registered | NotRegistered,
    case: Case = first_episode,
    reason: AllocationReason = AllocationReason.NEW_CASE,
) -> AllocateLead:
    return AllocateLead(case, worker, reason, NO_WORDS)


def named(
    worker: UUID, previous: UUID | None, episode: int = 1, reason: str = "new-case"
) -> CaseAllocated:
    return CaseAllocated(CASE, CHILD, episode, worker, previous, AllocationReason(reason), NO_WORDS)


amina_leads = named(AMINA, None)
late = NoteOverdue(first_episode, DUE, "allocation-1")
was_late = AllocationOverdue(CASE, 1, DUE, "allocation-1")

allocation = Given(DECIDER)
led = allocation.given(amina_leads)


def test_an_open_case_is_given_a_lead() -> None:
    allocation.when(name(amina)).then(amina_leads)


def test_a_new_lead_follows_the_old_one_and_names_him() -> None:
    led.when(name(ben, reason=AllocationReason.HANDOVER)).then(named(BEN, AMINA, reason="handover"))


def test_the_lead_named_again_decides_nothing() -> None:
    led.when(name(amina, reason=AllocationReason.SKILLS)).then()


def test_a_lead_is_a_registered_worker_who_leads_cases() -> None:
    allocation.when(name(NotRegistered())).then_refused(WorkerUnknown)
    allocation.when(name(fay)).then_refused(MayNotLead)


def test_only_an_open_case_gets_a_lead() -> None:
    allocation.when(name(amina, over)).then_refused(CaseIsClosed)
    allocation.when(name(amina, NotOpened())).then_refused(NoSuchCase)


def test_the_closing_ends_the_lead_even_where_there_was_none() -> None:
    led.when(EndAllocation(first_episode)).then(AllocationEnded(CASE, 1, AMINA))
    allocation.when(EndAllocation(first_episode)).then(AllocationEnded(CASE, 1, None))


def test_a_closing_heard_of_again_ends_nothing() -> None:
    led.given(AllocationEnded(CASE, 1, AMINA)).when(EndAllocation(over)).then()


def test_a_lead_named_in_the_instant_of_the_closing_is_refused() -> None:
    led.given(AllocationEnded(CASE, 1, AMINA)).when(name(ben)).then_refused(CaseIsClosed)


def test_a_new_episode_gets_a_lead_of_its_own() -> None:
    ended = led.given(AllocationEnded(CASE, 1, AMINA))
    ended.when(name(ben, second_episode)).then(named(BEN, None, episode=2))


def test_a_case_without_a_lead_in_time_is_noted_once_an_episode() -> None:
    allocation.when(late).then(was_late)
    allocation.given(was_late).when(late).then()
    again = NoteOverdue(second_episode, DUE, "allocation-1")
    ended = allocation.given(was_late, AllocationEnded(CASE, 1, None))
    ended.when(again).then(AllocationOverdue(CASE, 2, DUE, "allocation-1"))


def test_a_lead_or_a_closing_at_the_last_moment_leaves_nothing_to_note() -> None:
    led.when(late).then()
    allocation.when(NoteOverdue(over, DUE, "allocation-1")).then()
    allocation.given(AllocationEnded(CASE, 1, None)).when(late).then()


def test_a_case_noted_as_late_can_still_get_its_lead() -> None:
    allocation.given(was_late).when(name(amina)).then(amina_leads)


commands: st.SearchStrategy[AllocationCommand] = st.one_of(
    st.builds(
        name,
        st.sampled_from([amina, ben]),
        st.sampled_from([first_episode, second_episode]),
        st.sampled_from(AllocationReason),
    ),
    st.just(late),
)


@given(st.lists(commands, max_size=12))
def test_a_repeated_command_decides_nothing(history: list[AllocationCommand]) -> None:
    so_far = allocation
    for command in history:
        decided = so_far.when(command)
        if decided.refusal is None:
            so_far.repeats_nothing(command)
            so_far = so_far.given(*decided.events)
    leads = [each for each in so_far.history if isinstance(each, CaseAllocated)]
    # Each naming follows the one before: nobody is passed over and nobody leads beside another.
    assert [each.previous_worker for each in leads[1:]] == [each.worker for each in leads[:-1]]
