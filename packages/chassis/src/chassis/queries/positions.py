"""Position tokens: what an answer gives so that a later reading sees at least that far."""

import base64
import binascii
import re
from dataclasses import dataclass

from chassis.edge.malformed import Malformed, malformed

_FORM = re.compile(rb"1:([a-z][a-z-]{0,39}):(0|[1-9][0-9]{0,18})")
_MAX_CHARACTERS = 100
_MAX_POSITION = 2**63 - 1


@dataclass(frozen=True, slots=True)
class PositionToken:
    """A place in one service's log. Opaque to clients; another service refuses it."""

    service: str
    position: int

    def encode(self) -> str:
        """Write the token as URL-safe text."""
        text = f"1:{self.service}:{self.position}".encode()
        return base64.urlsafe_b64encode(text).decode().rstrip("=")

    @classmethod
    def decode(
        cls, text: str, service: str, field: str = "context.position_token"
    ) -> "PositionToken":
        """Read a token that this service gave. Raises Malformed for any other."""
        token = cls._parse(text, field)
        if token.service != service:
            raise malformed(field, "wrong-service", f"a position token that {service} gave")
        return token

    @classmethod
    def _parse(cls, text: str, field: str) -> "PositionToken":
        refused: Malformed = malformed(field, "bad-position-token", "a token as it was given")
        if len(text) > _MAX_CHARACTERS:
            raise refused
        try:
            padded = text.encode("ascii") + b"=" * (-len(text) % 4)
            form = _FORM.fullmatch(base64.b64decode(padded, altchars=b"-_", validate=True))
        except (UnicodeEncodeError, binascii.Error):
            raise refused from None
        if form is None or int(form[2]) > _MAX_POSITION:
            raise refused
        token = cls(form[1].decode(), int(form[2]))
        # A position has one spelling.
        if token.encode() != text:
            raise refused
        return token
