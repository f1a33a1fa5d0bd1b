"""A call is made again while the other side is away, for a while; a refusal is an answer."""

import grpc
import pytest

from throughline_cli import calling
from throughline_cli.calling import again

Status = grpc.StatusCode


class Answering:
    """Answers with these statuses, one a call, then with words."""

    def __init__(self, *statuses: Status) -> None:
        self.statuses = list(statuses)

    async def __call__(self) -> str:
        """Answer a call."""
        if self.statuses:
            nothing = grpc.aio.Metadata()
            raise grpc.aio.AioRpcError(self.statuses.pop(0), nothing, nothing)
        return "words"


async def test_while_it_is_away_a_call_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "FIRST_PAUSE_S", 0.001)
    away = (Status.UNAVAILABLE, Status.DEADLINE_EXCEEDED, Status.RESOURCE_EXHAUSTED)
    # CANCELLED: its time was over on the other side a moment before it was here.
    assert await again(Answering(*away, Status.ABORTED, Status.CANCELLED)) == "words"


@pytest.mark.parametrize(
    ("status", "patience_s"), [(Status.FAILED_PRECONDITION, 60.0), (Status.CANCELLED, -1.0)]
)
async def test_a_refusal_is_told_at_once_and_absence_after_a_while(
    status: Status, patience_s: float
) -> None:
    answering = Answering(status, status)
    with pytest.raises(grpc.aio.AioRpcError):
        await again(answering, patience_s)
    assert answering.statuses == [status]
