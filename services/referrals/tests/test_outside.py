"""What systems of others send is received once, answered with a reference, and never dropped."""

import copy
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import pytest
from fhir.resources.R4B.bundle import Bundle

from chassis.failures import Unavailable
from chassis.roles import Role
from ledger.feed import Cursor
from referrals.intake.reference import normalised
from throughline.referrals.v1 import intake_pb2
from throughline.referrals.v1 import referrals_pb2 as pb
from throughline.referrals.v1.intake_pb2_grpc import IntakeServiceStub

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.
MESSAGES = Path(__file__).parent / "messages"
FORM = json.loads((MESSAGES / "web-form.json").read_bytes())
UNKNOWN = json.loads((MESSAGES / "unknown-code.json").read_bytes())


@pytest.fixture
def system(front_door: Any) -> Any:
    """Speak as an authority's own system."""
    return front_door.speak(Role.SUBSCRIBER, slugs=("northmoor",), stub=IntakeServiceStub)


@pytest.fixture
def screener(front_door: Any) -> Any:
    return front_door.speak(Role.DUTY_WORKER, slugs=front_door.slugs, stub=IntakeServiceStub)


def a_form(**changes: Any) -> dict[str, Any]:
    fresh: dict[str, Any] = {"form_id": str(uuid4()), "child_1_given_name": f"Name {uuid4()}"}
    return {**FORM, **fresh, **changes}


def a_message() -> dict[str, Any]:
    message: dict[str, Any] = copy.deepcopy(UNKNOWN)
    message["id"] = str(uuid4())
    message["entry"][2]["resource"]["name"][0]["given"] = [f"Name {uuid4()}"]
    return message


async def fill_in(front_door: Any, stub: Any, form: dict[str, Any]) -> Any:
    return await stub.SubmitWebForm(
        intake_pb2.SubmitWebFormRequest(
            context=front_door.command(), form=json.dumps(form).encode()
        )
    )


async def message(front_door: Any, stub: Any, body: dict[str, Any] | bytes) -> Any:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await stub.SubmitReferralMessage(
        intake_pb2.SubmitReferralMessageRequest(context=front_door.command(), message=sent)
    )


async def test_a_web_form_gets_references_and_the_same_again_the_same(
    front_door: Any, system: Any
) -> None:
    form = a_form()
    first = await fill_in(front_door, system, form)
    assert [normalised(each) for each in first.references] == list(first.references)
    assert len(first.references) == 2
    again = await fill_in(front_door, system, form)
    assert again.receipt.duplicate
    assert again.references == first.references
    assert not first.receipt.case_id


async def test_a_used_id_is_refused_for_another_content_by_the_form_s_field(
    front_door: Any, system: Any
) -> None:
    form = a_form()
    await fill_in(front_door, system, form)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await fill_in(front_door, system, form | {"your_words": "Something else."})
    assert front_door.fault(caught.value) == ("form_id", "used-for-other-content")


async def test_a_form_s_error_names_its_field(front_door: Any, system: Any) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await fill_in(front_door, system, a_form(child_2_date_of_birth="2015-02-30"))
    assert front_door.fault(caught.value) == ("child_2_date_of_birth", "bad-date")
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await fill_in(front_door, system, a_form(authority="saltby"))
    assert front_door.fault(caught.value) == ("authority", "other-authority")


async def test_a_system_is_told_the_reference_and_not_whom_the_authority_knows(
    front_door: Any,
) -> None:
    stub = front_door.speak(Role.SUBSCRIBER, slugs=("northmoor",))
    document = front_door.fresh()
    first = await front_door.submit(stub, document)
    again = await front_door.submit(stub, document)
    assert again.receipt.duplicate
    assert again.children == first.children
    assert first.children == [pb.ReceivedChild(reference=first.children[0].reference)]
    assert (first.family_id, first.receipt.case_id) == ("", "")
    other = document | {"in_their_words": "Something else."}
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await front_door.submit(stub, other)
    assert front_door.fault(caught.value) == ("submission_id", "used-for-other-content")
    # How it is spaced and ordered is no other content.
    body = json.dumps(dict(reversed(document.items())), indent=2).encode()
    assert (await front_door.submit(stub, body)).receipt.duplicate


