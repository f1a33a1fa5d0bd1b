"""What is no JSON is refused, also where Python's own reader is content."""

import pytest

from chassis.edge.strict_json import NotJson, read_json


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{"a": NaN}', "NaN"),
        (b"[Infinity]", "NaN or an infinity"),
        (b"[-Infinity]", "NaN or an infinity"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": {"b": 1, "b": 2}}', "twice"),
        (b'"\xff"', "UTF-8"),
        (b"{", "line 1, column 2"),
        (b"[" * 100_000, "nested"),
        (b"1" * 5_000, "digits"),
        (b"", "not JSON"),
    ],
)
def test_what_is_no_json_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(NotJson, match=why):
        read_json(data)


def test_a_document_is_read() -> None:
    assert read_json('{"a": [1, 2.5, null, "ë"]}'.encode()) == {"a": [1, 2.5, None, "ë"]}
