"""What is shown of people, through gRPC: never the identity before, and no wall is passed."""

from typing import Any
from uuid import UUID, uuid4

import grpc

from chassis.roles import Role
from services.referrals.tests.people.office import (
    PURPOSE,
    history,
    letters,
    proposal_of,
    refused,
    submitted,
    told,
)
from throughline.history.v1.history_pb2_grpc import HistoryServiceStub
from throughline.referrals.v1 import people_pb2 as people
from throughline.referrals.v1 import referrals_pb2 as pb
from throughline.referrals.v1.people_pb2_grpc import PeopleServiceStub

# `Any`: the fixture `front_door` is a FrontDoor of conftest, which no test module can import.

NHS, OLD_NHS = "9434765919", "9990000018"


async def test_the_old_identity_is_shown_to_nobody_who_knows_the_new_one(
    indexed: Any, duty: Any, manager: Any, worker: Any
) -> None:
    old = told(letters(), letters(), "2016-08-09", "ZZ4 4ZZ")
    person = await submitted(indexed, duty, old, "web-form")
    await worker.RecordIdentifier(
        people.RecordIdentifierRequest(
            context=indexed.command(),
            person_id=person,
            kind="nhs-number",
            side="before-adoption",
            value=OLD_NHS,
        )
    )
    await manager.PartIdentity(
        people.PartIdentityRequest(context=indexed.command(), person_id=person, on="2025-05-01")
    )
    new_name = letters()
    await worker.RecordName(
        people.RecordNameRequest(
            context=indexed.command(),
            person_id=person,
            kind="adoptive",
            side="after-adoption",
            given_name=new_name,
            family_name="Hartley",
        )
    )
    await worker.RecordIdentifier(
        people.RecordIdentifierRequest(
            context=indexed.command(),
            person_id=person,
            kind="nhs-number",
            side="after-adoption",
            value=NHS,
        )
    )
    reading = indexed.reading(purpose=PURPOSE)
    known = await worker.GetIdentity(people.GetIdentityRequest(context=reading, person_id=person))
    assert [each.given_name for each in known.names] == [new_name]
    assert [each.value for each in known.identifiers] == [NHS]
    shown = await duty.GetPerson(
        pb.GetPersonRequest(context=reading, person_id=person, unseal=True)
    )
    assert shown.opened["given_name"] == new_name
    for answer in (str(known), str(shown)):
        assert old["given_name"] not in answer
        assert old["family_name"] not in answer
        assert old["postcode"] not in answer
        assert OLD_NHS not in answer
    past = indexed.speak(Role.AUDITOR, slugs=indexed.slugs, stub=HistoryServiceStub)
    told_of = await history(indexed, past, person)
    assert new_name in told_of
    for each in (old["given_name"], old["family_name"], old["postcode"], OLD_NHS):
        assert each not in told_of
    officer = indexed.speak(
        Role.LETTERBOX_OFFICER, slugs=indexed.slugs, sub=UUID(int=9), stub=PeopleServiceStub
    )
    birth_side = await officer.GetIdentity(
        people.GetIdentityRequest(context=indexed.reading(purpose="birth-family"), person_id=person)
    )
    assert not birth_side.names
    assert not birth_side.identifiers
    # Nor is the child found by what it was.
    for typed in (
        people.TypedIn(**old),
        people.TypedIn(nhs_number=OLD_NHS),
    ):
        found = await worker.FindMatches(
            people.FindMatchesRequest(context=indexed.reading(), typed_in=typed)
        )
        assert person not in [each.person_id for each in found.matches]
    found = await worker.FindMatches(
        people.FindMatchesRequest(
            context=indexed.reading(), typed_in=people.TypedIn(nhs_number=NHS)
        )
    )
    assert [each.person_id for each in found.matches] == [person]


