"""One worker stands for a post at any instant, or nobody; a gap that matters is a fact."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from casework.urgent.rota import DECIDER, MayNotStand, PlannedBefore, ShiftOutOfBounds, StandsNot
from casework.urgent.rota_commands import (
    BeginPlanned,
    BeginShift,
    CheckCover,
    Cover,
    DropPlanned,
    EndShift,
    PlanShift,
    RotaCommand,
)
from casework.urgent.rota_events import (
    OnCallEnded,
    OnCallMoved,
    OnCallPlanDropped,
    OnCallPlanned,
    OnCallRanOut,
    OnCallStarted,
    OnCallUncovered,
    RotaEvent,
)
from casework.urgent.rota_states import Shift, stands_at, stood_last
from casework.urgent.rule import Post
from casework.workers.worker import NotRegistered, Registered, WorkerKind, WorkerUnknown
from ledger.personal import Plain
from ledger.testing import Given, Transitions

AMINA, BEN, FAY, MEG = (UUID(int=n) for n in range(1, 5))
EVENING = datetime(2025, 12, 24, 17, tzinfo=UTC)
LATE = EVENING + timedelta(hours=5)
MORNING = EVENING + timedelta(hours=16)
ON_CALL = Post.ON_CALL
amina = Registered(AMINA, WorkerKind.THERAPIST, (), (), Plain("Somebody"))
ben = Registered(BEN, WorkerKind.SOCIAL_WORKER, (), (), Plain("Somebody"))
fay = Registered(FAY, WorkerKind.GROUP_FACILITATOR, (), (), Plain("Somebody"))
GAP, QUIET = Cover(wanted=True, tell=(MEG,)), Cover(wanted=False, tell=(MEG,))

rota = Given(DECIDER)
amina_stands = OnCallStarted(ON_CALL, AMINA, EVENING, MORNING, None)
standing = rota.given(amina_stands)


def begin(
    worker: Registered | NotRegistered, at: datetime = EVENING, until: datetime = MORNING
) -> BeginShift:
    return BeginShift(ON_CALL, worker, at, until)


NIGHT = MORNING + timedelta(hours=8)


def plan(worker: Registered, starts_at: datetime = MORNING, until: datetime = NIGHT) -> PlanShift:
    return PlanShift(ON_CALL, worker, Shift(worker.worker, starts_at, until), EVENING)


ben_planned = OnCallPlanned(ON_CALL, BEN, MORNING, NIGHT)

TRANSITIONS = Transitions(
    {
        "nobody ever stood": rota,
        "Amina stands and Ben is planned for the morning": standing.given(ben_planned),
        "Amina stands until morning": standing,
        "Amina stopped in the evening": standing.given(OnCallEnded(ON_CALL, AMINA, LATE)),
    },
    {
        "Amina begins": begin(amina),
        "Ben takes over in the evening": begin(ben, LATE),
        "somebody of the wrong kind begins": begin(fay),
        "somebody unknown begins": begin(NotRegistered()),
        "a shift without length": begin(amina, EVENING, EVENING),
        "Amina stops at an hour that needs somebody": EndShift(ON_CALL, AMINA, LATE, GAP),
        "Ben stops": EndShift(ON_CALL, BEN, LATE, GAP),
        "Ben is planned for the morning": plan(ben),
        "Amina is planned for a part of Ben's time": plan(amina, NIGHT - timedelta(hours=1), NIGHT),
        "Ben is planned for the morning no longer": DropPlanned(ON_CALL, BEN, MORNING),
        "the time of what is planned begins": BeginPlanned(ON_CALL, MORNING),
        "it is morning, and somebody must stand": CheckCover(MORNING, GAP),
        "it is morning, and nobody need stand": CheckCover(MORNING, QUIET),
    },
)


def test_a_worker_stands_from_now_until_an_instant() -> None:
    rota.when(begin(amina)).then(amina_stands)


def test_the_same_shift_again_decides_nothing_and_another_end_moves_it() -> None:
    standing.when(begin(amina, LATE)).then()
    standing.when(begin(amina, LATE, LATE + timedelta(hours=1))).then(
        OnCallMoved(ON_CALL, AMINA, LATE + timedelta(hours=1))
    )


def test_whoever_starts_takes_over_from_who_stands() -> None:
    standing.when(begin(ben, LATE)).then(OnCallStarted(ON_CALL, BEN, LATE, MORNING, AMINA))


def test_whoever_starts_late_leaves_the_gap_visible() -> None:
    after = MORNING + timedelta(hours=1)
    standing.when(begin(ben, after, after + timedelta(hours=8))).then(
        OnCallRanOut(ON_CALL, AMINA, MORNING),
        OnCallStarted(ON_CALL, BEN, after, after + timedelta(hours=8), None),
    )


def test_only_workers_of_the_right_kind_stand() -> None:
    rota.when(begin(fay)).then_refused(MayNotStand)
    rota.when(begin(NotRegistered())).then_refused(WorkerUnknown)
    duty_manager = BeginShift(Post.DUTY_MANAGER, amina, EVENING, MORNING)
    rota.when(duty_manager).then_refused(MayNotStand)


def test_a_shift_ends_after_it_begins_and_within_a_week() -> None:
    rota.when(begin(amina, EVENING, EVENING)).then_refused(ShiftOutOfBounds)
    rota.when(begin(amina, EVENING, EVENING + timedelta(days=8))).then_refused(ShiftOutOfBounds)


def test_an_end_at_an_hour_that_must_have_somebody_says_so_at_once() -> None:
    standing.when(EndShift(ON_CALL, AMINA, LATE, GAP)).then(
        OnCallEnded(ON_CALL, AMINA, LATE), OnCallUncovered(ON_CALL, LATE, (MEG,))
    )


def test_an_end_at_another_hour_is_an_end_and_no_more() -> None:
    ended = OnCallEnded(ON_CALL, AMINA, LATE)
    standing.when(EndShift(ON_CALL, AMINA, LATE, QUIET)).then(ended)
    standing.given(ended).when(EndShift(ON_CALL, AMINA, MORNING, GAP)).then()


def test_nobody_ends_the_shift_of_another() -> None:
    standing.when(EndShift(ON_CALL, BEN, LATE, GAP)).then_refused(StandsNot)
    rota.when(EndShift(ON_CALL, BEN, LATE, GAP)).then_refused(StandsNot)


def test_a_shift_that_runs_out_with_nobody_after_it_is_a_gap_told_once() -> None:
    ran_out = OnCallRanOut(ON_CALL, AMINA, MORNING)
    gap = OnCallUncovered(ON_CALL, MORNING, (MEG,))
    standing.when(CheckCover(MORNING, GAP)).then(ran_out, gap)
    standing.given(ran_out, gap).when(CheckCover(LATE + timedelta(days=1), GAP)).then()


def test_an_hour_that_must_have_somebody_begins_with_nobody() -> None:
    vacant = standing.given(OnCallEnded(ON_CALL, AMINA, LATE))
    vacant.when(CheckCover(MORNING, GAP)).then(OnCallUncovered(ON_CALL, MORNING, (MEG,)))
    vacant.when(CheckCover(MORNING, QUIET)).then()


def test_where_somebody_stands_or_a_rota_was_never_kept_there_is_nothing_to_say() -> None:
    standing.when(CheckCover(LATE, GAP)).then()
    rota.when(CheckCover(LATE, GAP)).then()


def test_a_planned_shift_begins_by_itself_and_leaves_no_gap() -> None:
    planned = standing.given(ben_planned)
    ran_out = OnCallRanOut(ON_CALL, AMINA, MORNING)
    started = OnCallStarted(ON_CALL, BEN, MORNING, NIGHT, None)
    planned.when(BeginPlanned(ON_CALL, MORNING)).then(ran_out, started)
    # Whichever of the two deadlines of that instant comes first.
    planned.when(CheckCover(MORNING, GAP)).then(ran_out, started)
    begun = planned.given(ran_out, started)
    begun.when(BeginPlanned(ON_CALL, MORNING)).then()
    begun.when(CheckCover(MORNING, GAP)).then()
    rota.given(ben_planned).when(BeginPlanned(ON_CALL, MORNING)).then(started)


def test_whoever_is_planned_takes_over_from_who_stands_longer() -> None:
    longer = standing.given(OnCallMoved(ON_CALL, AMINA, NIGHT), ben_planned)
    longer.when(BeginPlanned(ON_CALL, MORNING)).then(
        OnCallStarted(ON_CALL, BEN, MORNING, NIGHT, AMINA)
    )
    herself = standing.given(OnCallPlanned(ON_CALL, AMINA, LATE, NIGHT))
    herself.when(BeginPlanned(ON_CALL, LATE)).then(OnCallMoved(ON_CALL, AMINA, NIGHT))
    within = standing.given(OnCallPlanned(ON_CALL, AMINA, LATE, MORNING))
    within.when(BeginPlanned(ON_CALL, LATE)).then()


def test_only_what_can_be_kept_is_planned() -> None:
    rota.when(plan(ben)).then(ben_planned)
    planned = rota.given(ben_planned)
    planned.when(plan(ben)).then()
    planned.when(plan(amina, NIGHT - timedelta(hours=1), NIGHT)).then_refused(PlannedBefore)
    planned.when(plan(amina, NIGHT, NIGHT + timedelta(hours=1))).then(
        OnCallPlanned(ON_CALL, AMINA, NIGHT, NIGHT + timedelta(hours=1))
    )
    rota.when(plan(fay)).then_refused(MayNotStand)
    for starts_at, until in (
        (EVENING, NIGHT),
        (MORNING, MORNING),
        (MORNING, MORNING + timedelta(days=8)),
        (EVENING + timedelta(days=401), EVENING + timedelta(days=402)),
    ):
        rota.when(plan(ben, starts_at, until)).then_refused(ShiftOutOfBounds)


def test_what_is_planned_no_longer_does_not_begin() -> None:
    planned = standing.given(ben_planned)
    dropped = OnCallPlanDropped(ON_CALL, BEN, MORNING)
    planned.when(DropPlanned(ON_CALL, BEN, MORNING)).then(dropped)
    planned.when(DropPlanned(ON_CALL, AMINA, MORNING)).then()
    planned.given(dropped).when(DropPlanned(ON_CALL, BEN, MORNING)).then()
    planned.given(dropped).when(CheckCover(MORNING, GAP)).then(
        OnCallRanOut(ON_CALL, AMINA, MORNING), OnCallUncovered(ON_CALL, MORNING, (MEG,))
    )


HOURS = st.integers(0, 60)


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([amina, ben]), HOURS), max_size=25))
def test_who_stands_is_what_a_plain_reading_of_the_facts_says(
    acts: list[tuple[int, Registered, int]],
) -> None:
    now, so_far = EVENING, rota
    for kind, who, hours in acts:
        now += timedelta(hours=hours % 13)
        command = act(kind, who, now, now + timedelta(hours=hours + 1))
        decided = so_far.when(command)
        if decided.refusal is None:
            so_far.repeats_nothing(command)
            so_far = so_far.given(*decided.events)
    state = DECIDER.fold(each for each in so_far.history if isinstance(each, RotaEvent))
    for hour in range(80):
        at = EVENING + timedelta(hours=hour, minutes=30)
        assert stands_at(state, at) == read_plainly(so_far.history, at)
    assert (stood_last(state) is None) == (not so_far.history)


def act(kind: int, who: Registered, now: datetime, until: datetime) -> RotaCommand:
    match kind:
        case 0 | 1:
            return begin(who, now, until)
        case 2:
            return EndShift(ON_CALL, who.worker, now, QUIET)
        case _:
            return CheckCover(now, GAP)


def read_plainly(history: tuple[object, ...], at: datetime) -> UUID | None:
    """Go through the facts one by one, as somebody with a wall chart would."""
    stands: list[tuple[UUID, datetime, datetime]] = []
    for event in history:
        match event:
            case OnCallStarted(worker=worker, at=start, until=until):
                stands = [(w, s, min(e, start)) for w, s, e in stands]
                stands.append((worker, start, until))
            case OnCallMoved(until=until):
                worker, start, _ = stands[-1]
                stands[-1] = (worker, start, until)
            case OnCallEnded(at=end) | OnCallRanOut(at=end):
                worker, start, was = stands[-1]
                stands[-1] = (worker, start, min(was, end))
            case _:
                pass
    found = [worker for worker, start, end in stands if start <= at < end]
    assert len(found) <= 1
    return found[0] if found else None
