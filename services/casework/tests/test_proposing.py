"""Weights follow a dated formula; workers are ranked for a case, and each factor shows why."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.allocations.allocation_events import Part
from casework.allocations.proposing import Proposal, Wanted, ranked
from casework.allocations.weight import (
    CaseType,
    Complexity,
    Factors,
    Travel,
    capacity,
    read_formulas,
    share,
    shipped,
    weigh,
)
from casework.workers.profile import Experience, Registration, RegistrationBody, WorkerKind
from casework.workers.roster import Known
from casework.workers.work import Work

TODAY = date(2026, 6, 2)
FORMULA = shipped().on(TODAY)
AMINA, BEN, CARA = (UUID(int=n) for n in range(1, 4))
HELD = (Registration(RegistrationBody.HCPC, date(2024, 6, 1), date(2026, 12, 31)),)
LAPSED = (Registration(RegistrationBody.HCPC, date(2024, 6, 1), date(2026, 5, 31)),)
ANYTHING = Wanted(Part.LEAD, None, (), "", "", "", TODAY)


def known(
    worker: UUID,
    kind: WorkerKind = WorkerKind.THERAPIST,
    registrations: tuple[Registration, ...] = HELD,
    skills: tuple[str, ...] = ("ddp",),
) -> Known:
    return Known(
        worker,
        kind,
        ("north",),
        skills,
        ("cy",),
        {"hills": 30},
        2220,
        "experienced",
        registrations,
        None,
    )


def why(proposal: Proposal) -> dict[str, tuple[int, str]]:
    return {each.name: (each.contribution, each.because) for each in proposal.factors}


def test_a_weight_is_type_by_complexity_by_travel_and_what_is_run_beside() -> None:
    said = Factors(CaseType.THERAPY, Complexity.COMPLEX, Travel.NEAR, 1, 2)
    # 6.0 x 1.5 x 1.15 = 10.35, rounded to 10.4; a group 1.0, two consultations 1.0.
    assert weigh(said, FORMULA) == 124
    assert (share(124, FORMULA.co_worker), share(124, FORMULA.consultant)) == (62, 12)


def test_capacity_goes_with_hours_and_a_newly_qualified_worker_carries_less() -> None:
    assert capacity(2220, Experience.EXPERIENCED, FORMULA) == 1000
    assert capacity(1110, Experience.EXPERIENCED, FORMULA) == 500
    assert capacity(2220, Experience.NEWLY_QUALIFIED, FORMULA) == 900


def test_a_formula_names_every_type_and_factor() -> None:
    text = """
    [[everywhere]]
    from_day = 2026-01-01
    version = "short"
    types = { therapy = 60 }
    complexities = { stable = 75, moderate = 100, complex = 150, crisis = 200 }
    travels = { local = 100, near = 115, far = 135 }
    group = 10
    consultation = 5
    unweighed = 50
    co_worker = 50
    consultant = 10
    full_load = 1000
    full_week_minutes = 2220
    newly_qualified = 90
    ranking = { skill = 1, registration = 1, load = 1, language = 1, distance = 1, team = 1 }
    """
    with pytest.raises(ValueError, match="CaseType"):
        read_formulas(text)


def test_each_factor_says_what_it_contributes_and_from_what() -> None:
    wanted = Wanted(Part.LEAD, Work.THERAPY, ("ddp", "emdr"), "cy", "hills", "south", TODAY)
    (only,) = ranked(wanted, [known(AMINA)], {AMINA: 400}, FORMULA)
    assert why(only) == {
        "skill": (15, "1/2 ddp"),
        "registration": (20, "holds"),
        "load": (15, "400/1000"),
        "language": (10, "cy"),
        "distance": (7, "30-minutes"),
        "team": (0, "south"),
    }
    assert (only.score, only.may_take_it) == (67, True)


def test_whose_work_it_is_not_today_stands_last_and_that_shows() -> None:
    wanted = Wanted(Part.LEAD, Work.THERAPY, ("ddp",), "", "", "", TODAY)
    found = ranked(
        wanted,
        [
            known(AMINA, registrations=LAPSED),
            known(BEN, WorkerKind.SUPPORT_WORKER),
            known(CARA, skills=()),
        ],
        {CARA: 2000},
        FORMULA,
    )
    assert [each.may_take_it for each in found] == [True, False, False]
    assert found[0].worker == CARA
    reasons = {each.worker: why(each)["registration"][1] for each in found}
    assert reasons == {CARA: "holds", AMINA: "registration-lapsed", BEN: "other-profession"}


def test_who_takes_no_such_part_is_not_proposed() -> None:
    of = [known(AMINA, WorkerKind.GROUP_FACILITATOR), known(BEN, WorkerKind.SUPPORT_WORKER)]
    assert [each.worker for each in ranked(ANYTHING, of, {}, FORMULA)] == [BEN]
    advice = Wanted(Part.CONSULTANT, None, (), "", "", "", TODAY)
    assert ranked(advice, of, {}, FORMULA) == []


def test_work_outside_the_area_counts_against_and_shows() -> None:
    wanted = Wanted(Part.LEAD, None, (), "", "coast", "", TODAY)
    (only,) = ranked(wanted, [known(AMINA)], {}, FORMULA)
    assert why(only)["distance"] == (0, "outside-area")


@given(
    st.dictionaries(st.sampled_from([AMINA, BEN, CARA]), st.integers(0, 3000)),
    st.permutations([AMINA, BEN, CARA]),
)
def test_the_order_is_of_the_scores_and_the_same_however_they_come(
    carries: dict[UUID, int], order: list[UUID]
) -> None:
    found = ranked(ANYTHING, [known(each) for each in order], carries, FORMULA)
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert found == ranked(ANYTHING, [known(each) for each in (AMINA, BEN, CARA)], carries, FORMULA)
    assert all(0 <= each.contribution <= each.most for one in found for each in one.factors)
