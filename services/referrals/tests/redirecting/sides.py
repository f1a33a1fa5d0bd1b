"""For tests of redirects: the two sides of one, and the roles that bring them together."""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import grpc
import pytest
from pydantic_core import to_json

from chassis.acting import Do, Heard
from chassis.roles import Role
from ledger.feed import Cursor
from referrals import published
from referrals.redirects.answering import hear
from referrals.redirects.carrying import Carrier
from referrals.redirects.compose import RedirectFellDue
from referrals.redirects.redirects import undelivered
from referrals.streams import redirect_stream
from throughline.referrals.v1 import consents_pb2, redirects_pb2
from throughline.referrals.v1 import referrals_pb2 as pb
from throughline.referrals.v1.consents_pb2_grpc import ConsentsServiceStub
from throughline.referrals.v1.people_pb2_grpc import PeopleServiceStub
from throughline.referrals.v1.redirects_pb2_grpc import RedirectsServiceStub
from throughline.referrals.v1.referrals_pb2_grpc import ReferralsServiceStub

PAGE = 1_000
ABSENT = "absent"


async def refusal(door: Any, call: Any) -> str:
    """Return the field, or the reason, for which a call was refused; or that it found nothing."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    if caught.value.code() is grpc.StatusCode.NOT_FOUND:
        return ABSENT
    field_, code = door.fault(caught.value)
    return str(field_ or code)


@dataclass
class Side:
    """A duty worker of one authority."""

    door: Any
    slug: str

    def __post_init__(self) -> None:
        self.referrals = self._speak(ReferralsServiceStub)
        self.redirects = self._speak(RedirectsServiceStub)
        self.consents = self._speak(ConsentsServiceStub)
        self.people = self._speak(PeopleServiceStub)

    def _speak(self, stub: Any) -> Any:
        return self.door.speak(Role.DUTY_WORKER, slugs=(self.slug,), stub=stub)

    def command(self) -> Any:
        """Return the context of a new command."""
        return self.door.command(self.slug)

    def reading(self, **fields: str) -> Any:
        """Return the context of a reading."""
        return self.door.reading(self.slug, **fields)

    async def submit(self, **child: object) -> pb.ReceivedChild:
        """Bring in a referral of a child that harrowdale placed and who lives here."""
        document = self.door.fresh(
            **{
                "legal_status": "order-granted",
                "adoption_order_date": "2024-06-05",
                "placing_authority": "harrowdale",
                **child,
            }
        )
        document |= self.door.to(self.slug)
        document["family"]["lives_in"] = self.slug
        document["safeguarding"]["words"] = "The school saw a bruise."
        answer = await self.door.submit(self.referrals, document, self.slug)
        received: pb.ReceivedChild = answer.children[0]
        return received

    async def screened(self) -> pb.ReceivedChild:
        """Bring in a referral, and screen it."""
        child = await self.submit()
        await self.door.screen(self.referrals, child.referral_id, self.slug)
        return child

    async def referral(self, referral: str, **opening: Any) -> pb.GetReferralResponse:
        """Return a referral as this side has it."""
        request = pb.GetReferralRequest(referral_id=referral, **opening)
        request.context.CopyFrom(self.reading(purpose="direct-care"))
        found: pb.GetReferralResponse = await self.referrals.GetReferral(request)
        return found

    async def person(self, person: str) -> pb.GetPersonResponse:
        """Return a person as this side has it, opened."""
        request = pb.GetPersonRequest(
            context=self.reading(purpose="direct-care"), person_id=person, unseal=True
        )
        found: pb.GetPersonResponse = await self.referrals.GetPerson(request)
        return found

    async def speaker(self, child: pb.ReceivedChild) -> consents_pb2.ConsentSpeaker:
        """Return the adult of a child's family, who has parental responsibility."""
        contact = (await self.referral(child.referral_id)).contact
        return consents_pb2.ConsentSpeaker(person_id=contact, capacity="parental-responsibility")

    async def consent(self, child: pb.ReceivedChild, to: str = "harrowdale") -> None:
        """Record that the family agrees that an authority is told."""
        await self.consents.GiveConsent(
            consents_pb2.GiveConsentRequest(
                context=self.command(),
                child=child.child,
                recipient=consents_pb2.ConsentRecipient(authority=to),
                given_by=await self.speaker(child),
                how="On the telephone.",
            )
        )

    async def withdraw(self, child: pb.ReceivedChild, to: str = "harrowdale") -> None:
        """Record that the family takes it back."""
        await self.consents.WithdrawConsent(
            consents_pb2.WithdrawConsentRequest(
                context=self.command(),
                child=child.child,
                recipient=consents_pb2.ConsentRecipient(authority=to),
                withdrawn_by=await self.speaker(child),
            )
        )

    async def offer(self, child: pb.ReceivedChild, **fields: str) -> str:
        """Offer a referral to harrowdale, with consent unless something else is said."""
        said = {"to": "harrowdale", "ground": "consent", **fields}
        request = redirects_pb2.OfferRedirectRequest(
            context=self.command(), referral_id=child.referral_id, **said
        )
        return str((await self.redirects.OfferRedirect(request)).redirect_id)

    async def acknowledge(self, redirect: str) -> None:
        """Acknowledge a redirect that came here."""
        await self.redirects.AcknowledgeRedirect(
            redirects_pb2.AcknowledgeRedirectRequest(context=self.command(), redirect_id=redirect)
        )

    async def refuse(self, redirect: str) -> None:
        """Refuse a redirect that came here."""
        await self.redirects.RefuseRedirect(
            redirects_pb2.RefuseRedirectRequest(
                context=self.command(),
                redirect_id=redirect,
                reason="not-duty-holder",
                words="The order is older than you thought.",
            )
        )

    async def recall(self, redirect: str) -> None:
        """Take a redirect back."""
        await self.redirects.RecallRedirect(
            redirects_pb2.RecallRedirectRequest(
                context=self.command(), redirect_id=redirect, reason="family-asked"
            )
        )

    async def stands(self, redirect: str, **opening: Any) -> redirects_pb2.GetRedirectResponse:
        """Return a redirect as this side knows it."""
        request = redirects_pb2.GetRedirectRequest(
            context=self.reading(purpose="direct-care"), redirect_id=redirect, **opening
        )
        found: redirects_pb2.GetRedirectResponse = await self.redirects.GetRedirect(request)
        return found

    async def incoming(self, **fields: Any) -> redirects_pb2.ListIncomingRedirectsResponse:
        """Return the redirects that came here."""
        request = redirects_pb2.ListIncomingRedirectsRequest(context=self.reading(), **fields)
        found: redirects_pb2.ListIncomingRedirectsResponse
        found = await self.redirects.ListIncomingRedirects(request)
        return found


