"""Nothing but the vault itself can open a sealed block: no other module imports what opens one."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[3]
OPENS = "vault.sealing"
ALLOWED = {
    ROOT / "packages/vault/src/vault/vault.py",
    # Its own test.
    ROOT / "packages/vault/tests/test_sealing.py",
}


def test_only_the_vault_imports_what_opens_a_block() -> None:
    sources = [
        path
        for folder in ("packages", "services", "cli", "bench", "demo", "tests", "tools")
        for path in (ROOT / folder).rglob("*.py")
    ]
    assert len(sources) > 20
    importing = {path for path in sources if OPENS in _imported(path)}
    assert importing == ALLOWED


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return names
