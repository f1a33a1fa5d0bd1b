"""Sends the log from the checkpoint on, until a record fails: one task sends, one settles."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from aiokafka.errors import KafkaError
from opentelemetry.trace import SpanKind

from chassis import crash
from chassis.followers.following import PAGE, wait_for_news
from chassis.followers.pulse import Pulse
from chassis.outward.broker import Acknowledged, Broker, Unsendable
from chassis.outward.foremost import Foremost, NothingFirst
from chassis.outward.outbox import Outbox
from chassis.outward.records import TopicRecord, event_name, traceparent_of
from chassis.outward.unsent import Unsent, reasons_of, record_of, refused_as, waiting
from chassis.running import telemetry
from chassis.service import Service
from ledger.commands import StoredEvent
from ledger.feed import Cursor, Feed, Page
from ledger.heard import Stream
from ledger.parked import BEHIND
from ledger.side_by_side import side_by_side
from ledger.store import Store

CHECKPOINT_EVERY_S = 0.1
"""Between two checkpoints while events flow. What comes twice after a crash harms nobody."""

PAGES = 8
"""Pages that may be on their way at the same time."""

AT_ONCE = 250
"""Events that are made records before others of the process have a turn."""

UNSAMPLED = "-00"
"""How a traceparent ends of which nobody keeps the spans."""


@dataclass(slots=True)
class _Handed:
    """A page that was handed over: of each event its acknowledgement, or why it is not sent."""

    page: Page
    end: Cursor
    fate: list[Acknowledged | str] = field(default_factory=list)
    # Why the page was not handed over to its end.
    failure: Exception | None = None

    def let_go(self) -> None:
        """Drop what is not waited for: it is sent anew, and its failure is that of the page."""
        for each in self.fate:
            if isinstance(each, asyncio.Future) and not each.cancel() and not each.cancelled():
                each.exception()


class Sending:
    """Sends from the checkpoint on with one producer, until a record fails."""

    def __init__(
        self,
        *,
        service: Service,
        store: Store,
        feed: Feed,
        pulse: Pulse,
        broker: Broker,
        outbox: Outbox,
        stopping: asyncio.Event,
        foremost: Foremost | None = None,
    ) -> None:
        self._service = service
        self._feed = feed
        self._pulse = pulse
        self._broker = broker
        self._outbox = outbox
        self._stopping = stopping
        self._foremost = foremost or NothingFirst()
        # Up to where it was looked for news that goes first.
        self._looked_to = 0
        self._unsent = Unsent(service, store, broker, outbox)
        self._handed: asyncio.Queue[_Handed | None] = asyncio.Queue(PAGES)

    async def run(self) -> None:
        """Send page after page; raises KafkaError at the first record that fails."""
        checkpoint = await self._outbox.resume()
        settling = _Settling(self._outbox, self._unsent, self._service, checkpoint.cursor)
        sending = self._send(checkpoint.cursor, checkpoint.seen_to)
        try:
            await side_by_side([sending, settling.run(self._handed)])
        finally:
            while not self._handed.empty():
                if (left := self._handed.get_nowait()) is not None:
                    left.let_go()

    async def _send(self, cursor: Cursor, seen_to: int) -> None:
        """Hand over what the log has, and None at the end."""
        ahead: tuple[int, asyncio.Task[Page]] | None = None
        while not self._stopping.is_set():
            if self._unsent.is_due:
                await self._handed.join()
                await self._unsent.try_again(self._stopping)
            beat, reading = ahead or self._read(cursor)
            page = await reading
            handed = _Handed(page, page.end(cursor))
            if len(page.events) == PAGE:
                await self._send_first(cursor.position)
            # Behind a full page there is probably more: it is read while this one is sent.
            ahead = self._read(handed.end) if len(page.events) == PAGE else None
            if page.events or page.seen_to > seen_to:
                await self._hand_over(handed)
                await self._handed.put(handed)
                if handed.failure is not None:
                    break
                cursor, seen_to = handed.end, page.seen_to
            if len(page.events) < PAGE:
                await wait_for_news(self._pulse, beat, page.seen_to)
        await self._handed.put(None)

    async def _send_first(self, handed_to: int) -> None:
        """Send what waits for no other, of all that stands behind what was handed over.

        Asked for while there is more than a page to send. It returns when that news is in the
        topic; in its turn it goes there again, as after any crash. Raises KafkaError.
        """
        since, until = max(self._looked_to, handed_to), await self._feed.safe_position()
        if until <= since:
            return
        for events in await self._foremost.beyond(handed_to, since, until):
            made = [self._made(each, await self._unsent.blocked(events)) for each in events]
            # Whatever cannot be sent holds up its own key alone, in its turn.
            if not any(isinstance(each, str) for each in made):
                records = [each for each in made if isinstance(each, TopicRecord)]
                for each in await self._broker.send(records):
                    await refused_as(each)
        self._looked_to = until

    def _read(self, cursor: Cursor) -> "tuple[int, asyncio.Task[Page]]":
        """Begin to read a page; with it the beat since which the log may have grown."""
        beat = self._pulse.beats
        reading = asyncio.create_task(self._feed.page(cursor, PAGE))
        # A failure is told to whoever waits; once sending has failed nobody does.
        reading.add_done_callback(lambda done: done.cancelled() or done.exception())
        return beat, reading

    async def _hand_over(self, handed: _Handed) -> None:
        """Make records of a page's events and give them to the broker, some at a time."""
        events = handed.page.events
        blocked = await self._unsent.blocked(events)
        for start in range(0, len(events), AT_ONCE):
            made = [self._made(each, blocked) for each in events[start : start + AT_ONCE]]
            crash.point("relay.before-publish")
            try:
                taken = iter(
                    await self._broker.send([each for each in made if not isinstance(each, str)])
                )
            except Exception as error:  # noqa: BLE001 # told when what came before it is settled
                handed.failure = error
                return
            handed.fate += [each if isinstance(each, str) else next(taken) for each in made]

    def _made(self, event: StoredEvent, blocked: set[Stream]) -> TopicRecord | str:
        """Return the record of an event, or why its stream waits."""
        if blocked and (event.tenant, event.stream_id) in blocked:
            return BEHIND
        try:
            record = record_of(self._service, self._broker, event)
        except Unsendable as cannot:
            stream = (event.tenant, event.stream_id)
            blocked.add(stream)
            self._unsent.add(stream)
            return str(cannot)
        if telemetry.is_measuring():
            mark(record)
        return record


