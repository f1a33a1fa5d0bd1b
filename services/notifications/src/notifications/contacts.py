"""Where to write to: asked of the owner of people at the moment of sending, each time anew."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

import grpc
from google.rpc import error_details_pb2  # type: ignore[import-untyped] # ships no types
from grpc_status import rpc_status

from chassis.edge.statuses import AWAY
from chassis.failures import Unavailable
from notifications.letter import Channel, Letter, Reason
from throughline.common.v1.common_pb2 import ReadContext
from throughline.referrals.v1.referrals_pb2 import (
    GetContactRequest,
    GetContactResponse,
    GetWordsToFamilyRequest,
    GetWordsToFamilyResponse,
)
from throughline.referrals.v1.referrals_pb2_grpc import ReferralsServiceStub

if TYPE_CHECKING:
    from grpc.aio import Channel as Line

PATIENCE_S = 5.0
PURPOSE = "notification"

# RFC 5321 §4.5.3.1.3 bounds the length; the rest is what cannot end or add a header or a recipient.
_ADDRESS = re.compile(r"[!-;=?A-~]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,188}[A-Za-z0-9])?", re.ASCII)
_DIVIDERS = frozenset(',;:()[]\\"')

# What the owner of people calls its reasons not to write, in our words.
_BLOCKS = {
    "DoNotContact": Reason.DO_NOT_CONTACT,
    "ProtectedAddress": Reason.PROTECTED_ADDRESS,
    "UnsafeChannel": Reason.UNSAFE_CHANNEL,
    "do-not-contact": Reason.DO_NOT_CONTACT,
    "protected-address": Reason.PROTECTED_ADDRESS,
    "channel-ended": Reason.SUPERSEDED_ADDRESS,
    "channel-run-out": Reason.SUPERSEDED_ADDRESS,
    "none-known": Reason.NO_ADDRESS,
}
_BY_HAND = {"letter": Channel.LETTER, "phone": Channel.PHONE}


class ContactsAway(Exception):  # noqa: N818 # named for the state the other service is in
    """The owner of people does not answer now."""


class ContactNotTold(Exception):  # noqa: N818 # named for what happened
    """The owner of people would not tell this one contact; the words are gRPC's status."""


