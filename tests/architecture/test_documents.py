"""The documents name what there is: files, targets, commands, decisions, and no registry's host."""

import re
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import typer

import throughline_cli.__main__  # noqa: F401 # it adds the commands
from stack.places import checkout
from throughline_cli.command import app

ROOT = checkout()
DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
PARTS = sorted(
    file.parent for file in [*ROOT.glob("*/pyproject.toml"), *ROOT.glob("[ps]*/*/pyproject.toml")]
)
REGISTRIES = (
    ("pypi", "org"),
    ("files", "pythonhosted", "org"),
    ("registry", "npmjs", "org"),
    ("repo", "maven", "apache", "org"),
    ("repo1", "maven", "org"),
    ("crates", "io"),
    ("proxy", "golang", "org"),
    ("deb", "debian", "org"),
)
"""Where packages come from is told by whoever builds, not by the product."""

LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"```\w*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
TARGETS = re.compile(r"^(?:[\w/.]+ is )?make ((?:[a-z]+ ?)+)", re.MULTILINE)
COMMAND = re.compile(r"^throughline ([a-z]+)(?: ([a-z]+))?")
OPTION = re.compile(r"--[a-z-]+")


def named(file: Path) -> str:
    """Return how a file is called in the checkout."""
    return str(file.relative_to(ROOT))


def code_in(file: Path) -> Iterator[str]:
    """Return what is set as code, spans and blocks."""
    for block, span in CODE.findall(file.read_text(encoding="utf-8")):
        yield block or span


def commands_in(file: Path) -> list[str]:
    """Return the lines of code that begin with the command's name."""
    return [
        line
        for code in code_in(file)
        for line in code.splitlines()
        if line.startswith("throughline ")
    ]


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_relative_link_leads_to_a_file(document: Path) -> None:
    links = LINK.findall(document.read_text(encoding="utf-8"))
    targets = [each.partition("#")[0] for each in links if "://" not in each]
    broken = [each for each in targets if each and not (document.parent / each).exists()]
    assert broken == []


def test_every_target_that_the_readme_names_is_one_of_the_makefile() -> None:
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    code = "\n".join(code_in(ROOT / "README.md"))
    asked = {word for words in TARGETS.findall(code) for word in words.split()}
    assert {"demo", "test", "down"} <= asked
    assert asked <= known


@pytest.mark.parametrize(
    "line", sorted({each for document in DOCUMENTS for each in commands_in(document)})
)
def test_every_command_that_a_document_names_is_there_with_its_options(line: str) -> None:
    found = COMMAND.match(line)
    assert found is not None
    # Typer's types say Command; both of these are groups.
    commands = getattr(typer.main.get_command(app), "commands", {})
    command = commands[found[1]]
    if inner := getattr(command, "commands", {}):
        command = inner[found[2]]
    options = {name for each in command.params for name in each.opts}
    assert set(OPTION.findall(line)) <= options


def test_the_operators_page_names_commands() -> None:
    assert len(commands_in(ROOT / "docs" / "operating.md")) > 5


@pytest.mark.parametrize("decision", DECISIONS, ids=named)
def test_every_decision_ends_with_what_enforces_it_and_is_listed(decision: Path) -> None:
    last = decision.read_text(encoding="utf-8").rstrip().splitlines()[-1]
    listed = LINK.findall((decision.parent / "README.md").read_text(encoding="utf-8"))
    assert last.startswith("Enforced by: ")
    assert decision.name in listed


@pytest.mark.parametrize("part", PARTS, ids=named)
def test_every_service_and_package_says_what_it_is(part: Path) -> None:
    assert (part / "README.md").is_file()


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="what is tracked is asked of git")
def test_no_tracked_file_names_a_registrys_host() -> None:
    hosts = [argument for parts in REGISTRIES for argument in ("-e", ".".join(parts))]
    found = subprocess.run(  # noqa: S603 # the arguments are those above
        ["git", "grep", "--fixed-strings", "--name-only", *hosts],  # noqa: S607 # git, as found
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (found.returncode, found.stdout) == (1, "")


@pytest.mark.parametrize("service", ["referrals", "casework", "groups", "notifications"])
def test_the_architecture_lists_all_streams_of_a_service(service: str) -> None:
    text = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    [row] = [each for each in text.splitlines() if each.startswith(f"| {service} |")]
    streams = row.strip("| ").split(" | ")[-1].split(", ")
    registry = import_module(f"{service}.events").REGISTRY
    assert streams == sorted({category for category, _, _ in registry.types()})
