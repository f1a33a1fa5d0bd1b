"""A worker is registered once; periods on a register are kept apart, so that a gap shows."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.workers.worker import (
    DECIDER,
    ChangeWorkerRegistration,
    NotRegistered,
    Registered,
    RegisterWorker,
    Registration,
    RegistrationBody,
    WorkerCommand,
    WorkerKind,
    WorkerKnownOtherwise,
    WorkerRegistered,
    WorkerRegistrationChanged,
    WorkerUnknown,
    known_worker,
)
from ledger.personal import Plain
from ledger.testing import Given

TESS = UUID(int=1)
NAME = Plain("Tess Okafor")
first = Registration(RegistrationBody.HCPC, date(2024, 6, 1), date(2026, 5, 31))
ended_early = Registration(RegistrationBody.HCPC, date(2024, 6, 1), date(2025, 12, 31))
renewed = Registration(RegistrationBody.HCPC, date(2026, 6, 4), date(2028, 5, 31))
elsewhere = Registration(RegistrationBody.SOCIAL_WORK_ENGLAND, date(2024, 6, 1), date(2026, 11, 30))


def register(
    *registrations: Registration, kind: WorkerKind = WorkerKind.THERAPIST
) -> RegisterWorker:
    return RegisterWorker(TESS, kind, ("north",), ("ddp",), registrations, NAME)


registered = WorkerRegistered(TESS, WorkerKind.THERAPIST, ("north",), ("ddp",), NAME)
worker = Given(DECIDER)
known = worker.given(registered, WorkerRegistrationChanged(TESS, first))


def folded(*registrations: Registration, kind: WorkerKind = WorkerKind.THERAPIST) -> Registered:
    events = [WorkerRegistrationChanged(TESS, each) for each in registrations]
    state = DECIDER.fold([WorkerRegistered(TESS, kind, (), (), NAME), *events])
    assert isinstance(state, Registered)
    return state


def test_a_worker_is_registered_with_the_periods_that_are_known() -> None:
    worker.when(register(first, renewed)).then(
        registered,
        WorkerRegistrationChanged(TESS, first),
        WorkerRegistrationChanged(TESS, renewed),
    )


def test_a_support_worker_needs_no_register() -> None:
    ben = folded(kind=WorkerKind.SUPPORT_WORKER)
    assert ben.registered_on(date(2026, 1, 1))


def test_the_same_worker_with_other_particulars_is_refused() -> None:
    known.when(register(kind=WorkerKind.SOCIAL_WORKER)).then_refused(WorkerKnownOtherwise)


def test_a_renewal_is_a_period_of_its_own_and_the_gap_shows() -> None:
    known.when(ChangeWorkerRegistration(TESS, renewed)).then(
        WorkerRegistrationChanged(TESS, renewed)
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
    worker.when(ChangeWorkerRegistration(TESS, first)).then_refused(WorkerUnknown)
    with pytest.raises(WorkerUnknown):
        known_worker(NotRegistered())


commands: st.SearchStrategy[WorkerCommand] = st.one_of(
    st.builds(register, st.sampled_from([first, renewed])),
    st.builds(
        ChangeWorkerRegistration,
        st.just(TESS),
        st.sampled_from([first, ended_early, renewed, elsewhere]),
    ),
)


@given(st.lists(commands, max_size=10))
def test_a_repeated_command_decides_nothing(history: list[WorkerCommand]) -> None:
    so_far = worker
    for command in history:
        decided = so_far.when(command)
        if decided.refusal is None:
            so_far.repeats_nothing(command)
            so_far = so_far.given(*decided.events)
