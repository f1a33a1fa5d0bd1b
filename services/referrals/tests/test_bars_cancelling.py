"""A cancellation message takes back the one referral it names by our reference, or says why not."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from chassis.edge.malformed import Malformed
from chassis.roles import Role
from referrals.codes import WithdrawReason
from referrals.intake.bars.cancelling import Cancellation, cancellation, is_cancellation
from referrals.intake.bars.mapping import Receiver, mapped
from referrals.intake.bars.message import read_message
from referrals.intake.reference import SPACE, reference_of
from throughline.referrals.v1 import intake_pb2
from throughline.referrals.v1 import referrals_pb2 as pb
from throughline.referrals.v1.intake_pb2_grpc import IntakeServiceStub

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.
MESSAGES = Path(__file__).parent / "messages"
NEW: dict[str, Any] = json.loads((MESSAGES / "referral.json").read_bytes())
NORTHMOOR = Receiver("northmoor", "anc", {}, frozenset({"https://northmoor.example/referrals"}))
REFERENCE = reference_of(7)


def taking_back(reference: str = REFERENCE) -> dict[str, Any]:
    message: dict[str, Any] = json.loads((MESSAGES / "cancellation.json").read_bytes())
    message["entry"][1]["resource"]["identifier"][0]["value"] = reference
    message["id"] = str(uuid4())
    return message


def read(message: dict[str, Any], receiver: Receiver = NORTHMOOR) -> Cancellation:
    found = read_message(json.dumps(message).encode())
    assert is_cancellation(found)
    return cancellation(found, receiver)


def test_it_names_a_referral_and_says_why() -> None:
    said = read(taking_back())
    assert (said.earlier.reference, said.reason) == (REFERENCE, WithdrawReason.CANCELLED_BY_SENDER)
    assert said.words == "The family would rather wait."
    assert "wait" not in repr(said)
    wrong = taking_back()
    wrong["entry"][1]["resource"]["status"] = "entered-in-error"
    assert read(wrong).reason is WithdrawReason.MADE_IN_ERROR


def test_the_same_message_is_the_same_cancellation() -> None:
    message = taking_back()
    assert read(message).known_as == read(copy.deepcopy(message)).known_as
    assert read(message).known_as != read(taking_back()).known_as


HEADER, REQUEST = "Bundle.entry[0].resource", "Bundle.entry[1].resource"


@pytest.mark.parametrize(
    ("index", "change", "field", "code"),
    [
        (0, lambda r: r["reason"]["coding"][0].update(code="new"), "reason", "not-supported"),
        (0, lambda r: r["eventCoding"].update(code="booking-request"), "eventCoding",
         "not-supported"),
        (0, lambda r: r["destination"][0].update(endpoint="https://elsewhere.example/x"),
         "destination", "other-authority"),
        (0, lambda r: r.pop("destination"), "destination", "other-authority"),
        (1, lambda r: r.update(status="active"), "status", "not-supported"),
        (1, lambda r: r.pop("identifier"), "identifier", "required"),
        (1, lambda r: r["identifier"][0].update(value="B0I1"), "identifier", "required"),
        (1, lambda r: r["identifier"][0].update(system="https://a.example"), "identifier",
         "required"),
    ],
)  # fmt: skip
def test_what_is_no_cancellation_is_named_by_its_expression(
    index: int, change: Callable[[dict[str, Any]], object], field: str, code: str
) -> None:
    message = taking_back()
    change(message["entry"][index]["resource"])
    with pytest.raises(Malformed) as caught:
        read(message)
    at = (HEADER, REQUEST)[index]
    assert (f"{at}.{field}", code) in {(each.field, each.code) for each in caught.value.violations}


def test_a_new_referral_that_is_for_somebody_else_is_refused() -> None:
    elsewhere = Receiver("northmoor", "anc", {}, frozenset({"https://elsewhere.example/bars"}))
    message = read_message(json.dumps(NEW).encode())
    with pytest.raises(Malformed) as caught:
        mapped(message, elsewhere)
    assert [(each.field, each.code) for each in caught.value.violations] == [
        (f"{HEADER}.destination", "other-authority")
    ]


async def test_a_referral_is_taken_back_once_its_safety_was_looked_at(
    front_door: Any, duty: Any
) -> None:
    slugs = {"slugs": ("northmoor",)}
    system = front_door.speak(Role.SUBSCRIBER, stub=IntakeServiceStub, **slugs)

    async def send(message: dict[str, Any]) -> Any:
        body = json.dumps(message).encode()
        return await system.SubmitReferralMessage(
            intake_pb2.SubmitReferralMessageRequest(context=front_door.command(), message=body)
        )

    sent = await send(NEW | {"id": str(uuid4())})
    assert sent.code == "ok"
    referral = await found(front_door, duty, sent.reference)
    back = taking_back(sent.reference)
    early = await send(back)
    assert (early.code, "call the duty team" in early.message.decode()) == ("fatal-error", True)
    await front_door.screen(duty, referral)
    for _ in range(2):
        gone = await send(back)
        assert (gone.code, gone.reference) == ("ok", sent.reference)
        assert json.loads(gone.message)["entry"][1]["resource"]["status"] == "cancelled"
    shown = await duty.GetReferral(
        pb.GetReferralRequest(context=front_door.reading(), referral_id=referral)
    )
    assert (shown.referral.state, shown.withdraw_reason) == ("withdrawn", "cancelled-by-sender")
    # What did not come by a message is taken back by none, and is not there for one.
    other = (await front_door.submit(duty, front_door.fresh())).children[0]
    absent = json.loads((await send(taking_back(other.reference))).message)
    nowhere = json.loads((await send(taking_back(reference_of(uuid4().int % SPACE)))).message)
    issues = [each["entry"][1]["resource"]["issue"] for each in (absent, nowhere)]
    assert issues[0] == issues[1]
    assert issues[0][0]["code"] == "not-found"


async def found(front_door: Any, duty: Any, reference: str) -> str:
    """Return the referral of a reference."""
    await front_door.seen()
    token = ""
    while True:
        page = await duty.ListReferrals(
            pb.ListReferralsRequest(context=front_door.reading(), page_size=500, page_token=token)
        )
        for each in page.referrals:
            if each.reference == reference:
                return str(each.referral_id)
        token = page.next_page_token
        assert token, "the referral is on no page"
