"""Importing a bulk file of referral submissions: every line sent, counted and, if bad, reported."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import grpc

from chassis.directory import Directory
from throughline.common.v1 import common_pb2
from throughline.referrals.v1 import referrals_pb2, referrals_pb2_grpc
from throughline_cli.calling import again, first_violation
from throughline_cli.lines import Line, read_lines
from throughline_cli.operating import Clock
from throughline_cli.reaching import Line as Channels
from throughline_cli.reporting import Refused, Report

Received = Callable[[Line, referrals_pb2.SubmitReferralResponse], Awaitable[None]]


class ImportFailed(Exception):  # noqa: N818 # named for what has happened
    """A service refused the whole business, or stayed away too long; nothing was lost."""


@dataclass(frozen=True, slots=True)
class Importer:
    """Sends lines to referrals, in order, as the duty worker of each partnership.

    `speakers` are channels by partnership. A simulated clock is moved to each line's time.
    """

    directory: Directory
    speakers: dict[str, Channels]
    clock: Clock

    async def run(
        self, file: Path, *, on_line: Callable[[], None], received: Received | None = None
    ) -> Report:
        """Import a file; a bad line is reported and the others go on."""
        report = Report()
        for line in read_lines(file):
            if line.received_at is not None:
                await self.clock.reach(line.received_at)
            answer = await self._submit(line)
            if isinstance(answer, Refused):
                report.refused.append(answer)
            else:
                report.accepted(line.received_by, answer)
                if received is not None:
                    await received(line, answer)
            on_line()
        return report

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
