"""PostgreSQL 18 on this machine: the wheel's programs, run directly so that the server stays up."""

import asyncio
import os
import secrets
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psutil

from stack.errors import StackError
from stack.ports import LOOPBACK, check_free, port_of
from stack.processes import Launch, Process, alive, end, find, start
from stack.remembered import changing, recall, write_private
from stack.room import check_room, explain, last_words, size
from stack.server import Status
from stack.server_user import hand_over, install_folder, open_programs, server_user
from stack.settings import Purpose, Settings
from stack.waiting import holds_within

NAME = "PostgreSQL"
SUPERUSER = "postgres"
INITDB_SECONDS = 60
START_SECONDS = 60.0
STOP_SECONDS = 30.0
TRIES = 20
PAUSE_SECONDS = 0.5
READY_LINE = 7  # of postmaster.pid, from 0
# Processes of a server that was killed end by themselves in a moment; until then a new one refuses.
STILL_ENDING = "pre-existing shared memory block"

OPTIONS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "max_wal_size": "4GB",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    # A log never holds what a statement carried: it might be about a person.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


@dataclass(frozen=True, slots=True)
class EmbeddedPostgres:
    """One server over the data in the places of the settings."""

    settings: Settings
    user: str | None = field(default_factory=server_user)

    async def start(self) -> None:
        """Return when the server is ready; one that already runs here is kept."""
        places = self.settings.places
        places.make()
        if self._ready(self._running()):
            return
        check_room(places.folder, self.settings.room_bytes)
        await asyncio.to_thread(self._make_data)
        for _ in range(TRIES):
            if await self._try_start():
                return
            await asyncio.sleep(PAUSE_SECONDS)
        raise explain(NAME, self._log, places.folder)

    async def stop(self) -> None:
        """Return when the server has ended. Data of tests is not worth a checkpoint."""
        running = self._running()
        if running:
            hurry = self.settings.purpose is Purpose.TEST
            await end(running, STOP_SECONDS, signal.SIGQUIT if hurry else signal.SIGINT)

    def status(self) -> Status:
        """Return how the server stands."""
        running = self._running()
        ready = self._ready(running)
        return Status(NAME, ready, f"{LOOPBACK}:{self.port}", running.pid if running else None)

    def superuser_url(self, database: str = "postgres") -> str:
        """Return the superuser's URL."""
        password = quote(self._password(), safe="")
        return f"postgresql://{SUPERUSER}:{password}@{LOOPBACK}:{self.port}/{database}"

    @property
    def port(self) -> int:
        """Where it listens, on loopback."""
        return port_of(self.settings.places, "postgres")

    @property
    def _data(self) -> Path:
        return self.settings.places.postgres

    @property
    def _log(self) -> Path:
        return self.settings.places.logs / "postgres.log"

    def _password(self) -> str:
        with changing(self.settings.places.passwords) as passwords:
            return str(passwords.setdefault(SUPERUSER, secrets.token_urlsafe(24)))

    def _make_data(self) -> None:
        """Make the data folder, whole or not at all."""
        if (self._data / "PG_VERSION").exists():
            return
        making = self._data.with_suffix(".making")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700)
        if self.user:
            open_programs()
            hand_over(making)
        password = making / "password"
        write_private(password, self._password().encode())
        if self.user:
            hand_over(password)
        self._initdb(making / "data", password)
        (making / "data").rename(self._data)
        shutil.rmtree(making)

    def _initdb(self, data: Path, password: Path) -> None:
        made = subprocess.run(  # noqa: S603 # fixed words
            [
                *(install_folder() / "bin" / "initdb", "--pgdata", data, "--username", SUPERUSER),
                *("--auth", "scram-sha-256", "--pwfile", password, "--encoding", "UTF8"),
                *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"),
                "--no-instructions",
                *(["--no-sync"] if self.settings.purpose is Purpose.TEST else []),
            ],
            capture_output=True,
            text=True,
            timeout=INITDB_SECONDS,
            check=False,
            cwd=data.parent,
            user=self.user,
            group=self.user,
            extra_groups=[] if self.user else None,
        )
        if made.returncode:
            self._log.write_text(made.stderr)
            raise explain(NAME, self._log, self.settings.places.folder)

    async def _try_start(self) -> bool:
        """Start the server once. False: the one before it has not quite ended."""
        check_free(self.settings.places, NAME, self.port)
        began = size(self._log)
        process = start(
            Launch(self._command(), self._log, self._data, self._environment(), self.user)
        )
        with changing(self.settings.places.processes) as processes:
            processes["postgres"] = process.record()
        settled = lambda: self._ready(process) or not alive(process)  # noqa: E731 # one use
        if not await holds_within(START_SECONDS, settled):
            await end(process, STOP_SECONDS, signal.SIGINT)
        if self._ready(process) and alive(process):
            return True
        if STILL_ENDING in last_words(self._log, began):
            return False
        raise explain(NAME, self._log, self.settings.places.folder, began)

    def _command(self) -> list[str | Path]:
        options = {**OPTIONS, "port": self.port, "shared_buffers": self.settings.shared_buffers}
        words = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
        return [install_folder() / "bin" / "postgres", "-D", self._data, *words]

    def _environment(self) -> dict[str, str]:
        """Return the server's environment.

        After a kill or a reboot the pid in postmaster.pid may be another program's by now, and the
        server would refuse to start. It takes the pid named here for nobody's, and still looks
        whether parts of the old server are left; removing the file would switch that off.
        """
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
        stale = self._file_pid()
        if stale and psutil.pid_exists(stale):
            environment["PG_GRANDPARENT_PID"] = str(stale)
        return environment

    def _running(self) -> Process | None:
        """Return the server over our data, also when its start was never written down."""
        recorded = Process.recorded(recall(self.settings.places.processes).get("postgres"))
        if recorded and alive(recorded):
            return recorded
        return find("-D", str(self._data)) if self._file_pid() else None

    def _ready(self, process: Process | None) -> bool:
        lines = self._file_lines()
        return (
            process is not None
            and len(lines) > READY_LINE
            and lines[0] == str(process.pid)
            and lines[READY_LINE].strip() == "ready"
        )

    def _file_pid(self) -> int | None:
        lines = self._file_lines()
        return int(lines[0]) if lines and lines[0].isdigit() else None

    def _file_lines(self) -> list[str]:
        try:
            return (self._data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []
        except PermissionError as error:
            raise StackError(
                f"{self._data} belongs to another user. Run as the user who made it, or delete"
                f" {self.settings.places.folder} to begin anew."
            ) from error
