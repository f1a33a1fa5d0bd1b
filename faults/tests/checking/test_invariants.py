"""Every invariant holds in a sound world, looks at something, and fails where one thing is spoilt.

A checker that cannot fail is worthless: each row below breaks a sound world as a real bug would.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from faults.checking.checker import INVARIANTS, judge, judged
from faults.checking.evidence import Accepted, Event, Evidence, Mail, Record
from faults.checking.names import caused
from faults.checking.recovering import recoveries
from faults.checking.samples import BURIED, TENANT, WAITS, World, sound

Spoil = Callable[[World], None]


def without(rows: list[Any], **columns: object) -> None:
    """Take the rows away that have these columns."""
    found = [each for each in rows if all(each[name] == value for name, value in columns.items())]
    assert found
    rows[:] = [each for each in rows if each not in found]


def change(world: World, service: str, kind: str, **columns: object) -> None:
    """Change columns of an event, in its store alone."""
    events = world.desks[service].events
    place = events.index(world.event(service, kind))
    events[place] = replace(events[place], **columns)  # type: ignore[arg-type] # columns by name


def alter(rows: list[Any], **columns: object) -> None:
    """Change columns of the first row."""
    rows[0] = {**rows[0], **columns}


def lose(world: World, service: str, kind: str) -> None:
    """Lose an event, as if its append had been rolled back after the answer."""
    event = world.event(service, kind)
    world.desks[service].events.remove(event)
    del world.desks[service].commands[TENANT, event.command_id]


def lose_only_the_command(world: World) -> None:
    event = world.event("referrals", "ReferralAccepted")
    del world.desks["referrals"].commands[TENANT, event.command_id]


def keep_a_refused_command(world: World) -> None:
    [refused] = [each for each in world.attempts if each.outcome == "refused"]
    assert refused.command_id is not None
    world.desks["referrals"].commands[TENANT, refused.command_id] = Accepted("", {})


def append_half(world: World) -> None:
    """Let an accepted command name a version that is not there."""
    event = world.event("referrals", "ReferralAccepted")
    both = {event.stream_id: event.version, uuid4(): 1}
    world.desks["referrals"].commands[TENANT, event.command_id] = Accepted("", both)


def append_twice(world: World) -> None:
    """Append the events of one command twice."""
    event = world.event("casework", "CaseOpened")
    desk = world.desks["casework"]
    desk.events.append(replace(event, position=2, version=2, event_id=uuid4()))


def do_again_under_another_id(world: World) -> None:
    """Hear a record twice, with a random command id each time."""
    event = world.event("casework", "CaseOpened")
    again = replace(event, position=2, version=2, event_id=uuid4(), command_id=uuid4())
    world.desks["casework"].events.append(again)
    world.desks["casework"].commands[TENANT, again.command_id] = Accepted("", {})


def make_ids_at_random(world: World) -> None:
    """Hear a record once, with a command id that is not made from it."""
    event, random = world.event("casework", "CaseOpened"), uuid4()
    commands = world.desks["casework"].commands
    commands[TENANT, random] = commands.pop((TENANT, event.command_id))
    change(world, "casework", "CaseOpened", command_id=random)


def mail_twice(world: World) -> None:
    world.mails.append(world.mails[0])


def reorder_a_topic(world: World) -> None:
    records = world.records
    records[0], records[1] = records[1], records[0]


def tell_in_two_partitions(world: World) -> None:
    world.records[1] = replace(world.records[1], partition=1)


def answer_out_of_order(world: World) -> None:
    """Let the second command be answered before the first was sent, and stand behind it."""
    second = world.attempts[1]
    world.attempts[1] = replace(second, invoked=0.1, ended=0.2)


def leave_a_record_out(world: World) -> None:
    """Go over an event, as a naive feed does."""
    world.records.pop(1)


def tell_what_is_not_stored(world: World) -> None:
    event = world.event("referrals", "ReferralTakenUp")
    world.tell(replace(event, event_id=uuid4(), version=5), "referrals")


def forget_what_was_heard(world: World) -> None:
    rows = world.desks["casework"].tables["heard"]
    stream = world.event("referrals", "ReferralReceived").stream_id
    without(rows, consumer="casework", stream_id=stream)


def hear_short(world: World) -> None:
    alter(world.desks["casework"].tables["heard"], version=1)


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
    change(world, "casework", "CaseOpened", meta=meta)


def correct_nothing(world: World) -> None:
    event = world.event("casework", "CaseOpened")
    change(world, "casework", "CaseOpened", meta={**event.meta, "corrects": str(uuid4())})


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
    change(world, "referrals", "ScreeningOverdue", command_id=uuid4())


def set_no_deadline(world: World) -> None:
    world.desks["casework"].tables["deadlines"].clear()


def move_a_deadline(world: World) -> None:
    [row] = world.desks["casework"].tables["deadlines"]
    later = {"due_at": row["due_at"] + timedelta(days=1)}
    alter(world.desks["casework"].tables["deadlines"], **later)


def never_recover(world: World) -> None:
    world.faults[0] = replace(world.faults[0], recovered_s=None)


def recover_late(world: World) -> None:
    world.faults[0] = replace(world.faults[0], recovered_s=600.0)


def hear_and_do_nothing(world: World) -> None:
    """Commit the offset, and `heard`, before the command: a crash between loses the command."""
    lose(world, "casework", "CaseOpened")


def refuse_and_apply(world: World) -> None:
    event = world.event("casework", "CaseOpened")
    accepted = world.event("referrals", "ReferralAccepted")
    made = caused("casework", accepted.event_id, "TakeOnReferral", event.stream_id)
    world.desks["casework"].row(
        "refused", consumer="casework", event_id=accepted.event_id, command_id=made, refusal="No"
    )


def fall_behind(world: World) -> None:
    alter(world.desks["casework"].tables["checkpoints"], seen_to=0)


def forget_the_token(world: World) -> None:
    place = next(n for n, each in enumerate(world.attempts) if each.kind == "read")
    world.attempts[place] = replace(world.attempts[place], found=False)


SPOILT: list[tuple[str, Spoil]] = [
    ("I1", lambda world: lose(world, "referrals", "ReferralAccepted")),
    ("I1", lose_only_the_command),
    ("I2", lose_only_the_command),
    ("I2", keep_a_refused_command),
    ("I2", append_half),
    ("I2", append_twice),
    ("I3", do_again_under_another_id),
    ("I3", make_ids_at_random),
    ("I3", mail_twice),
    ("I4", lambda world: lose(world, "referrals", "ReferralAccepted")),
    ("I4", lambda world: change(world, "casework", "CaseOpened", version=2)),
    ("I4", reorder_a_topic),
    ("I4", leave_a_record_out),
    ("I4", tell_in_two_partitions),
    ("I5", answer_out_of_order),
    ("I6", leave_a_record_out),
    ("I6", tell_what_is_not_stored),
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
    ("I20", never_recover),
    ("I20", recover_late),
    ("I21", hear_and_do_nothing),
    ("I21", make_ids_at_random),
    ("I21", refuse_and_apply),
    ("I21", fall_behind),
    ("I22", forget_the_token),
]


@pytest.mark.parametrize("name", INVARIANTS)
def test_an_invariant_looks_at_a_sound_world_and_holds(name: str) -> None:
    found = judged(name, sound().evidence())
    assert found.shown == ()
    assert found.green


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
def test_an_invariant_that_looked_at_nothing_is_not_green(name: str) -> None:
    found = judged(name, Evidence())
    assert (found.looked_at, found.says, found.green) == (0, "looked at nothing", False)


def test_every_invariant_has_a_world_in_which_it_fails() -> None:
    assert {name for name, _ in SPOILT} == set(INVARIANTS)


def test_a_report_is_green_only_where_everything_is() -> None:
    world = sound()
    assert judge(world.evidence()).green
    forget_the_token(world)
    report = judge(world.evidence())
    assert (report.green, report.violations) == (False, 1)
    assert "I22 " in report.as_text()


def test_a_mail_in_doubt_may_come_twice() -> None:
    world = sound()
    mail_twice(world)
    name = world.mails[0].message_id.strip("<>").partition("@")[0]
    message = world.event("notifications", "MessageQueued")
    world.desks["notifications"].record(
        message.stream_id, "AttemptInDoubt", {"message_id": name, "reason": "timed-out"}
    )
    assert judged("I3", world.evidence()).green


def test_a_command_in_doubt_may_have_its_effect() -> None:
    world = sound()
    first = world.attempts[0]
    world.attempts[0] = replace(first, outcome="in_doubt", ended=None)
    assert judged("I2", world.evidence()).green


def test_what_waits_for_the_relay_is_not_missed_in_the_topic() -> None:
    world = sound()
    event = world.event("notifications", "MessageSent")
    world.records = [each for each in world.records if not tells(each, event)]
    assert not judged("I6", world.evidence()).green
    waits = {"stream_id": event.stream_id, "version": event.version, "event_id": event.event_id}
    place = {"topic": "throughline.notifications.v1", "partition": -1, "offset": -1}
    world.desks["notifications"].row("parked_records", consumer="relay", **waits, **place)
    assert judged("I6", world.evidence()).green


def test_recoveries_are_told_by_class() -> None:
    found = recoveries(sound().evidence())
    assert found["F01"].longest_s == 2.0
    assert (found["all"].faults, found["all"].p50_s, found["all"].p95_s) == (3, 1.0, 2.0)


def tells(record: Record, event: Event) -> bool:
    """Whether a record is that of an event."""
    return record.header("ce_id") == str(event.event_id)


def test_the_sample_has_what_the_rows_above_take_away() -> None:
    world = sound()
    assert {UUID(each.proof["stream"]) for each in world.faults if each.kind == "F17"} == {
        WAITS,
        BURIED,
    }
    assert isinstance(world.mails[0], Mail)
