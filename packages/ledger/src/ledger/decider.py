"""The pure heart of every aggregate: a decision table, a fold, and how the domain says no."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Generic, TypeVar

C_contra = TypeVar("C_contra", contravariant=True)
S = TypeVar("S")
E = TypeVar("E")


class Refusal(Exception):  # noqa: N818 # "refusal" is the domain's word; a failure is technical
    """The domain said no. The class name is the reason's code; the words hold no personal data.

    A decision raises a subclass where the caller must be able to tell the reason, or this class
    with the command's and the state's type where no transition is allowed.
    """

    def __init__(self, *about: object) -> None:
        super().__init__(
            ", ".join(each.__name__ if isinstance(each, type) else str(each) for each in about)
        )

    @property
    def code(self) -> str:
        """The refusal's name, stable for callers."""
        return type(self).__name__

    @property
    def details(self) -> Mapping[str, str]:
        """What a caller is told beside the name, as codes: nothing, unless a subclass says more."""
        return MappingProxyType({})


class NotYet(Refusal):
    """The fact came before another that it rests on: to be tried again later."""


@dataclass(frozen=True, slots=True)
class Decider(Generic[C_contra, S, E]):
    """One aggregate: its stream category, first state, decision table and fold."""

    category: str
    initial: S
    decide: Callable[[C_contra, S], Sequence[E]]
    evolve: Callable[[S, E], S]

    def fold(self, events: Iterable[E], state: S | None = None) -> S:
        """Fold events into a state, from the first state unless one is given."""
        folded = self.initial if state is None else state
        for event in events:
            folded = self.evolve(folded, event)
        return folded
