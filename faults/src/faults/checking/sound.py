"""A small campaign made by hand, sound in every respect, of which tests spoil one thing at a time.

One referral is received, accepted and becomes a case; a letter is sent. Nobody screened it, nor led
the case, in time, so deadlines fell due. Two forged records were written: one waits, one is buried.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

from faults.checking.evidence import Event, Fault, Mail, Record
from faults.checking.hops import HEARS
from faults.checking.names import caused, message, stream_of
from faults.checking.samples import LEAD_BY, MONDAY, TENANT, World

SCREEN_BY = datetime(2025, 3, 5, tzinfo=UTC)
SUBMITTED = uuid4()
"""The command id of whoever submitted the referral."""

WAITS, BURIED = uuid4(), uuid4()
"""Made-up streams of forged records."""


def sound() -> World:
    """Return a world in which every invariant finds something to look at, and holds."""
    world = World()
    referral, case, child = uuid4(), uuid4(), uuid4()
    _referred(world, referral, case, child)
    _taken_on(world, referral, case, child)
    _written_to(world)
    _heard(world)
    _forged(world)
    received = world.event("referrals", "ReferralReceived")
    first = world.answered("referrals", received, sent=1.0)
    # A submission is stored under an id that is made from it, not under its client's.
    world.attempts[0] = replace(first, rpc="SubmitReferral", command_id=SUBMITTED)
    world.answered("referrals", world.event("referrals", "ReferralAccepted"), sent=2.0)
    refused = replace(first, op=10, outcome="refused", command_id=uuid4(), versions={}, position=0)
    doubted = replace(refused, op=11, outcome="in_doubt", command_id=uuid4(), ended=None)
    reading = replace(refused, op=12, outcome="ok", kind="read", command_id=None)
    world.attempts += [refused, doubted, replace(reading, token=1, after=1, found=True)]
    world.dumps["casework.read.cases"] = [b"one\ntwo\n", b"one\ntwo\n"]
    world.faults.append(Fault("F01", 1, "casework-relay", {}, proved=True, recovered_s=2.0))
    return world


def _referred(world: World, referral: UUID, case: UUID, child: UUID) -> None:
    desk = world.desks["referrals"]
    stream = stream_of("referrals", "Referral", referral)
    told = {"referral": referral, "reference": "W-1", "submission": uuid4(), "case": case}
    danger = {"immediate_danger": False, "placement_at_risk": True, "received_at": MONDAY}
    received = desk.record(
        stream,
        "ReferralReceived",
        {**told, **danger, "child": child},
        command=stream_of("referrals", "submission", told["submission"]),
        correlation_id=SUBMITTED,
        case_id=case,
    )
    due_set = desk.record(
        stream,
        "ScreeningDueSet",
        {"referral": referral, "due_at": SCREEN_BY, "urgent": True},
        case_id=case,
    )
    accepted = desk.record(stream, "ReferralAccepted", {"referral": referral}, case_id=case)
    overdue = {"referral": referral, "due_at": SCREEN_BY}
    natural = f"{stream}:{SCREEN_BY}:{due_set.event_id}"
    cause = stream_of("referrals", "deadline screening", natural)
    late = desk.record(
        stream,
        "ScreeningOverdue",
        overdue,
        command=caused("clock", cause, "ScreeningFellDue", stream),
        at=SCREEN_BY,
        causation_id=due_set.event_id,
        case_id=case,
    )
    due = {"stream_id": stream, "due_at": SCREEN_BY, "set_by": due_set.event_id}
    desk.row("deadlines", kind="screening", **due, fired_at=SCREEN_BY, met_at=None)
    desk.row("claims", kind="reference", stream_id=stream)
    public = {"referral_id": referral, "immediate_danger": False, "urgent": True}
    letter = {"referrer": uuid4(), "submission_id": told["submission"]}
    world.tell(received, "referrals", "ReferralReceived", **public, **letter)
    world.tell(due_set, "referrals")
    world.tell(accepted, "referrals", "ReferralAccepted", referral_id=referral)
    world.tell(late, "referrals")
    # The relay died before its checkpoint: it told the last once more.
    world.tell(late, "referrals")


def _taken_on(world: World, referral: UUID, case: UUID, child: UUID) -> None:
    desk, stream = world.desks["casework"], stream_of("casework", "Case", case)
    accepted = world.event("referrals", "ReferralAccepted")
    opened = desk.record(
        stream,
        "CaseOpened",
        {
            "case_id": case,
            "child": child,
            "referral": {"referral_id": referral, "accepted_on": "2025-03-03"},
        },
        command=caused("casework", accepted.event_id, "TakeOnReferral", stream),
        causation_id=accepted.event_id,
        actor="service:casework",
        case_id=case,
    )
    world.tell(opened, "casework", "CaseOpened", referral_id=referral)
    _lead_awaited(world, opened, case, child)
    _shown_as_open(world, referral, case, child)
    _noted_at_the_door(world, opened, referral)
    _shown_at_the_door(world, referral, case, child)


def _lead_awaited(world: World, opened: Event, case: UUID, child: UUID) -> None:
    desk, accepted = world.desks["casework"], world.event("referrals", "ReferralAccepted")
    waits = stream_of("casework", "Allocation", case)
    awaited = desk.record(
        waits,
        "LeadAwaited",
        {"case_id": case, "child": child, "episode": 1, "due_on": "2025-03-13", "rule": "any"},
        command=opened.command_id,
        causation_id=accepted.event_id,
        actor="service:casework",
        case_id=case,
    )
    world.tell(awaited, "casework")
    due = {"stream_id": waits, "due_at": LEAD_BY, "set_by": awaited.event_id}
    desk.row("deadlines", kind="allocation", **due, fired_at=LEAD_BY, met_at=None)


def _shown_as_open(world: World, referral: UUID, case: UUID, child: UUID) -> None:
    desk = world.desks["casework"]
    desk.shows(
        "cases",
        case_id=case,
        child=child,
        state="open",
        episode=1,
        sessions=0,
        corrections=0,
        overdue=False,
        close_reason=None,
        lead=None,
    )
    desk.shows("urgency", referral_id=referral, urgency=1)


def _noted_at_the_door(world: World, opened: Event, referral: UUID) -> None:
    home = world.desks["referrals"]
    back = stream_of("referrals", "Referral", referral)
    taken_up = home.record(
        back,
        "ReferralTakenUp",
        {"referral": referral},
        command=caused("referrals", opened.event_id, "NoteTakenUp", back),
        causation_id=opened.event_id,
        actor="service:referrals",
        case_id=opened.case_id,
    )
    world.tell(taken_up, "referrals")


def _shown_at_the_door(world: World, referral: UUID, case: UUID, child: UUID) -> None:
    home = world.desks["referrals"]
    received = world.event("referrals", "ReferralReceived").said
    home.shows(
        "worklist",
        referral_id=referral,
        state="taken-up",
        reference="W-1",
        submission_id=received["submission"],
        case_id=case,
        child=child,
        urgent=True,
        screening_overdue=True,
    )


def _written_to(world: World) -> None:
    desk = world.desks["notifications"]
    received = world.event("referrals", "ReferralReceived")
    accepted = world.event("referrals", "ReferralAccepted")
    public = json.loads(world.records[0].value or b"{}")
    submission, referrer = UUID(public["submission_id"]), UUID(public["referrer"])
    parties = stream_of("notifications", "Parties", UUID(public["referral_id"]))
    noted = desk.record(
        parties,
        "PartiesNoted",
        {"referral": public["referral_id"], "referrer": referrer},
        command=caused("notifications", received.event_id, "NoteParties", parties),
        causation_id=received.event_id,
        actor="service:notifications",
    )
    world.tell(noted, "notifications")
    letter_id = message(TENANT, submission, "referral-acknowledgement", referrer)
    stream = stream_of("notifications", "Message", letter_id)
    acknowledge = caused("notifications", received.event_id, "QueueMessage", stream)
    _sent(world, received, acknowledge, "referral-acknowledgement", submission, referrer)
    answer = caused("notifications", accepted.event_id, "TellAnswer", parties)
    _sent(world, accepted, answer, "referral-answered", accepted.event_id, referrer)
    world.desks["referrals"].shows("deliveries", person=referrer, channel="email")


def _sent(
    world: World, cause: Event, command: UUID, template: str, about: UUID, recipient: UUID
) -> None:
    desk = world.desks["notifications"]
    letter_id = message(TENANT, about, template, recipient)
    stream = stream_of("notifications", "Message", letter_id)
    letter = {
        "message_id": letter_id,
        "template": template,
        "channel": "email",
        "recipient": recipient,
        "about_event": about,
    }
    queued = desk.record(
        stream,
        "MessageQueued",
        {"letter": letter},
        command=command,
        causation_id=cause.event_id,
        actor="service:notifications",
    )
    sent = desk.record(stream, "MessageSent", {"letter": letter})
    world.tell(queued, "notifications")
    world.tell(sent, "notifications", "NotificationSent", channel="email", recipient=recipient)
    del letter["channel"]
    desk.shows("messages", **letter, state="sent", attempts=0, reason="")
    world.mails.append(Mail(f"<{letter_id}@throughline.invalid>", "somebody"))


def _heard(world: World) -> None:
    """Let everybody have heard of everything, and every follower stand at the end."""
    for consumer, services in HEARS.items():
        desk = world.desks[consumer]
        for service in services:
            for row in world.desks[service].store().rows("streams"):
                stream = {"stream_id": row["stream_id"], "version": row["version"]}
                desk.row("heard", consumer=consumer, **stream)
        end = len(desk.events)
        desk.row("checkpoints", name="relay", shard=0, position=end, seen_to=end)


def _forged(world: World) -> None:
    """Write two records that no store holds; whoever reads the topic kept them."""
    topic = "throughline.casework.v1"
    for stream, where in ((WAITS, "parked_records"), (BURIED, "dead_letters")):
        offset = sum(each.service == "casework" for each in world.records)
        world.records.append(Record("casework", 0, offset, b"key", b"\xff", ()))
        proof = {"topic": topic, "partition": 0, "offset": offset, "stream": str(stream)}
        world.faults.append(Fault("F17", 2, topic, proof, proved=True, recovered_s=1.0))
        place = {"topic": topic, "partition": 0, "offset": offset}
        for consumer, services in HEARS.items():
            if "casework" in services and where == "dead_letters":
                world.desks[consumer].row(where, **place, reason="ce_id")
            elif "casework" in services:
                waiting = {"consumer": consumer, "stream_id": stream}
                world.desks[consumer].row(where, **waiting, version=1, event_id=None, **place)
                world.desks[consumer].row("parked", **waiting, reason="unreadable ce_id")
