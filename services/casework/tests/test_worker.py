"""A worker is registered once; teams and registrations are periods, so that a gap shows."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.workers.profile import (
    Area,
    Experience,
    Profile,
    Registration,
    RegistrationBody,
    WorkerKind,
)
from casework.workers.work import (
    CLINICAL,
    MAY_DO,
    OtherProfession,
    Work,
    may_do,
)
from casework.workers.work import RegistrationLapsed as MayNotNow
from casework.workers.worker import (
    DECIDER,
    NotOfThatTeam,
    NotRegistered,
    Registered,
    WorkerKnownOtherwise,
    WorkerUnknown,
    known_worker,
)
from casework.workers.worker_commands import (
    AssignToTeam,
    ChangeWorkerProfile,
    EnterRegistration,
    EnterWorker,
    Lapse,
    LeaveTeam,
    RegisterWorker,
    Warn,
    Watch,
    WorkerCommand,
)
from casework.workers.worker_events import (
    RegistrationEnding,
    RegistrationLapsed,
    RegistrationRestored,
    WorkerAssignedToTeam,
    WorkerLeftTeam,
    WorkerProfileChanged,
    WorkerRegistered,
    WorkerRegistrationChanged,
)
from ledger.personal import Plain
from ledger.testing import Given, Transitions

TESS = UUID(int=1)
NAME = Plain("Tess Okafor")
WATCH = Watch((90, 30, 7), "rules-1")
HCPC = RegistrationBody.HCPC
first = Registration(HCPC, date(2024, 6, 1), date(2026, 5, 31))
ended_early = Registration(HCPC, date(2024, 6, 1), date(2025, 12, 31))
renewed = Registration(HCPC, date(2026, 6, 4), date(2028, 5, 31))
at_once = Registration(HCPC, date(2026, 6, 1), date(2028, 5, 31))
elsewhere = Registration(RegistrationBody.SOCIAL_WORK_ENGLAND, date(2024, 6, 1), date(2026, 11, 30))
WARN_ON = (date(2026, 3, 2), date(2026, 5, 1), date(2026, 5, 24))
profile = Profile(("cy",), (Area("north", 20),), 1332, Experience.NEWLY_QUALIFIED)


def register(*registrations: Registration, kind: WorkerKind = WorkerKind.THERAPIST) -> EnterWorker:
    return EnterWorker(RegisterWorker(TESS, kind, ("north",), ("ddp",), registrations, NAME), WATCH)


def changed(period: Registration, *warn_on: date) -> WorkerRegistrationChanged:
    return WorkerRegistrationChanged(TESS, period, warn_on, "rules-1")


def renew(period: Registration) -> EnterRegistration:
    return EnterRegistration(period, WATCH)


registered = WorkerRegistered(TESS, WorkerKind.THERAPIST, ("north",), ("ddp",), NAME)
held = changed(first, *WARN_ON)
lapse = Lapse(date(2026, 6, 1), date(2026, 6, 1))
was_lapsed = RegistrationLapsed(TESS, date(2026, 6, 1))
warn = Warn(HCPC, date(2024, 6, 1), 30, date(2026, 5, 1))
warned = RegistrationEnding(TESS, first, 30)
to_south = AssignToTeam(TESS, "south", date(2026, 1, 1))
leaves_south = LeaveTeam(TESS, "south", date(2026, 3, 31))
in_south = WorkerAssignedToTeam(TESS, "south", date(2026, 1, 1))
worker = Given(DECIDER)
known = worker.given(registered, held)
lapsed = known.given(was_lapsed)

TRANSITIONS = Transitions(
    {
        "not registered": worker,
        "registered": known,
        "registered, of two teams": known.given(in_south),
        "registered, lapsed": lapsed,
        "registered, restored": lapsed.given(
            changed(renewed), RegistrationRestored(TESS, date(2026, 6, 1), date(2026, 6, 4))
        ),
    },
    {
        "register": register(first),
        "renew with a gap": renew(renewed),
        "change what he can": ChangeWorkerProfile(TESS, ("ddp",), profile),
        "assign to the south team": to_south,
        "leave the south team": leaves_south,
        "30 days are left": warn,
        "the registration is over": lapse,
    },
)


def folded(*registrations: Registration, kind: WorkerKind = WorkerKind.THERAPIST) -> Registered:
    events = [changed(each) for each in registrations]
    state = DECIDER.fold([WorkerRegistered(TESS, kind, (), (), NAME), *events])
    assert isinstance(state, Registered)
    return state


def test_a_worker_is_registered_with_the_periods_that_are_known_and_watched() -> None:
    worker.when(register(first, elsewhere)).then(registered, held, changed(elsewhere))


def test_a_support_worker_needs_no_register_and_is_not_watched() -> None:
    ben = folded(kind=WorkerKind.SUPPORT_WORKER)
    assert ben.registered_on(date(2026, 1, 1))
    said = worker.when(register(first, kind=WorkerKind.SUPPORT_WORKER)).events
    assert said[1] == changed(first)


def test_the_same_worker_with_other_particulars_is_refused() -> None:
    known.when(register(kind=WorkerKind.SOCIAL_WORKER)).then_refused(WorkerKnownOtherwise)


def test_a_renewal_is_a_period_of_its_own_and_the_gap_shows() -> None:
    known.when(renew(renewed)).then(
        changed(renewed, date(2028, 3, 2), date(2028, 5, 1), date(2028, 5, 24))
    )
    tess = folded(first, renewed)
    days = {date(2026, 5, 31): True, date(2026, 6, 3): False, date(2026, 6, 4): True}
    assert {day: tess.registered_on(day) for day in days} == days


def test_a_period_that_ends_earlier_than_was_known_is_set_right() -> None:
    tess = folded(first, ended_early)
    assert tess.registrations == (ended_early,)
    assert not tess.registered_on(date(2026, 1, 1))


def test_only_a_register_of_ones_own_profession_counts() -> None:
    assert not folded(elsewhere).registered_on(date(2025, 1, 1))
    assert folded(elsewhere, kind=WorkerKind.SOCIAL_WORKER).registered_on(date(2025, 1, 1))


def test_a_worker_whom_the_authority_does_not_know_is_refused() -> None:
    worker.when(renew(first)).then_refused(WorkerUnknown)
    with pytest.raises(WorkerUnknown):
        known_worker(NotRegistered())


def test_a_warning_is_told_once_and_not_where_a_later_period_is_known() -> None:
    known.when(warn).then(warned)
    known.given(warned).when(warn).then()
    known.given(changed(at_once)).when(warn).then()
    # A gap ahead is warned of.
    known.given(changed(renewed)).when(warn).then(warned)
    known.given(changed(ended_early)).when(warn).then()


def test_a_lapse_is_noted_from_its_day_and_what_was_before_stays_valid() -> None:
    known.when(lapse).then(was_lapsed)
    lapsed.when(lapse).then()
    known.given(changed(at_once)).when(lapse).then()
    assert isinstance(lapsed.state, Registered)
    may_do(lapsed.state, Work.THERAPY, date(2026, 5, 31))
    with pytest.raises(MayNotNow):
        may_do(lapsed.state, Work.THERAPY, date(2026, 6, 1))


def test_a_restoration_says_from_when_and_leaves_the_gap() -> None:
    decided = lapsed.when(renew(renewed))
    assert decided.events[1:] == (RegistrationRestored(TESS, date(2026, 6, 1), date(2026, 6, 4)),)
    after = lapsed.given(*decided.events).state
    assert [after.registered_on(date(2026, 6, day)) for day in (1, 3, 4)] == [False, False, True]


def test_a_register_that_never_ended_after_all_leaves_no_gap() -> None:
    decided = lapsed.when(renew(at_once))
    assert decided.events[1:] == (RegistrationRestored(TESS, date(2026, 6, 1), date(2026, 6, 1)),)


def test_a_gap_of_former_times_stops_nobody_today() -> None:
    again = known.given(changed(renewed))
    again.when(Lapse(date(2026, 6, 1), date(2027, 1, 1))).then()


def test_a_worker_is_of_several_teams_over_time() -> None:
    known.when(to_south).then(in_south)
    both = known.given(in_south)
    both.when(to_south).then()
    left = WorkerLeftTeam(TESS, "south", date(2026, 3, 31))
    both.when(leaves_south).then(left)
    both.given(left).when(leaves_south).then()
    known.when(leaves_south).then_refused(NotOfThatTeam)
    after = both.given(left).state
    assert [after.teams_on(date(2026, month, 1)) for month in (1, 4)] == [
        ("north", "south"),
        ("north",),
    ]


def test_what_a_worker_can_is_said_anew_as_a_whole() -> None:
    change = ChangeWorkerProfile(TESS, ("ddp", "nvr"), profile)
    said = WorkerProfileChanged(TESS, ("ddp", "nvr"), profile)
    known.when(change).then(said)
    known.given(said).when(change).then()


def test_each_type_of_work_says_whose_it_is() -> None:
    assert set(MAY_DO) == set(Work)
    ben = folded(kind=WorkerKind.SUPPORT_WORKER)
    for work in CLINICAL:
        with pytest.raises(OtherProfession):
            may_do(ben, work, date(2026, 1, 1))
    may_do(ben, Work.LIFE_STORY_WORK, date(2026, 1, 1))


commands: st.SearchStrategy[WorkerCommand] = st.one_of(
    st.builds(register, st.sampled_from([first, renewed])),
    st.builds(renew, st.sampled_from([first, ended_early, renewed, elsewhere, at_once])),
    st.sampled_from([warn, lapse, to_south, leaves_south]),
)


@given(st.lists(commands, max_size=10))
def test_a_repeated_command_decides_nothing(history: list[WorkerCommand]) -> None:
    so_far = worker
    for command in history:
        decided = so_far.when(command)
        if decided.refusal is None:
            so_far.repeats_nothing(command)
            so_far = so_far.given(*decided.events)
