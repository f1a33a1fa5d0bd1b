"""A referral message is read whole: each value has its place in a referral, or is kept with it."""

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st

from chassis.edge.malformed import Malformed, Violation
from referrals.codes import ETHNICITIES, NEEDS, REFERRER_KINDS
from referrals.intake.bars import answer
from referrals.intake.bars.codes import ETHNICITIES as ETHNICITY_OF
from referrals.intake.bars.codes import NEEDS as NEED_OF
from referrals.intake.bars.codes import SPECIALTIES as KIND_OF
from referrals.intake.bars.mapping import Mapped, Receiver, mapped
from referrals.intake.bars.message import MAX_DEPTH, MAX_MESSAGE_BYTES, MAX_RESOURCES, read_message
from referrals.intake.document import Document

MESSAGES = Path(__file__).parent / "messages"
GOOD: dict[str, Any] = json.loads((MESSAGES / "referral.json").read_bytes())
UNKNOWN: dict[str, Any] = json.loads((MESSAGES / "unknown-code.json").read_bytes())
NORTHMOOR = Receiver("northmoor", "anc", {"colne bay": "colne-bay"})
NOW = datetime(2025, 9, 1, 8, 31, tzinfo=UTC)


def read(message: dict[str, Any] | bytes) -> Mapped:
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return mapped(read_message(body), NORTHMOOR)


def refused(message: dict[str, Any] | bytes) -> list[tuple[str, str]]:
    with pytest.raises(Malformed) as caught:
        read(message)
    return [(each.field, each.code) for each in caught.value.violations]


def changed(index: int, change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    message = copy.deepcopy(GOOD)
    change(message["entry"][index]["resource"])
    return message


def left(found: Mapped) -> dict[str, str]:
    return dict(found.along.values)


def test_a_message_is_a_submission() -> None:
    found = read(GOOD)
    said = Document.model_validate(found.document)
    [child], [mother] = said.family.children, said.family.adults
    assert (child.given_name, child.family_name, child.date_of_birth) == (
        "Wren",
        "Tallow",
        "2016-05-14",
    )
    assert (child.ethnicity, child.interpreter, child.legal_status) == ("MWAS", "Polish", "unknown")
    assert (mother.name, mother.role) == ("Ida Tallow", "adoptive-parent")
    assert (said.referrer.kind, said.referrer.name) == ("gp", "Dr Moss Okafor")
    assert said.family.lives_in == "colne-bay"
    assert said.needs == ["sleep", "anxiety"]
    assert said.consents.to_refer
    assert found.along.nhs_number == "9990000018"
    assert not found.asked_urgently


def test_what_has_no_place_is_kept_with_where_it_stood() -> None:
    found = read(UNKNOWN)
    kept = left(found)
    assert kept["Bundle.entry[1].resource.reasonCode[0].coding[0].code"] == "900000000000999"
    assert kept["Bundle.entry[2].resource.extension[1].valueString"] == "kites"
    assert kept["Bundle.entry[11].resource.medicationCodeableConcept.text"] == (
        "Melatonin 2 mg at night"
    )
    # Its check digit is wrong: no number to know anybody by, and not lost either.
    assert kept["Bundle.entry[2].resource.identifier[0].value"] == "9990000019"
    assert found.along.nhs_number is None


def test_a_flag_in_force_is_a_worry_and_a_priority_is_heard() -> None:
    found = read(UNKNOWN)
    assert found.document["safeguarding"]["concern"]
    assert "bruise" in found.document["safeguarding"]["words"]
    assert found.asked_urgently


def test_nothing_that_a_message_says_is_dropped() -> None:
    """Whatever word is put anywhere, it is in the submission or is kept."""
    for path, message in planted():
        found = read(message)
        text = json.dumps([found.document, found.along.values])
        assert "canary" in text, path


# Values of a fixed form, and those that only say how a message travels.
FIXED = {"resourceType", "reference", "fullUrl", "status", "intent", "priority", "use", "type",
         "birthDate", "gender", "authoredOn", "timestamp", "id", "endpoint"}  # fmt: skip


def planted() -> Iterator[tuple[str, dict[str, Any]]]:
    """Return the message with one word of its own at a time, in each text that may be any."""
    for path in texts(UNKNOWN["entry"][1:], ()):
        message = copy.deepcopy(UNKNOWN)
        inner: Any = message["entry"][1:]
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = f"canary-{inner[path[-1]]}"
        yield str(path), message


def texts(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """Return the paths of all texts that may be any."""
    match value:
        case dict():
            for name, each in value.items():
                if name not in FIXED and not (name == "system" and "telecom" in path):
                    yield from texts(each, (*path, name))
        case list():
            for index, each in enumerate(value):
                yield from texts(each, (*path, index))
        case str():
            yield path
        case _:
            pass


@pytest.mark.parametrize(
    ("message", "field", "code"),
    [
        (GOOD | {"type": "collection"}, "Bundle.type", "not-supported"),
        (GOOD | {"entry": GOOD["entry"][1:]}, "Bundle.entry[0].resource", "required"),
        (
            changed(0, lambda r: r["eventCoding"].update(code="booking-request")),
            "Bundle.entry[0].resource.eventCoding",
            "not-supported",
        ),
        (
            changed(0, lambda r: r["reason"]["coding"][0].update(code="update")),
            "Bundle.entry[0].resource.reason",
            "not-supported",
        ),
        (
            changed(0, lambda r: r.update(definition="https://elsewhere.example/message")),
            "Bundle.entry[0].resource.definition",
            "not-supported",
        ),
        (
            changed(0, lambda r: r.update(focus=[{"reference": "urn:uuid:nowhere"}])),
            "Bundle.entry[0].resource.focus[0]",
            "not-found",
        ),
        (
            changed(1, lambda r: r.update(status="revoked")),
            "Bundle.entry[1].resource.status",
            "not-supported",
        ),
        (
            changed(1, lambda r: r.update(subject={"reference": "urn:uuid:nowhere"})),
            "Bundle.entry[1].resource.subject",
            "not-found",
        ),
        (
            changed(2, lambda r: r["name"][0].pop("family")),
            "Bundle.entry[2].resource.name[0].family",
            "required",
        ),
        (
            changed(2, lambda r: r.pop("birthDate")),
            "Bundle.entry[2].resource.birthDate",
            "required",
        ),
        (
            changed(2, lambda r: r.update(birthDate="14/05/2016")),
            "Bundle.entry[2].resource.birthDate",
            "malformed",
        ),
        (
            changed(2, lambda r: r.update(colour="blue")),
            "Bundle.entry[2].resource.colour",
            "malformed",
        ),
        (
            changed(8, lambda r: r.pop("class")),
            "Bundle.entry[8].resource.class",
            "required",
        ),
        (
            changed(8, lambda r: r.update(resourceType="Encountered")),
            "Bundle.entry[8].resource.resourceType",
            "malformed",
        ),
        ({k: v for k, v in GOOD.items() if k != "timestamp"}, "Bundle.timestamp", "required"),
    ],
)
def test_what_is_no_new_referral_is_named_by_its_expression(
    message: dict[str, Any], field: str, code: str
) -> None:
    assert refused(message)[0] == (field, code)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"<Bundle/>",
        b'{"resourceType": "Patient"}',
        b'{"resourceType": "Bundle", "type": "message", "type": "message"}',
        b"x" * (MAX_MESSAGE_BYTES + 1),
        b'{"resourceType": "Bundle", "entry":' + b"[" * 50_000,
        json.dumps(GOOD | {"entry": [{}] * (MAX_RESOURCES + 1)}).encode(),
        json.dumps(GOOD | {"x": json.loads("[" * MAX_DEPTH + "]" * MAX_DEPTH)}).encode(),
    ],
    ids=["empty", "list", "xml", "patient", "twice", "large", "torn", "many", "deep"],
)  # fmt: skip
def test_what_is_no_bounded_bundle_is_malformed(body: bytes) -> None:
    assert {code for _, code in refused(body)} == {"malformed"}


