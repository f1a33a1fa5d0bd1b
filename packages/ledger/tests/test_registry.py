"""Events go to bytes and back unchanged, in every version they had; personal values apart."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.commands import StoredEvent
from ledger.envelope import Actor, Basis
from ledger.personal import Block, Handle, OpenBlock, Personal, Plain, SealedBlock, SealedIn
from ledger.registry import (
    Registry,
    UnknownEvent,
    decode_envelope,
    decode_sealed,
    encode_metadata,
    encode_sealed,
    personal_fields,
)


class Need(StrEnum):
    """What a child needs."""

    THERAPY = "therapy"
    RESPITE = "respite"


@dataclass(frozen=True, slots=True)
class Session:
    """A session that was planned."""

    number: int
    on: date


@dataclass(frozen=True, slots=True)
class PlanMade:
    """A plan was made."""

    plan: UUID
    need: Need
    sessions: tuple[Session, ...]
    hours: float
    urgent: bool
    review_on: date | None
    made_at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class ChildNamed:
    """A child was given its names."""

    child: UUID
    guardian: UUID
    given_name: Annotated[Personal[str], SealedIn(Block.IDENTITY, of="child")]
    known_as: Annotated[Personal[str | None], SealedIn(Block.IDENTITY, of="child")]
    telephone: Annotated[Personal[str], SealedIn(Block.CONTACT, of="guardian")]
    month: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A thing was moved; version 1 knew one field, version 2 called it otherwise."""

    to: str
    reason: str


def rename(clear: dict[str, object]) -> dict[str, object]:
    return {"to": clear["where"]}


def add_reason(clear: dict[str, object]) -> dict[str, object]:
    return clear | {"reason": "not said"}


REGISTRY = (
    Registry()
    .register("Plan", PlanMade)
    .register("Child", ChildNamed)
    .register("Thing", Moved, upcasters={Moved: (rename, add_reason)})
)

METADATA = encode_metadata("Plan", Actor("nobody", "none"), uuid4())


def stored(
    event: object, payload: bytes, *, sealed: bytes = b"", schema_version: int | None = None
) -> StoredEvent:
    at = datetime(2025, 3, 1, 12, tzinfo=UTC)
    return StoredEvent(
        position=7,
        tenant=uuid4(),
        stream_id=uuid4(),
        version=1,
        event_id=uuid4(),
        command_id=uuid4(),
        type=type(event).__name__,
        schema_version=schema_version or REGISTRY.schema_version(event),
        occurred_at=at,
        occurred_precision="instant",
        recorded_at=at,
        payload=payload,
        sealed=sealed,
        metadata=METADATA,
        blinding=bytes(32),
        leaf_hash=bytes(32),
    )


plans = st.builds(
    PlanMade,
    plan=st.uuids(),
    need=st.sampled_from(Need),
    sessions=st.lists(st.builds(Session, st.integers(), st.dates()), max_size=3).map(tuple),
    hours=st.floats(allow_nan=False, allow_infinity=False),
    urgent=st.booleans(),
    review_on=st.none() | st.dates(),
    made_at=st.datetimes(timezones=st.just(UTC)),
    words=st.text(st.characters(exclude_categories=["Cs"])),
)


@given(plans)
def test_what_is_encoded_is_decoded(plan: PlanMade) -> None:
    payload, blocks = REGISTRY.encode(plan)
    assert blocks == []
    assert REGISTRY.decode(stored(plan, payload)).event == plan


plan_made = PlanMade(
    UUID(int=1),
    Need.THERAPY,
    (Session(1, date(2025, 4, 1)),),
    1.5,
    urgent=False,
    review_on=None,
    made_at=datetime(2025, 3, 1, tzinfo=UTC),
    words="",
)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_what_json_cannot_say_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        REGISTRY.encode(replace(plan_made, hours=number))


def test_a_value_of_another_type_is_refused_without_being_quoted() -> None:
    astray = replace(plan_made, review_on="Tuesday, at 4 Elm Road")  # type: ignore[arg-type] # the point
    with pytest.raises(TypeError, match=r"^PlanMade\.review_on is not of its type$"):
        REGISTRY.encode(astray)


@pytest.mark.parametrize("number", ["NaN", "Infinity"])
def test_a_stored_number_that_is_none_is_not_read(number: str) -> None:
    payload = REGISTRY.encode(plan_made)[0].replace(b"1.5", number.encode())
    with pytest.raises(ValueError, match="finite"):
        REGISTRY.decode(stored(plan_made, payload))


def test_a_stored_event_with_other_fields_is_not_read() -> None:
    clear = json.loads(REGISTRY.encode(plan_made)[0])
    for changed in (clear | {"more": 1}, {key: clear[key] for key in clear if key != "need"}):
        for read in (REGISTRY.decode, REGISTRY.parts):
            with pytest.raises(UnknownEvent, match="PlanMade version 1: other fields"):
                read(stored(plan_made, json.dumps(changed).encode()))


@pytest.mark.parametrize(
    ("version", "payload"),
    [(1, b'{"where":"here"}'), (2, b'{"to":"here"}'), (3, b'{"to":"here","reason":"not said"}')],
)
def test_every_version_of_an_event_is_read_as_todays(version: int, payload: bytes) -> None:
    today = Moved("here", "not said")
    assert REGISTRY.schema_version(today) == 3
    assert REGISTRY.decode(stored(today, payload, schema_version=version)).event == today