async def test_a_system_does_nothing_but_send(front_door: Any, system: Any) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await system.GetNotMapped(
            intake_pb2.GetNotMappedRequest(
                context=front_door.reading(purpose="screening"), referral_id=str(uuid4())
            )
        )
    assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_a_message_with_an_unknown_code_is_received_and_shown_to_the_screener(
    front_door: Any, system: Any, screener: Any, duty: Any
) -> None:
    sent = a_message()
    answer = await message(front_door, system, sent)
    told = json.loads(answer.message)
    Bundle.model_validate_json(answer.message)
    assert (answer.code, told["entry"][0]["resource"]["response"]["code"]) == ("ok", "ok")
    assert told["entry"][0]["resource"]["response"]["identifier"] == sent["id"]
    assert told["entry"][2]["resource"]["identifier"][0]["value"] == answer.reference
    code = "Bundle.entry[1].resource.reasonCode[0].coding[0].code"
    assert code in [each["expression"][0] for each in told["entry"][1]["resource"]["issue"]]
    await front_door.seen()
    referral = await _referral(front_door, duty, answer.reference)
    assert referral.urgent
    shown = await duty.GetReferral(
        pb.GetReferralRequest(
            context=front_door.reading(purpose="screening"),
            referral_id=referral.referral_id,
            unseal=True,
        )
    )
    assert shown.codes_as_given == "education=not-said"
    kept = await screener.GetNotMapped(
        intake_pb2.GetNotMappedRequest(
            context=front_door.reading(purpose="screening"), referral_id=referral.referral_id
        )
    )
    assert {each.expression: each.value for each in kept.values}[code] == "900000000000999"
    assert shown.not_mapped == len(kept.values) > 0
    again = await message(front_door, system, sent)
    assert again.receipt.duplicate
    assert (again.code, again.reference) == ("ok", answer.reference)


async def _referral(front_door: Any, duty: Any, reference: str) -> Any:
    token = ""
    while True:
        page = await duty.ListReferrals(
            pb.ListReferralsRequest(
                context=front_door.reading(), urgent_only=True, page_size=500, page_token=token
            )
        )
        for each in page.referrals:
            if each.reference == reference:
                return each
        token = page.next_page_token
        assert token, "the referral is on no page"


async def test_a_number_by_which_a_child_is_known_elsewhere_is_recorded(
    front_door: Any, system: Any
) -> None:
    sent = json.loads((MESSAGES / "referral.json").read_bytes())
    sent["id"] = str(uuid4())
    before = await front_door.runtime.feed.last_position()
    answer = await message(front_door, system, sent)
    assert answer.code == "ok"
    page = await front_door.runtime.feed.page(Cursor(before), 100)
    kinds = [each.type for each in page.events]
    assert "IdentifierRecorded" in kinds
    assert "ValuesKept" in kinds


async def test_a_fault_of_a_message_is_told_in_the_answer_and_changes_nothing(
    front_door: Any, system: Any
) -> None:
    before = await front_door.runtime.feed.last_position()
    wrong = a_message()
    wrong["entry"][2]["resource"].pop("birthDate")
    for body, expression in (
        (wrong, "Bundle.entry[2].resource.birthDate"),
        (b"<Bundle/>", "Bundle"),
        (a_message() | {"timestamp": "2199-01-01T00:00:00Z"}, "Bundle.timestamp"),
    ):
        answer = await message(front_door, system, body)
        outcome = json.loads(answer.message)["entry"][1]["resource"]
        assert (answer.code, answer.reference) == ("fatal-error", "")
        assert outcome["issue"][0]["expression"] == [expression]
    assert await front_door.runtime.feed.last_position() == before


async def test_a_used_message_id_is_refused_for_another_content(
    front_door: Any, system: Any
) -> None:
    sent = a_message()
    await message(front_door, system, sent)
    sent["entry"][1]["resource"]["note"][0]["text"] = "Something else."
    answer = await message(front_door, system, sent)
    [issue] = json.loads(answer.message)["entry"][1]["resource"]["issue"]
    assert (answer.code, issue["code"], issue["expression"]) == (
        "fatal-error",
        "duplicate",
        ["Bundle.id"],
    )


async def test_where_the_service_is_in_doubt_the_message_may_be_sent_again(
    front_door: Any, system: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_self: object, _act: object) -> None:
        raise Unavailable("away")

    sent = a_message()
    with monkeypatch.context() as broken:
        broken.setattr("chassis.commands.shell.Shell.execute", away)
        answer = await message(front_door, system, sent)
        assert answer.code == "transient-error"
    assert (await message(front_door, system, sent)).code == "ok"


async def test_nothing_of_a_message_is_in_the_clear(front_door: Any, system: Any) -> None:
    sent = a_message()
    sent["entry"][11]["resource"]["medicationCodeableConcept"]["text"] = "Canary of the reeds"
    before = await front_door.runtime.feed.last_position()
    assert (await message(front_door, system, sent)).code == "ok"
    page = await front_door.runtime.feed.page(Cursor(before), 100)
    for event in page.events:
        for part in (event.payload, event.metadata, event.sealed):
            assert b"Canary" not in part
            assert b"9990000018" not in part


async def test_who_submits_is_of_that_authority(front_door: Any, system: Any) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await system.SubmitWebForm(
            intake_pb2.SubmitWebFormRequest(
                context=front_door.command("saltby"), form=json.dumps(a_form()).encode()
            )
        )
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND
