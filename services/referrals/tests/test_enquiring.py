"""Enquiries and drafts over gRPC: from a call that names no child to a referral, typed once."""

import json
from typing import Any
from uuid import UUID, uuid4

import grpc
import pytest

from chassis.roles import Role
from referrals.drafts.deadlines import expire, warn
from referrals.drafts.draft import DRAFT
from referrals.streams import draft_stream
from throughline.referrals.v1 import drafts_pb2, enquiries_pb2
from throughline.referrals.v1.drafts_pb2_grpc import DraftsServiceStub
from throughline.referrals.v1.enquiries_pb2_grpc import EnquiriesServiceStub

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.
CANARY = "Marrow and thistle"


@pytest.fixture
def enquiries(front_door: Any) -> Any:
    return front_door.speak(Role.DUTY_WORKER, slugs=front_door.slugs, stub=EnquiriesServiceStub)


@pytest.fixture
def drafts(front_door: Any) -> Any:
    return front_door.speak(Role.DUTY_WORKER, slugs=front_door.slugs, stub=DraftsServiceStub)


async def make(front_door: Any, enquiries: Any, **fields: Any) -> str:
    request = enquiries_pb2.MakeEnquiryRequest(
        context=front_door.command(),
        channel="telephone",
        kind="adopter",
        topics=["therapy"],
        words=CANARY,
        **fields,
    )
    answer = await enquiries.MakeEnquiry(request)
    again = await enquiries.MakeEnquiry(request)
    assert again.enquiry_id == answer.enquiry_id
    assert again.receipt.duplicate
    return str(answer.enquiry_id)


def writing(front_door: Any, sub: str, *roles: Role) -> Any:
    return front_door.speak(*roles, slugs=("northmoor",), sub=sub, stub=DraftsServiceStub)


def unfinished(front_door: Any) -> dict[str, Any]:
    """Return a submission without what the service says of it."""
    ours = {"submission_id", "received_at", "received_by", "partnership"}
    return {name: value for name, value in front_door.fresh().items() if name not in ours}


async def start(front_door: Any, drafts: Any, content: dict[str, Any]) -> str:
    answer = await drafts.StartDraft(
        drafts_pb2.StartDraftRequest(
            context=front_door.command(), content=json.dumps(content).encode()
        )
    )
    return str(answer.draft_id)


async def save(front_door: Any, drafts: Any, draft: str, content: dict[str, Any]) -> Any:
    return await drafts.SaveDraft(
        drafts_pb2.SaveDraftRequest(
            context=front_door.command(), draft_id=draft, content=json.dumps(content).encode()
        )
    )


async def send(front_door: Any, drafts: Any, draft: str) -> Any:
    return await drafts.SendDraft(
        drafts_pb2.SendDraftRequest(context=front_door.command(), draft_id=draft)
    )


async def shown(front_door: Any, drafts: Any, draft: str, **fields: Any) -> Any:
    return await drafts.GetDraft(
        drafts_pb2.GetDraftRequest(
            context=front_door.reading(purpose="write-referral"), draft_id=draft, **fields
        )
    )


async def test_an_enquiry_becomes_a_referral_without_typing_again(
    front_door: Any, enquiries: Any, drafts: Any
) -> None:
    who = enquiries_pb2.Enquirer(name="Ida Tallow", email="ida@example.org", phone="07700 900321")
    enquiry = await make(front_door, enquiries, enquirer=who)
    turned = await enquiries.TurnIntoReferral(
        enquiries_pb2.TurnIntoReferralRequest(context=front_door.command(), enquiry_id=enquiry)
    )
    before = await shown(front_door, drafts, turned.draft_id, unseal=True)
    content = json.loads(before.content)
    assert before.draft.enquiry_id == enquiry
    assert content["in_their_words"] == CANARY
    assert content["referrer"]["name"] == content["family"]["adults"][0]["name"] == "Ida Tallow"
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await send(front_door, drafts, turned.draft_id)
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    whole = unfinished(front_door) | {"in_their_words": content["in_their_words"]}
    await save(front_door, drafts, turned.draft_id, whole)
    sent = await send(front_door, drafts, turned.draft_id)
    [child] = sent.submitted.children
    there = await enquiries.GetEnquiry(
        enquiries_pb2.GetEnquiryRequest(context=front_door.reading(), enquiry_id=enquiry)
    )
    assert list(there.drafts) == [turned.draft_id]
    assert list(there.referrals) == [child.referral_id]
    after = await shown(front_door, drafts, turned.draft_id, unseal=True)
    assert (after.draft.state, list(after.referrals)) == ("sent", [child.referral_id])
    assert not after.content
    again = await send(front_door, drafts, turned.draft_id)
    assert again.submitted.receipt.duplicate
    assert again.submitted.children == sent.submitted.children


