"""I3, I7, I13, I14, I21: what consumers made of the topics, hop by hop."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from faults.checking.evidence import Evidence, Record, Store
from faults.checking.hops import HEARS, Asked, asked
from faults.checking.report import Look, look
from faults.checking.telling import Telling, last_versions, telling, told_by

RELAY = "relay"

PASSED_OVER = {
    "notifications": frozenset({"ResponsibilityChanged"}),
    # Of its own news it looks into those that pass between two authorities.
    "referrals": frozenset({"ResponsibilityChanged", "ReferralReceived"}),
}
"""Consumer to types that it hears and never looks into, whatever they say."""


@dataclass(frozen=True, slots=True)
class Consumer:
    """What one service's store says of what it heard."""

    name: str
    store: Store
    heard: dict[tuple[UUID, UUID], int]
    parked: set[tuple[UUID, UUID, int]]
    parked_places: set[tuple[str, int, int]]
    dead: set[tuple[str, int, int]]

    @classmethod
    def of(cls, name: str, store: Store) -> "Consumer":
        """Read it."""
        records = [row for row in store.rows("parked_records") if row["consumer"] == name]
        return cls(
            name,
            store,
            {
                (row["tenant"], row["stream_id"]): row["version"]
                for row in store.rows("heard")
                if row["consumer"] == name
            },
            {(row["tenant"], row["stream_id"], row["version"]) for row in records},
            {(_service(row["topic"]), row["partition"], row["offset"]) for row in records},
            {
                (_service(row["topic"]), row["partition"], row["offset"])
                for row in store.rows("dead_letters")
            },
        )


def consumers(evidence: Evidence) -> Iterator[Consumer]:
    """Yield each service as a consumer."""
    for name, store in evidence.stores.items():
        yield Consumer.of(name, store)


def _service(topic: str) -> str:
    return topic.removeprefix("throughline.").removesuffix(".v1")


def _asked(topics: Telling) -> dict[str, list[Asked]]:
    found: dict[str, list[Asked]] = defaultdict(list)
    for told in topics.first():
        for each in asked(told):
            found[each.consumer].append(each)
    return found


def one_effect_for_each_cause(evidence: Evidence) -> Iterator[Look]:
    """I3: one effect per (consumer, event): only commands that a record asks for, each once."""
    wanted = _asked(telling(evidence))
    mails = Counter(each.message_id for each in evidence.mails)
    for name, store in evidence.stores.items():
        allowed = {(each.tenant, each.command_id) for each in wanted[name]}
        own = f"service:{name}"
        told = {each.told.event_id for each in wanted[name]}
        for event in store.events:
            if event.meta.get("actor") != own or event.cause not in told:
                continue
            held = (event.tenant, event.command_id) in allowed
            expected = "an event that follows from a record has that record's one command id"
            yield look(held, expected, event.command_id, service=name, cause=event.cause)
        yield from _natural_effects(name, store)
    for message_id, number in mails.items():
        doubtful = _in_doubt(evidence, message_id)
        held = number == 1 or doubtful
        yield look(held, "a mail is handed over once unless in doubt", number, mail=message_id)


_ONCE = {
    ("casework", "CaseOpened"): ("case_id",),
    ("referrals", "ReferralTakenUp"): ("referral",),
    ("referrals", "ReferralAccepted"): ("referral",),
    ("groups", "PlaceFreed"): ("place_id",),
    ("groups", "PlaceGranted"): ("place_id",),
    ("groups", "PlaceAccepted"): ("place_id",),
    ("notifications", "MessageQueued"): ("letter", "message_id"),
    ("notifications", "MessageSent"): ("letter", "message_id"),
    ("notifications", "NotePlaced"): ("letter", "message_id"),
}
"""Facts of which there is one for each thing, and where the thing is named in them."""


def _natural_effects(name: str, store: Store) -> Iterator[Look]:
    seen: Counter[tuple[object, ...]] = Counter()
    for event in store.events:
        path = _ONCE.get((name, event.type))
        if path is not None:
            thing: object = event.said
            for step in path:
                thing = thing[step]  # type: ignore[index] # decoded JSON
            seen[event.tenant, event.type, thing] += 1
    for (tenant, kind, thing), number in seen.items():
        expected = f"one {kind} for each thing"
        yield look(number == 1, expected, number, service=name, tenant=tenant, thing=thing)


def _in_doubt(evidence: Evidence, message_id: str) -> bool:
    """Whether nobody could tell if an earlier attempt of a mail had arrived."""
    store = evidence.stores.get("notifications", Store())
    name = message_id.strip("<>").partition("@")[0]
    return any(
        event.type == "AttemptInDoubt" and str(event.said["message_id"]) == name
        for event in store.events
    )


