"""Templates over gRPC: a manager publishes them, versions stay, a refusal names the field."""

from typing import Any
from uuid import UUID, uuid4

import grpc
import pytest

from chassis.roles import Role
from throughline.common.v1.common_pb2 import CommandContext, ReadContext
from throughline.notifications.v1 import notifications_pb2 as pb

SALTBY = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a03")


def reading(authority: UUID = SALTBY, **more: str) -> ReadContext:
    return ReadContext(authority=str(authority), **more)


def commanding(authority: UUID = SALTBY) -> CommandContext:
    return CommandContext(command_id=str(uuid4()), authority=str(authority))


def publishing(text: str = "Hello {recipient}.", **more: Any) -> pb.PublishTemplateRequest:
    given: dict[str, Any] = {
        "context": commanding(SALTBY),
        "code": "referral-acknowledgement",
        "channel": "email",
        "subject": "Received: {reference}",
        "text": text,
    }
    return pb.PublishTemplateRequest(**(given | more))


async def test_a_published_version_is_in_use_and_the_one_that_ships_can_still_be_read(
    somebody: Any,
) -> None:
    manager = somebody(Role.TEAM_MANAGER, SALTBY)
    words = f"Hello {uuid4()}."
    published = await manager.ask("PublishTemplate", publishing(words))
    again = await manager.ask("PublishTemplate", publishing(words))
    assert again.template_version == published.template_version
    newest = await manager.ask(
        "GetTemplate",
        pb.GetTemplateRequest(context=reading(SALTBY), code="referral-acknowledgement"),
    )
    assert (newest.template_version, newest.text) == (published.template_version, words)
    assert "recipient" in newest.text_placeholders
    assert "recipient" not in newest.subject_placeholders
    shipped = await manager.ask(
        "GetTemplate",
        pb.GetTemplateRequest(
            context=reading(SALTBY), code="referral-acknowledgement", template_version=0
        ),
    )
    assert "call 999" in shipped.text


async def test_a_repeated_publication_is_answered_as_the_first_time(somebody: Any) -> None:
    manager = somebody(Role.TEAM_MANAGER, SALTBY)
    request = publishing(f"Hello {uuid4()}.")
    first = await manager.ask("PublishTemplate", request)
    await manager.ask("PublishTemplate", publishing(f"Hello {uuid4()}."))
    again = await manager.ask("PublishTemplate", request)
    assert again.receipt.duplicate
    assert again.template_version == first.template_version


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "love-letter"}, "code"),
        ({"channel": "pigeon"}, "channel"),
        ({"subject": ""}, "subject"),
        ({"text": "x" * 10_001}, "text"),
        ({"context": CommandContext(command_id="1", authority=str(SALTBY))}, "context.command_id"),
    ],
)
async def test_a_malformed_publication_names_the_field(
    somebody: Any, wrong: dict[str, Any], field: str
) -> None:
    manager = somebody(Role.TEAM_MANAGER, SALTBY)
    words = await manager.is_told(
        grpc.StatusCode.INVALID_ARGUMENT, "PublishTemplate", publishing(**wrong)
    )
    assert words.startswith(f"{field}: ")


async def test_an_unknown_placeholder_is_refused_by_name(somebody: Any) -> None:
    manager = somebody(Role.TEAM_MANAGER, SALTBY)
    words = await manager.is_told(
        grpc.StatusCode.FAILED_PRECONDITION, "PublishTemplate", publishing("Dear {child},")
    )
    assert words.startswith("UnknownPlaceholder: text: allowed are {authority}")


async def test_only_a_manager_publishes(somebody: Any) -> None:
    worker = somebody(Role.SOCIAL_WORKER, SALTBY)
    await worker.is_told(grpc.StatusCode.PERMISSION_DENIED, "PublishTemplate", publishing())
