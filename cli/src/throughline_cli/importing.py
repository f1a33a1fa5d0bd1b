"""Importing a bulk file of referral submissions: every line sent, counted and, if bad, reported."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import grpc

from chassis.directory import Directory
from ledger.clock import london_day
from throughline.common.v1 import common_pb2
from throughline.referrals.v1 import referrals_pb2, referrals_pb2_grpc
from throughline_cli.calling import again, first_violation
from throughline_cli.lines import Line, read_lines
from throughline_cli.operating import Clock
from throughline_cli.reaching import Line as Channels
from throughline_cli.reporting import Refused, Report

AT_ONCE = 16
"""Lines that are on their way together, at most."""

Answered: TypeAlias = tuple[Line, referrals_pb2.SubmitReferralResponse]
Received: TypeAlias = Callable[[Sequence[Answered]], Awaitable[None]]


class ImportFailed(Exception):  # noqa: N818 # named for what has happened
    """A service refused the whole business, or stayed away too long; nothing was lost."""


@dataclass(frozen=True, slots=True)
class Importer:
    """Sends lines to referrals, several at once, as the duty worker of each partnership.

    `speakers` are channels by partnership. A simulated clock is moved to the lines' time: only
    lines of one day are on their way together, so that nothing falls due between them.
    """

    directory: Directory
    speakers: dict[str, Channels]
    clock: Clock

    async def run(
        self, file: Path, *, on_line: Callable[[], None], received: Received | None = None
    ) -> Report:
        """Import a file; a bad line is reported and the others go on.

        Answers are counted in the order of the lines; of lines that went together `received` gets
        the good ones together.
        """
        report = Report()
        for wave in waves(read_lines(file), self.clock):
            await self._reach(wave)
            answers = await asyncio.gather(*(self._submit(each) for each in wave))
            good: list[Answered] = []
            for line, answer in zip(wave, answers, strict=True):
                if isinstance(answer, Refused):
                    report.refused.append(answer)
                else:
                    report.accepted(line.received_by, answer)
                    good.append((line, answer))
            if received is not None:
                await received(good)
            for _ in wave:
                on_line()
        return report

    async def _reach(self, wave: Sequence[Line]) -> None:
        instants = [each.received_at for each in wave if each.received_at is not None]
        if instants:
            await self.clock.reach(max(instants))

    async def _submit(self, line: Line) -> referrals_pb2.SubmitReferralResponse | Refused:
        channels, authority = self._speaker(line)
        stub = referrals_pb2_grpc.ReferralsServiceStub(channels["referrals"])
        request = referrals_pb2.SubmitReferralRequest(
            context=common_pb2.CommandContext(
                command_id=str(line.command_id), authority=str(authority)
            ),
            submission=line.raw,
        )
        try:
            answer: referrals_pb2.SubmitReferralResponse = await again(
                lambda: stub.SubmitReferral(request)
            )
        except grpc.aio.AioRpcError as error:
            violation = first_violation(error)
            if violation is None:
                raise ImportFailed(
                    f"line {line.number}: {error.code().name}: {error.details()}"
                ) from None
            return Refused(line.number, line.name, violation.reason, violation.field)
        return answer

    def _speaker(self, line: Line) -> tuple[Channels, object]:
        """Return who sends a line and for which authority; one of no known authority goes anywhere.

        The service judges the line: it is the one that says `unknown-authority`.
        """
        found = self.directory.authorities.get(line.received_by)
        if found is not None and not found.outside:
            partnership = self.directory.partnership_of(found.id)
            if partnership is not None and partnership.slug in self.speakers:
                return self.speakers[partnership.slug], found.id
        slug, channels = next(iter(self.speakers.items()))
        return channels, self.directory.partnerships[slug].authorities[0].id


def waves(lines: Iterable[Line], clock: Clock) -> Iterator[list[Line]]:
    """Return the lines, in order, by those that may be on their way together.

    What the clock has passed already moves nothing; of what it is to be moved to, one day's.
    """
    wave: list[Line] = []
    for line in lines:
        if wave and (len(wave) == AT_ONCE or not _together(wave, line, clock)):
            yield wave
            wave = []
        wave.append(line)
    if wave:
        yield wave


def _together(wave: Sequence[Line], line: Line, clock: Clock) -> bool:
    ahead = [
        each.received_at
        for each in [*wave, line]
        if each.received_at is not None and each.received_at > clock.now
    ]
    return not clock.simulated or len({london_day(each) for each in ahead}) <= 1
