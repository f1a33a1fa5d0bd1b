"""Loopback ports: chosen once, free then, and kept."""

import random
import socket
from collections.abc import Iterable

import psutil

from stack.errors import StackError
from stack.places import Places
from stack.remembered import changing

LOOPBACK = "127.0.0.1"
# Below the range from which systems take the ports of outgoing connections, so that a server finds
# its port free again after a restart.
CHOICE = range(20_000, 32_000)
TRIES = 200


def is_free(port: int) -> bool:
    """Tell whether a server could listen there now."""
    with socket.socket() as trial:
        # As servers do: what a closed connection leaves behind for a minute is no obstacle.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Tell whether somebody listens there."""
    with socket.socket() as trial:
        trial.settimeout(1)
        return trial.connect_ex((LOOPBACK, port)) == 0


def choose(taken: Iterable[int]) -> int:
    """Return a free port that is none of those taken."""
    avoided = set(taken)
    for _ in range(TRIES):
        port = random.choice(CHOICE)  # noqa: S311 # it need not be hard to guess
        if port not in avoided and is_free(port):
            return port
    raise StackError(
        f"No free port between {CHOICE.start} and {CHOICE.stop} was found in {TRIES} tries."
        " End some of the servers that run on this machine."
    )


def port_of(places: Places, name: str) -> int:
    """Return the port that belongs to a name here: the one it has had, or one chosen now."""
    with changing(places.ports) as ports:
        if not isinstance(ports.get(name), int):
            ports[name] = choose(port for port in ports.values() if isinstance(port, int))
        return int(ports[name])


def check_free(places: Places, name: str, port: int) -> None:
    """Say who has the port if it is taken, and what to do."""
    if is_free(port):
        return
    raise StackError(
        f"Port {port} of {LOOPBACK}, which {name} has had here since it was first started, is"
        f" taken by {_holder(port)}. End that program, or delete {places.ports} so that other"
        " ports are chosen."
    )


def _holder(port: int) -> str:
    try:
        listening = [
            found
            for found in psutil.net_connections("tcp")
            if found.status == psutil.CONN_LISTEN and found.laddr and found.laddr.port == port
        ]
    except psutil.AccessDenied:
        listening = []
    for found in listening:
        if found.pid:
            return f"process {found.pid} ({psutil.Process(found.pid).name()})"
    return "another program"
