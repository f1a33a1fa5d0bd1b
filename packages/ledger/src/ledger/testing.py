"""One line a test: given a history, when a command comes, then these events or this refusal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ledger.decider import Decider, Refusal


@dataclass(frozen=True)
class Given:
    """A decider with a history."""

    decider: Decider[Any, Any, Any]
    history: tuple[object, ...] = ()

    def given(self, *events: object) -> "Given":
        """Add to the history."""
        return Given(self.decider, self.history + events)

    @property
    def state(self) -> Any:
        """What the history comes to."""
        return self.decider.fold(self.history)

    def when(self, command: object) -> "Decided":
        """Decide on the history."""
        try:
            events = self.decider.decide(command, self.decider.fold(self.history))
        except Refusal as refusal:
            return Decided(command, (), refusal)
        return Decided(command, tuple(events), None)

    def repeats_nothing(self, command: object) -> None:
        """Assert that the same command again decides nothing."""
        once = self.when(command)
        assert once.refusal is None, f"{command!r} was refused: {once.refusal!r}"
        self.given(*once.events).when(command).then()


@dataclass(frozen=True)
class Transitions:
    """An aggregate with samples of its states and commands: what it decides can be tabled.

    A test module that holds one as `TRANSITIONS` has its page in docs/transitions. The names are
    what a practitioner reads there.
    """

    given: Mapping[str, Given]
    commands: Mapping[str, object]

    @property
    def category(self) -> str:
        """The aggregate's stream category."""
        return next(iter(self.given.values())).decider.category


@dataclass(frozen=True)
class Decided:
    """What a decision came to."""

    command: object
    events: Sequence[object]
    refusal: Refusal | None

    def then(self, *events: object) -> None:
        """Assert the decided events, in order; none means that nothing was decided."""
        assert self.refusal is None, f"{self.command!r} was refused: {self.refusal!r}"
        assert tuple(self.events) == events

    def then_refused(self, reason: type[Refusal]) -> None:
        """Assert the refusal."""
        assert self.refusal is not None, f"{self.command!r} was not refused: {self.events!r}"
        assert type(self.refusal) is reason
