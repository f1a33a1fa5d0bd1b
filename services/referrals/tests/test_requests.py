"""Requests are read field by field; what is wrong is named with what is allowed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from chassis.edge.malformed import Malformed
from referrals import requests
from referrals.life import requests as told
from referrals.readings import purpose as purpose_of
from referrals.worklists.worklist import BEGINNING, Place, Query, State
from throughline.common.v1.common_pb2 import ReadContext
from throughline.referrals.v1 import referrals_pb2 as pb

SOMEBODY = "7d9d3f0e-52a7-4f0c-9d5c-0c2c6b1b2a10"


def violation(read: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(Malformed) as caught:
        read()
    first = caught.value.violations[0]
    return first.field, first.code


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"referral_id": "1"}, "referral_id", "not-a-uuid"),
        ({"safeguarding": ""}, "safeguarding", "required"),
        ({"safeguarding": "perhaps"}, "safeguarding", "unknown-code"),
        ({"urgency": "soon"}, "urgency", "unknown-code"),
        ({"eligibility": "yes"}, "eligibility", "unknown-code"),
        ({"words": "x" * 20_001}, "words", "too-long"),
        ({"words": "a\x00b"}, "words", "control-character"),
    ],
)
def test_an_answer_of_the_screening_is_one_of_its_codes(
    fields: dict[str, str], field: str, code: str
) -> None:
    good: dict[str, Any] = {
        "referral_id": SOMEBODY,
        "safeguarding": "none",
        "urgency": "routine",
        "eligibility": "eligible",
        "identity": "new",
        "duplicates": "none",
        "duty_holder": "looked-up",
        "conflict_of_interest": "none",
        "safe_contact": "safe",
    }
    request = pb.ScreenReferralRequest(**(good | fields))
    assert violation(lambda: told.screen(request)) == (field, code)


def test_a_decline_has_a_coded_reason() -> None:
    request = pb.DeclineReferralRequest(referral_id=SOMEBODY, reason="because")
    assert violation(lambda: told.decline(request)) == ("reason", "unknown-code")


def test_a_list_without_more_words_is_its_first_page() -> None:
    assert requests.query(pb.ListReferralsRequest()) == Query(None, False, BEGINNING, 100)  # noqa: FBT003 # a field


def test_a_page_token_leads_to_just_after_the_last_row() -> None:
    last = Place(datetime(2025, 7, 1, 23, 30, 1, 234567, tzinfo=UTC), UUID(SOMEBODY))
    request = pb.ListReferralsRequest(
        state="screened", page_size=500, page_token=requests.page_token(last)
    )
    query = requests.query(request)
    assert (query.state, query.after, query.limit) == (State.SCREENED, last, 500)


@pytest.mark.parametrize("token", ["x", "====", "MTox", "ä", "OTk5OTk5OTk5OTk5OTk5OTk5OTk6MQ"])
def test_a_token_that_was_never_given_is_refused(token: str) -> None:
    request = pb.ListReferralsRequest(page_token=token)
    assert violation(lambda: requests.query(request)) == ("page_token", "bad-page-token")


@pytest.mark.parametrize("size", [-1, 501])
def test_a_page_is_bounded(size: int) -> None:
    request = pb.ListReferralsRequest(page_size=size)
    assert violation(lambda: requests.query(request)) == ("page_size", "out-of-range")


@pytest.mark.parametrize("purpose", ["", "because Gail asked", "x" * 41])
def test_a_purpose_is_a_code(purpose: str) -> None:
    context = ReadContext(purpose=purpose)
    assert violation(lambda: purpose_of(context)) == ("context.purpose", "bad-purpose")
