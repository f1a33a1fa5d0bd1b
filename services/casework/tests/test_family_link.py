"""Cases of one family name one another, and show nothing of the other child."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from casework.cases.case import NoSuchCase, NotOpened, Open
from casework.cases.family_link import (
    DECIDER,
    FamilyLinkCommand,
    FamilyLinked,
    FamilyUnlinked,
    Link,
    Relation,
    SameCase,
    Unlink,
)
from ledger.testing import Given, Transitions

CASE, OTHER, CHILD, SIBLING, FAMILY = (UUID(int=n) for n in range(1, 6))

here = Open(CASE, CHILD, FAMILY, None, 1, date(2025, 9, 1), frozenset())
there = replace(here, case_id=OTHER, child=SIBLING)
link = Link(CASE, here, OTHER, there, Relation.SIBLING)
linked = FamilyLinked(CASE, CHILD, OTHER, Relation.SIBLING)

apart = Given(DECIDER)
together = apart.given(linked)

TRANSITIONS = Transitions(
    {"not linked": apart, "linked": together},
    {
        "link": link,
        "link in another way": replace(link, relation=Relation.SAME_HOME),
        "unlink": Unlink(),
    },
)


def test_a_link_names_the_other_case_and_nobody_of_it() -> None:
    apart.when(link).then(linked)
    together.when(replace(link, relation=Relation.SAME_HOME)).then(
        replace(linked, relation=Relation.SAME_HOME)
    )
    assert SIBLING not in vars_of(linked)


def vars_of(event: FamilyLinked) -> set[object]:
    """Return what an event says."""
    return {event.case_id, event.child, event.other_case, event.relation}


def test_it_is_taken_back() -> None:
    together.when(Unlink()).then(FamilyUnlinked(CASE, CHILD, OTHER))
    apart.when(Unlink()).then()


def test_both_are_cases_and_two() -> None:
    apart.when(replace(link, other=NotOpened())).then_refused(NoSuchCase)
    apart.when(replace(link, other_id=CASE)).then_refused(SameCase)


commands: st.SearchStrategy[FamilyLinkCommand] = st.sampled_from(
    [link, replace(link, relation=Relation.SAME_HOME), Unlink()]
)


@given(st.lists(commands, max_size=10))
def test_a_repeated_command_decides_nothing(history: list[FamilyLinkCommand]) -> None:
    so_far = apart
    for command in history:
        so_far.repeats_nothing(command)
        so_far = so_far.given(*so_far.when(command).events)
