"""Receiving a referral message: read, mapped, received, and answered by a message in turn."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.edge.contexts import Commanded
from chassis.edge.malformed import Malformed, Violation
from chassis.edge.strict_json import NotJson, read_json
from chassis.failures import Conflicted, Unavailable
from ledger.looking import Wanted
from ledger.store import StoreUnavailable
from ledger.writer import QueueFull
from referrals.intake.bars import answer
from referrals.intake.bars.cancelling import cancel, cancellation, is_cancellation
from referrals.intake.bars.mapping import Mapped, Receiver, mapped
from referrals.intake.bars.message import MAX_MESSAGE_BYTES, WHOLE, Message, read_message
from referrals.intake.bars.revising import is_revision, revise, revision
from referrals.intake.receiving import Received, Receiving
from referrals.intake.submission import Places, Submission, parse
from throughline.referrals.v1 import intake_pb2 as pb
from vault.access import KeyringUnavailable

AWAY = (Unavailable, Conflicted, QueueFull, StoreUnavailable, KeyringUnavailable)
"""Failures after which the same message may be sent again."""


@dataclass(frozen=True, slots=True)
class Messages:
    """Receives messages for the caller of the moment."""

    receiving: Receiving

    async def receive(
        self, asked: Commanded, body: bytes, now: datetime
    ) -> pb.SubmitReferralMessageResponse:
        """Receive a message once. What is wrong with it is said in the answer message."""
        whole = _as_sent(body)
        try:
            message = read_message(body)
            if is_cancellation(message):
                return await self._cancelled(asked, message, now)
            if is_revision(message):
                return await self._revised(asked, message, now)
            found, received = await self._received(asked, message)
        except Malformed as wrong:
            return _answered(answer.FATAL, whole, answer.refused(wrong.violations), now)
        except AWAY:
            return _answered(answer.TRANSIENT, whole, answer.away(), now)
        expressions = [name for name, _ in found.along.values]
        told = _answered(
            answer.OK, whole, answer.kept(expressions), now, received.answer.children[0].reference
        )
        # Who sends a message is not told whom the authority knows.
        received.receipt.case_id = ""
        told.receipt.CopyFrom(received.receipt)
        return told

    async def _cancelled(
        self, asked: Commanded, message: Message, now: datetime
    ) -> pb.SubmitReferralMessageResponse:
        said = cancellation(message, self._receiver(asked.tenant))
        receipt = await cancel(self.receiving.shell, asked, said)
        receipt.case_id = ""
        reference = said.earlier.reference
        gone = answer.answer(answer.OK, message.whole, [], now, reference, answer.CANCELLED)
        return pb.SubmitReferralMessageResponse(
            message=gone, code=answer.OK, reference=reference, receipt=receipt
        )

    async def _received(self, asked: Commanded, message: Message) -> tuple[Mapped, Received]:
        found = mapped(message, self._receiver(asked.tenant))
        with _in_message(found):
            submission = _submission(found, self.receiving.places)
            return found, await self.receiving.receive(asked, submission, found.along)

    async def _revised(
        self, asked: Commanded, message: Message, now: datetime
    ) -> pb.SubmitReferralMessageResponse:
        said = revision(message, self._receiver(asked.tenant))
        with _in_message(said.mapped):
            submission = _submission(said.mapped, self.receiving.places)
            receipt = await revise(self.receiving, asked, said, submission)
        receipt.case_id = ""
        issues = answer.kept([name for name, _ in said.mapped.along.values])
        reference = said.earlier.reference
        told = _answered(answer.OK, message.whole, issues, now, reference)
        told.receipt.CopyFrom(receipt)
        return told

    def _receiver(self, tenant: UUID) -> Receiver:
        directory = self.receiving.directory
        authority, partnership = directory.by_id(tenant), directory.partnership_of(tenant)
        return Receiver(
            authority=authority.slug if authority else "",
            partnership=partnership.slug if partnership else "",
            known={each.name.casefold(): each.slug for each in directory.authorities.values()},
            endpoints=frozenset(authority.message_endpoints if authority else ()),
        )


async def clock(receiving: Receiving, tenant: UUID) -> datetime:
    """Return the store's clock."""
    found = await receiving.shell.store.look(tenant, frozenset([tenant]), Wanted())
    return found.now


def _submission(found: Mapped, places: Places) -> Submission:
    document = json.dumps(found.document, ensure_ascii=False).encode()
    return replace(parse(document, places), asked_urgently=found.asked_urgently)


@contextmanager
def _in_message(found: Mapped) -> Iterator[None]:
    """Name what is wrong with a field of the submission by where it stood in the message."""
    try:
        yield
    except Malformed as wrong:
        raise Malformed([_where(each, found) for each in wrong.violations]) from None


def _where(wrong: Violation, found: Mapped) -> Violation:
    if wrong.field.startswith(WHOLE):
        return wrong
    return replace(wrong, field=found.expressions.get(wrong.field, WHOLE))


def _answered(
    code: str,
    whole: Mapping[str, Any],
    issues: list[answer.Issue],
    now: datetime,
    reference: str = "",
) -> pb.SubmitReferralMessageResponse:
    written = answer.answer(code, whole, issues, now, reference)
    return pb.SubmitReferralMessageResponse(message=written, code=code, reference=reference)


def _as_sent(body: bytes) -> Mapping[str, Any]:
    """Return a message to be answered, as far as it can be read at all."""
    if len(body) > MAX_MESSAGE_BYTES:
        return {}
    try:
        whole = read_json(body)
    except NotJson:
        return {}
    return whole if isinstance(whole, dict) else {}
