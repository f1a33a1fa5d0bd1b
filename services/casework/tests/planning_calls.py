"""What the stories of assessing and planning share: the headings, and how a call is refused."""

from typing import Any

import grpc
import pytest

HEADINGS = (
    "person-needs",
    "family-needs",
    "child-needs",
    "parenting-capacity",
    "wider-environment",
    "circumstances-of-placement",
    "earlier-assessments",
)
CARE = "direct-care"


async def refused(call: Any) -> str:
    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await call
    return f"{failed.value.code().name} {failed.value.details()}"
