"""I10: no dangling reference once settled, within a store and between stores."""

from collections.abc import Iterator
from uuid import UUID

from faults.checking.evidence import Event, Evidence, Store
from faults.checking.report import Look, look
from faults.checking.telling import forged_streams


def nothing_dangles(evidence: Evidence) -> Iterator[Look]:
    """I10: whatever is named is there: causes, corrected entries, streams, referrals, cases."""
    known = {each.event_id for store in evidence.stores.values() for each in store.events}
    for name, store in evidence.stores.items():
        yield from _events(name, store, known)
        yield from _rows(name, store, evidence)
    yield from _between(evidence)


def _events(name: str, store: Store, known: set[UUID]) -> Iterator[Look]:
    own = {each.event_id for each in store.events}
    for event in store.events:
        ids = {"service": name, "event": event.event_id, "type": event.type}
        if event.cause is not None:
            yield look(event.cause in known, "a cause is an event of some store", **ids)
        if corrects := event.meta.get("corrects"):
            there = UUID(corrects) in own
            yield look(there, "what is corrected is an event of the same store", corrects, **ids)


def _rows(name: str, store: Store, evidence: Evidence) -> Iterator[Look]:
    streams = {(each.tenant, each.stream_id) for each in store.events}
    positions = {each.position for each in store.events}
    own = {each.event_id for each in store.events}
    others = {
        (each.tenant, each.stream_id) for one in evidence.stores.values() for each in one.events
    }
    forged = forged_streams(evidence)
    for row in store.rows("claims"):
        there = (row["tenant"], row["stream_id"]) in streams
        yield look(there, "a claim is held by a stream", service=name, claim=row["kind"])
    for row in store.rows("threads"):
        there = row["position"] in positions
        yield look(there, "a thread leads to events", row["position"], service=name)
    for row in store.rows("deadlines"):
        there = row["set_by"] in own
        yield look(there, "a deadline was set by an event", service=name, kind=row["kind"])
    for row in store.rows("heard"):
        stream = (row["tenant"], row["stream_id"])
        there = stream in others or row["stream_id"] in forged
        yield look(there, "what was heard of is a stream", service=name, stream=stream[1])


def _between(evidence: Evidence) -> Iterator[Look]:
    referrals = evidence.stores.get("referrals", Store())
    casework = evidence.stores.get("casework", Store())
    groups = evidence.stores.get("groups", Store())
    received = _things(referrals, "ReferralReceived", "referral")
    cases = {(each.tenant, str(each.case_id)) for each in _of(casework, "CaseOpened")}
    taken_up = _things(referrals, "ReferralTakenUp", "referral")
    for kind in ("CaseOpened", "EpisodeOpened", "ReferralJoined"):
        for event in _of(casework, kind):
            referral = event.said["referral"]["referral_id"]
            there = (event.tenant, referral) in received
            yield look(there, "a case is of a referral", event=event.event_id, referral=referral)
    for event in _of(referrals, "ReferralAccepted"):
        ids = {"event": event.event_id, "case": event.case_id}
        there = (event.tenant, str(event.case_id)) in cases
        yield look(there, "an accepted referral has its case", **ids)
        there = (event.tenant, event.said["referral"]) in taken_up
        yield look(there, "an accepted referral knows that it was taken up", **ids)
    for event in _of(groups, "PlaceRequested"):
        if event.case_id is not None:
            there = (event.tenant, str(event.case_id)) in cases
            ids = {"event": event.event_id, "case": event.case_id}
            yield look(there, "a place asked for under a case is under one that is there", **ids)


def _of(store: Store, kind: str) -> list[Event]:
    return [each for each in store.events if each.type == kind]


def _things(store: Store, kind: str, field: str) -> set[tuple[UUID, str]]:
    return {(each.tenant, each.said[field]) for each in _of(store, kind)}