def everything_told_is_heard(evidence: Evidence) -> Iterator[Look]:
    """I7: every record of a topic is heard, or parked, or buried, by each who reads the topic."""
    topics = telling(evidence)
    last = last_versions(topics.told)
    for consumer in consumers(evidence):
        reads = HEARS.get(consumer.name, frozenset())
        for (service, tenant, stream), version in last.items():
            if service not in reads:
                continue
            known = consumer.heard.get((tenant, stream), 0)
            waits = all(
                (tenant, stream, each) in consumer.parked for each in range(known + 1, version + 1)
            )
            ids = {"consumer": consumer.name, "service": service, "stream": stream}
            expected = f"heard or parked to version {version}"
            yield look(known == version or (known < version and waits), expected, known, **ids)
        for record in topics.forged:
            if record.service in reads:
                kept = record.place in consumer.dead or record.place in consumer.parked_places
                kept = kept or _passed_over(consumer, record)
                expected = "a record that cannot be read is parked or buried"
                yield look(kept, expected, consumer=consumer.name, at=record.place)


def _passed_over(consumer: Consumer, record: Record) -> bool:
    """Whether it was heard and its content never looked at: nobody there is told what it tells."""
    told = told_by(record)
    return (
        told is not None
        and consumer.heard.get((told.tenant, told.stream_id), 0) >= told.version
        and told.type in PASSED_OVER.get(consumer.name, ())
    )


def alerts_are_visible(evidence: Evidence) -> Iterator[Look]:
    """I13: whatever waits is listed, with a reason; what is overdue is marked as overdue."""
    for name, store in evidence.stores.items():
        listed = {
            (row["consumer"], row["tenant"], row["stream_id"]): row["reason"]
            for row in store.rows("parked")
        }
        for row in store.rows("parked_records"):
            key = (row["consumer"], row["tenant"], row["stream_id"])
            expected = "the stream of a parked record is listed, with a reason"
            yield look(bool(listed.get(key)), expected, store=name, stream=key[2])
        for row in store.rows("dead_letters"):
            yield look(bool(row["reason"]), "a dead letter has a reason", store=name)
        yield from _overdue(name, store)


_LATE = {
    ("referrals", "ScreeningOverdue"): ("worklist", "referral_id", "referral", "screening_overdue"),
}


def _overdue(name: str, store: Store) -> Iterator[Look]:
    for (service, kind), (table, key, field, column) in _LATE.items():
        if service != name:
            continue
        marked = {(row["tenant"], row[key]): row[column] for row in store.read.get(table, ())}
        for event in store.events:
            if event.type == kind:
                thing = UUID(event.said[field])
                expected = "what is overdue is marked as overdue"
                yield look(bool(marked.get((event.tenant, thing))), expected, store=name, id=thing)


def alerts_are_visible_once(evidence: Evidence) -> Iterator[Look]:
    """I14: nothing waits in two places, and no stream is listed of which nothing waits."""
    for name, store in evidence.stores.items():
        waiting: Counter[tuple[object, ...]] = Counter()
        places: Counter[tuple[object, ...]] = Counter()
        for row in store.rows("parked_records"):
            waiting[row["consumer"], row["tenant"], row["stream_id"]] += 1
            # What was filled in from the owner, and what the relay keeps, has no place in a topic.
            if row["offset"] >= 0 and row["consumer"] != RELAY:
                places[row["consumer"], row["topic"], row["partition"], row["offset"]] += 1
        for row in store.rows("dead_letters"):
            places[name, row["topic"], row["partition"], row["offset"]] += 1
        for row in store.rows("parked"):
            key = (row["consumer"], row["tenant"], row["stream_id"])
            expected = "a listed stream has records that wait"
            yield look(waiting[key] > 0, expected, store=name, stream=key[2])
        for place, number in places.items():
            yield look(number == 1, "a record waits in one place", number, store=name, at=place)


def what_goes_in_comes_out(evidence: Evidence) -> Iterator[Look]:
    """I21: in = applied + parked + refused, for every command of every hop."""
    wanted = _asked(telling(evidence))
    for consumer in consumers(evidence):
        refused = {
            (row["tenant"], row["command_id"])
            for row in consumer.store.rows("refused")
            if row["consumer"] == consumer.name
        }
        for each in wanted[consumer.name]:
            key = (each.tenant, each.command_id)
            told = each.told
            became = [
                *(["applied"] if key in consumer.store.commands else []),
                *(["refused"] if key in refused else []),
                *(
                    ["parked"]
                    if (told.tenant, told.stream_id, told.version) in consumer.parked
                    else []
                ),
            ]
            expected = "what was told was applied, or parked, or refused: one of these"
            ids = {"consumer": consumer.name, "kind": each.kind, "event": told.event_id}
            yield look(len(became) == 1, expected, "+".join(became) or "none", **ids)
    yield from _followers(evidence)


def _followers(evidence: Evidence) -> Iterator[Look]:
    """Look at the hops within a service: who follows its log has followed it to the end."""
    for name, store in evidence.stores.items():
        end = max((each.position for each in store.events), default=0)
        for row in store.rows("checkpoints"):
            if row["seen_to"] or row["position"]:
                expected = f"a follower stands at the log's end, {end}"
                ids = {"service": name, "follower": row["name"], "shard": row["shard"]}
                yield look(row["seen_to"] >= end, expected, row["seen_to"], **ids)
