"""Whether the parts of a plan hang together, and what a plan lacks before it can be proposed."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from casework.plans.document import (
    CameOf,
    Contingency,
    Part,
    Party,
    PlanDocument,
    View,
    keys_of,
    parts_of,
)
from ledger.decider import Refusal


class _Named(Refusal):
    """Names the part that is wrong, by its key."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key

    @property
    def details(self) -> Mapping[str, str]:
        """Say which part."""
        return MappingProxyType({"part": self.key})


class KeyTwice(_Named):
    """Two parts of the plan have one key."""


class GoalWithoutNeed(_Named):
    """A goal names no need of the plan."""


class ServiceWithoutGoal(_Named):
    """A service names no goal of the plan: nobody could say what it is for."""


class MeasureWithoutService(_Named):
    """A measure names no service of the plan."""


class ViewWithoutAnswer(_Named):
    """A view says that something was decided because of it and names nothing in the plan.

    Or it says why nothing was, and yet names something.
    """


class LooseEnd(_Named):
    """A part names another one that the plan does not have."""


class WordsOfNothing(_Named):
    """Words are given for a part that the plan does not have."""


class PlanIncomplete(Refusal):
    """Something is missing that a plan must say before it is proposed to the family."""

    def __init__(self, missing: Collection[str]) -> None:
        super().__init__()
        self.missing = tuple(missing)

    @property
    def details(self) -> Mapping[str, str]:
        """Say what is missing."""
        return MappingProxyType({"missing": ", ".join(self.missing)})


def check_links(document: PlanDocument, worded: Collection[str]) -> None:
    """Refuse a plan with a part that hangs loose; `worded`: keys of parts that have words."""
    counted = Counter(each.key for _, each in parts_of(document))
    _refuse_first(KeyTwice, (key for key, times in counted.items() if times > 1))
    needs, goals, services = (
        keys_of(each) for each in (document.needs, document.goals, document.services)
    )
    _refuse_first(GoalWithoutNeed, (e.key for e in document.goals if e.need not in needs))
    _refuse_first(ServiceWithoutGoal, (e.key for e in document.services if e.goal not in goals))
    _refuse_first(
        MeasureWithoutService, (e.key for e in document.measures if e.service not in services)
    )
    _refuse_first(LooseEnd, (e.key for e in document.criteria if e.goal not in goals))
    keys = frozenset(counted)
    others: tuple[Part | Contingency, ...] = (*document.parts, *document.contingencies)
    _refuse_first(LooseEnd, (e.key for e in others if e.of not in keys))
    _refuse_first(ViewWithoutAnswer, (e.key for e in document.views if not _is_answered(e, keys)))
    _refuse_first(WordsOfNothing, (key for key in worded if key not in keys))


def _refuse_first(refusal: type[_Named], wrong: Iterable[str]) -> None:
    for key in wrong:
        raise refusal(key)


def _is_answered(view: View, keys: frozenset[str]) -> bool:
    decided = view.came_of is CameOf.DECIDED
    return decided is bool(view.led_to) and keys.issuperset(view.led_to)


def missing(document: PlanDocument) -> tuple[str, ...]:
    """Return what a plan lacks before it can be proposed, as codes; nothing: it is whole."""
    heard = {each.whose for each in document.views}
    measured = {each.service for each in document.measures}
    lacking = {
        "needs": not document.needs,
        "child-view": Party.CHILD not in heard,
        "parents-view": Party.PARENTS not in heard,
        "criteria": bool(document.goals) and not document.criteria,
    }
    unmeasured = [each.key for each in document.services if each.key not in measured]
    return (
        *(name for name, lacks in lacking.items() if lacks),
        *(f"measure of {each}" for each in unmeasured),
    )
