"""Every field of a submission is kept; what could name somebody is sealed, and told to nobody."""

import json
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.directory import Directory
from ledger.envelope import Actor, Envelope, Occurred, Recorded
from ledger.personal import Plain
from referrals.codes import Check
from referrals.events import REGISTRY
from referrals.intake.described import (
    Identified,
    IdentifiedChild,
    adult_described,
    child_described,
    contact_of,
    referral_received,
    referrer_described,
)
from referrals.intake.submission import Places, Submission, parse
from referrals.life.events import CheckAnswered
from referrals.life.published import ConflictAnswered
from referrals.published import EVENTS, publish

DEMO = Path(__file__).parents[3] / "demo"
DIRECTORY = Directory.load(DEMO / "directory.json")
SLUGS = frozenset(DIRECTORY.authorities)
PLACES = Places(SLUGS, SLUGS, frozenset(DIRECTORY.partnerships))
GOOD: dict[str, Any] = json.loads((DEMO / "intake-2025.jsonl").read_bytes().splitlines()[0])

# Fields whose values rules hold against a list or a form: they cannot be free words.
FIXED = {"submission_id", "received_at", "received_by", "lives_in", "date_of_birth",
         "adoption_order_date", "placing_authority", "needs"}  # fmt: skip


def planted(value: Any, path: str = "") -> Any:
    """Return the submission with a word of its own in every free text and code."""
    match value:
        case dict():
            return {
                name: each if name in FIXED else planted(each, f"{path}-{name}")
                for name, each in value.items()
            }
        case list():
            return [planted(each, f"{path}-{index}") for index, each in enumerate(value)]
        case bool():
            return value
        case _:
            return f"canary{path}"


def identified(submission: Submission) -> Identified:
    return Identified(
        family=uuid4(),
        referrer=uuid4(),
        adults=tuple(uuid4() for _ in submission.said.family.adults),
        children=tuple(
            IdentifiedChild(uuid4(), uuid4(), False, uuid4(), "2345-6789")  # noqa: FBT003 # a field
            for _ in submission.children
        ),
    )


def kept(document: dict[str, Any]) -> list[Any]:
    submission = parse(json.dumps(document).encode(), PLACES)
    who = identified(submission)
    return [
        referrer_described(submission.said, who.referrer, who.family),
        *(
            adult_described(submission.said, number, person, who.family)
            for number, person in enumerate(who.adults, start=1)
        ),
        *(
            child_described(submission, number, child.person)
            for number, child in enumerate(who.children, start=1)
        ),
        *(
            referral_received(submission, number, who, PLACES.partnerships)
            for number in range(1, len(who.children) + 1)
        ),
    ]


def recorded(event: object) -> Recorded[Any]:
    now = datetime(2025, 1, 15, 12, 1, 8, tzinfo=UTC)
    return Recorded(
        event,
        Envelope(
            event_id=uuid4(),
            tenant=uuid4(),
            category=REGISTRY.category(type(event).__name__),
            stream_id=UUID(int=9),
            version=1,
            position=1,
            type=type(event).__name__,
            schema_version=1,
            occurred=Occurred(now),
            recorded_at=now,
            actor=Actor("a", "duty-worker"),
            command_id=uuid4(),
            correlation_id=uuid4(),
        ),
    )


def leaves(value: Any) -> Iterator[Any]:
    match value:
        case dict():
            for each in value.values():
                yield from leaves(each)
        case list():
            for each in value:
                yield from leaves(each)
        case _:
            yield value


def test_every_word_of_a_submission_is_kept() -> None:
    document = planted(GOOD)
    values = "\n".join(
        str(value.value if isinstance(value, Plain) else value)
        for event in kept(document)
        for each in fields(event)
        for value in [getattr(event, each.name)]
    )
    words = [each for each in leaves(document) if isinstance(each, str)]
    assert len(words) > 40
    for word in words:
        if word != document["received_at"]:
            assert word in values


