"""Two identities of a child are linked once."""

from uuid import UUID

from ledger.personal import Plain
from ledger.testing import Given, Transitions
from referrals.people.link import LINK, IdentitiesLinked, LinkIdentities

LINKED = UUID(int=1)
BEFORE, AFTER = Plain(str(UUID(int=2))), Plain(str(UUID(int=3)))

link = LinkIdentities(LINKED, BEFORE, AFTER)
linked = IdentitiesLinked(LINKED, BEFORE, AFTER)
nothing = Given(LINK)

TRANSITIONS = Transitions(
    {"not linked": nothing, "linked": nothing.given(linked)},
    {"link": link},
)


def test_they_are_linked_and_linked_once() -> None:
    nothing.when(link).then(linked)
    nothing.repeats_nothing(link)
