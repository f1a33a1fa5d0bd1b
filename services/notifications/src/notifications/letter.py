"""What a message is before anyone tries to send it, and the closed lists that say so."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import NAMESPACE_URL, UUID, uuid5

_MESSAGES = uuid5(NAMESPACE_URL, "throughline/notifications/message")


class Channel(StrEnum):
    """By what way a message goes."""

    EMAIL = "email"
    IN_APP = "in-app"
    # A worker prints it and puts it in the post.
    LETTER = "letter"
    # A worker calls and says it.
    PHONE = "phone"


BY_A_WORKER = frozenset({Channel.LETTER, Channel.PHONE})
"""Ways that need a person's hands: such messages wait on a list until somebody records them."""


class TemplateCode(StrEnum):
    """What a message is for. Each code goes by one channel and knows its own placeholders."""

    REFERRAL_ACKNOWLEDGEMENT = "referral-acknowledgement"
    CASE_ALLOCATED = "case-allocated"
    PLACE_OFFERED = "place-offered"
    # To the family, of its referral.
    FAMILY_RECEIPT = "family-receipt"
    FAMILY_ACCEPTED = "family-accepted"
    FAMILY_DECLINED = "family-declined"
    FAMILY_SIGNPOSTED = "family-signposted"
    FAMILY_REDIRECTED = "family-redirected"
    # To the family or to whoever referred.
    INFORMATION_ASKED = "information-asked"
    # To a professional who referred: that the family was answered, and no more.
    REFERRAL_ANSWERED = "referral-answered"
    # To workers.
    DRAFT_EXPIRING = "draft-expiring"
    CONCERN_RAISED = "concern-raised"
    CONCERN_ESCALATED = "concern-escalated"
    ON_CALL_UNCOVERED = "on-call-uncovered"
    TASK_OVERDUE = "task-overdue"


class Placeholder(StrEnum):
    """The only things that a template can have filled in.

    None can hold an address or a child, but for the words that a worker wrote to the family.
    """

    RECIPIENT = "recipient"
    AUTHORITY = "authority"
    REFERENCE = "reference"
    CASE = "case"
    RECEIVED_ON = "received_on"
    ALLOCATED_ON = "allocated_on"
    ANSWER_BY = "answer_by"
    CONCERN = "concern"
    DRAFT = "draft"
    EXPIRES_ON = "expires_on"
    POST = "post"
    TASK = "task"
    DUE_ON = "due_on"
    # What was written to the family of its referral; asked for at the moment of sending.
    WORDS = "words"


class Reason(StrEnum):
    """Why an attempt failed, is in doubt, or will not be made."""

    # The attempt failed, the next may not.
    NO_ANSWER = "no-answer"
    TRY_LATER = "try-later"
    CONNECTION_LOST = "connection-lost"
    SENDER_REFUSED = "sender-refused"
    # In doubt: it may have been accepted.
    TIMED_OUT = "timed-out"
    INTERRUPTED = "interrupted"
    # For ever.
    RECIPIENT_REFUSED = "recipient-refused"
    CONTENT_REFUSED = "content-refused"
    # Blocked before anything was sent.
    DO_NOT_CONTACT = "do-not-contact"
    PROTECTED_ADDRESS = "protected-address"
    UNSAFE_CHANNEL = "unsafe-channel"
    SUPERSEDED_ADDRESS = "superseded-address"
    NO_ADDRESS = "no-address"
    UNUSABLE_ADDRESS = "unusable-address"
    UNKNOWN_RECIPIENT = "unknown-recipient"


@dataclass(frozen=True, slots=True)
class Fact:
    """A value for a placeholder that came with the news: a code, a reference or an ISO day.

    Of words it is the id of the referral that they are written of, where they are asked for.
    """

    name: Placeholder
    value: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one recipient; there is no second addressee, not even in copy.

    `about_event` is what it tells of: the event heard, or the submission where several events tell
    of one submission. `recipient` is a person's id, or a worker's for in-app notes.
    """

    message_id: UUID
    template: TemplateCode
    channel: Channel
    recipient: UUID
    about_event: UUID
    facts: tuple[Fact, ...] = ()

    @property
    def words_of(self) -> UUID | None:
        """The referral of which words to the family are to be asked for, if it has any."""
        found = [UUID(each.value) for each in self.facts if each.name is Placeholder.WORDS]
        return found[0] if found else None


def message_id(tenant: UUID, about_event: UUID, template: TemplateCode, recipient: UUID) -> UUID:
    """Return the id of the one message that tells this recipient of this, whatever the order.

    Two authorities may be sent one submission: each sends a message of its own.
    """
    return uuid5(_MESSAGES, f"{tenant}/{about_event}/{template.value}/{recipient}")


def message_id_header(message: UUID, domain: str) -> str:
    """Return the `Message-ID` of a message (RFC 5322 §3.6.4)."""
    return f"<{message}@{domain}>"
