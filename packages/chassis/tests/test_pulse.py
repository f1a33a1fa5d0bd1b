"""No follower misses that the log has grown; what many ask at once is asked of the store once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg
import pytest

from chassis.followers.lookout import Lookout
from chassis.followers.pulse import EVERY_S, Pulse, Seen
from chassis.followers.sharing import Reached, SharedFeed
from ledger.checkpoints import advance, take_over
from ledger.connect import worker_pool
from ledger.feed import BEGINNING, Cursor, Page
from ledger.memory import MemoryStore
from packages.chassis.tests.conftest import Parts, until

PATIENCE_S = 5.0


class Log:
    """A log whose end a test moves, and that can be away."""

    def __init__(self) -> None:
        self.seen = Seen(0)
        self.away: Exception | None = None
        self.looks = 0
        self.hints = 0
        # What happens while a look is on its way back.
        self.meanwhile: Callable[[], None] = lambda: None

    async def look(self) -> Seen:
        """Answer where the log ended when it was asked."""
        self.looks += 1
        seen = self.seen
        await asyncio.sleep(0)
        self.meanwhile()
        if self.away:
            raise self.away
        return seen

    async def hint(self) -> None:
        """Take note that others were hinted."""
        self.hints += 1


@asynccontextmanager
async def beating(log: Log) -> AsyncIterator[Pulse]:
    """Run a pulse."""
    pulse = Pulse(log.look, log.hint)
    running = asyncio.create_task(pulse.run())
    try:
        await within(pulse.grown(0, PATIENCE_S))
        yield pulse
    finally:
        running.cancel()


async def within(waiting: Awaitable[None], seconds: float = PATIENCE_S) -> None:
    """Wait, and fail where it takes as long as the patience of who waits."""
    began = asyncio.get_running_loop().time()
    await waiting
    assert asyncio.get_running_loop().time() - began < seconds


async def test_whoever_waits_is_told_that_the_log_has_grown() -> None:
    log = Log()
    async with beating(log) as pulse:
        waiting = [asyncio.create_task(pulse.grown(pulse.beats, PATIENCE_S)) for _ in range(3)]
        await asyncio.sleep(0)
        log.seen = Seen(1)
        await within(asyncio.wait_for(asyncio.gather(*waiting), PATIENCE_S))  # type: ignore[arg-type] # of Nones
        assert pulse.position == 1


async def test_growth_between_a_look_at_the_beats_and_the_wait_is_not_missed() -> None:
    async with beating(Log()) as pulse:
        beat = pulse.beats
        pulse.wake(7)
        await within(pulse.grown(beat, PATIENCE_S))


async def test_a_local_append_is_told_of_at_once_and_hinted_to_others() -> None:
    log = Log()
    async with beating(log) as pulse:
        beat, looks = pulse.beats, log.looks
        log.seen = Seen(5)
        pulse.wake(5)
        assert (pulse.beats, pulse.position, log.looks) == (beat + 1, 5, looks)
        await until(lambda: _so(log.hints > 0), "others are hinted")
        assert pulse.beats == beat + 1


async def _so(true: bool) -> bool:  # noqa: FBT001 # the condition itself
    return true


async def test_an_append_during_a_look_is_not_undone_by_what_the_look_saw() -> None:
    log = Log()
    async with beating(log) as pulse:
        looks, beat = log.looks, pulse.beats

        def meanwhile() -> None:
            log.seen = Seen(9)
            pulse.wake(9)

        log.meanwhile = meanwhile
        await until(lambda: _so(log.looks > looks + 1), "it looks again")
        assert (pulse.position, pulse.beats) == (9, beat + 1)


async def test_a_wake_during_a_look_leads_to_another_look_at_once() -> None:
    log = Log()
    async with beating(log) as pulse:
        woken: list[float] = []

        def meanwhile() -> None:
            if not woken:
                woken.append(asyncio.get_running_loop().time())
                log.seen = Seen(3)
                pulse.hinted()

        beat = pulse.beats
        log.meanwhile = meanwhile
        await within(pulse.grown(beat, PATIENCE_S))
        assert asyncio.get_running_loop().time() - woken[0] < EVERY_S + PATIENCE_S / 10


async def test_a_position_that_goes_back_is_told_of_too() -> None:
    log = Log()
    async with beating(log) as pulse:
        pulse.wake(9)
        beat = pulse.beats
        await within(pulse.grown(beat, PATIENCE_S))
        assert pulse.position == 0


async def test_a_deadline_that_falls_due_is_a_beat() -> None:
    log = Log()
    async with beating(log) as pulse:
        beat = pulse.beats
        log.seen = Seen(0, datetime(2025, 1, 1, tzinfo=UTC))
        await within(pulse.grown(beat, PATIENCE_S))


@pytest.mark.parametrize(
    "away",
    [ConnectionResetError(), asyncpg.InternalClientError("torn"), LookupError("unforeseen")],
    ids=lambda each: type(each).__name__,
)
async def test_a_store_that_is_away_is_asked_again(away: Exception) -> None:
    log = Log()
    async with beating(log) as pulse:
        log.away, looks = away, log.looks
        await until(lambda: _so(log.looks > looks + 1), "it is asked again")
        log.away, log.seen, beat = None, Seen(4), pulse.beats
        await within(pulse.grown(beat, PATIENCE_S))


async def test_a_connection_over_which_a_look_failed_is_not_used_again(parts: Parts) -> None:
    lookout = Lookout(parts.runtime.settings.database_worker, lambda: None)
    try:
        before = await lookout.look()
        torn = lookout._open
        assert torn is not None

        async def forgetful(*_: object) -> None:
            raise asyncpg.InternalClientError("another operation is in progress")

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(type(torn), "fetchrow", forgetful)
            with pytest.raises(asyncpg.InternalClientError):
                await lookout.look()
        assert await lookout.look() == before
        assert lookout._open is not torn
        assert torn.is_closed()
    finally:
        lookout.close()


async def test_who_waits_waits_no_longer_than_his_patience() -> None:
    pulse = Pulse(Log().look)
    await within(pulse.grown(0, 0.01), 1)


async def test_a_process_is_hinted_by_another_and_never_by_itself(parts: Parts) -> None:
    hints: list[str] = []
    dsn = parts.runtime.settings.database_worker
    one, other = Lookout(dsn, lambda: hints.append("one")), Lookout(dsn, lambda: hints.append("b"))
    try:
        position, due = await one.look()
        assert await other.look() == (position, due)
        await one.hint_others()
        await until(lambda: _so(bool(hints)), "the hint comes")
        await one.look()
        assert hints == ["b"]
    finally:
        one.close()
        other.close()


class Pages(MemoryStore):
    """A log that counts its readings, and can fail."""

    def __init__(self) -> None:
        super().__init__()
        self.readings = 0
        self.fails = False
        self.seen_to = 0

    async def page(self, cursor: Cursor, limit: int) -> Page:  # noqa: ARG002 # a feed's signature
        """Answer an empty page."""
        self.readings += 1
        await asyncio.sleep(0)
        if self.fails:
            raise ConnectionResetError
        return Page((), self.seen_to)


async def test_a_page_is_read_once_a_beat_for_all_who_stand_at_one_place() -> None:
    pages, pulse = Pages(), Pulse(Log().look)
    shared = SharedFeed(pages, pulse)
    await asyncio.gather(*(shared.page(BEGINNING, 10) for _ in range(5)))
    await shared.page(BEGINNING, 10)
    assert pages.readings == 1
    await shared.page(Cursor(3, uuid4()), 10)
    assert pages.readings == 2
    pulse.wake(1)
    pages.seen_to = 1
    await shared.page(BEGINNING, 10)
    assert pages.readings == 3


async def test_a_page_that_found_an_append_in_flight_is_soon_read_again() -> None:
    pages, pulse = Pages(), Pulse(Log().look)
    shared = SharedFeed(pages, pulse)
    pulse.wake(5)

    async def settled() -> bool:
        pages.seen_to = 5 if pages.readings > 2 else 4
        return (await shared.page(BEGINNING, 10)).seen_to == 5

    await until(settled, "the append is decided")


async def test_a_failure_is_told_to_all_who_wait_and_kept_for_nobody_else() -> None:
    pages = Pages()
    shared = SharedFeed(pages, Pulse(Log().look))
    pages.fails = True
    found = await asyncio.gather(
        *(shared.page(BEGINNING, 10) for _ in range(3)), return_exceptions=True
    )
    assert [type(each) for each in found] == [ConnectionResetError] * 3
    pages.fails = False
    assert await shared.page(BEGINNING, 10) == Page((), 0)


async def test_one_who_goes_away_does_not_take_the_page_from_the_others() -> None:
    shared = SharedFeed(Pages(), Pulse(Log().look))
    gone, stays = (asyncio.create_task(shared.page(BEGINNING, 10)) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays == Page((), 0)
    with pytest.raises(asyncio.CancelledError):
        await gone


async def test_how_far_followers_have_come_is_asked_once_for_all(parts: Parts) -> None:
    name = f"follower {uuid4()}"
    async with await worker_pool(parts.runtime.settings.database_worker, 1) as pool:
        reached = Reached(pool)
        async with pool.acquire(timeout=5) as connection:
            lease = await take_over(connection, name, 0, "a test")
            waiting = [asyncio.create_task(reached.position((name,))) for _ in range(20)]
            await asyncio.sleep(0)
            await advance(connection, lease, BEGINNING, BEGINNING, 8)
        assert await asyncio.gather(*waiting) == [8] * 20
