"""What goes along with a redirect, and what stays: the minimum that the other authority needs.

Along go who the child, the adults and the referrer are and how to reach them safely, what is known
of the adoption, the needs, and all that was said or seen of the child's safety. With consent the
family's own words go too. Other submissions, what screening found beside safety, consents for
others, and anything about birth families stay.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, TypeAlias, TypeVar

from ledger.personal import Personal, Plain
from ledger.registry import personal_fields
from referrals.codes import Safeguarding
from referrals.intake.document import (
    Address,
    Adult,
    Child,
    Consents,
    Document,
    Family,
    Referrer,
    SafeguardingWorry,
)
from referrals.intake.submission import Submission, SubmittedChild
from referrals.life.events import ReferralReceived
from referrals.people.person import AdultDescribed, ChildDescribed, ReferrerDescribed
from referrals.redirects.arrival import ROUTE
from referrals.redirects.events import RedirectOffered
from referrals.redirects.reasons import Ground
from referrals.screening.screen import SafeguardingAnswered

_STAYS: Final = frozenset({"codes_as_given"})
"""Fields that never go: a code that is not ours might be anything."""

Fact: TypeAlias = (
    ReferralReceived | SafeguardingAnswered | ChildDescribed | AdultDescribed | ReferrerDescribed
)
F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class Packet:
    """The facts of which parts go along: first as they are sealed, then with what was opened."""

    offered: RedirectOffered
    referral: ReferralReceived
    screening: SafeguardingAnswered
    child: ChildDescribed
    referrer: ReferrerDescribed
    adults: tuple[AdultDescribed, ...]

    @property
    def with_consent(self) -> bool:
        """Whether the family agreed that the other authority is told."""
        return self.offered.ground is Ground.CONSENT

    def needed(self) -> list[Personal[Any]]:
        """Return the sealed values that go along."""
        return [getattr(fact, name) for fact in self._facts() for name in self._goes(fact)]

    def opened(self, values: Sequence[Any]) -> "Packet":
        """Return the packet with the values of `needed`, opened; what stays is nothing in it."""
        rest = iter(values)
        return replace(
            self,
            referral=_with(self.referral, self._goes(self.referral), rest),
            screening=_with(self.screening, self._goes(self.screening), rest),
            child=_with(self.child, self._goes(self.child), rest),
            referrer=_with(self.referrer, self._goes(self.referrer), rest),
            adults=tuple(_with(each, self._goes(each), rest) for each in self.adults),
        )

    def _facts(self) -> Sequence[Fact]:
        return (self.referral, self.screening, self.child, self.referrer, *self.adults)

    def _goes(self, fact: Fact) -> list[str]:
        """Return the fields of a fact that go along."""
        return [each for each in personal_fields(type(fact)) if self._may_go(fact, each)]

    def _may_go(self, fact: Fact, name: str) -> bool:
        match fact:
            case SafeguardingAnswered(answer=found):
                return found != Safeguarding.NONE
            case ReferralReceived() if name == "in_their_words":
                return self.with_consent
            case _:
                return name not in _STAYS


def _with(fact: F, names: Sequence[str], values: Iterator[Any]) -> F:
    """Return a fact with as many of the values as it has names, and nothing else personal."""
    found: dict[str, Any] = {each: Plain(None) for each in personal_fields(type(fact))}
    for name in names:
        value = next(values)
        # What was shredded meanwhile is gone for good.
        found[name] = Plain(value if isinstance(value, str) else None)
    return replace(fact, **found)


def copy_of(packet: Packet, partnership: str) -> Submission:
    """Return an opened packet as a submission to the other authority. It is received on arrival."""
    said = packet.referral
    document = Document(
        submission_id=packet.offered.redirect,
        received_at="",
        partnership=partnership,
        received_by=packet.offered.to,
        route=ROUTE,
        referrer=_referrer(packet.referrer),
        family=_family(packet),
        needs=list(said.needs),
        in_their_words=_text(said.in_their_words),
        asks_for_assessment=said.asks_for_assessment,
        placement_at_risk=said.placement_at_risk,
        safeguarding=_safeguarding(packet),
        consents=Consents(to_refer=packet.with_consent, to_share_with=[]),
    )
    born_on = date.fromisoformat(_text(packet.child.date_of_birth))
    child = SubmittedChild(document.family.children[0], born_on, said.ordered_on)
    return Submission(document, said.received_at, (child,), said.asked_urgently)


def _family(packet: Packet) -> Family:
    child = packet.child
    return Family(
        lives_in=packet.referral.lives_in,
        address=Address(
            lines=_text(child.address_lines).split("\n"),
            town=_text(child.town),
            postcode=_text(child.postcode),
        ),
        protected_address=child.protected_address,
        adults=[_adult(each) for each in packet.adults],
        children=[_child(packet)],
    )


def _child(packet: Packet) -> Child:
    child, said = packet.child, packet.referral
    return Child(
        given_name=_text(child.given_name),
        family_name=_text(child.family_name),
        date_of_birth=_text(child.date_of_birth),
        sex=child.sex,
        ethnicity=child.ethnicity,
        legal_status=said.legal_status,
        adoption_order_date=said.ordered_on.isoformat() if said.ordered_on else None,
        placing_authority=said.placing_authority,
        education=said.education,
        ehc_plan=said.ehc_plan,
        interpreter=_maybe(child.interpreter),
    )


def _adult(adult: AdultDescribed) -> Adult:
    return Adult(
        name=_text(adult.name),
        role=adult.role,
        parental_responsibility=adult.parental_responsibility,
        email=_maybe(adult.email),
        phone=_maybe(adult.phone),
        contact_preference=adult.contact_preference,
        safe_times=_maybe(adult.safe_times),
        do_not_leave_voicemail=adult.do_not_leave_voicemail,
    )


def _referrer(referrer: ReferrerDescribed) -> Referrer:
    return Referrer(
        kind=referrer.kind,
        name=_text(referrer.name),
        organisation=_maybe(referrer.organisation),
        email=_maybe(referrer.email),
        phone=_maybe(referrer.phone),
    )


def _safeguarding(packet: Packet) -> SafeguardingWorry:
    """Return all that was said or seen of the child's safety; none of it is ever cut."""
    found = packet.screening.answer
    said = packet.referral
    words = [
        _maybe(said.safeguarding_words),
        _maybe(packet.screening.words),
    ]
    return SafeguardingWorry.model_construct(
        immediate_danger=said.immediate_danger or found == Safeguarding.IMMEDIATE_DANGER,
        concern=said.safeguarding_concern or found != Safeguarding.NONE,
        words="\n\n".join(each for each in words if each) or None,
    )


def _text(value: Personal[Any]) -> str:
    return _maybe(value) or ""


def _maybe(value: Personal[Any]) -> str | None:
    return value.value if isinstance(value, Plain) else None
