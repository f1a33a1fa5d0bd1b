"""What is told of one referral, one person, one contact: from the streams, opened on request."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from chassis.edge.malformed import a_choice, a_uuid
from chassis.edge.rpc import caller, tenant_of
from chassis.failures import NotFound
from ledger.clock import london_day
from ledger.registry import personal_fields
from referrals import replies
from referrals.duty.line import Span, on_day
from referrals.duty.timeline import TIMELINE, line_of
from referrals.intake.receiving import came_along
from referrals.life import replies as shown
from referrals.life.events import ReferralReceived
from referrals.life.referral import REFERRAL
from referrals.life.states import NotReceived, Referral, TakenBack, said_of
from referrals.people.contact import Block, Blocked, Reached, way_to
from referrals.people.deliveries import has_failed
from referrals.people.facts import Way
from referrals.people.known import KnownAddress
from referrals.people.person import PERSON, Child
from referrals.people.showing import fields_shown, reader_side, words_are_shown
from referrals.people.sides import Side
from referrals.people.threads import thread_of
from referrals.readings import purpose as purpose_of
from referrals.redirects.withheld import NoLongerHere, check_is_here, is_here
from referrals.streams import person_stream, referral_stream, timeline_stream
from referrals.subscriptions import EMAIL
from throughline.referrals.v1 import referrals_pb2 as pb

if TYPE_CHECKING:
    from chassis.commands.shell import Shell
    from ledger.personal import Personal


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers readings of the caller of the moment; who may ask was decided before."""

    shell: "Shell"

    async def referral(self, request: pb.GetReferralRequest) -> pb.GetReferralResponse:
        """Answer a referral as its stream says; its words on request."""
        tenant = tenant_of(request.context, caller())
        stream = referral_stream(a_uuid("referral_id", request.referral_id))
        state: Referral = await self.shell.state(tenant, REFERRAL, stream)
        said = said_of(state)
        if isinstance(state, NotReceived) or said is None:
            raise NotFound("referral")
        answer = shown.referral(state)
        owed = await self._owed(tenant, said.child)
        answer.referral.duty_holder = (owed and owed.duty_holder) or ""
        if request.unseal:
            if isinstance(state, TakenBack):
                raise NoLongerHere
            opened = await self._words(request.context, tenant, said)
            for name in ("in_their_words", "safeguarding_words", "codes_as_given"):
                setattr(answer, name, opened.get(name, ""))
        answer.not_mapped = await came_along(self.shell, tenant, said.referral)
        return answer

    async def person(self, request: pb.GetPersonRequest) -> pb.GetPersonResponse:
        """Answer a person; names and the like on request, those of the identity that is known."""
        by = caller()
        tenant = tenant_of(request.context, by)
        asked = a_uuid("person_id", request.person_id)
        person, state = await thread_of(self.shell, tenant, asked)
        owed = await self._owed(tenant, person) if isinstance(state, Child) else None
        if not request.unseal:
            return replies.person(state, owed, {})
        await check_is_here(self.shell, tenant, state)
        purpose = purpose_of(request.context)
        fields = fields_shown(state, reader_side(by.roles, purpose))
        case_id = state.case if isinstance(state, Child) else None
        opened = await self._texts(purpose, fields, tenant, case_id)
        return replies.person(state, owed, opened)

    async def contact(self, request: pb.GetContactRequest) -> pb.GetContactResponse:
        """Answer how an adult may be written to; a child is written to by nobody."""
        tenant = tenant_of(request.context, caller())
        purpose = purpose_of(request.context)
        way = a_choice("way", request.way or Way.EMAIL.value, Way)
        asked = a_uuid("person_id", request.person_id)
        person, state = await thread_of(self.shell, tenant, asked)
        if isinstance(state, Child):
            raise NotFound("person")
        async with self.shell.reading(request.context) as rows:
            failed = await has_failed(rows, tenant, person, EMAIL)
        answer = replies.contact(person, state, delivery_failed=failed)
        if not await is_here(self.shell, tenant, state):
            answer.blocked = Block.NONE_KNOWN.value
            return answer
        fields = replies.names_of(fields_shown(state, Side.AFTER))
        match way_to(state.known, way, purpose, london_day(await self.shell.rows.now())):
            case Blocked(by=block):
                # Not even the name is opened: nobody is to be written to.
                answer.blocked = block.value
                return answer
            case KnownAddress() as home:
                fields |= replies.lines_of(home)
            case Reached(channel=channel):
                fields |= {way.value: channel.value, "safe_times": channel.safe_times}
                answer.do_not_leave_voicemail = channel.do_not_leave_voicemail
        answer.MergeFrom(replies.reached(await self._texts(purpose, fields, tenant, None)))
        return answer

    async def _owed(self, tenant: UUID, child: UUID) -> Span | None:
        """Return who owes a child the service today, as is known."""
        line = line_of(await self.shell.state(tenant, TIMELINE, timeline_stream(child)))
        return on_day(line.duty, london_day(await self.shell.rows.now()))

    async def _words(self, context: Any, tenant: UUID, said: ReferralReceived) -> Mapping[str, str]:
        """Open the words of a referral, but not those about a child as it was before adoption."""
        purpose = purpose_of(context)
        child = await self.shell.state(tenant, PERSON, person_stream(said.child))
        said_on = london_day(said.received_at)
        if isinstance(child, Child) and not words_are_shown(child.known, said_on):
            return {}
        fields = {name: getattr(said, name) for name in personal_fields(type(said))}
        return await self._texts(purpose, fields, tenant, said.case)

    async def _texts(
        self,
        purpose: str,
        fields: "Mapping[str, Personal[Any]]",
        tenant: UUID,
        case_id: UUID | None,
    ) -> Mapping[str, str]:
        """Open personal values by name, those that are texts and that the caller may see."""
        values = await self.shell.unseal(
            purpose, [*fields.values()], tenant=tenant, case_id=case_id
        )
        pairs = zip(fields, values, strict=True)
        return {name: value for name, value in pairs if isinstance(value, str)}
