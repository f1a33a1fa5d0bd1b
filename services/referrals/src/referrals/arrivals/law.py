"""What is known of who owes a child the service, as it goes along with a case: what stands of it.

A fact that was set right or withdrawn stays behind, and so does everything else that no line is
drawn by: the reference of an agreement and its words. Each keeps its id and the day on which it was
said, so that both authorities draw the same line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from chassis.acting import Step
from ledger.personal import Plain
from referrals.duty.compose import partnership_of
from referrals.duty.facts import AnyFact, FactWithdrawn, HolderAgreed, OrderMade, OrderSetAside
from referrals.duty.standing import in_effect
from referrals.duty.timeline import TIMELINE, LearnFacts
from referrals.rules.policies import duty_rules, shipped
from referrals.streams import timeline_stream


def going(person: UUID, facts: Sequence[AnyFact]) -> tuple[AnyFact, ...]:
    """Return the facts that go along, each of the person as the child is known there."""
    stand = [each for each in in_effect(facts) if not isinstance(each, FactWithdrawn)]
    right = {wrong: each.fact for each in facts for wrong in each.corrects}
    orders = {each.fact: each for each in stand if isinstance(each, OrderMade)}
    moved = [_moved(replace(each, child=person, corrects=()), orders, right) for each in stand]
    return tuple(each for each in moved if each is not None)


def _moved(
    fact: AnyFact, orders: Mapping[UUID, OrderMade], right: Mapping[UUID, UUID]
) -> AnyFact | None:
    match fact:
        case HolderAgreed():
            return replace(fact, reference=Plain(None), words=Plain(None))
        case OrderSetAside(order=known_as, on=on):
            for _ in right:
                known_as = right.get(known_as, known_as)
            order = orders.get(known_as)
            if order is None:
                # Of an order that was withdrawn nothing is left to be set aside.
                return None
            # The day of the order may have been set right to a later one since.
            return replace(fact, order=order.fact, on=max(on, order.ordered_on or on))
        case _:
            return fact


def learning(case: UUID, person: UUID, facts: Sequence[AnyFact], today: date) -> list[Step]:
    """Return the steps by which the line is drawn here, by the same partnership's rules."""
    rules = duty_rules(shipped(), partnership_of(facts))
    aside = tuple(each for each in facts if isinstance(each, OrderSetAside))
    first = tuple(each for each in facts if not isinstance(each, OrderSetAside))
    stream = timeline_stream(person)
    # An order is there before it is set aside.
    return [
        Step(TIMELINE, stream, LearnFacts(each, rules, today), case_id=case, subjects=(person,))
        for each in (first, aside)
        if each
    ]