@dataclass
class Between:
    """What the roles react and clock do between two authorities, in steps of the test's own."""

    door: Any
    heard_to: Cursor = field(default_factory=Cursor)

    async def seen(self) -> None:
        """Wait until the read models hold everything."""
        position = await self.door.runtime.feed.last_position()
        await self.door.runtime.rows.seen(("redirects", "worklist", "consents"), position)

    async def carry(self) -> None:
        """Let the carrier bring over what is on offer, each twice as after a crash."""
        await self.seen()
        async with self.door.runtime.worker_pool.acquire() as connection:
            found = await undelivered(connection, [], 100)
        for each in found:
            await Carrier(self.door.runtime).carry(each)
            await Carrier(self.door.runtime).carry(each)
        await self.seen()

    async def tell(self) -> None:
        """Let the service hear of itself until there is nothing more to hear."""
        runtime = self.door.runtime
        while not await self._told_all():
            page = await runtime.feed.page(self.heard_to, PAGE)
            for stored in page.events:
                for asked in self._asked(runtime.service.registry.decode(stored)):
                    await self.door.do(asked, str(asked.tenant))
            self.heard_to = page.end(self.heard_to)
        await self.seen()

    async def carry_and_tell(self) -> None:
        """Bring over what is on offer, and let both sides hear of each other."""
        await self.carry()
        await self.tell()

    async def _told_all(self) -> bool:
        """Tell whether nothing is left, nor anything on its way that the feed does not show yet."""
        feed = self.door.runtime.feed
        last = await feed.last_position()
        page = await feed.page(self.heard_to, 1)
        return not page.events and page.seen_to >= last

    async def time_is_over(self, slug: str, redirect: str) -> None:
        """Let the deadline of a redirect fall due."""
        due = RedirectFellDue(redirect_stream(UUID(redirect)))
        await self.door.do(Do(due, due.stream), self.door.authority(slug))

    def _asked(self, recorded: Any) -> list[Do]:
        told = published.publish(recorded)
        if told is None:
            return []
        envelope = recorded.envelope
        said = Heard(
            event_id=envelope.event_id,
            service="referrals",
            tenant=envelope.tenant,
            category="Any",
            stream_id=envelope.stream_id,
            version=envelope.version,
            type=type(told).__name__,
            schema_version=1,
            occurred=envelope.occurred,
            recorded_at=envelope.recorded_at,
            correlation_id=envelope.correlation_id,
            case_id=envelope.case_id,
            data=json.loads(to_json(told)),
        )
        return [each for each in hear(said) if isinstance(each, Do)]
