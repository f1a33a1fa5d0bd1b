"""What is made of what was told: each invariant fails where it must, and holds in a sound world."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from faults.checking.checker import INVARIANTS, judge, judged
from faults.checking.evidence import Evidence, Mail
from faults.checking.recovering import recoveries
from faults.checking.samples import World, alter
from faults.checking.sound import BURIED, WAITS, sound

Spoil = Callable[[World], None]


def without(rows: list[Any], **columns: object) -> None:
    """Take the rows away that have these columns."""
    found = [each for each in rows if all(each[name] == value for name, value in columns.items())]
    assert found
    rows[:] = [each for each in rows if each not in found]


def hear_and_do_nothing(world: World) -> None:
    """Commit the offset, and `heard`, before the command: a crash between loses the command."""
    world.lose("casework", "CaseOpened")


def forget_what_was_heard(world: World) -> None:
    rows = world.desks["casework"].tables["heard"]
    stream = world.event("referrals", "ReferralReceived").stream_id
    without(rows, consumer="casework", stream_id=stream)


def hear_short(world: World) -> None:
    stream = world.event("referrals", "ReferralReceived").stream_id
    rows = world.desks["casework"].tables["heard"]
    rows.sort(key=lambda each: each["stream_id"] != stream)
    alter(rows, version=1)


def hear_too_far(world: World) -> None:
    alter(world.desks["casework"].tables["heard"], version=99)


def drop_poison(world: World) -> None:
    world.desks["groups"].tables["dead_letters"].clear()


def drop_what_waits(world: World) -> None:
    world.desks["groups"].tables["parked_records"].clear()


def unlist(world: World) -> None:
    world.desks["groups"].tables["parked"].clear()


def give_no_reason(world: World) -> None:
    alter(world.desks["groups"].tables["parked"], reason="")


def bury_without_reason(world: World) -> None:
    alter(world.desks["groups"].tables["dead_letters"], reason="")


def do_not_mark_as_late(world: World) -> None:
    alter(world.desks["referrals"].read["worklist"], screening_overdue=False)


def list_an_empty_stream(world: World) -> None:
    world.desks["groups"].row("parked", consumer="groups", stream_id=uuid4(), reason="Gap")


def bury_what_waits(world: World) -> None:
    [waiting] = world.desks["groups"].tables["parked_records"]
    place = {name: waiting[name] for name in ("topic", "partition", "offset")}
    world.desks["groups"].row("dead_letters", **place, reason="ce_id")


def project_twice(world: World) -> None:
    alter(world.desks["casework"].read["cases"], sessions=1)


def lose_a_row(world: World) -> None:
    world.desks["casework"].read["cases"].clear()


def add_a_row(world: World) -> None:
    row = world.desks["notifications"].read["messages"][0]
    world.desks["notifications"].read["messages"].append({**row, "message_id": uuid4()})


def leave_off_a_thread(world: World) -> None:
    world.desks["casework"].tables["threads"] = []


def forget_urgency(world: World) -> None:
    alter(world.desks["casework"].read["urgency"], urgency=0)


def tell_other_bytes(world: World) -> None:
    """Tell an event a second time in other words."""
    again = next(place for place, each in enumerate(world.records) if each.offset == 3)
    world.records[again] = replace(world.records[again], value=b"{}")


def rebuild_otherwise(world: World) -> None:
    world.dumps["casework.read.cases"][1] = b"one\ntwo\ntwo\n"


def follow_from_nothing(world: World) -> None:
    event = world.event("casework", "CaseOpened")
    meta = {**event.meta, "causation_id": str(uuid4())}
    world.change("casework", "CaseOpened", meta=meta)


def correct_nothing(world: World) -> None:
    event = world.event("casework", "CaseOpened")
    world.change("casework", "CaseOpened", meta={**event.meta, "corrects": str(uuid4())})


def claim_for_nothing(world: World) -> None:
    alter(world.desks["referrals"].tables["claims"], stream_id=uuid4())


def hear_of_nothing(world: World) -> None:
    world.desks["groups"].row("heard", consumer="groups", stream_id=uuid4(), version=1)


def never_fire(world: World) -> None:
    alter(world.desks["casework"].tables["deadlines"], fired_at=None)


def fire_early(world: World) -> None:
    [row] = world.desks["casework"].tables["deadlines"]
    alter([row], fired_at=None)
    world.desks["casework"].tables["deadlines"][0] = {
        **row,
        "fired_at": row["due_at"] - timedelta(hours=1),
    }


def fire_twice(world: World) -> None:
    event = world.event("referrals", "ScreeningOverdue")
    again = replace(event, position=9, version=5, event_id=uuid4(), command_id=uuid4())
    world.desks["referrals"].events.append(again)


def fire_by_another_id(world: World) -> None:
    world.change("referrals", "ScreeningOverdue", command_id=uuid4())


def set_no_deadline(world: World) -> None:
    world.desks["casework"].tables["deadlines"].clear()


def move_a_deadline(world: World) -> None:
    [row] = world.desks["casework"].tables["deadlines"]
    later = {"due_at": row["due_at"] + timedelta(days=1)}
    alter(world.desks["casework"].tables["deadlines"], **later)


SPOILT: list[tuple[str, Spoil]] = [
    ("I7", forget_what_was_heard),
    ("I7", hear_short),
    ("I7", hear_too_far),
    ("I7", drop_poison),
    ("I7", drop_what_waits),
    ("I8", project_twice),
    ("I8", lose_a_row),
    ("I8", add_a_row),
    ("I8", leave_off_a_thread),
    ("I8", forget_urgency),
    ("I9", tell_other_bytes),
    ("I9", rebuild_otherwise),
    ("I10", follow_from_nothing),
    ("I10", correct_nothing),
    ("I10", claim_for_nothing),
    ("I10", hear_of_nothing),
    ("I10", hear_and_do_nothing),
    ("I13", unlist),
    ("I13", give_no_reason),
    ("I13", bury_without_reason),
    ("I13", do_not_mark_as_late),
    ("I14", list_an_empty_stream),
    ("I14", bury_what_waits),
    ("I15", never_fire),
    ("I15", fire_early),
    ("I15", fire_twice),
    ("I15", fire_by_another_id),
    ("I15", set_no_deadline),
    ("I15", move_a_deadline),
]


MADE_OF_IT = {"I7", "I8", "I9", "I10", "I13", "I14", "I15"}


def test_each_of_these_has_a_world_in_which_it_fails() -> None:
    assert {name for name, _ in SPOILT} == MADE_OF_IT


@pytest.mark.parametrize(
    ("name", "spoil"), SPOILT, ids=[f"{n}-{getattr(s, '__name__', '')}" for n, s in SPOILT]
)
def test_an_invariant_sees_what_is_spoilt(name: str, spoil: Spoil) -> None:
    world = sound()
    spoil(world)
    found = judged(name, world.evidence())
    assert found.wrong > 0
    assert not found.green


@pytest.mark.parametrize("name", INVARIANTS)
def test_an_invariant_looks_at_a_sound_world_and_holds(name: str) -> None:
    found = judged(name, sound().evidence())
    assert found.shown == ()
    assert found.green


@pytest.mark.parametrize("name", INVARIANTS)
def test_an_invariant_that_looked_at_nothing_is_not_green(name: str) -> None:
    found = judged(name, Evidence())
    assert (found.looked_at, found.says, found.green) == (0, "looked at nothing", False)


def test_a_report_is_green_only_where_everything_is() -> None:
    world = sound()
    assert judge(world.evidence()).green
    forget_urgency(world)
    report = judge(world.evidence())
    assert (report.green, report.violations) == (False, 1)
    assert "I8 " in report.as_text()


def test_recoveries_are_told_by_class() -> None:
    found = recoveries(sound().evidence())
    assert found["F01"].longest_s == 2.0
    assert (found["all"].faults, found["all"].p50_s, found["all"].p95_s) == (3, 1.0, 2.0)


def test_the_sample_has_what_the_rows_above_take_away() -> None:
    world = sound()
    assert {UUID(each.proof["stream"]) for each in world.faults if each.kind == "F17"} == {
        WAITS,
        BURIED,
    }
    assert isinstance(world.mails[0], Mail)