@dataclass(frozen=True, slots=True, repr=False)
class Reachable:
    """An address that may be used now. Its repr shows nothing."""

    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Unreachable:
    """There is no safe way to this person."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class RatherByHand:
    """The person would rather have it by letter or by telephone, which a worker sees to.

    `otherwise`: what holds for an e-mail that is on its way already.
    """

    channel: Channel
    otherwise: Reachable | Unreachable


@dataclass(frozen=True, slots=True, repr=False)
class ByHand:
    """What a worker needs to post a letter or to call now. Its repr shows nothing.

    `address`: the lines on the envelope, or the number.
    """

    address: str
    name: str
    safe_times: str
    do_not_leave_voicemail: bool


Contact: TypeAlias = Reachable | RatherByHand | Unreachable


def usable(address: str, name: str) -> Reachable | Unreachable:
    """Judge an e-mail address as its owner gave it: exactly one, in a form that is sure to be one.

    What is not sure is not written to.
    """
    if not address.strip():
        return Unreachable(Reason.NO_ADDRESS)
    if not _ADDRESS.fullmatch(address) or _DIVIDERS & set(address) or ".." in address:
        return Unreachable(Reason.UNUSABLE_ADDRESS)
    return Reachable(address, name.strip())


class Contacts:
    """Asks `referrals`, as this service, for a purpose and because of an event."""

    def __init__(self, line: "Line") -> None:
        self._stub: Any = ReferralsServiceStub(line)

    async def ask(self, tenant: UUID, person: UUID, because_of: UUID) -> Contact:
        """Return how a person may be written to now. Raises ContactsAway and ContactNotTold."""
        answer = await self._answer(tenant, person, because_of, Channel.EMAIL)
        if isinstance(answer, Unreachable):
            return answer
        rather = _BY_HAND.get(answer.preference)
        # Whom no e-mail reaches may still be reached as he prefers; an order not to contact him, or
        # an address that no longer stands, goes before his wish.
        if rather is not None and answer.blocked in {"", "none-known"}:
            return RatherByHand(rather, _by_mail(answer))
        return _by_mail(answer)

    async def ask_by_hand(
        self, tenant: UUID, person: UUID, because_of: UUID, channel: Channel
    ) -> ByHand | Unreachable:
        """Return where to post a letter, or whom to call, now. Raises as `ask` does."""
        answer = await self._answer(tenant, person, because_of, channel)
        if isinstance(answer, Unreachable):
            return answer
        if answer.blocked:
            return Unreachable(_BLOCKS.get(answer.blocked, Reason.UNSAFE_CHANNEL))
        letter = channel is Channel.LETTER
        # A place that is to stay secret is printed on no envelope.
        if letter and answer.protected_address:
            return Unreachable(Reason.PROTECTED_ADDRESS)
        address = "\n".join(answer.address_lines) if letter else answer.phone
        if not address.strip():
            return Unreachable(Reason.NO_ADDRESS)
        return ByHand(
            address, answer.name.strip(), answer.safe_times, answer.do_not_leave_voicemail
        )

    async def words_to_family(self, tenant: UUID, letter: Letter) -> str:
        """Return what was written to the family of its referral; of other letters nothing.

        Nothing either, where the owner knows of no such words for this recipient. Raises as `ask`.
        """
        if letter.words_of is None:
            return ""
        request = GetWordsToFamilyRequest(
            context=ReadContext(authority=str(tenant), purpose=PURPOSE),
            referral_id=str(letter.words_of),
            person_id=str(letter.recipient),
        )
        try:
            answer: GetWordsToFamilyResponse = await self._stub.GetWordsToFamily(
                request, timeout=PATIENCE_S, metadata=_because_of(letter.about_event)
            )
        except grpc.aio.AioRpcError as error:
            if error.code() is grpc.StatusCode.NOT_FOUND:
                return ""
            raise _not_answered(error) from None
        except (Unavailable, OSError) as error:
            raise ContactsAway(type(error).__name__) from None
        return str(answer.words)

    async def _answer(
        self, tenant: UUID, person: UUID, because_of: UUID, channel: Channel
    ) -> GetContactResponse | Unreachable:
        request = GetContactRequest(
            context=ReadContext(authority=str(tenant), purpose=PURPOSE),
            person_id=str(person),
            way=channel.value,
        )
        try:
            answer: GetContactResponse = await self._stub.GetContact(
                request, timeout=PATIENCE_S, metadata=_because_of(because_of)
            )
        except grpc.aio.AioRpcError as error:
            return _not_told(error)
        except (Unavailable, OSError) as error:
            # No token of our own can be had.
            raise ContactsAway(type(error).__name__) from None
        return answer


def _by_mail(answer: GetContactResponse) -> Reachable | Unreachable:
    """Say where an e-mail may go.

    `protected_address` keeps a place secret, which no e-mail of ours can hold. Where e-mail itself
    is not safe, the owner refuses to answer.
    """
    if answer.blocked:
        return Unreachable(_BLOCKS.get(answer.blocked, Reason.UNSAFE_CHANNEL))
    return usable(answer.email, answer.name)


def _not_told(error: grpc.aio.AioRpcError) -> Unreachable:
    code = error.code()
    if code is grpc.StatusCode.NOT_FOUND:
        return Unreachable(Reason.UNKNOWN_RECIPIENT)
    if code is grpc.StatusCode.FAILED_PRECONDITION:
        # A refusal that has no name here is not taken for leave to write.
        return Unreachable(_BLOCKS.get(_refusal(error), Reason.UNSAFE_CHANNEL))
    raise _not_answered(error) from None


def _not_answered(error: grpc.aio.AioRpcError) -> ContactsAway | ContactNotTold:
    code = error.code()
    return ContactsAway(code.name) if code in AWAY else ContactNotTold(code.name)


def _because_of(event: UUID) -> tuple[tuple[str, str], ...]:
    return (("throughline-cause", str(event)),)


def _refusal(error: grpc.aio.AioRpcError) -> str:
    status = rpc_status.from_call(error)  # type: ignore[arg-type] # an aio error answers the same
    for detail in status.details if status else ():
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info):
            return str(info.reason)
    return ""
