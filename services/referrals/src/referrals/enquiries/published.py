"""What others are told of enquiries: that danger was said in one."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ledger.envelope import Recorded
from referrals.enquiries import events as happened


@dataclass(frozen=True, slots=True)
class EnquiryDangerReported:
    """In an enquiry somebody is said to be in immediate danger; act now.

    No child is known by id yet. `enquirer` is a person id that was made for the enquiry.
    """

    enquiry_id: UUID
    enquirer: UUID


EVENTS = (EnquiryDangerReported,)


def publish(recorded: Recorded[Any]) -> object | None:
    """Return the public words for a stored event, None where others are told nothing."""
    match recorded.event:
        case happened.DangerSaid(enquiry=enquiry, enquirer=enquirer):
            return EnquiryDangerReported(enquiry, enquirer)
        case _:
            return None
