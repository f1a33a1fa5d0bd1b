"""What goes along with a redirect, and what stays: the minimum that the other authority needs.

Along go who the child, the adults and the referrer are by now and how to reach them safely, whom
not to contact, what is known of the adoption, the needs, and all that was said or seen of the
child's safety. With consent the family's own words go too. A child's identity before adoption,
what screening found beside safety, consents for others and whatever else is on record stay.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from ledger.personal import Personal
from referrals.codes import Safeguarding
from referrals.intake import document as form
from referrals.intake.submission import Submission, SubmittedChild
from referrals.life.events import ReferralReceived
from referrals.people.contact import Reached, reach
from referrals.people.facts import Way
from referrals.people.known import Forbidden
from referrals.people.person import (
    Adult,
    Referrer,
)
from referrals.people.person import Child as KnownChild
from referrals.people.said import ChildDescribed
from referrals.people.showing import fields_shown, visible
from referrals.people.sides import Side
from referrals.redirects.arrival import ROUTE
from referrals.redirects.events import RedirectOffered
from referrals.redirects.law import Law
from referrals.redirects.reasons import Ground
from referrals.screening.screen import SafeguardingAnswered

_CHILD: Final = (
    "given_name",
    "family_name",
    "date_of_birth",
    "interpreter",
    "address_lines",
    "town",
    "postcode",
)


@dataclass(frozen=True, slots=True)
class Packet:
    """Everything of which parts go along, on a day, as the authority that sends it has it."""

    offered: RedirectOffered
    referral: ReferralReceived
    screening: SafeguardingAnswered
    law: Law
    child: KnownChild
    described: ChildDescribed
    adults: tuple[Adult, ...]
    referrer: Referrer
    on: date

    @property
    def with_consent(self) -> bool:
        """Whether the family agreed that the other authority is told."""
        return self.offered.ground is Ground.CONSENT

    @property
    def forbidden(self) -> tuple[tuple[Forbidden, ...], ...]:
        """The orders not to contact each of the adults, in their order; none stays behind."""
        return tuple(each.known.forbidden for each in self.adults)

    def sealed(self) -> dict[str, Personal[Any]]:
        """Return the personal values that go along, by names of the packet's own."""
        return dict(self._sealed())

    def _sealed(self) -> Iterator[tuple[str, Personal[Any]]]:
        shown = fields_shown(self.child, Side.AFTER)
        yield from ((f"child.{each}", shown[each]) for each in _CHILD if each in shown)
        for number, adult in enumerate(self.adults):
            yield from self._of_person(f"adult{number}", adult)
        yield from self._of_person("referrer", self.referrer)
        yield "referrer.organisation", self.referrer.said.organisation
        if self.with_consent:
            yield "in_their_words", self.referral.in_their_words
        yield "said_of_safety", self.referral.safeguarding_words
        if self.screening.answer != Safeguarding.NONE:
            yield "seen_of_safety", self.screening.words

    def _of_person(self, who: str, person: Adult | Referrer) -> Iterator[tuple[str, Personal[Any]]]:
        """Return a name, and the channels that may be used by now; none stands in for another."""
        shown = fields_shown(person, Side.AFTER)
        named = ("name", "family_name")
        yield from ((f"{who}.{each}", shown[each]) for each in named if each in shown)
        for way in (Way.EMAIL, Way.PHONE):
            found = reach(person.known, way, "", self.on)
            if isinstance(found, Reached):
                yield f"{who}.{way.value}", found.channel.value
                yield f"{who}.safe_times", found.channel.safe_times


Opened = Mapping[str, str | None]
"""What was opened, by the packet's names. What was shredded meanwhile is nothing."""