def mark(record: TopicRecord) -> None:
    """Leave a span that says in the event's trace that it went out."""
    parent = telemetry.valid_traceparent(traceparent_of(record.headers))
    if parent is None or not parent.endswith(UNSAMPLED):
        with telemetry.span(f"relay {event_name(record)}", parent, SpanKind.PRODUCER):
            pass


class _Settling:
    """Waits for acknowledgements in the order of the log, and moves the checkpoint behind them."""

    def __init__(self, outbox: Outbox, unsent: Unsent, service: Service, at: Cursor) -> None:
        self._outbox = outbox
        self._unsent = unsent
        self._service = service
        # What is written, and how far it has come since.
        self._written = at
        self._reached: tuple[Cursor, int] | None = None

    async def run(self, handed: "asyncio.Queue[_Handed | None]") -> None:
        """Settle page after page until there is None; raises what a page failed with."""
        loop = asyncio.get_running_loop()
        due: float | None = None
        while True:
            try:
                async with asyncio.timeout_at(due):
                    page = await handed.get()
            except TimeoutError:
                await self._write([])
                due = None
                continue
            if page is None:
                await self._write([])
                return
            await self._settle(page)
            handed.task_done()
            if self._reached is not None and due is None:
                due = loop.time() + CHECKPOINT_EVERY_S

    async def _settle(self, page: _Handed) -> None:
        """Wait for one page. What cannot be sent is parked with it, at once."""
        events = page.page.events
        unsent: list[tuple[StoredEvent, str]] = []
        done, failure = await _contiguous(page, unsent)
        for event, reason in unsent:
            if reason != BEHIND:
                self._unsent.add((event.tenant, event.stream_id))
        crash.point("relay.after-publish")
        if failure is None:
            self._reached = page.end, page.page.seen_to
        elif done:
            # Short of its end, a page has not been seen to its end.
            last = events[done - 1]
            self._reached = Cursor(last.position, last.event_id), last.position
        if unsent or failure is not None:
            await self._write(unsent)
        if failure is not None:
            page.let_go()
            raise failure

    async def _write(self, unsent: Sequence[tuple[StoredEvent, str]]) -> None:
        if self._reached is None:
            return
        (to, seen_to), self._reached = self._reached, None
        await self._outbox.advance(
            self._written,
            to,
            seen_to,
            [waiting(self._service, event) for event, _ in unsent],
            reasons_of(unsent),
        )
        self._written = to
        crash.point("relay.after-checkpoint")


async def _contiguous(
    handed: _Handed, unsent: list[tuple[StoredEvent, str]]
) -> tuple[int, Exception | None]:
    """Wait; return how many events from the first on are done with, and why no more are.

    Those of them that are not sent are added to `unsent`, with the reason.
    """
    done = 0
    before: Acknowledged | None = None
    reason: str | None = None
    for event, each in zip(handed.page.events, handed.fate, strict=False):
        if isinstance(each, str):
            unsent.append((event, each))
        else:
            try:
                # Those of a batch share one.
                reason = reason if each is before else await refused_as(each)
            except KafkaError as error:
                return done, error
            before = each
            if reason is not None:
                unsent.append((event, reason))
        done += 1
    return done, handed.failure
