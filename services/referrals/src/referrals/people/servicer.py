"""People over gRPC: requests to commands, states, tags and rows to replies."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from grpc.aio import ServicerContext

from chassis.edge.malformed import a_choice, a_day, a_uuid
from chassis.edge.rpc import caller, tenant_of
from chassis.queries.reading import scoped
from chassis.service import Servicer
from ledger.ids import stream_of
from ledger.personal import Plain
from referrals.people import replies, requests
from referrals.people.compose import (
    LinkTwoIdentities,
    MergePersons,
    RelatePersons,
    UnlinkTwoIdentities,
    UnmergePersons,
)
from referrals.people.facts import EndReason, Learned, Relation
from referrals.people.families import PROJECTION as FAMILIES
from referrals.people.families import hidden_from
from referrals.people.indexing import HEEDED as INDEXED
from referrals.people.learning import AllowContact, EndChannel, Learn, PartIdentity
from referrals.people.link import LINK_CLAIM
from referrals.people.match import ConfirmMatch, Difference, Pair, RejectMatch
from referrals.people.matching import candidates, kept_tags, tags_of
from referrals.people.person import Child
from referrals.people.proposals import PROJECTION, Place, State, page
from referrals.people.scoring import Reason
from referrals.people.showing import reader_side, sealed_reach, sealed_values, visible
from referrals.people.threads import absorbed_by, thread_of
from referrals.redirects.withheld import check_is_here
from referrals.worklists.noting import looked
from referrals.worklists.open_referrals import PROJECTION as OPEN_REFERRALS
from throughline.common.v1.common_pb2 import CommandContext, Receipt
from throughline.referrals.v1 import people_pb2 as pb
from throughline.referrals.v1 import people_pb2_grpc as stubs

if TYPE_CHECKING:
    from chassis.runtime import Runtime

Context = ServicerContext[Any, Any]
_HIDING = (FAMILIES.name, OPEN_REFERRALS.name)
"""The read models that say whose people a worker is shown nothing of."""

IDENTITY_BEFORE = "identity-before"


def servicer(runtime: "Runtime") -> Servicer:
    """Give the servicer of people."""
    return Servicer(
        People(runtime),
        stubs.add_PeopleServiceServicer_to_server,
        pb.DESCRIPTOR.services_by_name["PeopleService"].full_name,
    )


class People(stubs.PeopleServiceServicer):
    """Parses, executes, replies."""

    def __init__(self, runtime: "Runtime") -> None:
        self._shell = runtime.shell
        self._vault = runtime.vault
        self._rows = runtime.rows
        self._feed = runtime.feed

    async def RecordName(  # noqa: N802 # the contract's name
        self, request: pb.RecordNameRequest, _context: Context
    ) -> pb.RecordNameResponse:
        """Record a name."""
        said = requests.name(request)
        return pb.RecordNameResponse(receipt=await self._learn(request.context, said))

    async def RecordBirthDate(  # noqa: N802 # the contract's name
        self, request: pb.RecordBirthDateRequest, _context: Context
    ) -> pb.RecordBirthDateResponse:
        """Record a date of birth."""
        said = requests.birth_date(request)
        return pb.RecordBirthDateResponse(receipt=await self._learn(request.context, said))

    async def RecordIdentifier(  # noqa: N802 # the contract's name
        self, request: pb.RecordIdentifierRequest, _context: Context
    ) -> pb.RecordIdentifierResponse:
        """Record a number."""
        said = requests.identifier(request)
        return pb.RecordIdentifierResponse(receipt=await self._learn(request.context, said))

    async def RecordAddress(  # noqa: N802 # the contract's name
        self, request: pb.RecordAddressRequest, _context: Context
    ) -> pb.RecordAddressResponse:
        """Record an address."""
        said = requests.address(request)
        return pb.RecordAddressResponse(receipt=await self._learn(request.context, said))

    async def RecordChannel(  # noqa: N802 # the contract's name
        self, request: pb.RecordChannelRequest, _context: Context
    ) -> pb.RecordChannelResponse:
        """Record a safe channel."""
        said = requests.channel(request)
        receipt = await self._learn(request.context, said)
        return pb.RecordChannelResponse(receipt=receipt, channel_id=str(said.record))

    async def EndChannel(  # noqa: N802 # the contract's name
        self, request: pb.EndChannelRequest, _context: Context
    ) -> pb.EndChannelResponse:
        """End a channel."""
        command = EndChannel(
            person=requests.person_of(request),
            record=a_uuid("channel_id", request.channel_id),
            on=a_day("on", request.on),
            reason=a_choice("reason", request.reason, EndReason),
        )
        return pb.EndChannelResponse(receipt=await self._done(request.context, command))

    async def ForbidContact(  # noqa: N802 # the contract's name
        self, request: pb.ForbidContactRequest, _context: Context
    ) -> pb.ForbidContactResponse:
        """Record that somebody must not be contacted."""
        said = requests.order(request)
        receipt = await self._learn(request.context, said)
        return pb.ForbidContactResponse(receipt=receipt, order_id=str(said.record))

    async def AllowContact(  # noqa: N802 # the contract's name
        self, request: pb.AllowContactRequest, _context: Context
    ) -> pb.AllowContactResponse:
        """End an order not to contact somebody."""
        command = AllowContact(
            person=requests.person_of(request),
            record=a_uuid("order_id", request.order_id),
            on=a_day("on", request.on),
        )
        return pb.AllowContactResponse(receipt=await self._done(request.context, command))

    async def PartIdentity(  # noqa: N802 # the contract's name
        self, request: pb.PartIdentityRequest, _context: Context
    ) -> pb.PartIdentityResponse:
        """Note that a child took a new identity."""
        command = PartIdentity(requests.person_of(request), a_day("on", request.on))
        return pb.PartIdentityResponse(receipt=await self._done(request.context, command))

    async def FindMatches(  # noqa: N802 # the contract's name
        self, request: pb.FindMatchesRequest, _context: Context
    ) -> pb.FindMatchesResponse:
        """Answer who may be somebody; the index stands where the log stood when it was asked."""
        tenant = tenant_of(request.context, caller())
        person = a_uuid("person_id", request.person_id) if request.person_id else None
        tags = []
        if person is None:
            tags = await tags_of(self._vault, tenant, requests.traits(request.typed_in))
        else:
            await thread_of(self._shell, tenant, person)
        await self._up_to_now(INDEXED.name, *_HIDING)
        async with self._shell.reading(request.context) as rows:
            if person is not None:
                tags = await kept_tags(rows, tenant, person)
            found = await candidates(rows, tenant, tags, but=person)
            hidden = await hidden_from(rows, tenant, _worker(), [each.person for each in found])
        return pb.FindMatchesResponse(
            matches=[replies.possible(each) for each in found if each.person not in hidden]
        )

    async def ListMatchProposals(  # noqa: N802 # the contract's name
        self, request: pb.ListMatchProposalsRequest, _context: Context
    ) -> pb.ListMatchProposalsResponse:
        """Answer a page of proposals; one that would tell of an identity is gone at once."""
        tenant = tenant_of(request.context, caller())
        state = a_choice("state", request.state, State) if request.state else State.PROPOSED
        after, limit = requests.place(request.page_token), requests.page_size(request.page_size)
        await self._up_to_now(PROJECTION.name, *_HIDING)
        async with self._shell.reading(request.context) as rows:
            found = await page(rows, tenant, _worker(), state, after, limit)
        await looked(self._shell, tenant, "match-proposals", len(found))
        answer = pb.ListMatchProposalsResponse(proposals=[replies.proposal(each) for each in found])
        if len(found) == limit:
            last = found[-1]
            answer.next_page_token = requests.page_token(Place(last.proposed_at, last.match_id))
        return answer

    async def ConfirmMatch(  # noqa: N802 # the contract's name
        self, request: pb.ConfirmMatchRequest, _context: Context
    ) -> pb.ConfirmMatchResponse:
        """Find two people one."""
        command = ConfirmMatch(requests.pair(request), requests.words(request.words))
        return pb.ConfirmMatchResponse(receipt=await self._done(request.context, command))

    async def RejectMatch(  # noqa: N802 # the contract's name
        self, request: pb.RejectMatchRequest, _context: Context
    ) -> pb.RejectMatchResponse:
        """Find two people two."""
        difference = a_choice("difference", request.difference, Difference)
        pair, words = requests.pair(request), requests.words(request.words)
        reasons = await self._reasons(request.context, pair)
        command = RejectMatch(pair, difference, reasons, words)
        return pb.RejectMatchResponse(receipt=await self._done(request.context, command))

    async def LinkPersons(  # noqa: N802 # the contract's name
        self, request: pb.LinkPersonsRequest, _context: Context
    ) -> pb.LinkPersonsResponse:
        """Link two people, or a child's two identities."""
        person, other = requests.person_of(request), a_uuid("other_id", request.other_id)
        command: object
        if request.relation == IDENTITY_BEFORE:
            command = LinkTwoIdentities(
                link=stream_of("referrals", "link", requests.record_of(request)),
                before=person,
                after=other,
                named=(Plain(str(person)), Plain(str(other))),
                keys=await self._link_keys(request.context, person, other),
            )
        else:
            relation = a_choice("relation", request.relation, Relation)
            command = RelatePersons(person, other, relation)
        return pb.LinkPersonsResponse(receipt=await self._done(request.context, command))

    async def UnlinkPersons(  # noqa: N802 # the contract's name
        self, request: pb.UnlinkPersonsRequest, _context: Context
    ) -> pb.UnlinkPersonsResponse:
        """End the link of a child's two identities."""
        before, after = requests.person_of(request), a_uuid("other_id", request.other_id)
        keys = await self._link_keys(request.context, before, after)
        command = UnlinkTwoIdentities(before, after, keys)
        return pb.UnlinkPersonsResponse(receipt=await self._done(request.context, command))

    async def MergePersons(  # noqa: N802 # the contract's name
        self, request: pb.MergePersonsRequest, _context: Context
    ) -> pb.MergePersonsResponse:
        """Have one person's readings lead to another."""
        person, into = requests.person_of(request), a_uuid("into_id", request.into_id)
        command = MergePersons(
            person=person,
            into=into,
            episode=requests.record_of(request),
            keys=await self._link_keys(request.context, person, into),
            words=Plain(None),
        )
        return pb.MergePersonsResponse(receipt=await self._done(request.context, command))

    async def UnmergePersons(  # noqa: N802 # the contract's name
        self, request: pb.UnmergePersonsRequest, _context: Context
    ) -> pb.UnmergePersonsResponse:
        """End a merge."""
        person, into = requests.person_of(request), a_uuid("into_id", request.into_id)
        reasons = await self._reasons(request.context, Pair.of(person, into))
        command = UnmergePersons(person, into, reasons, Plain(None))
        return pb.UnmergePersonsResponse(receipt=await self._done(request.context, command))

    async def GetIdentity(  # noqa: N802 # the contract's name
        self, request: pb.GetIdentityRequest, _context: Context
    ) -> pb.GetIdentityResponse:
        """Answer what is known of a person on the reader's side."""
        by = caller()
        tenant = tenant_of(request.context, by)
        purpose = requests.purpose(request.context)
        side = reader_side(by.roles, purpose)
        asked = a_uuid("person_id", request.person_id)
        person, state = await thread_of(self._shell, tenant, asked)
        await check_is_here(self._shell, tenant, state)
        threads = [each.known for each in await absorbed_by(self._shell, tenant, state)]
        seen = [visible(each, side) for each in threads]
        own = side is state.known.side
        values = [each for thread in seen for each in sealed_values(thread)]
        values += sealed_reach(state.known) if own else []
        case_id = state.case if isinstance(state, Child) else None
        opened = await self._shell.unseal(purpose, values, tenant=tenant, case_id=case_id)
        words = iter([each if isinstance(each, str) else "" for each in opened])
        return replies.identity(person, state.known, seen, words, own=own)

    async def _up_to_now(self, *followers: str) -> None:
        """Wait until what is read stands where the log stands; Unavailable if that takes long."""
        await self._rows.seen(followers, await self._feed.last_position())

    async def _reasons(self, context: CommandContext, pair: Pair) -> tuple[Reason, ...]:
        """Look up what speaks for two people being one, as far as the index has come."""
        tenant = tenant_of(context, caller())
        async with scoped(self._rows.pool, tenant) as rows:
            tags = await kept_tags(rows, tenant, pair.one)
            found = await candidates(rows, tenant, tags, but=pair.one)
        of = (each.finding.reasons for each in found if each.person == pair.other)
        return next(of, ())

    async def _learn(self, context: CommandContext, said: Learned) -> Receipt:
        return await self._done(context, Learn(said))

    async def _done(self, context: CommandContext, command: object) -> Receipt:
        return self._shell.receipt(await self._shell.command(context, command))

    async def _link_keys(self, context: CommandContext, one: UUID, other: UUID) -> tuple[str, str]:
        """Make what a link of the two would be found by; it opens nothing."""
        tenant = tenant_of(context, caller())
        return (
            await self._vault.blind_index(tenant, LINK_CLAIM, str(one)),
            await self._vault.blind_index(tenant, LINK_CLAIM, str(other)),
        )


def _worker() -> UUID:
    return a_uuid("token.sub", caller().actor.id)
