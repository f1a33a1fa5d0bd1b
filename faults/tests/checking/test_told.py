"""What clients were told, what is stored, what topics tell: each invariant fails where it must."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from faults.checking.checker import INVARIANTS, judged
from faults.checking.evidence import Accepted, Event, Fault, Record
from faults.checking.names import caused
from faults.checking.samples import TENANT, World, alter
from faults.checking.sound import sound

Spoil = Callable[[World], None]


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
    world.change("casework", "CaseOpened", command_id=random)


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


def never_recover(world: World) -> None:
    world.faults[0] = replace(world.faults[0], recovered_s=None)


def recover_late(world: World) -> None:
    world.faults[0] = replace(world.faults[0], recovered_s=600.0)


def hear_and_do_nothing(world: World) -> None:
    """Commit the offset, and `heard`, before the command: a crash between loses the command."""
    world.lose("casework", "CaseOpened")


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
    ("I1", lambda world: world.lose("referrals", "ReferralAccepted")),
    ("I1", lose_only_the_command),
    ("I2", lose_only_the_command),
    ("I2", keep_a_refused_command),
    ("I2", append_half),
    ("I2", append_twice),
    ("I3", do_again_under_another_id),
    ("I3", make_ids_at_random),
    ("I3", mail_twice),
    ("I4", lambda world: world.lose("referrals", "ReferralAccepted")),
    ("I4", lambda world: world.change("casework", "CaseOpened", version=2)),
    ("I4", reorder_a_topic),
    ("I4", leave_a_record_out),
    ("I4", tell_in_two_partitions),
    ("I5", answer_out_of_order),
    ("I6", leave_a_record_out),
    ("I6", tell_what_is_not_stored),
    ("I20", never_recover),
    ("I20", recover_late),
    ("I21", hear_and_do_nothing),
    ("I21", make_ids_at_random),
    ("I21", refuse_and_apply),
    ("I21", fall_behind),
    ("I22", forget_the_token),
]


MADE_OF_IT = {"I7", "I8", "I9", "I10", "I13", "I14", "I15"}
"""Those of the other file."""


def test_each_of_these_has_a_world_in_which_it_fails() -> None:
    assert {name for name, _ in SPOILT} == INVARIANTS.keys() - MADE_OF_IT


@pytest.mark.parametrize(
    ("name", "spoil"), SPOILT, ids=[f"{n}-{getattr(s, '__name__', '')}" for n, s in SPOILT]
)
def test_an_invariant_sees_what_is_spoilt(name: str, spoil: Spoil) -> None:
    world = sound()
    spoil(world)
    found = judged(name, world.evidence())
    assert found.wrong > 0
    assert not found.green


def test_a_mail_in_doubt_may_come_twice() -> None:
    world = sound()
    mail_twice(world)
    name = world.mails[0].message_id.strip("<>").partition("@")[0]
    message = earliest(world, "MessageQueued")
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
    event = earliest(world, "MessageSent")
    world.records = [each for each in world.records if not tells(each, event)]
    assert not judged("I6", world.evidence()).green
    waits = {"stream_id": event.stream_id, "version": event.version, "event_id": event.event_id}
    place = {"topic": "throughline.notifications.v1", "partition": -1, "offset": -1}
    world.desks["notifications"].row("parked_records", consumer="relay", **waits, **place)
    assert judged("I6", world.evidence()).green


def earliest(world: World, kind: str) -> Event:
    """Return the first event of a kind that notifications stored."""
    return next(each for each in world.desks["notifications"].events if each.type == kind)


def tells(record: Record, event: Event) -> bool:
    """Whether a record is that of an event."""
    return record.header("ce_id") == str(event.event_id)


def passing_over(type_: str, consumer: str) -> int:
    """Let a forged record be heard by one consumer and kept by no one; count what is wrong."""
    world = sound()
    headers = {
        "ce_tenant": str(TENANT),
        "ce_subject": str(uuid4()),
        "ce_id": str(uuid4()),
        "ce_sequence": "1",
        "ce_type": f"throughline.referrals.{type_}.v1",
    }
    named = tuple((name, value.encode()) for name, value in headers.items())
    world.records.append(Record("referrals", 0, 10_000, b"key", b"{}", named))
    proof = {"topic": "throughline.referrals.v1", "partition": 0, "offset": 10_000}
    fault = Fault(
        "F17",
        9,
        "referrals",
        {**proof, "stream": headers["ce_subject"]},
        proved=True,
        recovered_s=1.0,
    )
    world.faults.append(fault)
    stream = UUID(headers["ce_subject"])
    # Who told it hears it too, and looks into none of these.
    for each in (consumer, "referrals"):
        world.desks[each].row("heard", consumer=each, stream_id=stream, version=1)
    return judged("I7", world.evidence()).wrong


def test_a_forged_record_may_be_passed_over_by_who_never_looks_into_its_type() -> None:
    # Casework, which looks into both types, has kept neither; notifications looks into one.
    assert passing_over("ResponsibilityChanged", "notifications") == 1
    assert passing_over("ReferralReceived", "notifications") == 2