@pytest.mark.parametrize(
    ("version", "payload"), [(1, b'{"where":"here"}'), (3, b'{"to":"here","reason":"not said"}')]
)
def test_to_be_told_on_an_event_of_every_version_has_todays_fields(
    version: int, payload: bytes
) -> None:
    row = stored(Moved("", ""), payload, schema_version=version)
    assert REGISTRY.parts(row) == ({"to": "here", "reason": "not said"}, {})


@given(plans)
def test_what_is_told_on_is_what_was_written(plan: PlanMade) -> None:
    payload, _ = REGISTRY.encode(plan)
    assert REGISTRY.parts(stored(plan, payload)) == (json.loads(payload), {})


@pytest.mark.parametrize("read", [REGISTRY.decode, REGISTRY.parts])
def test_a_version_of_a_later_release_is_not_read(read: Callable[[StoredEvent], object]) -> None:
    payload = b'{"to":"here","reason":"not said"}'
    with pytest.raises(UnknownEvent, match="Moved version 4: of a later release"):
        read(stored(Moved("", ""), payload, schema_version=4))


def test_an_unknown_event_is_told_by_name() -> None:
    with pytest.raises(UnknownEvent, match="Session"):
        REGISTRY.encode(Session(1, date(2025, 1, 1)))


child_named = ChildNamed(
    UUID(int=1), UUID(int=2), Plain("Ada"), Plain(None), Plain("01632 960001"), "2019-03"
)


def test_personal_values_are_no_part_of_the_payload() -> None:
    payload, blocks = REGISTRY.encode(child_named)
    assert json.loads(payload).keys() == {"child", "guardian", "month"}
    assert blocks == [
        OpenBlock(UUID(int=1), Block.IDENTITY, {"given_name": "Ada"}),
        OpenBlock(UUID(int=2), Block.CONTACT, {"telephone": "01632 960001"}),
    ]


def test_a_plain_value_shows_nothing_of_itself() -> None:
    assert "Ada" not in repr(child_named)


def test_sealed_values_are_read_back_as_handles() -> None:
    payload, blocks = REGISTRY.encode(child_named)
    blank = stored(child_named, payload)
    sealed = [
        SealedBlock(
            tenant=blank.tenant,
            stream_id=blank.stream_id,
            version=1,
            type="ChildNamed",
            schema_version=1,
            subject=each.subject,
            block=each.block,
            key_id=uuid4(),
            nonce=b"n" * 12,
            ciphertext=b"c",
            commitment=b"m" * 32,
        )
        for each in blocks
    ]
    names = [list(each.fields) for each in blocks]
    row = replace(blank, sealed=encode_sealed(zip(sealed, names, strict=True)))
    assert decode_sealed(row) == [
        (sealed[0], frozenset({"given_name"})),
        (sealed[1], frozenset({"telephone"})),
    ]
    event = REGISTRY.decode(row).event
    assert event.given_name == Handle(sealed[0], "given_name")
    assert event.known_as == Plain(None), "what was never given is no handle"
    assert event.telephone == Handle(sealed[1], "telephone")
    clear, personal = REGISTRY.parts(row)
    assert clear == json.loads(payload)
    assert personal == {name: getattr(event, name) for name in personal_fields(ChildNamed)}


def test_a_handle_is_not_sealed_again() -> None:
    payload, _ = REGISTRY.encode(child_named)
    handle = REGISTRY.decode(stored(child_named, payload)).event
    sealed = replace(handle, given_name=Handle(None, "given_name"))  # type: ignore[arg-type] # any handle
    with pytest.raises(TypeError, match="given_name is not plain"):
        REGISTRY.encode(sealed)


def test_a_mark_must_name_a_field_that_holds_the_subject() -> None:
    @dataclass(frozen=True)
    class Astray:
        child: str
        name: Annotated[Personal[str], SealedIn(Block.IDENTITY, of="child")]

    with pytest.raises(TypeError, match=r"Astray\.name: child is no UUID field of it"):
        Registry().register("Child", Astray)


def test_a_name_is_registered_once() -> None:
    with pytest.raises(ValueError, match="Moved is registered twice"):
        Registry().register("Thing", Moved).register("Other", Moved)
    with pytest.raises(ValueError, match="Moved is registered twice"):
        REGISTRY.joined(Registry().register("Thing", Moved))


def test_the_envelope_comes_back_whole() -> None:
    correlation, causation, corrects, case = uuid4(), uuid4(), uuid4(), uuid4()
    people = (uuid4(), uuid4())
    metadata = encode_metadata(
        "Plan",
        Actor("worker-1", "support-worker", "worker-2"),
        correlation,
        causation_id=causation,
        traceparent="00-1-2-01",
        basis=Basis.OPINION,
        corrects=corrects,
        subjects=people,
        case_id=case,
    )
    row = replace(stored(plan_made, b"{}"), metadata=metadata, occurred_precision="day")
    envelope = decode_envelope(row)
    assert (envelope.event_id, envelope.version, envelope.position) == (row.event_id, 1, 7)
    assert envelope.actor == Actor("worker-1", "support-worker", "worker-2")
    assert (envelope.correlation_id, envelope.causation_id) == (correlation, causation)
    assert (envelope.basis, envelope.corrects) == (Basis.OPINION, corrects)
    assert (envelope.subjects, envelope.case_id) == (people, case)
    assert (envelope.traceparent, envelope.occurred.is_day) == ("00-1-2-01", True)


def test_what_an_envelope_does_not_say_is_absent() -> None:
    envelope = decode_envelope(stored(plan_made, b"{}"))
    assert (envelope.causation_id, envelope.corrects, envelope.case_id) == (None, None, None)