async def test_a_superseded_address_and_an_order_block_a_contact(
    indexed: Any, duty: Any, worker: Any
) -> None:
    answer = await indexed.submit(duty, indexed.fresh())
    shown = await duty.GetReferral(
        pb.GetReferralRequest(context=indexed.reading(), referral_id=answer.children[0].referral_id)
    )
    sender = indexed.speak(Role.SERVICE, slugs=indexed.slugs, sub="notifications")

    async def contact() -> Any:
        return await sender.GetContact(
            pb.GetContactRequest(
                context=indexed.reading(purpose="notification"), person_id=shown.contact
            )
        )

    assert (await contact()).blocked == ""
    channel = await worker.RecordChannel(
        people.RecordChannelRequest(
            context=indexed.command(),
            person_id=shown.contact,
            way="email",
            from_day="2025-12-01",
            value="new@example.org",
        )
    )
    assert (await contact()).email == "new@example.org"
    order = await worker.ForbidContact(
        people.ForbidContactRequest(
            context=indexed.command(),
            person_id=shown.contact,
            from_day="2025-12-31",
            reason="asked",
        )
    )
    forbidden = await contact()
    assert (forbidden.blocked, forbidden.email, forbidden.name) == ("do-not-contact", "", "")
    await worker.AllowContact(
        people.AllowContactRequest(
            context=indexed.command(),
            person_id=shown.contact,
            order_id=order.order_id,
            on="2026-01-01",
        )
    )
    assert (await contact()).email == "new@example.org"
    await worker.EndChannel(
        people.EndChannelRequest(
            context=indexed.command(),
            person_id=shown.contact,
            channel_id=channel.channel_id,
            on="2026-01-01",
            reason="unsafe",
        )
    )
    ended = await contact()
    assert (ended.blocked, ended.email) == ("channel-ended", "")


async def test_a_worker_who_knows_the_family_is_shown_nothing_of_it(
    indexed: Any, duty: Any, worker: Any
) -> None:
    said = told(letters(), letters(), "2009-09-09", "ZZ7 7ZZ")
    document = indexed.fresh(
        **{name: said[name] for name in ("given_name", "family_name", "date_of_birth")}
    )
    received = (await indexed.submit(duty, document)).children[0]
    other = await submitted(indexed, duty, said | {"family_name": letters()}, "phone")
    neighbour = UUID(int=17)
    knowing = indexed.speak(
        Role.DUTY_WORKER, slugs=indexed.slugs, sub=neighbour, stub=PeopleServiceStub
    )
    reading = indexed.reading(purpose=PURPOSE)
    typed = people.FindMatchesRequest(context=reading, typed_in=people.TypedIn(**said))
    found = await knowing.FindMatches(typed)
    assert received.child in [each.person_id for each in found.matches]
    await duty.RecordScreening(
        pb.RecordScreeningRequest(
            context=indexed.command(),
            referral_id=received.referral_id,
            checks=[
                pb.CheckAnswer(
                    check="conflict-of-interest",
                    answer="worker-knows-family",
                    refers_to=str(neighbour),
                )
            ],
        )
    )
    found = await knowing.FindMatches(typed)
    assert received.child not in [each.person_id for each in found.matches]
    assert await proposal_of(indexed, knowing, received.child, other) is None
    for call in (
        knowing.GetIdentity(people.GetIdentityRequest(context=reading, person_id=received.child)),
        knowing.FindMatches(people.FindMatchesRequest(context=reading, person_id=received.child)),
    ):
        assert (await refused(call))[0] is grpc.StatusCode.NOT_FOUND
    assert received.child in [each.person_id for each in (await worker.FindMatches(typed)).matches]


async def test_another_authoritys_people_are_absent(indexed: Any, duty: Any, worker: Any) -> None:
    said = told(letters(), letters(), "2014-07-21", "ZZ1 4SS")
    person = await submitted(indexed, duty, said, "web-form")
    elsewhere = indexed.reading("westmarch", purpose=PURPOSE)
    typed = people.FindMatchesRequest(context=elsewhere, typed_in=people.TypedIn(**said))
    assert not (await worker.FindMatches(typed)).matches
    for call in (
        worker.GetIdentity(people.GetIdentityRequest(context=elsewhere, person_id=person)),
        worker.FindMatches(people.FindMatchesRequest(context=elsewhere, person_id=person)),
        worker.ConfirmMatch(
            people.ConfirmMatchRequest(
                context=indexed.command("westmarch"), person_id=person, other_id=str(uuid4())
            )
        ),
    ):
        assert (await refused(call))[0] is grpc.StatusCode.NOT_FOUND
