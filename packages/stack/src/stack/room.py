"""Looks for the commonest troubles of a machine: a full disk, and what a server's log says."""

import shutil
from pathlib import Path

from stack.errors import StackError

MEGABYTE = 1_000_000
LAST_BYTES = 4_000

TROUBLES = (
    (
        "No space left on device",
        (
            "The disk that holds {folder} is full. Free some space on it and start again; nothing"
            " that was acknowledged is lost."
        ),
    ),
    (
        "could not map anonymous shared memory",
        "There is not enough free memory for PostgreSQL. End other programs and start again.",
    ),
    (
        "insufficient memory for the Java Runtime Environment",
        "There is not enough free memory for Kafka's broker. End other programs and start again.",
    ),
    (
        "Address already in use",
        (
            "The port of the server is taken by another program. End that program, or delete"
            " ports.json in {folder} so that other ports are chosen."
        ),
    ),
    (
        "UnsupportedClassVersionError",
        "The Java that was found is too old for Kafka's broker. Set JAVA_HOME to a newer one.",
    ),
)


def check_room(folder: Path, needed_bytes: int) -> None:
    """Raise when the disk of a folder has less free than a stack needs."""
    free = shutil.disk_usage(folder).free
    if free < needed_bytes:
        raise StackError(
            f"The disk that holds {folder} has {free // MEGABYTE:,} MB free; Throughline needs"
            f" {needed_bytes // MEGABYTE:,} MB. Free some space on it and start again."
        )


def explain(server: str, log: Path, folder: Path, since: int = 0) -> StackError:
    """Return the error that tells why a server ended, by what it wrote to its log since then."""
    said = last_words(log, since)
    for sign, advice in TROUBLES:
        if sign in said:
            return StackError(f"{server} did not start. {advice.format(folder=folder)}")
    return StackError(f"{server} did not start. The end of {log}:\n{said}")


def size(log: Path) -> int:
    """Return how long a log is, in bytes."""
    return log.stat().st_size if log.exists() else 0


def last_words(log: Path, since: int = 0) -> str:
    """Return the end of what a log holds after its first `since` bytes."""
    end = size(log)
    if end <= since:
        return ""
    with log.open("rb") as content:
        content.seek(max(since, end - LAST_BYTES))
        return content.read().decode(errors="replace").strip()
