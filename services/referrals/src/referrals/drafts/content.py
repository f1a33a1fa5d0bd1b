"""A draft's content: one JSON object, bounded; made whole it is a submission."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.edge.malformed import malformed
from chassis.edge.strict_json import NotJson, read_json
from referrals.intake.document import MALFORMED, MAX_BYTES

_SEPARATOR = "\x1f"


def text_of(body: bytes) -> str:
    """Read a content, as far as it is written, as the text that is kept. Raises Malformed.

    The same content has one text, however its keys are ordered and spaced.
    """
    allowed = f"one JSON object in UTF-8, at most {MAX_BYTES} bytes"
    if len(body) > MAX_BYTES:
        raise malformed("content", MALFORMED, allowed)
    try:
        return kept(read_json(body or b"{}"))
    except (NotJson, RecursionError, UnicodeEncodeError):
        raise malformed("content", MALFORMED, allowed) from None


def kept(content: object) -> str:
    """Return the text of a content that was read. Raises Malformed where it is no object."""
    if not isinstance(content, dict):
        raise malformed("content", MALFORMED, "one JSON object")
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # A lone half of a surrogate pair is no text.
    if len(text.encode()) > MAX_BYTES:
        raise malformed("content", MALFORMED, f"at most {MAX_BYTES} bytes")
    return text


def key_text(draft: UUID, number: int, text: str) -> str:
    """Return what the blind index of a draft's content, as saved for the nth time, is made of."""
    return _SEPARATOR.join((str(draft), str(number), text))


def whole(text: str, given: Mapping[str, str]) -> bytes:
    """Return the submission that a content is once the service has said its part."""
    content: dict[str, Any] = json.loads(text)
    return json.dumps(content | dict(given), ensure_ascii=False).encode()


def said_by_us(draft: UUID, now: datetime, authority: str, partnership: str) -> dict[str, str]:
    """Return what a submission says that nobody has to write: its id, when and by whom received."""
    return {
        "submission_id": str(draft),
        "received_at": now.isoformat(),
        "received_by": authority,
        "partnership": partnership,
    }
