"""Who opens sealed data, why, and about whom; and the refusal where that cannot be recorded."""

import re
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from uuid import UUID

from ledger.envelope import Actor
from ledger.personal import Block

_PURPOSE: Final = re.compile(r"[a-z][a-z0-9-]{0,63}")


@dataclass(frozen=True, slots=True)
class Access:
    """One request to read sealed data. It is about a case, or a subject where there is no case.

    `purpose` is a code, such as "direct-care": it is written down in the clear. With `subject`
    set, data of any other subject is refused.
    """

    actor: Actor
    purpose: str
    tenant: UUID
    case_id: UUID | None = None
    subject: UUID | None = None
    correlation_id: UUID | None = None

    def fault(self) -> str | None:
        """Say what is missing or wrong, if anything."""
        if not self.actor.id or not self.actor.role:
            return "it names no actor and role"
        if not _PURPOSE.fullmatch(self.purpose):
            return "its purpose is no code of a-z, 0-9 and hyphens"
        if self.case_id is None and self.subject is None:
            return "it names neither case nor subject"
        return None


@dataclass(frozen=True, slots=True)
class Opening:
    """What one request opens of one subject: which blocks and fields, of how many events."""

    subject: UUID
    blocks: tuple[Block, ...]
    fields: tuple[str, ...]
    events: int


Recorder: TypeAlias = Callable[[Access, Sequence[Opening]], Coroutine[Any, Any, None]]
"""Writes an access down, durably, one `Opening` for each subject; raises if it could not."""


class ReadRefused(Exception):  # noqa: N818 # a refusal, not an error
    """Sealed data stays closed: the access is not allowed as asked, or could not be recorded."""


class NotGranted(Exception):  # noqa: N818 # named for what it is
    """This service is not granted a block (or blind indexes); it may neither seal nor open it."""


class SubjectShredded(Exception):  # noqa: N818 # named for what it is
    """The subject's keys are destroyed for ever: nothing more is sealed for it."""


class SealBroken(Exception):  # noqa: N818 # named for what it is
    """A sealed block does not open: it was altered or moved, or its key is lost."""


class KeyringUnavailable(Exception):  # noqa: N818 # named for what it is
    """The keyring did not answer in time; nothing was changed, or it is safe to ask again."""


@dataclass(frozen=True, slots=True)
class Shredded:
    """Stands where a value was whose subject's keys are destroyed."""

    block: Block
