"""A formulation is drafted, shared, agreed; a better understanding is the next version."""

from dataclasses import replace
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from casework.assessments.formulation import (
    DECIDER,
    AgreeFormulation,
    DraftFormulation,
    FormulationAgreed,
    FormulationCommand,
    FormulationDrafted,
    FormulationShared,
    NoSuchFormulation,
    NoSuchVersion,
    NotShared,
    Reader,
    ShareFormulation,
    VersionReplaced,
    is_agreed,
)
from ledger.personal import Plain
from ledger.testing import Given, Transitions

CASE, CHILD, DRAFT, NEXT, ITEM = (UUID(int=n) for n in range(1, 6))
WORDS = Plain("She keeps watch because nights were not safe.")
BOTH = (Reader.CHILD, Reader.PARENTS)

draft = DraftFormulation(CASE, CHILD, DRAFT, (ITEM,), WORDS)
drafted = FormulationDrafted(CASE, CHILD, 1, DRAFT, (ITEM,), WORDS)
share, shared = ShareFormulation(1, BOTH), FormulationShared(CASE, CHILD, 1, BOTH)
agree = AgreeFormulation(1, (Reader.PARENTS,))
agreed = FormulationAgreed(CASE, CHILD, 1, (Reader.PARENTS,))
redrafted = replace(drafted, version=2, draft_id=NEXT)

formulation = Given(DECIDER)
written = formulation.given(drafted)
seen = written.given(shared)
held = seen.given(agreed)

TRANSITIONS = Transitions(
    {"not formulated": formulation, "drafted": written, "shared": seen, "agreed": held},
    {
        "draft the next version": replace(draft, draft_id=NEXT),
        "share with child and parents": share,
        "the parents agree": agree,
        "the school agrees": AgreeFormulation(1, (Reader.SCHOOL,)),
    },
)


def test_it_is_drafted_shared_and_agreed() -> None:
    formulation.when(draft).then(drafted)
    written.when(draft).then()
    written.when(share).then(shared)
    seen.when(agree).then(agreed)
    assert is_agreed(held.state.versions[-1])
    assert not is_agreed(seen.state.versions[-1])


def test_only_who_is_new_is_recorded() -> None:
    seen.when(share).then()
    more = ShareFormulation(1, (Reader.SCHOOL, Reader.CHILD))
    seen.when(more).then(FormulationShared(CASE, CHILD, 1, (Reader.SCHOOL,)))
    held.when(AgreeFormulation(1, BOTH)).then(FormulationAgreed(CASE, CHILD, 1, (Reader.CHILD,)))


def test_nobody_agrees_to_what_was_not_shown_to_him() -> None:
    written.when(agree).then_refused(NotShared)
    seen.when(AgreeFormulation(1, (Reader.SCHOOL,))).then_refused(NotShared)


def test_a_better_understanding_is_a_version_that_nobody_agreed_to_yet() -> None:
    held.when(replace(draft, draft_id=NEXT)).then(redrafted)
    anew = held.given(redrafted)
    anew.when(agree).then_refused(VersionReplaced)
    anew.when(AgreeFormulation(2, BOTH)).then_refused(NotShared)
    anew.when(ShareFormulation(3, BOTH)).then_refused(NoSuchVersion)
    formulation.when(share).then_refused(NoSuchFormulation)


commands: st.SearchStrategy[FormulationCommand] = st.sampled_from(
    [draft, replace(draft, draft_id=NEXT), share, agree, AgreeFormulation(2, BOTH)]
)


@given(st.lists(commands, max_size=12))
def test_a_repeated_command_decides_nothing(history: list[FormulationCommand]) -> None:
    so_far = formulation
    for command in history:
        decided = so_far.when(command)
        if decided.refusal is None:
            so_far.repeats_nothing(command)
            so_far = so_far.given(*decided.events)
