# ruff: noqa: D401 # a story is told, it orders nothing
"""Stories of the services, told as their clients see them; each ends when all has settled."""

from dataclasses import replace
from datetime import timedelta

from casework.allocations.allocation_events import AllocationReason
from casework.allocations.commands import AllocateCase
from casework.sessions.commands import CorrectSession, RecordSession
from casework.sessions.session import Account, Attendee, Change, CorrectionReason, SessionKind
from groups.asks import GiveUpPlace, NoteAttendance, TakePlace
from groups.attendance import Presence
from ledger.envelope import Occurred
from ledger.personal import Plain
from referrals.codes import DeclineReason
from referrals.life.commands import DeclineReferral
from tests.simulation import passing, redirects
from tests.simulation.doing import (
    TODAY,
    accepted,
    asked,
    case_of,
    closed,
    cohort,
    directly,
    published,
    screened,
    skipped,
    submitted,
    worker,
)
from tests.simulation.process import AWAY, HOME, Client, Story
from tests.simulation.world import BEGINS

REFERRING = ("referrals", "casework", "notifications")
PLACING = ("casework", "groups")


async def a_referral_is_taken_up(client: Client) -> None:
    """A case is opened, and the front door hears of it."""
    [child] = await submitted(client, "submit")
    await accepted(client, "it", child.referral)
    await client.settled()


async def siblings_have_a_case_each(client: Client) -> None:
    """Two children of one submission are taken on; their referrer is written to once."""
    for number, child in enumerate(await submitted(client, "submit", children=2)):
        await accepted(client, str(number), child.referral)
    await client.settled()


async def a_submission_is_sent_again(client: Client) -> None:
    """The same submission is answered the same, and nothing more follows."""
    first = await submitted(client, "submit")
    again = await submitted(client, "submit again")
    if first != again:
        raise AssertionError("another answer")
    await client.settled()


async def a_referral_is_declined(client: Client) -> None:
    """What is declined opens no case."""
    [child] = await submitted(client, "submit")
    await screened(client, "it", child.referral)
    decline = DeclineReferral(child.referral, DeclineReason.SIGNPOSTED, Plain(None))
    await client.do("decline", "referrals", decline)
    await client.settled()


async def somebody_is_in_danger(client: Client) -> None:
    """Danger is told of at once, and kept by casework to show."""
    await submitted(client, "submit", danger=True)
    await client.settled()


async def a_known_child_is_referred_again(client: Client) -> None:
    """The second referral joins the case that there is."""
    for label in ("first", "second"):
        [child] = await submitted(client, label, keys="child")
        await accepted(client, label, child.referral)
        await client.settled()


async def a_child_comes_back_after_the_closing(client: Client) -> None:
    """A new episode of the same case begins."""
    case_id = await case_of(client, "first", child="child")
    await closed(client, "first", case_id)
    await case_of(client, "second", child="child")
    await client.settled()


async def a_screening_is_late(client: Client) -> None:
    """Nobody screens: that is recorded once, and it may still be done."""
    [child] = await submitted(client, "submit")
    await client.settled()
    client.later("days", timedelta(days=5))
    await client.settled()
    await accepted(client, "it", child.referral)
    await client.settled()


async def a_case_is_allocated(client: Client) -> None:
    """A worker is named in time and finds a note; the deadline passes without effect."""
    who, case_id = await worker(client), await case_of(client, "it")
    command = AllocateCase(case_id, who, AllocationReason.NEW_CASE, Plain(None))
    await client.do("allocate", "casework", command)
    await client.settled()
    client.later("days", timedelta(days=20))
    await client.settled()


async def nobody_is_allocated(client: Client) -> None:
    """The time for naming a lead ends: that is recorded once."""
    await case_of(client, "it")
    await client.settled()
    client.later("days", timedelta(days=20))
    await client.settled()


async def a_session_is_corrected(client: Client) -> None:
    """What was recorded is set right, and both stay."""
    who, case_id = await worker(client), await case_of(client, "it")
    session = client.fresh("session")
    account = Account(SessionKind.MEETING, Occurred(BEGINS), 50, (Attendee.CHILD,))
    record = RecordSession(session, case_id, who, account, Plain("words"))
    await client.do("record", "casework", record)
    right = CorrectSession(
        session, 1, Change(minutes=40), CorrectionReason.FACTUAL_ERROR, Plain(None)
    )
    await client.do("correct", "casework", right)
    await client.settled()


async def a_place_is_taken(client: Client) -> None:
    """Asked for by casework, granted, offered, accepted; casework hears of all of it."""
    place = await asked(client, "it", await cohort(client, 1))
    await client.settled()
    await client.do("take", "groups", TakePlace(place))
    await client.settled()


async def a_place_goes_to_the_next(client: Client) -> None:
    """Who is offered a place declines; who waits longest gets it."""
    cohort_id = await cohort(client, 1)
    first = await directly(client, "first", cohort_id)
    await client.settled()
    await directly(client, "second", cohort_id)
    await client.settled()
    await client.do("give up", "groups", GiveUpPlace(first))
    await client.settled()


async def an_offer_lapses(client: Client) -> None:
    """Nobody answers in time: the offer ends once, and casework hears of it."""
    await asked(client, "it", await cohort(client, 1))
    await client.settled()
    client.later("days", timedelta(days=5))
    await client.settled()


