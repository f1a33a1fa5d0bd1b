"""What many ask at once is asked once; nobody waits for company or is harmed by who leaves."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from vault import together
from vault.access import KeyringUnavailable
from vault.together import Together


class Question:
    """Answers with each name's length, when it is let."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.open = asyncio.Event()
        self.open.set()
        self.begun = asyncio.Event()
        self.error: BaseException | None = None

    async def __call__(self, names: Sequence[str]) -> Mapping[str, int]:
        """Answer."""
        self.asked.append(list(names))
        self.begun.set()
        await self.open.wait()
        if self.error is not None:
            raise self.error
        return {name: len(name) for name in names}


async def test_a_lone_question_goes_at_once() -> None:
    question = Question()
    assert await Together(question).get(["a", "bb"]) == {"a": 1, "bb": 2}
    assert question.asked == [["a", "bb"]]


async def test_what_comes_while_a_question_is_under_way_goes_together_in_the_next() -> None:
    question = Question()
    asking = Together(question)
    question.open.clear()
    first = asyncio.create_task(asking.get(["a"]))
    await question.begun.wait()
    others = [asyncio.create_task(asking.get([name])) for name in ("b", "c", "b", "a")]
    await asyncio.sleep(0)
    question.open.set()
    assert await asyncio.gather(first, *others) == [
        {"a": 1},
        {"b": 1},
        {"c": 1},
        {"b": 1},
        {"a": 1},
    ]
    assert question.asked == [["a"], ["b", "c", "a"]]


async def test_a_batch_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "BATCH", 2)
    question = Question()
    assert len(await Together(question).get(["a", "b", "c", "d", "e"])) == 5
    assert [len(each) for each in question.asked] == [2, 2, 1]


async def test_who_is_cancelled_does_not_harm_who_waits_for_the_same() -> None:
    question = Question()
    asking = Together(question)
    question.open.clear()
    leaving, staying = (asyncio.create_task(asking.get(["a"])) for _ in range(2))
    await question.begun.wait()
    leaving.cancel()
    question.open.set()
    assert await staying == {"a": 1}
    with pytest.raises(asyncio.CancelledError):
        await leaving


async def test_an_error_reaches_each_who_asked_and_the_next_question_is_free_of_it() -> None:
    question = Question()
    asking = Together(question)
    question.error = KeyringUnavailable("away")
    answers = await asyncio.gather(asking.get(["a"]), asking.get(["a"]), return_exceptions=True)
    assert [type(each) for each in answers] == [KeyringUnavailable] * 2
    question.error = None
    assert await asking.get(["a"]) == {"a": 1}


async def test_too_many_who_wait_are_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "WAITING", 2)
    with pytest.raises(KeyringUnavailable, match="too many"):
        await Together(Question()).get(["a", "b", "c"])
