"""The year in another order comes to the same counts: whoever is named first is the one known."""

import json
from pathlib import Path
from random import Random

import pytest

from stack.settings import Provider
from tests.system.installation import installed
from tests.system.submissions import EXPECTED, YEAR

SEED = 2025


async def test_the_year_in_a_shuffled_order_has_the_same_counts(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    lines = YEAR.read_bytes().splitlines()
    Random(SEED).shuffle(lines)  # noqa: S311 # an order, no secret
    file, report = tmp_path / "shuffled.jsonl", tmp_path / "report.json"
    file.write_bytes(b"\n".join(lines))
    async with installed(Provider(request.config.getoption("--stack"))) as platform:
        # Behind the year, so that nothing falls due line by line.
        await platform.throughline("clock", "2026-01-01")
        said = await platform.throughline("import", file, "--report", report)
    assert said.code == 0, said.err
    found = json.loads(report.read_bytes())
    expected = json.loads(EXPECTED.read_bytes())
    assert {name: found[name] for name in expected} == expected
