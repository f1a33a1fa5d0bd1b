"""Enquiries, drafts and what came along are an authority's own: elsewhere there are none."""

import json
from pathlib import Path
from typing import Any

import grpc
import pytest

from chassis.edge.contract import described, is_reading
from chassis.roles import Role
from throughline.common.v1.common_pb2 import ReadContext
from throughline.referrals.v1 import drafts_pb2, enquiries_pb2, intake_pb2
from throughline.referrals.v1.drafts_pb2_grpc import DraftsServiceStub
from throughline.referrals.v1.enquiries_pb2_grpc import EnquiriesServiceStub
from throughline.referrals.v1.intake_pb2_grpc import IntakeServiceStub

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.
MESSAGES = Path(__file__).parent / "messages"
STUBS: dict[str, tuple[Any, Any]] = {
    "EnquiriesService": (enquiries_pb2, EnquiriesServiceStub),
    "DraftsService": (drafts_pb2, DraftsServiceStub),
    "IntakeService": (intake_pb2, IntakeServiceStub),
}
RPCS = [
    (service, method.name)
    for service in STUBS
    for method in described(f"throughline.referrals.v1.{service}").methods
]
FIELDS: dict[str, Any] = {
    "safety": {"safeguarding": "none"},
    "topics": ["therapy"],
    "words": "x",
    "leaflets": ["AS-1"],
    "channel": "email",
    "kind": "gp",
    "to": "gp",
    "reason": "answered",
    "content": b"{}",
    "form": (MESSAGES / "web-form.json").read_bytes(),
    "message": (MESSAGES / "referral.json").read_bytes(),
    "unseal": True,
}
NAMED = {"enquiry_id", "draft_id", "referral_id"}


@pytest.fixture
async def theirs(front_door: Any) -> dict[str, str]:
    """Give ids of things that another authority has."""
    slugs = ("saltby",)
    asking = front_door.speak(Role.DUTY_WORKER, slugs=slugs, stub=EnquiriesServiceStub)
    enquiry = await asking.MakeEnquiry(
        enquiries_pb2.MakeEnquiryRequest(
            context=front_door.command("saltby"),
            **{name: FIELDS[name] for name in ("channel", "kind", "topics", "words")},
        )
    )
    # The same owner: it is the authority alone that keeps them apart.
    writing = front_door.speak(Role.DUTY_WORKER, slugs=slugs, stub=DraftsServiceStub)
    draft = await writing.StartDraft(
        drafts_pb2.StartDraftRequest(context=front_door.command("saltby"))
    )
    sending = front_door.speak(Role.DUTY_WORKER, slugs=slugs)
    sent = await front_door.submit(sending, front_door.fresh() | front_door.to("saltby"), "saltby")
    return {
        "enquiry_id": enquiry.enquiry_id,
        "draft_id": draft.draft_id,
        "referral_id": sent.children[0].referral_id,
    }


@pytest.mark.parametrize(("service", "rpc"), RPCS, ids=str)
async def test_nothing_of_another_authority_is_shown_or_changed(
    front_door: Any, theirs: dict[str, str], service: str, rpc: str
) -> None:
    contract, stub = STUBS[service]
    kind = getattr(contract, f"{rpc}Request")
    told = {each.name for each in kind.DESCRIPTOR.fields}
    asks = {name: value for name, value in (FIELDS | theirs).items() if name in told}
    ours = front_door.speak(Role.DUTY_WORKER, slugs=("northmoor",), stub=stub)
    before = await front_door.runtime.feed.last_position()
    # In their authority, and in one's own with their ids.
    for slug in ("saltby", "northmoor"):
        if slug == "northmoor" and not NAMED & told:
            continue
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await getattr(ours, rpc)(kind(context=context(front_door, kind, slug), **asks))
        assert caught.value.code() is grpc.StatusCode.NOT_FOUND, slug
        assert json.dumps(asks.get("words", "")) not in str(caught.value.details())
    assert await front_door.runtime.feed.last_position() == before


def context(front_door: Any, kind: Any, slug: str) -> Any:
    if is_reading(kind.DESCRIPTOR):
        return ReadContext(authority=front_door.authority(slug), purpose="test")
    return front_door.command(slug)


async def test_a_list_shows_nothing_of_another_authority(
    front_door: Any, theirs: dict[str, str]
) -> None:
    slugs = ("northmoor",)
    asking = front_door.speak(Role.DUTY_WORKER, slugs=slugs, stub=EnquiriesServiceStub)
    writing = front_door.speak(Role.DUTY_WORKER, slugs=slugs, stub=DraftsServiceStub)
    position = await front_door.runtime.feed.last_position()
    await front_door.runtime.rows.seen(("enquiries", "drafts"), position)
    enquiries = await asking.ListEnquiries(
        enquiries_pb2.ListEnquiriesRequest(context=front_door.reading(), page_size=500)
    )
    drafts = await writing.ListDrafts(
        drafts_pb2.ListDraftsRequest(context=front_door.reading(), page_size=500)
    )
    shown = {each.enquiry_id for each in enquiries.enquiries}
    shown |= {each.draft_id for each in drafts.drafts}
    assert shown.isdisjoint(theirs.values())
