"""A year of submissions is read as its counts say; what is wrong is named by field and rule."""

import copy
import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from chassis.directory import Directory
from chassis.edge.malformed import Malformed
from referrals.codes import LegalStatus
from referrals.duty.said import holder_at_receipt
from referrals.intake.described import duty_said
from referrals.intake.document import MAX_BYTES, MAX_WORDS
from referrals.intake.submission import Places, Submission, parse
from referrals.people.names import child_key
from referrals.rules.policies import duty_rules, shipped

DEMO = Path(__file__).parents[3] / "demo"
DIRECTORY = Directory.load(DEMO / "directory.json")
PLACES = Places(
    receiving=frozenset(each.slug for each in DIRECTORY.authorities.values() if not each.outside),
    known=frozenset(DIRECTORY.authorities),
    partnerships=frozenset(DIRECTORY.partnerships),
)
LINES = (DEMO / "intake-2025.jsonl").read_bytes().splitlines()
EXPECTED = json.loads((DEMO / "intake-2025.expected.json").read_bytes())
GOOD: dict[str, Any] = json.loads(LINES[0])


def refused(body: bytes) -> list[tuple[str, str]]:
    with pytest.raises(Malformed) as caught:
        parse(body, PLACES)
    return [(each.field, each.code) for each in caught.value.violations]


def changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    document = copy.deepcopy(GOOD)
    change(document)
    return json.dumps(document).encode()


def year() -> tuple[list[Submission], dict[str, str]]:
    valid: list[Submission] = []
    refusals: dict[str, str] = {}
    for line in LINES:
        try:
            valid.append(parse(line, PLACES))
        except Malformed as wrong:
            refusals[json.loads(line)["submission_id"]] = wrong.violations[0].code
    return valid, refusals


def test_the_year_has_the_counts_that_are_said_of_it() -> None:
    valid, refusals = year()
    seen: set[tuple[str, str]] = set()
    duplicates = 0
    for each in valid:
        keys = {
            (each.said.received_by, key)
            for child in each.children
            if (key := child_key(child.said.given_name, child.said.family_name, child.born_on))
        }
        duplicates += not seen.isdisjoint(keys)
        seen |= keys
    undetermined = [
        said
        for each in valid
        for number in range(1, len(each.children) + 1)
        for said in [duty_said(each, number, UUID(int=number), PLACES.partnerships)]
        if holder_at_receipt(said, duty_rules(shipped(), said.partnership)) is None
    ]
    counted = {
        "valid": len(valid),
        "refused": len(refusals),
        "children": sum(len(each.children) for each in valid),
        "duplicates": duplicates,
        "siblings_in_one_submission": sum(len(each.children) > 1 for each in valid),
        "urgent": sum(each.is_urgent for each in valid),
        "by_authority": Counter(each.said.received_by for each in valid),
        "undetermined_duty": len(undetermined),
        "refusals": refusals,
    }
    assert counted == EXPECTED
    assert {each.legal_status for each in undetermined} == {LegalStatus.UNKNOWN}


def test_a_submission_that_keeps_the_rules_is_read_with_its_dates() -> None:
    submission = parse(json.dumps(GOOD).encode(), PLACES)
    assert submission.received_on == date(2025, 1, 15)
    assert [each.born_on for each in submission.children] == [date(2014, 7, 21), date(2011, 12, 10)]
    assert [each.ordered_on for each in submission.children] == [date(2018, 10, 25), None]


