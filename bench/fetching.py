"""What only `make bench` needs: peers, plots and profiles, each pinned, in a cache of their own."""

import asyncio
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from stack.places import Places, checkout

HERE = Path(__file__).parent
LOCK = HERE / "requirements.lock"
NPM_FILES = ("package.json", "package-lock.json", ".npmrc")
MADE_FROM = "made-from"
PATIENCE_S = 600.0

_WANTED = LOCK.read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Fetched:
    """The environments: Python always, npm's modules and Node where this machine has them."""

    python: Path
    modules: Path | None
    node: Path | None
    missing: tuple[str, ...] = ()

    def program(self, name: str) -> Path:
        """Return a program that came with the Python environment."""
        return self.python.with_name(name)


async def fetched() -> Fetched:
    """Return what is there, fetched where it is not; versions and hashes are the locks'."""
    cache = Places.of(checkout()).cache / "bench"
    cache.mkdir(parents=True, exist_ok=True)
    python = await _python(cache / "python")
    npm, node = _found("npm"), _found("node")
    if npm is None or node is None:
        absent = " and ".join(name for name, at in (("npm", npm), ("node", node)) if at is None)
        return Fetched(
            python,
            None,
            node,
            (f"this machine has no {absent}: Message DB and Emmett are missing",),
        )
    modules = await _modules(npm, cache / "npm")
    return Fetched(python, modules, node)


def _found(name: str) -> Path | None:
    at = shutil.which(name)
    return Path(at) if at else None


async def _python(folder: Path) -> Path:
    """Make the Python environment exactly what the lock says."""
    python = folder / "bin" / "python"
    if _made_from(folder) == _WANTED:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    await _run(sys.executable, "-m", "venv", folder)
    await _run(python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", LOCK)
    (folder / MADE_FROM).write_text(_WANTED, encoding="utf-8")
    return python


def _made_from(folder: Path) -> str:
    file = folder / MADE_FROM
    return file.read_text(encoding="utf-8") if file.is_file() else ""


async def _modules(npm: Path, folder: Path) -> Path:
    """Make the folder of modules exactly what npm's lock says; nothing of them is run."""
    _copy_locks(folder)
    await _run(npm, "ci", "--ignore-scripts", "--silent", cwd=folder)
    return folder / "node_modules"


def _copy_locks(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name in NPM_FILES:
        shutil.copy(HERE / "peers" / name, folder / name)


async def _run(*command: str | Path, cwd: Path | None = None) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, cwd=cwd, env=dict(os.environ), stdin=asyncio.subprocess.DEVNULL
    )
    async with asyncio.timeout(PATIENCE_S):
        await process.wait()
    if process.returncode:
        raise RuntimeError(f"{' '.join(map(str, command[:4]))} ended with {process.returncode}")
