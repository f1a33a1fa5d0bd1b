"""Bugs are planted where they say, and a programme that misses one is told so.

The whole of it is `make sabotage`; here a few quick bugs are planted, and of all the others it is
held that what they would change is still there, word for word.
"""

from importlib import import_module
from pathlib import Path
from types import ModuleType

import asyncpg
import pytest

from faults.registry import CLASSES
from faults.sabotage.__main__ import CAMPAIGN, caught, run
from faults.sabotage.bug import Bug, Edit, Function, Statement, Value
from faults.sabotage.known import BUGS
from faults.sabotage.planting import Moved, other, redefined, respelt, rewrite
from stack.places import checkout
from stack.testing import Postgres

QUICK = ("default-allow", "sealed-to-no-place", "answer-before-commit")
LEAST = 20

CHANGES = [(bug.name, change) for bug in BUGS.values() for change in bug.changes]
IN_CODE = [(name, each) for name, each in CHANGES if isinstance(each, Edit | Value)]
IN_DATABASE = [each for _, each in CHANGES if isinstance(each, Function | Statement)]


def test_there_are_as_many_bugs_as_were_asked_for_each_with_a_programme() -> None:
    assert len(BUGS) >= LEAST
    for bug in BUGS.values():
        assert bug.changes
        for each in bug.programme:
            if each.startswith(CAMPAIGN):
                assert set(each.split()[1:]) <= CLASSES.keys()
                continue
            file, _, test = each.partition("::")
            assert f"def {test}(" in (checkout() / file).read_text() or not test, bug.name


@pytest.mark.parametrize(("name", "change"), IN_CODE, ids=[name for name, _ in IN_CODE])
def test_what_a_bug_changes_in_the_code_is_there(name: str, change: Edit | Value) -> None:
    module = import_module(change.module)
    if isinstance(change, Edit):
        compile(respelt(module, change), name, "exec")
    else:
        assert other(getattr(module, change.name), change)


async def test_what_bugs_change_in_the_database_is_there(postgres: Postgres) -> None:
    owner = await asyncpg.connect((await postgres.create_database("sabotaged")).owner)
    try:
        for change in IN_DATABASE:
            transaction = owner.transaction()
            await transaction.start()
            await owner.execute(await _sql(owner, change))
            await transaction.rollback()
    finally:
        await owner.close()


async def _sql(owner: "asyncpg.Connection[asyncpg.Record]", change: Function | Statement) -> str:
    return change.sql if isinstance(change, Statement) else await redefined(owner, change)


@pytest.mark.parametrize("name", QUICK)
def test_a_planted_bug_is_caught(name: str) -> None:
    ran = run(BUGS[name].programme[:1], BUGS[name])
    assert ran.planted
    assert caught(ran), ran.said


def test_a_bug_that_no_test_sees_is_not_told_as_caught() -> None:
    blind = ("packages/ledger/tests/test_ids.py",)
    ran = run(blind, BUGS["default-allow"])
    assert ran.status == 0
    assert not caught(ran)


def test_a_bug_that_finds_nothing_to_change_says_so() -> None:
    module = ModuleType("gone")
    with pytest.raises(Moved, match="has no there"):
        rewrite(module, Edit("gone", "there", "old", "new"))
    with pytest.raises(Moved, match="no words 'these'"):
        respelt(import_module("ledger.ids"), Edit("ledger.ids", "new_id", "these", "those"))
    with pytest.raises(Moved, match="no words 'these'"):
        other("some words", Value("gone", "NAME", "these", "those"))


def test_a_bug_that_was_not_planted_is_not_caught_whatever_fails(tmp_path: Path) -> None:
    failing = tmp_path / "test_failing.py"
    failing.write_text("def test_failing():\n    assert False\n")
    elsewhere = Bug("default-allow", "", BUGS["default-allow"].changes, (str(failing),))
    ran = run(elsewhere.programme, elsewhere)
    assert (ran.status, ran.planted, caught(ran)) == (1, False, False)