def first_child(**values: object) -> Callable[[dict[str, Any]], object]:
    return lambda document: document["family"]["children"][0].update(values)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        (lambda d: d.update(received_at="2025-01-15T12:01:08"), "received_at", "naive-timestamp"),
        (lambda d: d.update(received_at="2025-02-30T12:01:08Z"), "received_at", "bad-date"),
        (lambda d: d.update(received_at="yesterday"), "received_at", "bad-date"),
        (lambda d: d.update(received_at="2025-01-15T25:01:08Z"), "received_at", "bad-date"),
        (lambda d: d.update(received_by="atlantis"), "received_by", "unknown-authority"),
        # Known, but receives nothing here.
        (lambda d: d.update(received_by="estover"), "received_by", "unknown-authority"),
        (lambda d: d["family"].update(lives_in="ys"), "family.lives_in", "unknown-authority"),
        (
            first_child(placing_authority="ys"),
            "family.children[0].placing_authority",
            "unknown-authority",
        ),
        (lambda d: d["family"].update(children=[]), "family.children", "no-child"),
        (
            first_child(date_of_birth="2015-02-30"),
            "family.children[0].date_of_birth",
            "bad-date",
        ),
        (
            first_child(date_of_birth="20150228"),
            "family.children[0].date_of_birth",
            "bad-date",
        ),
        (
            first_child(adoption_order_date="2018-13-01"),
            "family.children[0].adoption_order_date",
            "bad-date",
        ),
        (
            first_child(adoption_order_date="9999-12-31"),
            "family.children[0].adoption_order_date",
            "bad-date",
        ),
        (
            first_child(date_of_birth="2025-01-16", adoption_order_date=None),
            "family.children[0].date_of_birth",
            "child-born-after-received",
        ),
        (
            first_child(adoption_order_date="2014-07-20"),
            "family.children[0].adoption_order_date",
            "order-before-birth",
        ),
        (lambda d: d.update(needs=["sleep", "telepathy"]), "needs[1]", "unknown-need"),
        (lambda d: d.update(in_their_words=" \n\t"), "in_their_words", "empty-words"),
        (lambda d: d.update(postscript="x"), "postscript", "malformed"),
        (lambda d: d.pop("needs"), "needs", "malformed"),
        (first_child(nickname="x"), "family.children[0].nickname", "malformed"),
        (lambda d: d.update(placement_at_risk="yes"), "placement_at_risk", "malformed"),
        (lambda d: d.update(submission_id="1"), "submission_id", "malformed"),
        (lambda d: d.update(in_their_words="x" * (MAX_WORDS + 1)), "in_their_words", "malformed"),
        (lambda d: d.update(in_their_words=None), "in_their_words", "malformed"),
        (first_child(given_name="\ud800"), "family.children[0].given_name", "malformed"),
        (first_child(given_name="\x00"), "family.children[0].given_name", "malformed"),
        (first_child(ehc_plan=float("nan")), "submission", "malformed"),
    ],
)
def test_what_is_wrong_is_named_by_field_and_rule(
    change: Callable[[dict[str, Any]], object], field: str, code: str
) -> None:
    assert refused(changed(change)) == [(field, code)]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'{"a": 1, "a": 2}',
        b"\xff",
        LINES[0][:-20],
        b"[" * 100_000,
        b'{"a": NaN}',
        b" " * (MAX_BYTES + 1),
    ],
)
def test_bytes_that_are_no_submission_are_malformed(body: bytes) -> None:
    assert {code for _, code in refused(body)} == {"malformed"}


def test_a_birth_after_receipt_is_named_before_an_order_before_birth() -> None:
    both = changed(first_child(date_of_birth="2025-05-01"))
    assert [code for _, code in refused(both)] == [
        "child-born-after-received",
        "order-before-birth",
    ]


def test_the_same_holds_where_another_child_has_the_other_fault() -> None:
    def change(document: dict[str, Any]) -> None:
        one, other = document["family"]["children"]
        one.update(adoption_order_date="2014-07-20")
        other.update(date_of_birth="2025-05-01")

    assert refused(changed(change))[0] == (
        "family.children[1].date_of_birth",
        "child-born-after-received",
    )


@pytest.mark.parametrize(
    "change",
    [
        # The day of receipt is London's: just after midnight there in summer.
        lambda d: (
            d.update(received_at="2025-06-30T23:30:00+00:00"),
            first_child(date_of_birth="2025-07-01", adoption_order_date=None)(d),
        ),
        first_child(adoption_order_date="2014-07-21"),
        first_child(adoption_order_date="2031-01-01"),
        first_child(legal_status="interim", sex="Rosalind", education="boat"),
        lambda d: d.update(route="by owl", partnership="none", needs=[]),
        lambda d: d["family"].update(adults=[]),
        lambda d: d["consents"].update(to_share_with=["Aunt Mary"]),
        lambda d: d.update(received_at="2025-01-15t12:01:08.123z"),
    ],
)
def test_nothing_but_the_rules_refuses_a_well_formed_submission(
    change: Callable[[dict[str, Any]], object],
) -> None:
    parse(changed(change), PLACES)


def test_no_error_and_no_repr_repeats_what_was_said() -> None:
    secret = "Persephone-Quillfeather"
    with pytest.raises(Malformed) as caught:
        parse(changed(first_child(given_name=secret, ehc_plan=secret, sex=secret * 9)), PLACES)
    assert secret not in str(caught.value)
    submission = parse(changed(first_child(given_name=secret)), PLACES)
    assert secret not in repr(submission)
