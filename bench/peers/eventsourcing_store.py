"""eventsourcing's PostgreSQL recorder, driven by threads as its documentation does.

Safe mode is its default: each insert locks the table, so that no reader of the log passes a gap.
(Its database functions would spare that lock, and with it the promise.) Run by the Python of the
environment that `fetching` makes.
"""

import asyncio
import json
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from time import perf_counter
from typing import Any
from uuid import uuid4

from eventsourcing.application import Application
from eventsourcing.persistence import StoredEvent

from bench.figures import Run
from bench.peers.event import DATA, METADATA
from bench.speaking import answer_all

STATE = json.dumps(DATA | {"metadata": METADATA}).encode()


def write(recorder: Any, until: float) -> list[float]:
    """Insert events, each of a stream of its own, one after the other; how long each took."""
    taken = []
    while (began := perf_counter()) < until:
        recorder.insert_events([StoredEvent(uuid4(), 1, "Happened", STATE)])
        taken.append(perf_counter() - began)
    return taken


def run(recorder: Any, writers: int, seconds: float) -> Run:
    """Write by so many threads at once."""
    with ThreadPoolExecutor(writers) as threads:
        began = perf_counter()
        all_taken = list(threads.map(write, repeat(recorder, writers), repeat(began + seconds)))
        took = perf_counter() - began
    return Run.of([each for taken in all_taken for each in taken], took)


async def main() -> None:
    """Answer what is asked."""
    application = Application(env=os.environ)

    async def answer(asked: Mapping[str, Any]) -> Run:
        return await asyncio.to_thread(
            run, application.recorder, asked["writers"], asked["seconds"]
        )

    await answer_all(answer)


if __name__ == "__main__":
    asyncio.run(main())
