"""The import of the year: counted as expected, repeatable, and no bad line stops the others."""

import json
from pathlib import Path

from tests.system.installation import Finished, Installation
from tests.system.submissions import EXPECTED, YEAR, invented

PART = 30


async def test_the_report_of_the_year_is_as_expected(imported: tuple[Finished, Path]) -> None:
    said, report = imported
    found = json.loads(report.read_bytes())
    expected = json.loads(EXPECTED.read_bytes())
    assert said.code == 0
    assert {name: found[name] for name in expected} == expected
    assert "578 submissions with 726 children" in said.out
    assert found["repeated"] == 0


async def test_each_refused_line_is_reported_with_its_number_code_and_field(
    imported: tuple[Finished, Path],
) -> None:
    said, report = imported
    numbers = {
        json.loads(text)["submission_id"]: number
        for number, text in enumerate(YEAR.read_text(encoding="utf-8").splitlines(), 1)
    }
    for refused in json.loads(report.read_bytes())["refused_lines"]:
        assert refused["line"] == numbers[refused["submission_id"]]
        assert refused["field"]
        assert refused["submission_id"] in said.out


async def test_a_second_import_adds_nothing_and_says_so(
    platform: Installation, imported: tuple[Finished, Path], tmp_path: Path
) -> None:
    assert imported[0].code == 0
    part, report = tmp_path / "part.jsonl", tmp_path / "again.json"
    part.write_bytes(b"".join(YEAR.read_bytes().splitlines(keepends=True)[:PART]))
    await platform.throughline("settle")
    before = await platform.events()
    again = await platform.throughline("import", part, "--report", report)
    await platform.throughline("settle")
    found = json.loads(report.read_bytes())
    assert f"{found['valid']} of them were there already, and nothing was added" in again.out
    assert found["valid"] + found["refused"] == PART
    assert found["repeated"] == found["valid"]
    assert await platform.events() == before


async def test_bad_lines_and_a_truncated_last_one_are_reported_and_the_others_go_on(
    platform: Installation, tmp_path: Path
) -> None:
    whole = [json.dumps(invented()).encode() for _ in range(4)]
    unknown = json.dumps(invented() | {"colour": "blue"}).encode()
    nan = json.dumps(invented() | {"asks_for_assessment": float("nan")}).encode()
    long = json.dumps(invented() | {"in_their_words": "a" * 200_000}).encode()
    lines = [whole[0], b'{"submission_id": ', whole[1], b"\x00\xff\xfe", unknown, nan, b"", long]
    lines += [b"[]", b'{"a":' * 5_000, whole[2], whole[3][:-40]]
    file = tmp_path / "spoiled.jsonl"
    file.write_bytes(b"\n".join(lines))
    said = await platform.throughline("import", file, "--report", tmp_path / "report.json")
    found = json.loads((tmp_path / "report.json").read_bytes())
    assert said.code == 0
    assert found["valid"] == 3
    named = [json.loads(each)["submission_id"] for each in (unknown, nan, long)]
    assert found["refusals"] == dict.fromkeys(
        ["line-2", "line-4", *named, "line-9", "line-10", "line-12"], "malformed"
    )
    assert [each["line"] for each in found["refused_lines"]] == [2, 4, 5, 6, 8, 9, 10, 12]
