"""A referral over gRPC after it came: set right, added to, asked about, withdrawn."""

from datetime import UTC
from typing import Any
from uuid import UUID, uuid4

import grpc
import pytest

from referrals.deadlines import fall_due
from referrals.life.deadlines import INFORMATION
from referrals.streams import referral_stream
from throughline.referrals.v1 import referrals_pb2 as pb

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.


async def received(front_door: Any, duty: Any) -> str:
    answer = await front_door.submit(duty, front_door.fresh())
    return str(answer.children[0].referral_id)


async def shown(front_door: Any, duty: Any, referral: str) -> pb.GetReferralResponse:
    request = pb.GetReferralRequest(
        context=front_door.reading(purpose="direct-care"), referral_id=referral, unseal=True
    )
    answer: pb.GetReferralResponse = await duty.GetReferral(request)
    return answer


async def test_codes_and_words_are_set_right(front_door: Any, duty: Any) -> None:
    referral = await received(front_door, duty)
    changes: list[dict[str, Any]] = [
        {"codes": pb.CodedChange(field="needs", codes=["sleep", "sensory"])},
        {"codes": pb.CodedChange(field="placement_at_risk", codes=["yes"])},
        {"words": pb.WordsChange(field="in_their_words", words="They fight at night.")},
    ]
    for change in changes:
        await duty.AmendReferral(
            pb.AmendReferralRequest(
                context=front_door.command(),
                referral_id=referral,
                reason="family-corrects",
                **change,
            )
        )
    found = await shown(front_door, duty, referral)
    assert list(found.needs) == ["sleep", "sensory"]
    assert found.placement_at_risk
    assert found.referral.urgent
    assert found.in_their_words == "They fight at night."


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({}, "change", "required"),
        ({"codes": {"field": "ordered_on", "codes": []}}, "codes.field", "unknown-code"),
        ({"codes": {"field": "needs", "codes": ["tea"]}}, "codes.codes[0]", "unknown-code"),
        ({"codes": {"field": "education", "codes": []}}, "codes.codes", "required"),
        ({"words": {"field": "in_their_words", "words": " "}}, "words.words", "required"),
    ],
)
async def test_what_is_set_right_is_a_field_of_a_referral(
    front_door: Any, duty: Any, change: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await duty.AmendReferral(
            pb.AmendReferralRequest(
                context=front_door.command(),
                referral_id=str(uuid4()),
                reason="mistaken-entry",
                **change,
            )
        )
    assert front_door.fault(caught.value) == (field, code)


async def test_information_needs_and_requests_for_assessment_are_kept(
    front_door: Any, duty: Any
) -> None:
    referral = await received(front_door, duty)
    request = pb.AddInformationRequest(
        context=front_door.command(),
        referral_id=referral,
        source="school",
        basis="third-party",
        words="She eats alone.",
    )
    added = await duty.AddInformation(request)
    assert (await duty.AddInformation(request)).information_id == added.information_id
    contact = (await shown(front_door, duty, referral)).contact
    await duty.RecordNeeds(
        pb.RecordNeedsRequest(
            context=front_door.command(),
            referral_id=referral,
            person_id=contact,
            needs=[
                pb.StatedNeed(kind="interpreter", code="spoken"),
                pb.StatedNeed(kind="access", code="other", words="Cannot use stairs at night."),
            ],
        )
    )
    asked = await duty.RequestAssessment(
        pb.RequestAssessmentRequest(
            context=front_door.command(),
            referral_id=referral,
            asked_by="parent-for-child",
            asked_for="adopted-person",
        )
    )
    assert (asked.entitled, asked.ground) == (True, "ACA 2002 s3(1)(c)")
    found = await shown(front_door, duty, referral)
    assert [(each.kind, each.code) for each in found.recorded_needs] == [
        ("interpreter", "spoken"),
        ("access", "other"),
    ]
    assert [each.ground for each in found.assessments] == ["ACA 2002 s3(1)(c)"]


async def test_what_is_asked_falls_due_and_is_still_taken(front_door: Any, duty: Any) -> None:
    referral = await received(front_door, duty)
    asked = await duty.AskForInformation(
        pb.AskForInformationRequest(
            context=front_door.command(), referral_id=referral, source="school", words="How is she?"
        )
    )
    [waits] = (await shown(front_door, duty, referral)).waits_for
    assert (waits.inquiry_id, waits.overdue) == (asked.inquiry_id, False)
    due_at = waits.due_at.ToDatetime(tzinfo=UTC)
    falls_due = fall_due(INFORMATION, referral_stream(UUID(referral)), due_at)
    await front_door.do(falls_due, front_door.authority("northmoor"))
    assert (await shown(front_door, duty, referral)).waits_for[0].overdue
    await duty.RecordInformation(
        pb.RecordInformationRequest(
            context=front_door.command(),
            referral_id=referral,
            inquiry_id=asked.inquiry_id,
            basis="fact",
            words="Well.",
        )
    )
    assert not (await shown(front_door, duty, referral)).waits_for


async def test_a_referral_is_withdrawn_once_its_safety_was_looked_at(
    front_door: Any, duty: Any
) -> None:
    referral = await received(front_door, duty)
    request = pb.WithdrawReferralRequest(referral_id=referral, reason="family-wishes")
    request.context.CopyFrom(front_door.command())
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await duty.WithdrawReferral(request)
    assert front_door.details(caught.value) == {"missing": "safeguarding"}
    await duty.RecordScreening(
        pb.RecordScreeningRequest(
            context=front_door.command(),
            referral_id=referral,
            checks=[pb.CheckAnswer(check="safeguarding", answer="none")],
        )
    )
    await duty.WithdrawReferral(request)
    found = await shown(front_door, duty, referral)
    assert (found.referral.state, found.withdraw_reason) == ("withdrawn", "family-wishes")
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await duty.AcceptReferral(
            pb.AcceptReferralRequest(context=front_door.command(), referral_id=referral)
        )
    assert front_door.fault(caught.value) == ("", "AlreadyDecided")
