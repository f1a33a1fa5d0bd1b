"""What can have happened to an enquiry. Nothing of it is about a child's record."""

from dataclasses import dataclass
from typing import Annotated, TypeAlias
from uuid import UUID

from ledger.personal import Block, Personal, SealedIn
from referrals.codes import Safeguarding
from referrals.enquiries.codes import Channel, CloseReason, Kind, SignpostTo, Topic

Words: TypeAlias = Annotated[Personal[str], SealedIn(Block.NARRATIVE, of="enquirer")]
MaybeWords: TypeAlias = Annotated[Personal[str | None], SealedIn(Block.NARRATIVE, of="enquirer")]
MaybeContact: TypeAlias = Annotated[Personal[str | None], SealedIn(Block.CONTACT, of="enquirer")]


@dataclass(frozen=True, slots=True)
class EnquiryMade:
    """Somebody asked. `enquirer` is a person id, made for this enquiry."""

    enquiry: UUID
    enquirer: UUID
    channel: Channel
    kind: Kind
    topics: tuple[Topic, ...]
    words: Words


@dataclass(frozen=True, slots=True)
class EnquirerNamed:
    """The enquirer said who they are and how to reach them; without it the enquiry is anonymous."""

    enquiry: UUID
    enquirer: UUID
    name: Annotated[Personal[str], SealedIn(Block.IDENTITY, of="enquirer")]
    email: MaybeContact
    phone: MaybeContact
    safe_times: MaybeContact


@dataclass(frozen=True, slots=True)
class SafetyAsked:
    """It was asked whether somebody is unsafe; recorded also where nobody is."""

    enquiry: UUID
    enquirer: UUID
    asked: UUID
    safeguarding: Safeguarding
    words: MaybeWords


@dataclass(frozen=True, slots=True)
class DangerSaid:
    """Somebody is said to be in immediate danger: nobody waits for a referral."""

    enquiry: UUID
    enquirer: UUID


@dataclass(frozen=True, slots=True)
class AdviceGiven:
    """Advice was given."""

    enquiry: UUID
    enquirer: UUID
    advice: UUID
    topics: tuple[Topic, ...]
    words: Words


@dataclass(frozen=True, slots=True)
class InformationSent:
    """Leaflets were sent, named by their codes."""

    enquiry: UUID
    sending: UUID
    leaflets: tuple[str, ...]
    channel: Channel


@dataclass(frozen=True, slots=True)
class Signposted:
    """The enquirer was pointed to somebody else."""

    enquiry: UUID
    enquirer: UUID
    signpost: UUID
    to: SignpostTo
    words: MaybeWords


@dataclass(frozen=True, slots=True)
class TurnedIntoDraft:
    """A draft of a referral was started with what the enquirer said."""

    enquiry: UUID
    draft: UUID


@dataclass(frozen=True, slots=True)
class LedToReferral:
    """A draft that came from the enquiry was sent, and these referrals came of it."""

    enquiry: UUID
    draft: UUID
    referrals: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class EnquiryClosed:
    """Nothing more is to be done on the enquiry; it may still be turned into a referral."""

    enquiry: UUID
    reason: CloseReason


EnquiryEvent: TypeAlias = (
    EnquiryMade
    | EnquirerNamed
    | SafetyAsked
    | DangerSaid
    | AdviceGiven
    | InformationSent
    | Signposted
    | TurnedIntoDraft
    | LedToReferral
    | EnquiryClosed
)
EVENTS = (
    EnquiryMade,
    EnquirerNamed,
    SafetyAsked,
    DangerSaid,
    AdviceGiven,
    InformationSent,
    Signposted,
    TurnedIntoDraft,
    LedToReferral,
    EnquiryClosed,
)