async def test_what_is_sealed_of_an_enquiry_is_opened_on_request_and_recorded(
    front_door: Any, enquiries: Any
) -> None:
    enquiry = await make(front_door, enquiries)
    await enquiries.RecordAdvice(
        enquiries_pb2.RecordAdviceRequest(
            context=front_door.command(), enquiry_id=enquiry, topics=["school"], words="Wait."
        )
    )
    await enquiries.SendInformation(
        enquiries_pb2.SendInformationRequest(
            context=front_door.command(), enquiry_id=enquiry, leaflets=["AS-12"], channel="email"
        )
    )
    await enquiries.Signpost(
        enquiries_pb2.SignpostRequest(
            context=front_door.command(), enquiry_id=enquiry, to="gp", words="Dr Okafor"
        )
    )
    closed = await enquiries.GetEnquiry(
        enquiries_pb2.GetEnquiryRequest(context=front_door.reading(), enquiry_id=enquiry)
    )
    assert (closed.words, closed.enquirer.name) == ("", "")
    assert [each.what for each in closed.notes] == ["advice", "information", "signpost"]
    opened = await enquiries.GetEnquiry(
        enquiries_pb2.GetEnquiryRequest(
            context=front_door.reading(purpose="answer-enquiry"), enquiry_id=enquiry, unseal=True
        )
    )
    assert opened.words == CANARY
    assert [each.words for each in opened.notes] == ["Wait.", "", "Dr Okafor"]
    assert not opened.enquiry.named


async def test_danger_in_an_enquiry_is_listed_and_an_unasked_one_is_not_closed(
    front_door: Any, enquiries: Any
) -> None:
    enquiry = await make(front_door, enquiries)
    close = enquiries_pb2.CloseEnquiryRequest(
        context=front_door.command(), enquiry_id=enquiry, reason="answered"
    )
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await enquiries.CloseEnquiry(close)
    assert front_door.fault(caught.value) == ("", "SafetyNotAsked")
    asked = await enquiries.AskSafety(
        enquiries_pb2.AskSafetyRequest(
            context=front_door.command(),
            enquiry_id=enquiry,
            safety=enquiries_pb2.SafetyAnswer(safeguarding="immediate-danger", words="Tonight."),
        )
    )
    listed = await enquiries.ListEnquiries(
        enquiries_pb2.ListEnquiriesRequest(
            context=front_door.reading(position_token=asked.receipt.position_token),
            danger_only=True,
            page_size=1,
        )
    )
    assert [each.enquiry_id for each in listed.enquiries] == [enquiry]
    assert listed.enquiries[0].safeguarding == "immediate-danger"
    await enquiries.CloseEnquiry(close)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"channel": "pigeon"}, "channel", "unknown-code"),
        ({"topics": []}, "topics", "required"),
        ({"topics": ["weather"]}, "topics[0]", "unknown-code"),
        ({"words": " "}, "words", "required"),
        ({"enquirer": enquiries_pb2.Enquirer()}, "enquirer.name", "required"),
    ],
)
async def test_a_bad_enquiry_is_named_by_field_and_code(
    front_door: Any, enquiries: Any, change: dict[str, Any], field: str, code: str
) -> None:
    said: dict[str, Any] = {
        "channel": "email", "kind": "gp", "topics": ["records"], "words": "x"
    }  # fmt: skip
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await enquiries.MakeEnquiry(
            enquiries_pb2.MakeEnquiryRequest(context=front_door.command(), **(said | change))
        )
    assert front_door.fault(caught.value) == (field, code)


