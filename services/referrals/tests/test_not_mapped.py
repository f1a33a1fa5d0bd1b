"""What came with a referral and has no place in it is kept once, as it was sent."""

import json
from uuid import UUID

from ledger.personal import Plain
from ledger.testing import Given, Transitions
from referrals.intake.not_mapped import NOT_MAPPED, Along, Kept, ValuesKept, keep

REFERRAL, CHILD, MESSAGE, LATER = (UUID(int=each) for each in range(1, 5))
CAME = Along((("Bundle.entry[3].resource.note[0].text", "Likes kites — łąka"),), "9990000018")
KEEP = keep(REFERRAL, CHILD, MESSAGE, CAME)
AGAIN = keep(REFERRAL, CHILD, LATER, CAME)

values = Given(NOT_MAPPED)
TRANSITIONS = Transitions(
    {"all has its place": values, "kept": values.given(KEEP.said)},
    {"keep": KEEP, "keep what a revision brought": AGAIN},
)


def test_values_are_kept_with_where_they_stood() -> None:
    text = json.dumps([["Bundle.entry[3].resource.note[0].text", "Likes kites — łąka"]],
                      ensure_ascii=False)  # fmt: skip
    values.when(KEEP).then(ValuesKept(REFERRAL, CHILD, MESSAGE, 1, Plain(text)))


def test_a_number_has_its_place_with_the_person_and_not_here() -> None:
    assert "9990000018" not in str(KEEP.said.values)


def test_the_same_again_keeps_nothing_more() -> None:
    values.repeats_nothing(KEEP)
    values.given(KEEP.said).repeats_nothing(AGAIN)


def test_what_a_revision_brought_is_kept_beside_what_came_first() -> None:
    values.given(KEEP.said).when(AGAIN).then(AGAIN.said)
    state = NOT_MAPPED.fold([KEEP.said, AGAIN.said])
    assert isinstance(state, Kept)
    assert state.count == 2
