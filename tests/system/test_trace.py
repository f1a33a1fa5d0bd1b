"""One trace: from the command of a client through the store and Kafka to its effects elsewhere."""

import asyncio
import json
import secrets
from typing import Any

import pytest_asyncio

from tests.system.installation import Installation
from tests.system.office import Office, commanded
from tests.system.submissions import invented, line
from throughline.referrals.v1 import referrals_pb2 as referrals
from throughline.referrals.v1.referrals_pb2_grpc import ReferralsServiceStub

PATIENCE_S = 15.0
LOOK_S = 0.1

SUBMIT = "throughline.referrals.v1.ReferralsService/SubmitReferral"
ACCEPT = "throughline.referrals.v1.ReferralsService/AcceptReferral"

EXPECTED = {
    ("referrals", SUBMIT),
    ("referrals", "execute ReceiveSubmission"),
    ("referrals", "append"),
    ("notifications", "hear ReferralReceived"),
    ("notifications", "execute QueueMessage"),
    ("notifications", "deliver message"),
    ("referrals", ACCEPT),
    ("referrals", "execute AcceptReferral"),
    ("casework", "hear ReferralAccepted"),
    ("casework", "execute TakeOnReferral"),
    ("casework", "append"),
    ("notifications", "hear ReferralAccepted"),
    ("notifications", "hear CaseOpened"),
    ("groups", "hear CaseOpened"),
    ("referrals", "hear CaseOpened"),
}
"""What one referral that is brought in and accepted sets off, by service."""

Span = dict[str, Any]


class Client:
    """A client with a trace of its own, of which the services see the context."""

    def __init__(self) -> None:
        self.trace_id = secrets.token_hex(16)
        self.span_id = secrets.token_hex(8)

    @property
    def metadata(self) -> tuple[tuple[str, str]]:
        """What it sends along with each call."""
        return (("traceparent", f"00-{self.trace_id}-{self.span_id}-01"),)


def spans_of(platform: Installation, trace_id: str) -> list[Span]:
    """Return the spans of a trace from the files of all services.

    A line that is being written is passed over: it is there the next time.
    """
    lines = [
        text
        for file in sorted(platform.embedded.places.traces.glob("*.jsonl"))
        for text in file.read_text(encoding="utf-8").splitlines(keepends=True)
    ]
    spans = [json.loads(each) for each in lines if trace_id in each and each.endswith("\n")]
    return [each for each in spans if each["trace_id"] == trace_id]


def named(spans: list[Span]) -> set[tuple[str, str]]:
    """Name spans by service."""
    return {(each["service"], each["name"]) for each in spans}


def unconnected(spans: list[Span], client: Client) -> list[tuple[str, str]]:
    """Return the spans whose parent is neither a span of the trace nor the client's."""
    known = {client.span_id, *(each["span_id"] for each in spans)}
    return [(each["service"], each["name"]) for each in spans if each["parent_id"] not in known]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def traced(platform: Installation, office: Office) -> tuple[Client, list[Span]]:
    """Let a client bring a referral in and have it accepted; return all spans of its trace."""
    client = Client()
    submission = invented()
    authority = office.authority(submission["received_by"])
    stub = ReferralsServiceStub(office.duty[submission["partnership"]]["referrals"])
    answer: referrals.SubmitReferralResponse = await stub.SubmitReferral(
        referrals.SubmitReferralRequest(
            context=commanded(authority), submission=line(submission).raw
        ),
        metadata=client.metadata,
    )
    [child] = answer.children
    await stub.ScreenReferral(
        referrals.ScreenReferralRequest(
            context=commanded(authority),
            referral_id=child.referral_id,
            safeguarding="none",
            urgency="routine",
            eligibility="eligible",
            identity="new",
            duplicates="none",
            duty_holder="looked-up",
            conflict_of_interest="none",
            safe_contact="safe",
        ),
        metadata=client.metadata,
    )
    await stub.AcceptReferral(
        referrals.AcceptReferralRequest(
            context=commanded(authority), referral_id=child.referral_id
        ),
        metadata=client.metadata,
    )
    await office.operator.settle()
    return client, await _all_written(platform, client)


async def _all_written(platform: Installation, client: Client) -> list[Span]:
    """Return the trace when it is whole, or what there is of it after all patience."""
    until = asyncio.get_running_loop().time() + PATIENCE_S
    while True:
        spans = await asyncio.to_thread(spans_of, platform, client.trace_id)
        whole = named(spans) >= EXPECTED and not unconnected(spans, client)
        if whole or asyncio.get_running_loop().time() > until:
            return spans
        await asyncio.sleep(LOOK_S)


async def test_one_trace_leads_from_the_command_to_its_effects_in_the_other_services(
    traced: tuple[Client, list[Span]],
) -> None:
    assert EXPECTED - named(traced[1]) == set()


async def test_every_span_hangs_on_another_one_of_the_trace_or_on_the_client(
    traced: tuple[Client, list[Span]],
) -> None:
    client, spans = traced
    assert unconnected(spans, client) == []
    of_client = {each["name"] for each in spans if each["parent_id"] == client.span_id}
    assert {SUBMIT, ACCEPT} <= of_client
    assert all(name.startswith("throughline.referrals.v1.") for name in of_client)
    assert len({each["span_id"] for each in spans}) == len(spans)


async def test_what_another_service_does_hangs_on_the_event_it_heard(
    traced: tuple[Client, list[Span]],
) -> None:
    _, spans = traced
    by_id = {each["span_id"]: each for each in spans}
    [opened] = [each for each in spans if each["name"] == "execute TakeOnReferral"]
    path = []
    above: Span | None = opened
    while above is not None:
        path.append((above["service"], above["name"]))
        above = by_id.get(above["parent_id"])
    assert path == [
        ("casework", "execute TakeOnReferral"),
        ("casework", "hear ReferralAccepted"),
        ("referrals", "execute AcceptReferral"),
        ("referrals", ACCEPT),
    ]
