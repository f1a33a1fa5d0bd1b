"""A message that revises an earlier one sets its referral right, or says why not."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from chassis.edge.malformed import Malformed
from chassis.roles import Role
from referrals.intake.bars.cancelling import is_cancellation
from referrals.intake.bars.codes import REFERENCES
from referrals.intake.bars.mapping import Receiver
from referrals.intake.bars.message import read_message
from referrals.intake.bars.revising import Revision, is_revision, revision
from referrals.intake.reference import reference_of
from throughline.referrals.v1 import intake_pb2
from throughline.referrals.v1 import referrals_pb2 as pb
from throughline.referrals.v1.intake_pb2_grpc import IntakeServiceStub

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.
MESSAGES = Path(__file__).parent / "messages"
NEW: dict[str, Any] = json.loads((MESSAGES / "referral.json").read_bytes())
NORTHMOOR = Receiver("northmoor", "anc", {"colne bay": "colne-bay"})
HEADER, REQUEST = "Bundle.entry[0].resource", "Bundle.entry[1].resource"
LATER = "2025-09-02T10:00:00+01:00"


def anew(message: dict[str, Any], reference: str, said_at: str = LATER) -> dict[str, Any]:
    sent = copy.deepcopy(message)
    sent |= {"id": str(uuid4()), "timestamp": said_at}
    header, request = (sent["entry"][index]["resource"] for index in (0, 1))
    header["reason"]["coding"][0]["code"] = "update"
    request["identifier"] = [{"system": REFERENCES, "value": reference}]
    request["reasonCode"][0]["text"] = "He sleeps again; he will not eat."
    request["reasonCode"].append(
        {"coding": [{"system": "http://snomed.info/sct", "code": "72366004"}]}
    )
    return sent


def read(message: dict[str, Any]) -> Revision:
    found = read_message(json.dumps(message).encode())
    assert is_revision(found)
    return revision(found, NORTHMOOR)


def test_it_names_its_referral_and_says_everything_anew() -> None:
    said = read(anew(NEW, reference_of(7)))
    assert said.earlier.reference == reference_of(7)
    assert "he will not eat" in said.mapped.document["in_their_words"]
    assert said.mapped.document["needs"] == ["sleep", "anxiety", "food-and-eating"]
    assert "eat" not in repr(said)
    left = dict(said.mapped.along.values)
    assert f"{REQUEST}.identifier[0].value" not in left
    # Adults and whoever sends are set right by no message: it is shown to the screener.
    assert "m.okafor@surgery.example" in left.values()
    assert "ida.tallow@example.org" in left.values()


def test_neither_a_new_referral_nor_a_cancellation_is_a_revision() -> None:
    back = (MESSAGES / "cancellation.json").read_bytes()
    for body in (json.dumps(NEW).encode(), back):
        assert not is_revision(read_message(body))
    assert not is_cancellation(read_message(json.dumps(anew(NEW, reference_of(7))).encode()))


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        (lambda r: r.pop("identifier"), "identifier", "required"),
        (lambda r: r["identifier"][0].update(value="B0I1"), "identifier", "required"),
        (lambda r: r.update(status="revoked"), "status", "not-supported"),
    ],
)
def test_what_is_no_revision_is_named_by_its_expression(
    change: Callable[[dict[str, Any]], object], field: str, code: str
) -> None:
    message = anew(NEW, reference_of(7))
    change(message["entry"][1]["resource"])
    with pytest.raises(Malformed) as caught:
        read(message)
    assert (f"{REQUEST}.{field}", code) in {
        (each.field, each.code) for each in caught.value.violations
    }


async def test_a_referral_is_set_right_and_its_safety_looked_at_once_more(
    front_door: Any, duty: Any
) -> None:
    system = front_door.speak(Role.SUBSCRIBER, stub=IntakeServiceStub, slugs=("northmoor",))

    async def send(message: dict[str, Any]) -> Any:
        body = json.dumps(message).encode()
        return await system.SubmitReferralMessage(
            intake_pb2.SubmitReferralMessageRequest(context=front_door.command(), message=body)
        )

    async def stands() -> Any:
        return await duty.GetReferral(
            pb.GetReferralRequest(
                context=front_door.reading(purpose="screening"), referral_id=known, unseal=True
            )
        )

    first = copy.deepcopy(NEW) | {"id": str(uuid4())}
    first["entry"][2]["resource"]["name"][0]["given"] = [f"Name {uuid4()}"]
    sent = await send(first)
    known = await found(front_door, duty, sent.reference)
    before = await stands()
    await front_door.screen(duty, known)
    again = anew(first, sent.reference)
    for _ in range(2):
        told = await send(again)
        assert (told.code, told.reference) == ("ok", sent.reference)
    assert told.receipt.duplicate
    after = await stands()
    assert "he will not eat" in after.in_their_words
    assert "he will not eat" not in before.in_their_words
    assert after.referral.state == "received"
    assert after.not_mapped > before.not_mapped
    await refused(send, first, sent.reference)


async def refused(send: Any, first: dict[str, Any], reference: str) -> None:
    """See that what is not that referral, child or time is said to be none."""
    stranger = anew(first, reference)
    stranger["entry"][2]["resource"]["birthDate"] = "2015-01-01"
    older = anew(first, reference, "2025-09-01T09:45:00+01:00")
    nobody = anew(first, reference_of(7))
    for message, code, expression in (
        (stranger, "conflict", "Bundle.entry[2].resource.birthDate"),
        (older, "conflict", "Bundle.timestamp"),
        (nobody, "not-found", f"{REQUEST}.identifier[0].value"),
    ):
        answer = await send(message)
        assert answer.code == "fatal-error"
        [issue] = json.loads(answer.message)["entry"][1]["resource"]["issue"]
        assert (issue["code"], issue["expression"]) == (code, [expression])


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
