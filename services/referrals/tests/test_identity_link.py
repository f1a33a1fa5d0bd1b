"""Two identities of a child are linked once, and the link is ended where it was a mistake."""

from uuid import UUID

from ledger.personal import Plain
from ledger.testing import Given, Transitions
from referrals.people.link import (
    LINK,
    IdentitiesLinked,
    IdentitiesUnlinked,
    LinkIdentities,
    UnlinkIdentities,
)

LINKED = UUID(int=1)
BEFORE, AFTER = Plain(str(UUID(int=2))), Plain(str(UUID(int=3)))

link = LinkIdentities(LINKED, BEFORE, AFTER)
linked = IdentitiesLinked(LINKED, BEFORE, AFTER)
unlink, unlinked = UnlinkIdentities(), IdentitiesUnlinked(LINKED)
nothing = Given(LINK)
together = nothing.given(linked)
apart = together.given(unlinked)

TRANSITIONS = Transitions(
    {"not linked": nothing, "linked": together, "linked by mistake": apart},
    {"link": link, "end the link": unlink},
)


def test_they_are_linked_and_linked_once() -> None:
    nothing.when(link).then(linked)
    nothing.repeats_nothing(link)


def test_a_link_is_ended_once_and_may_be_made_again() -> None:
    together.when(unlink).then(unlinked)
    together.repeats_nothing(unlink)
    nothing.when(unlink).then()
    apart.when(link).then(linked)