def test_flags_and_times_are_kept() -> None:
    document = json.loads(json.dumps(GOOD))
    document["family"]["protected_address"] = True
    document["safeguarding"].update(immediate_danger=True, concern=True)
    document.update(placement_at_risk=True, asks_for_assessment=False)
    document["consents"]["to_refer"] = False
    document["family"]["children"][1]["ehc_plan"] = True
    document["family"]["adults"][0].update(
        parental_responsibility=False, do_not_leave_voicemail=True
    )
    _, adult, child, other, referral, other_referral = kept(document)
    assert (adult.protected_address, child.protected_address, other.protected_address) == (
        True,
        True,
        True,
    )
    assert (adult.parental_responsibility, adult.do_not_leave_voicemail) == (False, True)
    assert (referral.ehc_plan, other_referral.ehc_plan) == (False, True)
    assert (
        referral.immediate_danger,
        referral.safeguarding_concern,
        referral.placement_at_risk,
        referral.asks_for_assessment,
        referral.consent_to_refer,
    ) == (True, True, True, False, False)
    assert referral.received_at.isoformat() == document["received_at"]
    assert referral.urgent


def test_no_free_word_stands_in_the_clear_or_is_told() -> None:
    for event in kept(planted(GOOD)):
        payload, blocks = REGISTRY.encode(event)
        assert b"canary" not in payload
        assert blocks
        assert "canary" not in repr(event)
        public = publish(recorded(event))
        if public is not None:
            assert "canary" not in repr(public)


def test_what_must_be_clear_is_clear_and_the_birth_date_is_not() -> None:
    _, _, child, _, referral, _ = kept(GOOD)
    payload = json.loads(REGISTRY.encode(child)[0])
    assert payload["birth_month"] == "2014-07"
    assert payload["sex"] == "female"
    assert payload["ethnicity"] == "MWAS"
    assert "2014-07-21" not in json.dumps(payload)
    payload = json.loads(REGISTRY.encode(referral)[0])
    assert payload["ordered_on"] == "2018-10-25"
    assert payload["needs"] == ["sibling-conflict"]


def test_a_sealed_block_stands_for_each_person_and_class_of_data() -> None:
    for event in kept(GOOD):
        _, blocks = REGISTRY.encode(event)
        subject = event.child if hasattr(event, "child") else event.person
        assert {each.subject for each in blocks} == {subject}


def test_the_adult_with_parental_responsibility_is_written_to() -> None:
    document = json.loads(json.dumps(GOOD))
    one = document["family"]["adults"][0]
    document["family"]["adults"] = [one | {"parental_responsibility": False}, one]
    submission = parse(json.dumps(document).encode(), PLACES)
    people = (UUID(int=1), UUID(int=2))
    assert contact_of(submission.said, people) == UUID(int=2)
    document["family"]["adults"] = []
    assert contact_of(parse(json.dumps(document).encode(), PLACES).said, ()) is None


def test_the_public_words_are_ids_codes_and_dates() -> None:
    referral = kept(GOOD)[-2]
    public = publish(recorded(referral))
    assert type(public) in EVENTS
    told = {name: value for name, value in asdict(public).items() if not isinstance(value, UUID)}  # type: ignore[call-overload] # any dataclass
    assert told == {
        "reference": "2345-6789",
        "referrer_kind": "adopter",
        "route": "web-form",
        "needs": ("sibling-conflict",),
        "urgent": False,
        "immediate_danger": False,
        "known_before": False,
        "legal_status": "order-granted",
        "duty_holder": "northmoor",
    }


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_who_people_are_is_told_to_nobody(number: int) -> None:
    assert publish(recorded(kept(GOOD)[number])) is None


@pytest.mark.parametrize(
    ("answer", "worker"), [("worker-knows-family", UUID(int=8)), ("none", None)]
)
def test_who_knows_the_family_is_told_so_that_others_can_let_him_near_nothing(
    answer: str, worker: UUID | None
) -> None:
    answered = CheckAnswered(
        UUID(int=1), UUID(int=2), Check.CONFLICT, answer, worker, Plain("She is my niece.")
    )
    told = publish(recorded(answered))
    assert told == ConflictAnswered(UUID(int=1), UUID(int=2), worker)
    assert publish(recorded(replace(answered, check=Check.IDENTITY))) is None