async def a_case_that_waits_is_closed(client: Client) -> None:
    """What waited is withdrawn, and what was offered stays."""
    cohort_id = await cohort(client, 1)
    await asked(client, "first", cohort_id)
    await client.settled()
    await asked(client, "second", cohort_id)
    await client.settled()
    await closed(client, "second", client.fresh("case second"))
    await client.settled()


async def two_families_reach_for_the_last_place(client: Client) -> None:
    """At the same time: exactly one gets it, the other waits."""
    cohort_id = await cohort(client, 1)
    for label in ("one", "other"):
        await directly(client, label, cohort_id)
    await client.settled()


async def a_place_crosses_authorities(client: Client) -> None:
    """The host decides, the family's own authority offers."""
    cohort_id = await cohort(client, 1, (HOME, AWAY))
    place = await directly(client, "it", cohort_id, AWAY)
    await client.settled()
    await client.do("take", "groups", TakePlace(place), AWAY)
    await client.settled()


async def attendance_is_heard_of(client: Client) -> None:
    """Casework keeps whether the family came; the last word on a session holds."""
    place = await asked(client, "it", await cohort(client, 1))
    await client.settled()
    await client.do("take", "groups", TakePlace(place))
    for presence in (Presence.ABSENT, Presence.ATTENDED):
        await client.do(str(presence), "groups", NoteAttendance(place, 1, presence))
    await client.settled()


async def a_request_comes_before_the_cohort(client: Client) -> None:
    """It waits parked, and is carried out once the cohort is known."""
    await asked(client, "it", client.fresh("cohort"))
    await client.settled()
    await published(client, 1)
    await client.settled(nothing_waits=True)


async def a_request_comes_too_late(client: Client) -> None:
    """The domain refuses, that is remembered, and the stream goes on."""
    cohort_id = await published(client, 1, until=TODAY - timedelta(days=1))
    await client.settled()
    await asked(client, "it", cohort_id)
    await closed(client, "it", client.fresh("case it"))
    await client.settled()


async def a_record_is_poison(client: Client) -> None:
    """Its stream waits, others go on; an operator leaves it out, and the stream goes on."""
    client.world.rules.spoils.setdefault("CaseOpened", 1)
    first = await submitted(client, "first", children=2)
    for number, child in enumerate(first):
        await accepted(client, str(number), child.referral)
    await client.settled()
    # Casework hears its own topic too.
    for consumer in ("referrals", "casework"):
        await skipped(client, consumer)
    await client.settled(nothing_waits=True)


async def a_record_is_lost(client: Client) -> None:
    """The broker loses the first of a case: the next one tells, and casework is asked for it."""
    client.world.rules.loses.setdefault("CaseOpened", 1)
    [child] = await submitted(client, "submit")
    await accepted(client, "it", child.referral)
    await client.settled()
    await closed(client, "it", child.case)
    await client.settled()


async def records_are_delivered_again(client: Client) -> None:
    """All that was told is told once more, and nothing more comes of it."""
    [child] = await submitted(client, "submit")
    await accepted(client, "it", child.referral)
    await client.settled()
    client.once("again", lambda: _repeat(client))
    await client.settled()


def _repeat(client: Client) -> None:
    for partitions in client.world.topics.values():
        for number, records in enumerate(partitions):
            for each in list(records):
                records.append(replace(each, partition=number, offset=len(records)))


async def an_event_cannot_be_told(client: Client) -> None:
    """The relay lets its stream wait; once it is mended all of it is told in order."""
    client.once("bad", lambda: client.world.rules.unsendable.add("ReferralScreened"))
    first = await submitted(client, "submit", children=2)
    for number, child in enumerate(first):
        await accepted(client, str(number), child.referral)
    await client.settled()
    client.once("mended", client.world.rules.unsendable.clear)
    await client.settled(nothing_waits=True)


async def many_come_at_once(client: Client) -> None:
    """Several families at the same time, in whatever order their records come."""
    for number in range(4):
        [child] = await submitted(client, f"submit {number}")
        await accepted(client, str(number), child.referral)
    await client.settled()


STORIES: dict[Story, tuple[str, ...]] = {
    a_referral_is_taken_up: REFERRING,
    siblings_have_a_case_each: REFERRING,
    a_submission_is_sent_again: REFERRING,
    a_referral_is_declined: REFERRING,
    somebody_is_in_danger: REFERRING,
    a_known_child_is_referred_again: REFERRING,
    a_child_comes_back_after_the_closing: ("casework", "referrals"),
    a_screening_is_late: REFERRING,
    a_case_is_allocated: ("casework", "notifications"),
    nobody_is_allocated: ("casework", "notifications"),
    a_session_is_corrected: ("casework", "notifications"),
    a_place_is_taken: PLACING,
    a_place_goes_to_the_next: ("groups", "notifications"),
    an_offer_lapses: (*PLACING, "notifications"),
    a_case_that_waits_is_closed: PLACING,
    two_families_reach_for_the_last_place: ("groups", "notifications"),
    a_place_crosses_authorities: ("groups", "notifications"),
    attendance_is_heard_of: PLACING,
    a_request_comes_before_the_cohort: PLACING,
    a_request_comes_too_late: PLACING,
    a_record_is_poison: ("referrals", "casework"),
    a_record_is_lost: ("referrals", "casework"),
    records_are_delivered_again: REFERRING,
    an_event_cannot_be_told: REFERRING,
    many_come_at_once: ("referrals", "casework"),
    **redirects.STORIES,
    **passing.STORIES,
}
"""Each story with the services that it is about."""