def copy_of(packet: Packet, opened: Opened, partnership: str) -> Submission:
    """Return an opened packet as a submission to the other authority; received on arrival."""
    said = packet.referral
    document = form.Document.model_construct(
        submission_id=packet.offered.redirect,
        received_at="",
        partnership=partnership,
        received_by=packet.offered.to,
        route=ROUTE,
        referrer=_referrer(packet, opened),
        family=_family(packet, opened),
        needs=list(said.needs),
        in_their_words=opened.get("in_their_words") or "",
        asks_for_assessment=said.asks_for_assessment,
        placement_at_risk=said.placement_at_risk,
        safeguarding=_safeguarding(packet, opened),
        consents=form.Consents.model_construct(to_refer=packet.with_consent, to_share_with=[]),
    )
    born_on = date.fromisoformat(opened.get("child.date_of_birth") or "")
    child = SubmittedChild(document.family.children[0], born_on, packet.law.ordered_on)
    return Submission(document, said.received_at, (child,), said.asked_urgently)


def _family(packet: Packet, opened: Opened) -> form.Family:
    people: tuple[KnownChild | Adult, ...] = (packet.child, *packet.adults)
    homes = [each for one in people for each in visible(one.known, Side.AFTER).addresses[-1:]]
    return form.Family.model_construct(
        lives_in=packet.law.lives_in,
        address=form.Address.model_construct(
            lines=(opened.get("child.address_lines") or "").split("\n"),
            town=opened.get("child.town") or "",
            postcode=opened.get("child.postcode") or "",
        ),
        protected_address=not homes or any(each.protected_address for each in homes),
        adults=[_adult(packet, opened, number) for number in range(len(packet.adults))],
        children=[_child(packet, opened)],
    )


def _child(packet: Packet, opened: Opened) -> form.Child:
    law, said = packet.law, packet.referral
    return form.Child.model_construct(
        given_name=opened.get("child.given_name") or "",
        family_name=opened.get("child.family_name") or "",
        date_of_birth=opened.get("child.date_of_birth") or "",
        sex=packet.described.sex,
        ethnicity=packet.described.ethnicity,
        legal_status=law.status,
        adoption_order_date=law.ordered_on.isoformat() if law.ordered_on else None,
        placing_authority=law.placing_authority,
        education=said.education,
        ehc_plan=said.ehc_plan,
        interpreter=opened.get("child.interpreter"),
    )


def _adult(packet: Packet, opened: Opened, number: int) -> form.Adult:
    said = packet.adults[number].said
    who = f"adult{number}"
    return form.Adult.model_construct(
        name=_name(opened, who),
        role=said.role,
        parental_responsibility=said.parental_responsibility,
        email=opened.get(f"{who}.email"),
        phone=opened.get(f"{who}.phone"),
        contact_preference=said.contact_preference,
        safe_times=opened.get(f"{who}.safe_times"),
        do_not_leave_voicemail=said.do_not_leave_voicemail or _no_voicemail(packet, number),
    )


def _no_voicemail(packet: Packet, number: int) -> bool:
    found = reach(packet.adults[number].known, Way.PHONE, "", packet.on)
    return isinstance(found, Reached) and found.channel.do_not_leave_voicemail


def _referrer(packet: Packet, opened: Opened) -> form.Referrer:
    return form.Referrer.model_construct(
        kind=packet.referrer.said.kind,
        name=_name(opened, "referrer"),
        organisation=opened.get("referrer.organisation"),
        email=opened.get("referrer.email"),
        phone=opened.get("referrer.phone"),
    )


def _safeguarding(packet: Packet, opened: Opened) -> form.SafeguardingWorry:
    """Return all that was said or seen of the child's safety; however long, it is never cut."""
    found, said = packet.screening.answer, packet.referral
    words = (opened.get("said_of_safety"), opened.get("seen_of_safety"))
    return form.SafeguardingWorry.model_construct(
        immediate_danger=said.immediate_danger or found == Safeguarding.IMMEDIATE_DANGER,
        concern=said.safeguarding_concern or found != Safeguarding.NONE,
        words="\n\n".join(each for each in words if each) or None,
    )


def _name(opened: Opened, who: str) -> str:
    names = (opened.get(f"{who}.name"), opened.get(f"{who}.family_name"))
    return " ".join(each for each in names if each)
