"""A worker who knows a family of which there is one of each kind of thing."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import grpc
import pytest
from google.protobuf.message_factory import GetMessageClass

from chassis.edge.contract import is_reading
from chassis.roles import Role
from referrals.walls.naming import Thing
from services.referrals.tests.redirecting.sides import Side
from throughline.referrals.v1 import drafts_pb2, enquiries_pb2, screening_pb2
from throughline.referrals.v1 import referrals_pb2 as pb
from throughline.referrals.v1.drafts_pb2_grpc import DraftsServiceStub
from throughline.referrals.v1.enquiries_pb2_grpc import EnquiriesServiceStub
from throughline.referrals.v1.screening_pb2_grpc import ScreeningServiceStub

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.
HERE, THERE = "colne-bay", "harrowdale"
KNOWING = UUID(int=27)
ALL_ROLES = (Role.DUTY_WORKER, Role.TEAM_MANAGER, Role.AUDITOR, Role.LETTERBOX_OFFICER)


@dataclass
class Family:
    """What there is of one family here, by kind, and whom the test speaks as."""

    door: Any
    here: Side
    ids: dict[Thing, list[str]]
    channel: Any

    async def ask(self, rpc: Any, asked: Any) -> Any:
        """Call as the worker who knows the family."""
        return await self.ask_as(self.channel, rpc, asked)

    async def ask_as(self, channel: Any, rpc: Any, asked: Any) -> Any:
        """Call as somebody."""
        reading = is_reading(rpc.input_type)
        context = self.here.reading(purpose="test") if reading else self.here.command()
        asked.context.CopyFrom(context)
        call = channel.unary_unary(
            f"/{rpc.containing_service.full_name}/{rpc.name}",
            request_serializer=type(asked).SerializeToString,
            response_deserializer=GetMessageClass(rpc.output_type).FromString,
        )
        return await call(asked)


async def know(stub: Any, context: Any, referral: str, worker: object = KNOWING) -> None:
    """Record that a worker knows the family of a referral, or that nobody does."""
    answer = "worker-knows-family" if worker else "none"
    check = pb.CheckAnswer(
        check="conflict-of-interest", answer=answer, refers_to=str(worker) if worker else ""
    )
    await stub.RecordScreening(
        pb.RecordScreeningRequest(context=context, referral_id=referral, checks=[check])
    )


async def absent(call: Any) -> tuple[object, str]:
    """Return how a call was refused, in code and words."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value.code(), str(caught.value.details())


async def family_known(front_door: Any, knowing: Any) -> Family:
    """Return a family with one of each kind of thing, of which a worker says that he knows it."""
    here = Side(front_door, HERE)
    speaking = {"slugs": (HERE,)}
    # The call and the writing were his own: he found out later.
    own = speaking | {"sub": KNOWING}
    enquiries = front_door.speak(Role.DUTY_WORKER, stub=EnquiriesServiceStub, **own)
    drafts = front_door.speak(Role.DUTY_WORKER, stub=DraftsServiceStub, **own)
    screens = front_door.speak(Role.DUTY_WORKER, stub=ScreeningServiceStub, **speaking)
    enquiry = await enquiries.MakeEnquiry(
        enquiries_pb2.MakeEnquiryRequest(
            context=here.command(),
            channel="telephone",
            kind="adopter",
            topics=["therapy"],
            words="x",
        )
    )
    screen = await screens.OpenSafeguardingScreen(
        screening_pb2.OpenSafeguardingScreenRequest(
            context=here.command(), safeguarding="none", enquiry_id=enquiry.enquiry_id
        )
    )
    turned = await enquiries.TurnIntoReferral(
        enquiries_pb2.TurnIntoReferralRequest(context=here.command(), enquiry_id=enquiry.enquiry_id)
    )
    ours = {"submission_id", "received_at", "received_by", "partnership"}
    content = {name: said for name, said in front_door.fresh().items() if name not in ours}
    named = {"context": here.command(), "draft_id": turned.draft_id}
    await drafts.SaveDraft(
        drafts_pb2.SaveDraftRequest(content=json.dumps(content).encode(), **named)
    )
    named["context"] = here.command()
    sent = await drafts.SendDraft(drafts_pb2.SendDraftRequest(**named))
    [child] = sent.submitted.children
    await front_door.screen(here.referrals, child.referral_id, HERE)
    await know(knowing, here.command(), child.referral_id)
    await here.consent(child, THERE)
    redirect = await here.offer(child)
    ids = {
        Thing.REFERRAL: [child.referral_id],
        Thing.PERSON: [child.child, (await here.referral(child.referral_id)).contact],
        Thing.REDIRECT: [redirect],
        Thing.SCREEN: [screen.screen_id],
        Thing.DRAFT: [turned.draft_id],
        Thing.ENQUIRY: [enquiry.enquiry_id],
    }
    channel = front_door.speak(*ALL_ROLES, sub=KNOWING, stub=lambda each: each, **speaking)
    return Family(front_door, here, ids, channel)