async def test_the_same_content_saved_again_changes_nothing(front_door: Any, drafts: Any) -> None:
    draft = await start(front_door, drafts, {"a": 1})
    first = await save(front_door, drafts, draft, {"a": 1})
    assert first.receipt.version == 2
    second = await save(front_door, drafts, draft, {"a": 2})
    assert second.receipt.version == 3
    # As it was before the last saving is another content than now.
    third = await save(front_door, drafts, draft, {"a": 1})
    assert third.receipt.version == 4


async def test_a_draft_that_was_saved_meanwhile_is_not_overwritten(
    front_door: Any, drafts: Any
) -> None:
    draft = await start(front_door, drafts, {"a": 1})
    await save(front_door, drafts, draft, {"a": 2})
    context = front_door.command()
    context.expected_version = 2
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await drafts.SaveDraft(
            drafts_pb2.SaveDraftRequest(context=context, draft_id=draft, content=b'{"a": 3}')
        )
    assert caught.value.code() is grpc.StatusCode.ABORTED


async def test_errors_so_far_are_given_before_sending_and_the_draft_stays(
    front_door: Any, drafts: Any
) -> None:
    content = unfinished(front_door)
    content["needs"] = ["telepathy"]
    draft = await start(front_door, drafts, content)
    check = drafts_pb2.CheckDraftRequest(
        context=front_door.reading(purpose="write-referral"), draft_id=draft
    )
    found = await drafts.CheckDraft(check)
    assert [(each.field, each.code) for each in found.errors] == [("needs[0]", "unknown-need")]
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await send(front_door, drafts, draft)
    assert front_door.fault(caught.value) == ("needs[0]", "unknown-need")
    assert (await shown(front_door, drafts, draft)).draft.state == "open"
    content["needs"] = []
    await save(front_door, drafts, draft, content)
    assert not (await drafts.CheckDraft(check)).errors


async def test_a_draft_is_its_owner_s_and_a_team_manager_s(front_door: Any) -> None:
    one, other = (str(uuid4()) for _ in range(2))
    mine = writing(front_door, one, Role.DUTY_WORKER)
    theirs = writing(front_door, other, Role.DUTY_WORKER)
    manager = writing(front_door, other, Role.TEAM_MANAGER)
    draft = await start(front_door, mine, {"a": 1})
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await shown(front_door, theirs, draft)
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND
    assert (await shown(front_door, manager, draft, unseal=True)).content == b'{"a":1}'
    saved = await save(front_door, mine, draft, {"a": 2})
    listing = drafts_pb2.ListDraftsRequest(
        context=front_door.reading(position_token=saved.receipt.position_token)
    )
    assert [each.draft_id for each in (await mine.ListDrafts(listing)).drafts] == [draft]
    assert not (await theirs.ListDrafts(listing)).drafts


async def test_a_draft_expires_after_a_warning_and_cannot_be_sent_then(front_door: Any) -> None:
    own = writing(front_door, str(uuid4()), Role.DUTY_WORKER)
    draft = await start(front_door, own, unfinished(front_door))
    tenant, stream = front_door.authority("northmoor"), draft_stream(UUID(draft))
    state = await front_door.runtime.shell.state(UUID(tenant), DRAFT, stream)
    await front_door.do(warn(stream, state.saved.warn_at), tenant)
    assert (await shown(front_door, own, draft)).draft.warned
    await front_door.do(expire(stream, state.saved.expires_at), tenant)
    assert (await shown(front_door, own, draft)).draft.state == "expired"
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await send(front_door, own, draft)
    assert front_door.fault(caught.value) == ("", "DraftIsExpired")


async def test_a_discarded_draft_is_gone(front_door: Any, drafts: Any) -> None:
    draft = await start(front_door, drafts, {})
    await drafts.DiscardDraft(
        drafts_pb2.DiscardDraftRequest(context=front_door.command(), draft_id=draft)
    )
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await save(front_door, drafts, draft, {"a": 1})
    assert front_door.fault(caught.value) == ("", "DraftIsDiscarded")
