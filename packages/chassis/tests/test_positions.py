"""A position token is opaque, names its service, and is refused by any other."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.edge.malformed import Malformed
from chassis.queries.positions import PositionToken


@given(st.integers(min_value=0, max_value=2**63 - 1))
def test_a_token_comes_back_as_it_was(position: int) -> None:
    token = PositionToken("casework", position)
    assert PositionToken.decode(token.encode(), "casework") == token


def test_the_token_of_another_service_is_refused() -> None:
    text = PositionToken("referrals", 7).encode()
    with pytest.raises(Malformed, match=r"context\.position_token: wrong-service"):
        PositionToken.decode(text, "casework")


@pytest.mark.parametrize(
    "inside",
    [
        b"",
        b"1:casework",
        b"2:casework:7",
        b"1:casework:-7",
        b"1:casework:07",
        b"1:casework:7 ",
        b"1:Casework:7",
        b"1:casework:99999999999999999999",
        b"1:casework:9223372036854775808",
        b"\xff\xfe",
    ],
)
def test_what_no_service_gave_is_refused(inside: bytes) -> None:
    text = base64.urlsafe_b64encode(inside).decode().rstrip("=")
    with pytest.raises(Malformed, match="bad-position-token"):
        PositionToken.decode(text, "casework")


@pytest.mark.parametrize("text", ["!", "ä", "a" * 101, "MTpjYXNld29yazo3=="])
def test_what_is_not_even_encoded_is_refused(text: str) -> None:
    with pytest.raises(Malformed, match="bad-position-token"):
        PositionToken.decode(text, "casework")
