"""The driver can say everything: each command of the four services has its verb."""

from pathlib import Path

from throughline_cli.contracts import methods

VERBS = "".join(
    each.read_text(encoding="utf-8")
    for each in sorted(Path(__file__).parent.glob("*.py"))
    if not each.name.startswith("test_")
)


def test_each_command_has_a_verb() -> None:
    commands = {name for name, each in methods().items() if not each.reads}
    missing = {name for name in commands if name.partition(".")[2] not in VERBS}
    assert not missing
