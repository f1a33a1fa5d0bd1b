"""Who may see whom: names opened for a purpose and on record, contacts, other authorities."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import grpc
import pytest

from chassis.roles import Role
from ledger.writes import Write
from referrals.subscriptions import hear_notifications
from throughline.referrals.v1 import referrals_pb2 as pb
from throughline.referrals.v1 import worklists_pb2
from throughline.referrals.v1.worklists_pb2_grpc import WorklistsServiceStub

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.


async def test_names_are_opened_for_a_purpose_and_the_reading_is_recorded(
    front_door: Any, duty: Any
) -> None:
    document = front_door.fresh()
    child = (await front_door.submit(duty, document)).children[0]
    request = pb.GetPersonRequest(context=front_door.reading(), person_id=child.child, unseal=True)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await duty.GetPerson(request)
    assert front_door.fault(caught.value)[0] == "context.purpose"
    request.context.purpose = "direct-care"
    shown = await duty.GetPerson(request)
    assert shown.kind == "child"
    assert shown.duty_holder == "northmoor"
    assert shown.birth_month == "2014-07"
    given_name = document["family"]["children"][0]["given_name"]
    assert shown.opened["given_name"] == given_name
    assert shown.opened["date_of_birth"] == "2014-07-21"
    assert await front_door.readings_of(child.child) == 1


async def test_words_of_a_referral_are_opened_on_request(front_door: Any, duty: Any) -> None:
    referral = (await front_door.submit(duty, front_door.fresh())).children[0].referral_id
    shown = await duty.GetReferral(
        pb.GetReferralRequest(
            context=front_door.reading(purpose="direct-care"), referral_id=referral, unseal=True
        )
    )
    assert shown.in_their_words == front_door.good["in_their_words"]


async def test_who_sends_is_told_an_address_and_nobody_else_is(front_door: Any, duty: Any) -> None:
    answer = await front_door.submit(duty, front_door.fresh())
    shown = await duty.GetReferral(
        pb.GetReferralRequest(
            context=front_door.reading(), referral_id=answer.children[0].referral_id
        )
    )
    sender = front_door.speak(Role.SERVICE, slugs=front_door.slugs, sub="notifications")
    other = front_door.speak(Role.SERVICE, slugs=front_door.slugs, sub="groups")
    asked = pb.GetContactRequest(
        context=front_door.reading(purpose="notification"), person_id=shown.contact
    )
    contact = await sender.GetContact(asked)
    adult = front_door.good["family"]["adults"][0]
    assert (contact.name, contact.email) == (adult["name"], adult["email"])
    assert (contact.preference, contact.safe_times) == ("letter", "school hours")
    assert await front_door.readings_of(shown.contact) == 1
    assert (contact.phone, list(contact.address_lines)) == ("", [])
    said = front_door.good["family"]["address"]
    asked.way = "letter"
    posted = await sender.GetContact(asked)
    assert list(posted.address_lines) == [*said["lines"], said["town"], said["postcode"]]
    assert posted.email == ""
    asked.way = "phone"
    assert (await sender.GetContact(asked)).phone == adult["phone"]
    referrer = pb.GetContactRequest(context=asked.context, person_id=shown.referrer)
    assert (await sender.GetContact(referrer)).name == front_door.good["referrer"]["name"]
    for stub in (duty, other):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.GetContact(asked)
        assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED
    child = pb.GetContactRequest(context=asked.context, person_id=answer.children[0].child)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await sender.GetContact(child)
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND


async def test_the_latest_news_of_a_delivery_stands_in_whatever_order_it_comes(
    front_door: Any, duty: Any
) -> None:
    tenant = front_door.authority("northmoor")
    answer = await front_door.submit(duty, front_door.fresh())
    request = pb.GetReferralRequest(
        context=front_door.reading(), referral_id=answer.children[0].referral_id
    )
    contact = (await duty.GetReferral(request)).contact
    sender = front_door.speak(Role.SERVICE, slugs=front_door.slugs, sub="notifications")
    asked = pb.GetContactRequest(
        context=front_door.reading(purpose="notification"), person_id=contact
    )
    news = {"channel": "email", "recipient": contact}
    for kind, minute, failed in [
        ("NotificationFailed", 5, True),
        ("NotificationSent", 4, True),
        ("NotificationSent", 6, False),
    ]:
        for write in hear_notifications(front_door.heard(kind, tenant, minute, **news)):
            assert isinstance(write, Write)
            async with front_door.runtime.worker_pool.acquire() as connection:
                await connection.execute(write.statement.sql, *write.arguments)
        assert (await sender.GetContact(asked)).delivery_failed is failed


async def test_who_was_not_reached_is_on_a_list_until_a_message_arrives(
    front_door: Any, duty: Any
) -> None:
    lists = front_door.speak(Role.DUTY_WORKER, slugs=front_door.slugs, stub=WorklistsServiceStub)
    child = (await front_door.submit(duty, front_door.fresh())).children[0]
    tenant = front_door.authority("northmoor")
    asked = pb.GetReferralRequest(context=front_door.reading(), referral_id=child.referral_id)
    contact = (await duty.GetReferral(asked)).contact

    async def hear(kind: str, minute: int, channel: str) -> None:
        news = {"channel": channel, "recipient": contact}
        for write in hear_notifications(front_door.heard(kind, tenant, minute, **news)):
            assert isinstance(write, Write)
            async with front_door.runtime.worker_pool.acquire() as connection:
                await connection.execute(write.statement.sql, *write.arguments)

    async def listed() -> tuple[bool, int]:
        await front_door.seen()
        page = await lists.ReadWorklist(
            worklists_pb2.ReadWorklistRequest(
                context=front_door.reading(), list="unreached", page_size=500
            )
        )
        counted = await lists.CountWorklists(
            worklists_pb2.CountWorklistsRequest(context=front_door.reading())
        )
        assert len(page.entries) == counted.counts["unreached"]
        assert all(each.unreached for each in page.entries)
        return child.referral_id in {each.referral_id for each in page.entries}, len(page.entries)

    is_there, before = await listed()
    assert not is_there
    await hear("NotificationFailed", 5, "email")
    assert await listed() == (True, before + 1)
    await hear("NotificationSent", 4, "letter")
    assert await listed() == (True, before + 1)
    # A worker posted it: the way makes no difference.
    await hear("NotificationSent", 6, "letter")
    assert await listed() == (False, before)


async def test_a_family_that_was_not_reached_with_a_decline_is_on_duty_s_list(
    front_door: Any, duty: Any
) -> None:
    lists = front_door.speak(Role.DUTY_WORKER, slugs=front_door.slugs, stub=WorklistsServiceStub)
    child = (await front_door.submit(duty, front_door.fresh())).children[0]
    tenant = front_door.authority("northmoor")
    asked = pb.GetReferralRequest(context=front_door.reading(), referral_id=child.referral_id)
    contact = (await duty.GetReferral(asked)).contact
    await front_door.screen(duty, child.referral_id)

    async def hear(kind: str, year: int) -> None:
        news = {"channel": "letter", "recipient": contact}
        heard = front_door.heard(kind, tenant, 1, **news)
        for write in hear_notifications(
            replace(heard, recorded_at=heard.recorded_at.replace(year=year))
        ):
            assert isinstance(write, Write)
            async with front_door.runtime.worker_pool.acquire() as connection:
                await connection.execute(write.statement.sql, *write.arguments)

    async def listed() -> list[str]:
        await front_door.seen()
        page = await lists.ReadWorklist(
            worklists_pb2.ReadWorklistRequest(
                context=front_door.reading(), list="unreached", page_size=500
            )
        )
        counted = await lists.CountWorklists(
            worklists_pb2.CountWorklistsRequest(context=front_door.reading())
        )
        assert counted.counts["unreached"] == len(page.entries)
        return [each.state for each in page.entries if each.referral_id == child.referral_id]

    await hear("NotificationFailed", 2020)
    assert await listed() == ["screened"]
    await duty.DeclineReferral(
        pb.DeclineReferralRequest(
            context=front_door.command(),
            referral_id=child.referral_id,
            reason="signposted",
            words="See the page of the school.",
        )
    )
    # What failed before was not the answer.
    assert await listed() == []
    await hear("NotificationFailed", 2100)
    assert await listed() == ["declined"]
    await hear("NotificationSent", 2101)
    assert await listed() == []


def calls(stub: Any, child: pb.ReceivedChild) -> list[tuple[Any, Any]]:
    """Return every RPC that names a referral or a person, with a request that lacks its context."""
    referral = child.referral_id
    return [
        (stub.GetReferral, pb.GetReferralRequest(referral_id=referral)),
        (stub.GetPerson, pb.GetPersonRequest(person_id=child.child)),
        (
            stub.ScreenReferral,
            pb.ScreenReferralRequest(
                referral_id=referral,
                safeguarding="none",
                urgency="routine",
                eligibility="eligible",
                identity="new",
                duplicates="none",
                duty_holder="looked-up",
                conflict_of_interest="none",
                safe_contact="safe",
            ),
        ),
        (stub.AcceptReferral, pb.AcceptReferralRequest(referral_id=referral)),
        (
            stub.DeclineReferral,
            pb.DeclineReferralRequest(referral_id=referral, reason="signposted"),
        ),
    ]


@pytest.mark.parametrize("slug", ["saltby", "northmoor"])
async def test_another_authority_finds_nothing(front_door: Any, duty: Any, slug: str) -> None:
    child = (await front_door.submit(duty, front_door.fresh())).children[0]
    neighbour = front_door.speak(Role.DUTY_WORKER, slugs=("saltby",))
    for call, request in calls(neighbour, child):
        reads = type(request).__name__.startswith("Get")
        context = front_door.reading(slug) if reads else front_door.command(slug)
        request.context.CopyFrom(context)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call(request)
        assert caught.value.code() is grpc.StatusCode.NOT_FOUND


async def test_a_neighbour_neither_lists_nor_submits_here(front_door: Any, duty: Any) -> None:
    child = (await front_door.submit(duty, front_door.fresh())).children[0]
    neighbour = front_door.speak(Role.DUTY_WORKER, slugs=("saltby",))
    listed = await neighbour.ListReferrals(
        pb.ListReferralsRequest(context=front_door.reading("saltby"), page_size=500)
    )
    assert child.referral_id not in {each.referral_id for each in listed.referrals}
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await front_door.submit(neighbour, front_door.fresh())
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND


async def test_an_auditor_reads_and_decides_nothing(front_door: Any, duty: Any) -> None:
    child = (await front_door.submit(duty, front_door.fresh())).children[0]
    auditor = front_door.speak(Role.AUDITOR, slugs=front_door.slugs)
    await auditor.GetReferral(
        pb.GetReferralRequest(context=front_door.reading(), referral_id=child.referral_id)
    )
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await front_door.screen(auditor, child.referral_id)
    assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED
    operator = front_door.speak(Role.OPERATOR, slugs=front_door.slugs)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await operator.GetPerson(
            pb.GetPersonRequest(context=front_door.reading(), person_id=child.child)
        )
    assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_an_id_that_is_nobodys_is_not_found(front_door: Any, duty: Any) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await front_door.screen(duty, str(UUID(int=0)))
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND
