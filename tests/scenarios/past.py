"""What is on record of a case in all services, as a story asks for it."""

from dataclasses import dataclass
from datetime import UTC
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.timestamp_pb2 import Timestamp

from chassis.roles import Role
from ledger.clock import london_day
from tests.scenarios.stage import Stage, instant
from throughline_cli.past import Asked, read_history

ACCESS = "access"
"""The category of readings, which are facts of their own and no part of a story."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One recorded fact: when it was true, when it was learned, and its clear data."""

    kind: str
    occurred: str
    recorded: str
    service: str
    actor_role: str
    data: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.occurred} {self.kind}"


async def facts(stage: Stage, authority: str, case_id: str, known_at: str = "") -> list[Fact]:
    """Return all facts of a case as they were recorded; of one instant, service by service."""
    found = await read_history(
        await stage.line(Role.AUDITOR, authority),
        Asked(
            case_id,
            str(stage.authority(authority)),
            known_at=instant(known_at) if known_at else None,
        ),
    )
    return [
        Fact(
            kind=each.type,
            occurred=each.occurred.day or _day(each.occurred.instant),
            recorded=_day(each.recorded_at),
            service=each.service,
            actor_role=each.actor_role,
            data=MessageToDict(each.data),
        )
        for each in found.entries
        if each.category != ACCESS
    ]


async def timeline(stage: Stage, authority: str, case_id: str, *kinds: str) -> list[str]:
    """Return `day kind` of a case's facts, only of some kinds where any are named."""
    found = await facts(stage, authority, case_id)
    return [str(each) for each in found if not kinds or each.kind in kinds]


def _day(stamp: Timestamp) -> str:
    """Return the day in London."""
    return london_day(stamp.ToDatetime(tzinfo=UTC)).isoformat()
