"""The clock of a service's store, put into the mode that the settings say, once."""

from chassis.running.settings import ClockMode, Settings
from ledger.connect import ACQUIRE_S, Pool

_SIMULATE = """
update es.clock set mode = 'simulated', at = $1
 where mode = 'system' and not exists (select from es.events)
"""


class WrongClock(Exception):  # noqa: N818 # the process ends with it
    """The store's time is of another kind than the settings say: its facts would contradict it."""


async def set_clock(pool: Pool, settings: Settings) -> None:
    """See that the store's clock is the one of the settings; an empty store takes either.

    Simulated time begins at `clock_start`. Raises WrongClock where the store has facts already.
    """
    async with pool.acquire(timeout=ACQUIRE_S) as connection:
        if settings.clock is ClockMode.SIMULATED:
            await connection.execute(_SIMULATE, settings.clock_start)
        mode = await connection.fetchval("select mode from es.clock")
    if mode != settings.clock.value:
        raise WrongClock(
            f"THROUGHLINE_CLOCK says {settings.clock.value}, but this store has facts by a {mode}"
            " clock"
        )
