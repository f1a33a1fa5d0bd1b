"""Requests on consents read: each field parsed, and named where it is wrong."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from chassis.directory import Directory
from chassis.edge.malformed import a_choice, a_day, a_text, a_uuid, if_given, malformed, one_of
from ledger.personal import Plain
from referrals.consents.compose import RecordConsent
from referrals.consents.consent import Capacity, RefuseConsent, WithdrawConsent
from referrals.consents.recipient import AGENCIES, Recipient, agency, authority, partnership
from referrals.intake.document import MAX_WORDS
from throughline.referrals.v1 import consents_pb2 as pb


def give(request: pb.GiveConsentRequest, directory: Directory) -> RecordConsent:
    """Read who agrees to what."""
    by, capacity, competent_on = _speaker("given_by", request.given_by)
    return RecordConsent(
        child=a_uuid("child", request.child),
        recipient=_recipient(request.recipient, directory).code,
        by=by,
        capacity=capacity,
        competent_on=competent_on,
        from_day=if_given(a_day, "from_day", request.from_day),
        until=if_given(a_day, "until", request.until),
        how=words("how", request.how),
        limits=words("limits", request.limits),
    )


def refuse(request: pb.RefuseConsentRequest, directory: Directory) -> RefuseConsent:
    """Read who does not agree."""
    by, capacity, _ = _speaker("refused_by", request.refused_by)
    recipient = _recipient(request.recipient, directory).code
    how = words("how", request.how)
    return RefuseConsent(a_uuid("child", request.child), recipient, by, capacity, how)


def withdraw(request: pb.WithdrawConsentRequest, directory: Directory) -> WithdrawConsent:
    """Read who takes a consent back."""
    by, capacity, _ = _speaker("withdrawn_by", request.withdrawn_by)
    recipient = _recipient(request.recipient, directory).code
    how = words("how", request.how)
    return WithdrawConsent(a_uuid("child", request.child), recipient, by, capacity, how)


def words(field: str, text: str) -> Plain[str | None]:
    """Read words that may be left out."""
    return Plain(if_given(_some_words, field, text))


def _some_words(field: str, text: str) -> str:
    return a_text(field, text, MAX_WORDS)


def _speaker(field: str, speaker: pb.ConsentSpeaker) -> tuple[UUID, Capacity, date | None]:
    by = a_uuid(f"{field}.person_id", speaker.person_id)
    capacity = a_choice(f"{field}.capacity", speaker.capacity, Capacity)
    if capacity is Capacity.REPORTED:
        allowed = ", ".join(each for each in Capacity if each is not Capacity.REPORTED)
        raise malformed(f"{field}.capacity", "unknown-code", f"one of {allowed}")
    competent_on = if_given(a_day, f"{field}.competent_on", speaker.competent_on)
    if (competent_on is None) == (capacity is Capacity.COMPETENT_CHILD):
        raise malformed(f"{field}.competent_on", "required", "a day, of a competent child only")
    return by, capacity, competent_on


def _recipient(given: pb.ConsentRecipient, directory: Directory) -> Recipient:
    match given.WhichOneof("recipient"):
        case "authority":
            return authority(_named("authority", given.authority, directory.authorities))
        case "partnership":
            return partnership(_named("partnership", given.partnership, directory.partnerships))
        case "agency":
            return agency(_named("agency", given.agency, AGENCIES))
        case _:
            raise malformed("recipient", "required", "an authority, a partnership or an agency")


def _named(field: str, text: str, known: Collection[str]) -> str:
    return one_of(f"recipient.{field}", text, known)
