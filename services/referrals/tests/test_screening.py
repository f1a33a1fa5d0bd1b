"""Screening over gRPC: check by check, before all else is known, and what acceptance lacks."""

from typing import Any
from uuid import uuid4

import grpc
import pytest

from chassis.roles import Role
from referrals.codes import Check
from throughline.referrals.v1 import referrals_pb2 as pb
from throughline.referrals.v1 import screening_pb2 as screening
from throughline.referrals.v1.screening_pb2_grpc import ScreeningServiceStub

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.

ANSWERS = [
    ("safe-contact", "safe"),
    ("duty-holder", "looked-up"),
    ("urgency", "routine"),
    ("conflict-of-interest", "none"),
    ("eligibility", "eligible"),
    ("duplicates", "none"),
    ("identity", "new"),
    ("safeguarding", "concern"),
]


@pytest.fixture
def screener(front_door: Any) -> ScreeningServiceStub:
    """Speak of screens as a duty worker."""
    stub: ScreeningServiceStub = front_door.speak(
        Role.DUTY_WORKER, slugs=front_door.slugs, stub=ScreeningServiceStub
    )
    return stub


async def received(front_door: Any, duty: Any, **document: Any) -> str:
    answer = await front_door.submit(duty, front_door.fresh() | document)
    return str(answer.children[0].referral_id)


async def shown(front_door: Any, duty: Any, referral: str) -> pb.GetReferralResponse:
    request = pb.GetReferralRequest(context=front_door.reading(), referral_id=referral)
    answer: pb.GetReferralResponse = await duty.GetReferral(request)
    return answer


async def answer(front_door: Any, duty: Any, referral: str, **check: str) -> None:
    await duty.RecordScreening(
        pb.RecordScreeningRequest(
            context=front_door.command(), referral_id=referral, checks=[pb.CheckAnswer(**check)]
        )
    )


async def refused(front_door: Any, duty: Any, referral: str) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await duty.AcceptReferral(
            pb.AcceptReferralRequest(context=front_door.command(), referral_id=referral)
        )
    return caught.value


async def test_acceptance_names_what_is_missing_until_the_last_check(
    front_door: Any, duty: Any
) -> None:
    referral = await received(front_door, duty)
    left = [each.value for each in Check]
    for check, code in ANSWERS:
        error = await refused(front_door, duty, referral)
        assert front_door.fault(error) == ("", "NotScreened")
        assert front_door.details(error) == {"missing": ",".join(left)}
        assert (await shown(front_door, duty, referral)).checks_missing == left
        await answer(front_door, duty, referral, check=check, answer=code)
        left.remove(check)
    await duty.AcceptReferral(
        pb.AcceptReferralRequest(context=front_door.command(), referral_id=referral)
    )
    found = await shown(front_door, duty, referral)
    assert (found.referral.state, found.safeguarding) == ("accepted", "concern")
    [owed] = [each for each in found.checks if each.check == "duty-holder"]
    assert (owed.answer, owed.duty_holder) == ("here", "northmoor")
    assert owed.rule


async def test_a_call_is_screened_before_anything_is_known_and_counts_for_its_referral(
    front_door: Any, duty: Any, screener: Any
) -> None:
    request = screening.OpenSafeguardingScreenRequest(
        context=front_door.command(), safeguarding="immediate-danger", words="He is at the door."
    )
    opened = await screener.OpenSafeguardingScreen(request)
    again = await screener.OpenSafeguardingScreen(request)
    assert (again.screen_id, again.receipt.duplicate) == (opened.screen_id, True)
    referral = await received(front_door, duty)
    await answer(
        front_door,
        duty,
        referral,
        check="safeguarding",
        answer="screened",
        refers_to=opened.screen_id,
    )
    found = await shown(front_door, duty, referral)
    assert found.safeguarding == "immediate-danger"
    assert found.referral.urgent
    held = await screener.GetSafeguardingScreen(
        screening.GetSafeguardingScreenRequest(
            context=front_door.reading(purpose="direct-care"),
            screen_id=opened.screen_id,
            unseal=True,
        )
    )
    assert (held.referral_id, held.words) == (referral, "He is at the door.")


async def test_a_screen_of_a_referral_is_answered_there(
    front_door: Any, duty: Any, screener: Any
) -> None:
    referral = await received(front_door, duty)
    await answer(front_door, duty, referral, check="safeguarding", answer="none", words="Well.")
    [check] = (await shown(front_door, duty, referral)).checks
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await screener.OpenSafeguardingScreen(
            screening.OpenSafeguardingScreenRequest(
                context=front_door.command(), safeguarding="concern", screen_id=check.refers_to
            )
        )
    assert front_door.fault(caught.value) == ("", "AnsweredAtReferral")


async def test_a_screen_that_is_not_there_is_not_found(
    front_door: Any, duty: Any, screener: Any
) -> None:
    referral = await received(front_door, duty)
    unknown = str(uuid4())
    calls = [
        screener.GetSafeguardingScreen(
            screening.GetSafeguardingScreenRequest(context=front_door.reading(), screen_id=unknown)
        ),
        screener.OpenSafeguardingScreen(
            screening.OpenSafeguardingScreenRequest(
                context=front_door.command(), safeguarding="none", screen_id=unknown
            )
        ),
        duty.RecordScreening(
            pb.RecordScreeningRequest(
                context=front_door.command(),
                referral_id=referral,
                checks=[pb.CheckAnswer(check="safeguarding", answer="screened", refers_to=unknown)],
            )
        ),
    ]
    for call in calls:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call
        assert caught.value.code() is grpc.StatusCode.NOT_FOUND


async def test_the_same_day_clock_begins_when_a_referral_is_found_urgent(
    front_door: Any, duty: Any
) -> None:
    referral = await received(front_door, duty)
    await answer(front_door, duty, referral, check="urgency", answer="urgent")
    due = (await shown(front_door, duty, referral)).screening_due
    assert [each.urgent for each in due] == [False, True]
    assert due[1].due_at.ToDatetime() <= due[0].due_at.ToDatetime()
    assert {each.policy for each in due} == {"2005-12-30"}


@pytest.mark.parametrize(
    ("checks", "field", "code"),
    [
        ([], "checks", "out-of-range"),
        ([{"check": "weather", "answer": "fine"}], "checks[0].check", "unknown-code"),
        ([{"check": "identity", "answer": "safe"}], "checks[0].answer", "unknown-code"),
        ([{"check": "duplicates", "answer": "duplicate"}], "checks[0].refers_to", "required"),
        ([{"check": "safeguarding", "answer": "screened"}], "checks[0].refers_to", "required"),
        (
            [{"check": "duty-holder", "answer": "looked-up", "words": "Us."}],
            "checks[0].words",
            "not-allowed",
        ),
        ([{"check": "urgency", "answer": "urgent"}] * 2, "checks[1].check", "repeated"),
    ],
)
async def test_a_check_is_answered_once_and_by_its_codes(
    front_door: Any, duty: Any, checks: list[dict[str, str]], field: str, code: str
) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await duty.RecordScreening(
            pb.RecordScreeningRequest(
                context=front_door.command(),
                referral_id=str(uuid4()),
                checks=[pb.CheckAnswer(**each) for each in checks],
            )
        )
    assert front_door.fault(caught.value) == (field, code)
