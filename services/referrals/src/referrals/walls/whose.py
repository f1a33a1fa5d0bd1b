"""To which families something belongs that is named, by the streams themselves."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, TypeAlias, assert_never
from uuid import UUID

from referrals.drafts.draft import DRAFT, Sent, written
from referrals.enquiries.enquiry import ENQUIRY, made
from referrals.life.referral import REFERRAL
from referrals.life.states import said_of
from referrals.people.known import MergedInto
from referrals.people.person import PERSON, Adult, Child, Nobody, Referrer
from referrals.redirects.incoming import INCOMING, arrived
from referrals.redirects.redirect import REDIRECT, NotOffered
from referrals.screening.screen import SCREEN, NotHeld, OfCall, OfEnquiry, OfReferral, Opened
from referrals.streams import (
    draft_stream,
    enquiry_stream,
    incoming_stream,
    person_stream,
    redirect_stream,
    referral_stream,
    screen_stream,
)
from referrals.walls.naming import Named, Thing

if TYPE_CHECKING:
    from chassis.commands.shell import Shell

MOST: Final = 100
"""Things that are looked at for one request; no request that is right leads to as many."""

Found: TypeAlias = tuple[frozenset[UUID], frozenset[Named]]
"""Families, and what leads to further ones."""


class TooMany(Exception):  # noqa: N818 # named for what was found
    """A request leads to more things than are looked at."""


async def families_of(shell: "Shell", tenant: UUID, named: Iterable[Named]) -> frozenset[UUID]:
    """Return the families of all that is named, as recorded by now. Raises TooMany."""
    families: frozenset[UUID] = frozenset()
    seen: set[Named] = set()
    left = list(named)
    while left:
        each = left.pop()
        if each in seen:
            continue
        if len(seen) == MOST:
            raise TooMany
        seen.add(each)
        found, further = await _look(shell, tenant, each)
        families |= found
        left.extend(further)
    return families


async def _look(shell: "Shell", tenant: UUID, named: Named) -> Found:
    known_as = named.known_as
    match named.thing:
        case Thing.REFERRAL:
            said = said_of(await shell.state(tenant, REFERRAL, referral_stream(known_as)))
            return (frozenset([said.family]) if said else frozenset(), frozenset())
        case Thing.PERSON:
            return await _person(shell, tenant, known_as)
        case Thing.REDIRECT:
            return await _redirect(shell, tenant, known_as)
        case Thing.SCREEN:
            return await _screen(shell, tenant, known_as)
        case Thing.DRAFT:
            return await _draft(shell, tenant, known_as)
        case Thing.ENQUIRY:
            before = made(await shell.state(tenant, ENQUIRY, enquiry_stream(known_as)))
            led_to = before.led_to if before else ()
            return _referrals(referral for each in led_to for referral in each.referrals)
        case _:
            assert_never(named.thing)


async def _person(shell: "Shell", tenant: UUID, person: UUID) -> Found:
    """Look at a person's own family and at those of whoever is read as the same person."""
    state = await shell.state(tenant, PERSON, person_stream(person))
    match state:
        case Nobody():
            return _NOTHING
        case Child(family=family, known=known):
            pass
        case Adult(said=said, known=known):
            family = said.family
        case Referrer(said=by, known=known):
            family = by.family
        case _:
            assert_never(state)
    same = [each.merged for each in known.absorbed]
    if isinstance(known.standing, MergedInto):
        same.append(known.standing.into)
    return frozenset([family]), frozenset(Named(Thing.PERSON, each) for each in same)


async def _redirect(shell: "Shell", tenant: UUID, redirect: UUID) -> Found:
    sent = await shell.state(tenant, REDIRECT, redirect_stream(redirect))
    if not isinstance(sent, NotOffered):
        return _referrals([sent.said.referral])
    came = arrived(await shell.state(tenant, INCOMING, incoming_stream(redirect)))
    return _referrals([came.referral] if came else [])


async def _screen(shell: "Shell", tenant: UUID, screen: UUID) -> Found:
    state = await shell.state(tenant, SCREEN, screen_stream(screen))
    if isinstance(state, NotHeld):
        return _NOTHING
    about = state.about if isinstance(state, Opened) else state.opened.about
    match about:
        case OfReferral(referral=referral):
            return _referrals([referral])
        case OfEnquiry(enquiry=enquiry):
            return frozenset(), frozenset([Named(Thing.ENQUIRY, enquiry)])
        case OfCall():
            return _NOTHING
        case _:
            assert_never(about)


async def _draft(shell: "Shell", tenant: UUID, draft: UUID) -> Found:
    state = await shell.state(tenant, DRAFT, draft_stream(draft))
    last = written(state)
    if last is None:
        return _NOTHING
    families, further = _referrals(state.referrals if isinstance(state, Sent) else ())
    enquiry = last.started.enquiry
    return families, further | ({Named(Thing.ENQUIRY, enquiry)} if enquiry else frozenset())


def _referrals(referrals: Iterable[UUID]) -> Found:
    return frozenset(), frozenset(Named(Thing.REFERRAL, each) for each in referrals)


_NOTHING: Final[Found] = (frozenset(), frozenset())