def test_nothing_of_a_message_stands_in_a_refusal_or_a_repr() -> None:
    wrong = changed(2, lambda r: r.update(birthDate="Canary", name=[{"family": ["Canary"]}]))
    with pytest.raises(Malformed) as caught:
        read(wrong)
    assert "Canary" not in str(caught.value)
    assert "Wren" not in repr(read_message(json.dumps(GOOD).encode()))
    assert "Wren" not in repr(read(GOOD))


def test_our_tables_lead_to_codes_that_we_know() -> None:
    assert set(NEED_OF.values()) <= NEEDS
    assert set(ETHNICITY_OF.values()) <= ETHNICITIES
    assert set(KIND_OF.values()) <= REFERRER_KINDS


@pytest.mark.parametrize(
    ("code", "issues"),
    [
        (answer.OK, answer.kept(["Bundle.entry[1].resource.note[0].text"])),
        (answer.FATAL, answer.refused([Violation("Bundle.type", "not-supported", "message")])),
        (answer.TRANSIENT, answer.away()),
    ],
)
def test_an_answer_is_itself_a_valid_message(code: str, issues: list[answer.Issue]) -> None:
    for reference in ("", "2345-6789"):
        written = answer.answer(code, GOOD, issues, NOW, reference)
        bundle = json.loads(written)
        Bundle.model_validate_json(written)
        header = bundle["entry"][0]["resource"]
        assert header["response"] == {
            "identifier": GOOD["id"],
            "code": code,
            "details": {"reference": bundle["entry"][1]["fullUrl"]},
        }
        assert header["destination"] == [{"endpoint": "https://surgery.example/bars"}]
        assert answer.answer(code, GOOD, issues, NOW, reference) == written


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9)
    | st.sampled_from(["urn:uuid:00000000-0000-4000-8000-000000000003", "HumanName", "Patient"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.text(max_size=5) | st.sampled_from(["resourceType", "coding", "text", "reference"]),
        inner,
        max_size=3,
    ),
    max_leaves=6,
)  # fmt: skip
PLACES = st.sampled_from(
    [(index, name) for index, each in enumerate(UNKNOWN["entry"]) for name in each["resource"]]
)


@given(st.lists(st.tuples(PLACES, ANY), min_size=1, max_size=3))
def test_no_values_whatever_do_more_than_be_malformed(
    changes: list[tuple[tuple[int, str], Any]],
) -> None:
    message = copy.deepcopy(UNKNOWN)
    for (index, name), value in changes:
        message["entry"][index]["resource"][name] = value
    with suppress(Malformed):
        read(message)


@given(ANY)
def test_no_bundle_whatever_does_more_than_be_malformed(entry: Any) -> None:
    with suppress(Malformed):
        read(GOOD | {"entry": entry})
    with suppress(Malformed):
        read(GOOD | {"entry": [*GOOD["entry"], entry]})


@given(st.binary(max_size=300))
def test_no_bytes_whatever_do_more_than_be_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        read(body)
