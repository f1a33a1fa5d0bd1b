"""The past is shown as it was known at an instant, and as of a day with its corrections applied."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from chassis.queries.past import Fact, Told, as_known
from ledger.clock import london_day
from ledger.commands import StoredEvent

BEGINNING = datetime(2025, 3, 1, 12, tzinfo=UTC)


def recorded(
    number: int, recorded_at: datetime, occurred_at: datetime, corrects: int | None = None
) -> Fact:
    """Make the fact of a number."""
    beside = {} if corrects is None else {"corrects": str(UUID(int=corrects))}
    return Fact(
        StoredEvent(
            position=number,
            tenant=UUID(int=0),
            stream_id=UUID(int=0),
            version=number,
            event_id=UUID(int=number),
            command_id=uuid4(),
            type="Fact",
            schema_version=1,
            occurred_at=occurred_at,
            occurred_precision="instant",
            recorded_at=recorded_at,
            payload=b"{}",
            sealed=b"",
            metadata=b"{}",
            blinding=bytes(32),
            leaf_hash=bytes(32),
        ),
        beside,
    )


def shown(told: list[Told]) -> list[int]:
    """Return the numbers of what is shown."""
    return [each.fact.stored.version for each in told]


@st.composite
def histories(draw: st.DrawFn) -> list[Fact]:
    """Draw a history: recorded in order, occurred whenever, some setting earlier ones right."""
    facts = []
    at = BEGINNING
    for number in range(1, draw(st.integers(0, 12)) + 1):
        at += timedelta(hours=draw(st.integers(0, 30)))
        occurred = BEGINNING + timedelta(hours=draw(st.integers(-200, 200)))
        corrects = draw(st.none() | st.integers(1, number - 1)) if number > 1 else None
        facts.append(recorded(number, at, occurred, corrects))
    return facts


INSTANTS = st.integers(-10, 400).map(lambda hours: BEGINNING + timedelta(hours=hours))
DAYS = st.integers(-10, 10).map(lambda days: BEGINNING.date() + timedelta(days=days))


def family(history: list[Fact]) -> dict[int, int]:
    """Return for each fact the one that it sets right in the end."""
    first: dict[int, int] = {}
    for each in history:
        number, corrects = each.stored.version, each.corrects
        first[number] = number if corrects is None else first[corrects.int]
    return first


@given(histories(), INSTANTS)
def test_what_was_known_at_an_instant_is_what_was_recorded_by_then(
    history: list[Fact], known_at: datetime
) -> None:
    told = as_known(history, known_at, None)
    expected = [each for each in history if each.stored.recorded_at <= known_at]
    assert [each.fact for each in told] == expected
    numbers = {each.stored.version for each in expected}
    for each in told:
        assert each.corrected_by is None or each.corrected_by.int in numbers


@given(histories(), INSTANTS, st.none() | DAYS)
def test_what_is_recorded_later_changes_nothing_of_what_was_known(
    history: list[Fact], known_at: datetime, as_of: date | None
) -> None:
    early = [each for each in history if each.stored.recorded_at <= known_at]
    assert as_known(history, known_at, as_of) == as_known(early, known_at, as_of)
    assert as_known(history, known_at, as_of) == as_known(early, None, as_of)


@given(histories())
def test_the_newest_correction_of_a_fact_is_named(history: list[Fact]) -> None:
    for each in as_known(history, None, None):
        corrections = [
            other.stored.event_id
            for other in history
            if other.corrects == each.fact.stored.event_id
        ]
        assert each.corrected_by == (corrections[-1] if corrections else None)


@given(histories(), DAYS)
def test_as_of_a_day_nothing_is_shown_that_occurred_later(history: list[Fact], as_of: date) -> None:
    for each in as_known(history, None, as_of):
        assert london_day(each.fact.stored.occurred_at) <= as_of


@given(histories())
def test_of_a_fact_and_its_corrections_only_the_newest_stands(
    history: list[Fact],
) -> None:
    told = shown(as_known(history, None, BEGINNING.date() + timedelta(days=400)))
    newest = {first: number for number, first in family(history).items()}
    assert told == sorted(newest.values())


@given(histories(), DAYS)
def test_as_of_a_later_day_more_is_shown(history: list[Fact], as_of: date) -> None:
    earlier = shown(as_known(history, None, as_of))
    later = shown(as_known(history, None, as_of + timedelta(days=1)))
    assert [each for each in later if each in earlier] == earlier


def test_a_correction_of_a_correction_takes_the_place_of_both() -> None:
    at = BEGINNING
    history = [recorded(1, at, at), recorded(2, at, at, 1), recorded(3, at, at, 2)]
    assert shown(as_known(history, None, at.date())) == [3]
    assert shown(as_known(history[:2], None, at.date())) == [2]


def test_a_second_correction_of_the_same_fact_takes_the_place_of_the_first() -> None:
    at = BEGINNING
    history = [recorded(1, at, at), recorded(2, at, at, 1), recorded(3, at, at, 1)]
    assert shown(as_known(history, None, at.date())) == [3]
    assert [each.corrected_by for each in as_known(history, None, None)] == [
        UUID(int=3),
        None,
        None,
    ]


def test_a_correction_that_moves_a_fact_to_a_later_day_takes_it_out_of_the_earlier() -> None:
    at = BEGINNING
    history = [recorded(1, at, at), recorded(2, at, at + timedelta(days=2), 1)]
    assert shown(as_known(history, None, at.date())) == []
    assert shown(as_known(history, None, at.date() + timedelta(days=2))) == [2]


def test_a_day_ends_at_midnight_in_london() -> None:
    summer = datetime(2025, 6, 30, 22, 59, tzinfo=UTC)
    history = [recorded(1, summer, summer), recorded(2, summer, summer + timedelta(minutes=1))]
    assert shown(as_known(history, None, date(2025, 6, 30))) == [1]
