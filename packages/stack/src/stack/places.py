"""Where everything of one stack lies: one folder, `.throughline` in the checkout."""

import os
from dataclasses import dataclass
from pathlib import Path

from stack.errors import StackError

FOLDER = ".throughline"
# Others may pass through it to what is theirs (the user that PostgreSQL runs as), and list nothing.
PASSABLE = 0o711


def checkout() -> Path:
    """Return the root of the checkout: THROUGHLINE_HOME, else the folder this package lies in."""
    named = os.environ.get("THROUGHLINE_HOME")
    root = Path(named) if named else Path(__file__).resolve().parents[4]
    if not (root / "deploy" / "topics.json").is_file():
        raise StackError(
            f"{root} is no checkout of Throughline: it has no deploy/topics.json."
            " Set THROUGHLINE_HOME to the folder of the checkout."
        )
    return root.resolve()


@dataclass(frozen=True, slots=True)
class Places:
    """The files and folders of one stack. Several may share a `cache`: nothing in it is data."""

    folder: Path
    cache: Path

    @staticmethod
    def of(root: Path) -> "Places":
        """Return the places of the stack of a checkout."""
        folder = root / FOLDER
        return Places(folder, folder / "cache")

    @property
    def postgres(self) -> Path:
        """PostgreSQL's data."""
        return self.folder / "postgres"

    @property
    def kafka(self) -> Path:
        """The broker's properties and data."""
        return self.folder / "kafka"

    @property
    def logs(self) -> Path:
        """One log a process."""
        return self.folder / "log"

    @property
    def keys(self) -> Path:
        """Keys and secrets of the services."""
        return self.folder / "keys"

    @property
    def mail(self) -> Path:
        """The mails that were caught, a maildir."""
        return self.folder / "mail"

    @property
    def checkpoints(self) -> Path:
        """The signed checkpoints of the services' logs."""
        return self.folder / "checkpoints"

    @property
    def traces(self) -> Path:
        """The spans of the services, a file of JSON lines each."""
        return self.folder / "traces"

    @property
    def ports(self) -> Path:
        """The ports that were chosen."""
        return self.folder / "ports.json"

    @property
    def passwords(self) -> Path:
        """The passwords of the database roles."""
        return self.folder / "passwords.json"

    @property
    def processes(self) -> Path:
        """The processes that were started."""
        return self.folder / "processes.json"

    def make(self) -> None:
        """Make the folders."""
        for place in (
            self.folder,
            self.cache,
            self.logs,
            self.kafka,
            self.checkpoints,
            self.traces,
        ):
            place.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(PASSABLE)
