"""The broker's jars: fetched by Maven coordinates, used only if each is the one that is locked."""

import asyncio
import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stack.errors import StackError
from stack.locks import alone

LOCKS = Path(__file__).parent / "jars"
LOG4J = LOCKS / "log4j2.properties"
FETCH_SECONDS = 600
STEP_SECONDS = 0.25

Progress = Callable[[str, int, int], None]
"""Told what is being fetched, how many files are there, and of how many."""


@dataclass(frozen=True, slots=True)
class Jar:
    """One locked jar."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class JarSet:
    """What one environment resolves to. `only` picks from it by the beginning of the name.

    There is one environment a coordinate: with the logging binding beside the broker's, an older
    client library is chosen and the broker dies of NoSuchMethodError.
    """

    name: str
    only: str = ""

    @property
    def definition(self) -> Path:
        """The folder with `jgo.toml` and the lock."""
        return LOCKS / self.name

    def jars(self) -> list[Jar]:
        """Return the locked jars that belong on the class path."""
        lock = tomllib.loads((self.definition / "jgo.lock.toml").read_text())
        return [
            Jar(f"{entry['artifactId']}-{entry['version']}.{entry['packaging']}", entry["sha256"])
            for entry in lock["dependencies"]
            if entry["artifactId"].startswith(self.only)
        ]


SETS = (JarSet("kafka"), JarSet("logging", only="log4j-slf4j-impl"))


async def class_path(cache: Path, progress: Progress) -> list[Path]:
    """Return the jars of the broker, each checked against its lock; fetch what is not there."""
    found = []
    for wanted in SETS:
        folder = cache / "jars" / wanted.name
        if await asyncio.to_thread(_wrong, wanted, folder):
            async with alone(cache / "jars.lock", FETCH_SECONDS):
                await _fetch(wanted, folder, cache, progress)
            await asyncio.to_thread(refuse_wrong, wanted, folder)
            progress(wanted.name, len(wanted.jars()), len(wanted.jars()))
        found += [folder / jar.name for jar in wanted.jars()]
    return found


def refuse_wrong(wanted: JarSet, folder: Path) -> None:
    """Raise when a jar is missing or is another file than the lock says."""
    wrong = _wrong(wanted, folder)
    if wrong:
        raise StackError(
            f"Fetched jars differ from {wanted.definition / 'jgo.lock.toml'}: {', '.join(wrong)}."
            f" They are not used. Delete {folder} and try again; if it stays so, the repository"
            " that this machine uses gives other files than those that were tested."
        )


def _wrong(wanted: JarSet, folder: Path) -> list[str]:
    return [jar.name for jar in wanted.jars() if _sha256(folder / jar.name) != jar.sha256]


def _sha256(file: Path) -> str | None:
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except FileNotFoundError:
        return None


async def _fetch(wanted: JarSet, folder: Path, cache: Path, progress: Progress) -> None:
    """Let jgo resolve the coordinate in a folder of its own, then put the jars in theirs."""
    work = cache / "jgo" / wanted.name
    await asyncio.to_thread(_lay_out, wanted, work)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "jgo", "--resolver", "python", "--ignore-config", "--quiet"),
        *("--class-path-only", "--links", "copy", "sync", "--force"),
        cwd=work,
        # All that is fetched stays in the checkout.
        env={**os.environ, "M2_REPO": str(cache / "maven")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    telling = asyncio.create_task(_tell(cache / "maven", wanted, progress))
    try:
        said = await _end_of(process, wanted)
    finally:
        telling.cancel()
    if process.returncode:
        raise StackError(
            f"The jars of {wanted.name} could not be fetched:"
            f" {said.strip()[-500:] or 'no reason was given'}."
            " Look at this machine's network (HTTPS_PROXY, certificates) and try again."
        )
    await asyncio.to_thread(_put, work / ".jgo", folder)


def _lay_out(wanted: JarSet, work: Path) -> None:
    work.mkdir(parents=True, exist_ok=True)
    shutil.copy(wanted.definition / "jgo.toml", work)


def _put(resolved: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for jar in resolved.glob("*/*.jar"):
        jar.replace(folder / jar.name)


async def _end_of(process: asyncio.subprocess.Process, wanted: JarSet) -> str:
    try:
        async with asyncio.timeout(FETCH_SECONDS):
            _, said = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise StackError(
            f"Fetching {wanted.name} took more than {FETCH_SECONDS} seconds and was given up."
            " Look at this machine's network and try again."
        ) from None
    return said.decode(errors="replace")


async def _tell(repository: Path, wanted: JarSet, progress: Progress) -> None:
    """Tell how far a download is, a few times a second, until cancelled."""
    names = {jar.name for jar in wanted.jars()}
    while True:
        done, read = await asyncio.to_thread(_there, repository, names)
        # First come descriptions, whose number nobody knows; then the jars.
        what = wanted.name if done else f"{wanted.name} ({read} descriptions read)"
        progress(what, done, len(names))
        await asyncio.sleep(STEP_SECONDS)


def _there(repository: Path, names: set[str]) -> tuple[int, int]:
    done = sum(1 for jar in repository.rglob("*.jar") if jar.name in names)
    return done, sum(1 for _ in repository.rglob("*.pom"))
