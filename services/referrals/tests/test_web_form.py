"""A web form is read as the submission it means, and named by its own fields where it is wrong."""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.directory import Directory
from chassis.edge.malformed import Malformed
from referrals.intake.filled_form import read_web_form
from referrals.intake.receiving import places_of
from referrals.intake.submission import Submission
from referrals.intake.web_form import MAX_FORM_BYTES, WebForm, schema

DIRECTORY = Directory.load(Path(__file__).parents[3] / "demo" / "directory.json")
PLACES = places_of(DIRECTORY)
FORM: dict[str, Any] = json.loads((Path(__file__).parent / "messages/web-form.json").read_bytes())


def read(form: Mapping[str, Any] | bytes) -> Submission:
    body = form if isinstance(form, bytes) else json.dumps(form).encode()
    found = read_web_form(body, DIRECTORY)
    with found.own_fields():
        return found.submission(PLACES)


def refused(form: Mapping[str, Any] | bytes) -> list[tuple[str, str]]:
    with pytest.raises(Malformed) as caught:
        read(form)
    return [(each.field, each.code) for each in caught.value.violations]


def test_every_field_of_the_form_finds_its_place() -> None:
    said = read(FORM).said
    assert (said.route, said.partnership, said.received_by) == ("web-form", "anc", "northmoor")
    assert said.referrer.email == "ida.tallow@example.org"
    assert said.family.protected_address
    assert [each.name for each in said.family.adults] == ["Ida Tallow", "Tom Tallow"]
    wren, _ = said.family.children
    assert (wren.given_name, wren.placing_authority) == ("Wren", "westmarch")
    assert said.consents.to_share_with == ["gp", "school"]
    assert said.safeguarding.concern
    assert not said.safeguarding.immediate_danger


def test_children_may_be_left_out_between_others() -> None:
    third = {name.replace("child_2", "child_6"): value for name, value in FORM.items()}
    assert len(read(third).children) == 2
    wrong = third | {"child_6_date_of_birth": "2015-02-30"}
    assert refused(wrong) == [("child_6_date_of_birth", "bad-date")]


def test_a_blank_field_is_one_that_was_not_filled_in() -> None:
    assert read(FORM | {"your_phone": "", "child_1_interpreter": ""}).said.referrer.phone is None


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"authority": "atlantis"}, "authority", "unknown-authority"),
        ({"sent_at": "2025-09-01T09:30:00"}, "sent_at", "naive-timestamp"),
        ({"your_words": "  "}, "your_words", "empty-words"),
        ({"needs": ["telepathy"]}, "needs[0]", "unknown-need"),
        ({"child_1_date_of_birth": "2031-01-01"}, "child_1_date_of_birth",
         "child-born-after-received"),
        ({"child_1_order_date": "2010-01-01"}, "child_1_order_date", "order-before-birth"),
        ({"child_2_placed_by": "ys"}, "child_2_placed_by", "unknown-authority"),
        ({"child_2_given_name": ""}, "child_2_given_name", "required"),
        ({"adult_2_name": ""}, "adult_2_name", "required"),
        ({"family_lives_in": "ys"}, "family_lives_in", "unknown-authority"),
        ({"immediate_danger": True}, "immediate_danger", "malformed"),
        ({"immediate_danger": "perhaps"}, "immediate_danger", "malformed"),
        ({"your_name": "x" * 201}, "your_name", "malformed"),
        ({"your_name": "a\u0000"}, "your_name", "malformed"),
        ({"version": 2}, "version", "malformed"),
        ({"surprise": "x"}, "surprise", "malformed"),
        ({"form_id": "1"}, "form_id", "malformed"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_the_form_s_own_field(
    change: Mapping[str, Any], field: str, code: str
) -> None:
    assert refused(FORM | dict(change))[0] == (field, code)


def test_a_field_that_must_be_there_is_named() -> None:
    without = {name: value for name, value in FORM.items() if name != "your_words"}
    assert refused(without) == [("your_words", "required")]
    nobody = {name: value for name, value in FORM.items() if not name.startswith("child_")}
    assert refused(nobody) == [("child_1_given_name", "no-child")]


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"<form/>", b'{"a": 1, "a": 2}', b"x" * (MAX_FORM_BYTES + 1), b'{"a":' * 10_000],
    ids=["empty", "list", "xml", "twice", "large", "deep"],
)
def test_what_is_no_bounded_json_object_is_malformed(body: bytes) -> None:
    assert {code for _, code in refused(body)} <= {"malformed", "required"}


def test_nothing_personal_stands_in_a_refusal_or_a_repr() -> None:
    with pytest.raises(Malformed) as caught:
        read(
            FORM | {"child_1_given_name": ["Canary"], "town": {"x": "Canary"}, "needs": ["Canary"]}
        )
    assert "Canary" not in str(caught.value)
    assert "Wren" not in repr(WebForm.model_validate(FORM))


def test_the_published_schema_names_every_field() -> None:
    assert schema()["properties"].keys() == WebForm.model_fields.keys() >= FORM.keys()
    assert schema()["additionalProperties"] is False


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted(WebForm.model_fields)), ANY, max_size=4))
def test_no_values_whatever_do_more_than_be_malformed(changes: dict[str, Any]) -> None:
    with suppress(Malformed):
        read(FORM | changes)


@given(st.binary(max_size=300))
def test_no_bytes_whatever_do_more_than_be_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        read(body)
