"""Whose family a worker knows, by the claims of the referrals in which it was found.

A claim goes with the very append that answers the check of conflicts of interest, so that it holds
from the moment in which the answer is told; a read model, which follows, could never promise that.
"""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from ledger.commands import Claim
from ledger.connect import Connection
from referrals.codes import Check, Conflict
from referrals.life.commands import Answer, DutyFound
from referrals.life.desk import Desk
from referrals.life.events import Answered, CheckAnswered

MOST: Final = 1_000
"""Of one worker's claims that are looked at; whoever has as many is let near no family at all."""

# At most as many as are looked at, found by the first columns of the claims' key.
_KNOWN = "select value from es.claims where tenant = $1 and kind = $2 limit $3"


class KnowsTooMany(Exception):  # noqa: N818 # named for what was found
    """A worker is on more lists than are looked at."""


async def families_known(connection: Connection, tenant: UUID, worker: UUID) -> frozenset[UUID]:
    """Return the families that a worker knows, by all that is recorded. Raises KnowsTooMany."""
    rows = await connection.fetch(_KNOWN, tenant, _kind(worker), MOST)
    if len(rows) == MOST:
        raise KnowsTooMany
    return frozenset(UUID(row["value"].partition("/")[0]) for row in rows)


def moved(
    desk: Desk, answers: Iterable[Answer | DutyFound]
) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
    """Return which claims a referral takes and which it releases as its checks are answered."""
    given = [each for each in answers if isinstance(each, Answer) and each.check is Check.CONFLICT]
    if not given:
        return (), ()
    held = _claims(desk, (each for each in desk.checks if isinstance(each, CheckAnswered)))
    wanted = _claims(desk, given)
    return tuple(wanted - held), tuple(held - wanted)


def _claims(desk: Desk, answers: Iterable[Answer | Answered]) -> frozenset[Claim]:
    said = desk.said
    return frozenset(
        Claim(_kind(worker), f"{said.family}/{said.referral}")
        for worker in map(_worker, answers)
        if worker is not None
    )


def _worker(answer: Answer | Answered) -> UUID | None:
    match answer:
        case Answer(check=Check.CONFLICT, code=Conflict.WORKER_KNOWS_FAMILY, refers_to=worker):
            return worker
        case CheckAnswered():
            return answer.known_by
        case _:
            return None


def _kind(worker: UUID) -> str:
    """Return the kind of claims by which a worker's families are found."""
    return f"knows-family:{worker}"
