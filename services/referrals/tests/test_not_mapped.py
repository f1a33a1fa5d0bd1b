"""What came with a referral and has no place in it is kept once, as it was sent."""

import json
from uuid import UUID

from ledger.personal import Plain
from ledger.testing import Given, Transitions
from referrals.intake.not_mapped import NOT_MAPPED, Along, ValuesKept, keep

REFERRAL, CHILD = UUID(int=1), UUID(int=2)
CAME = Along((("Bundle.entry[3].resource.note[0].text", "Likes kites — łąka"),), "9990000018")
KEEP = keep(REFERRAL, CHILD, CAME)

values = Given(NOT_MAPPED)
TRANSITIONS = Transitions(
    {"all has its place": values, "kept": values.given(KEEP.said)}, {"keep": KEEP}
)


def test_values_are_kept_with_where_they_stood() -> None:
    text = json.dumps([["Bundle.entry[3].resource.note[0].text", "Likes kites — łąka"]],
                      ensure_ascii=False)  # fmt: skip
    values.when(KEEP).then(ValuesKept(REFERRAL, CHILD, 1, Plain(text)))


def test_a_number_has_its_place_with_the_person_and_not_here() -> None:
    assert "9990000018" not in str(KEEP.said.values)


def test_the_same_again_keeps_nothing_more() -> None:
    values.repeats_nothing(KEEP)
