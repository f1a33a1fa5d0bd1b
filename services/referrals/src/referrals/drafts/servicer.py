"""Drafts over gRPC: requests to commands, states and rows to replies."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from grpc.aio import ServicerContext

from chassis.edge.malformed import Malformed, a_choice, a_uuid
from chassis.edge.rpc import caller, command_context, tenant_of
from chassis.failures import NotFound
from chassis.identity.tokens import Caller
from chassis.roles import Role
from chassis.service import Servicer
from ledger.looking import Wanted
from ledger.personal import Plain
from referrals.drafts import replies
from referrals.drafts.compose import (
    CONTENT_CLAIM,
    BeginDraft,
    RecallSent,
    SendDraft,
    WriteDraft,
)
from referrals.drafts.content import key_text, said_by_us, text_of, whole
from referrals.drafts.draft import DRAFT, DiscardDraft, Draft, Open, written
from referrals.drafts.draft_list import Query, State, page
from referrals.drafts.events import DraftStarted
from referrals.intake.receiving import Receiving
from referrals.intake.submission import parse
from referrals.readings import FIRST, Place, page_size, page_token, place, purpose
from referrals.streams import draft_stream, made_by
from throughline.referrals.v1 import drafts_pb2 as pb
from throughline.referrals.v1 import drafts_pb2_grpc as stubs

if TYPE_CHECKING:
    from chassis.runtime import Runtime

Context = ServicerContext[Any, Any]
TO_SEND = "send-draft"
"""The purpose for which a draft is opened when it is sent."""


def servicer(runtime: "Runtime") -> Servicer:
    """Give the servicer of drafts."""
    return Servicer(
        Drafts(runtime),
        stubs.add_DraftsServiceServicer_to_server,
        pb.DESCRIPTOR.services_by_name["DraftsService"].full_name,
    )


class Drafts(stubs.DraftsServiceServicer):
    """Parses, executes, replies. A draft is its owner's; a team manager stands in for anybody."""

    def __init__(self, runtime: "Runtime") -> None:
        self._shell = runtime.shell
        self._vault = runtime.vault
        self._directory = runtime.directory
        self._receiving = Receiving.of(runtime)

    async def StartDraft(  # noqa: N802 # the contract's name
        self, request: pb.StartDraftRequest, _context: Context
    ) -> pb.StartDraftResponse:
        """Start a draft."""
        by = caller()
        asked = command_context(request.context, by)
        draft, text = made_by("draft", asked.command_id), text_of(request.content)
        command = BeginDraft(
            DraftStarted(draft, by.actor.id, None),
            Plain(text),
            await self._key(asked.tenant, draft, 1, text),
            self._partnership(asked.tenant),
        )
        done = await self._shell.command(request.context, command)
        return pb.StartDraftResponse(receipt=self._shell.receipt(done), draft_id=str(draft))

    async def SaveDraft(  # noqa: N802 # the contract's name
        self, request: pb.SaveDraftRequest, _context: Context
    ) -> pb.SaveDraftResponse:
        """Save the whole content."""
        tenant = tenant_of(request.context, caller())
        draft, text = a_uuid("draft_id", request.draft_id), text_of(request.content)
        number = self._last(await self._own(tenant, draft)).saved.number
        command = WriteDraft(
            draft,
            Plain(text),
            number,
            await self._key(tenant, draft, number, text),
            await self._key(tenant, draft, number + 1, text),
            self._partnership(tenant),
        )
        done = await self._shell.command(request.context, command)
        return pb.SaveDraftResponse(receipt=self._shell.receipt(done))

    async def CheckDraft(  # noqa: N802 # the contract's name
        self, request: pb.CheckDraftRequest, _context: Context
    ) -> pb.CheckDraftResponse:
        """Say what would be wrong if the draft were sent now."""
        tenant = tenant_of(request.context, caller())
        draft = a_uuid("draft_id", request.draft_id)
        state = await self._own(tenant, draft)
        text = await self._opened(purpose(request.context), tenant, self._last(state))
        body = whole(text, self._said_by_us(draft, tenant, await self._now(tenant)))
        try:
            parse(body, self._receiving.places)
        except Malformed as wrong:
            return pb.CheckDraftResponse(
                errors=[
                    pb.FieldError(field=each.field, code=each.code, allowed=each.allowed)
                    for each in wrong.violations
                ]
            )
        return pb.CheckDraftResponse()

    async def SendDraft(  # noqa: N802 # the contract's name
        self, request: pb.SendDraftRequest, _context: Context
    ) -> pb.SendDraftResponse:
        """Receive the draft as a submission; what is wrong is named, and the draft stays."""
        asked = command_context(request.context, caller())
        draft = a_uuid("draft_id", request.draft_id)
        state = await self._own(asked.tenant, draft)
        if not isinstance(state, Open):
            received = await self._receiving.again(asked, draft, RecallSent(draft))
            return replies.sent(received)
        text = await self._opened(TO_SEND, asked.tenant, self._last(state))
        now = await self._now(asked.tenant)
        body = whole(text, self._said_by_us(draft, asked.tenant, now))
        submission = parse(body, self._receiving.places)
        command = SendDraft(draft, await self._receiving.command(asked.tenant, submission))
        return replies.sent(await self._receiving.execute(asked, submission, command))

    async def DiscardDraft(  # noqa: N802 # the contract's name
        self, request: pb.DiscardDraftRequest, _context: Context
    ) -> pb.DiscardDraftResponse:
        """Let go of a draft."""
        draft = a_uuid("draft_id", request.draft_id)
        await self._own(tenant_of(request.context, caller()), draft)
        done = await self._shell.command(request.context, DiscardDraft(draft))
        return pb.DiscardDraftResponse(receipt=self._shell.receipt(done))

    async def GetDraft(  # noqa: N802 # the contract's name
        self, request: pb.GetDraftRequest, _context: Context
    ) -> pb.GetDraftResponse:
        """Answer a draft; its content on request, while it is open."""
        tenant = tenant_of(request.context, caller())
        state = await self._own(tenant, a_uuid("draft_id", request.draft_id))
        text = ""
        if request.unseal and isinstance(state, Open):
            text = await self._opened(purpose(request.context), tenant, state)
        return replies.draft(state, text)

    async def ListDrafts(  # noqa: N802 # the contract's name
        self, request: pb.ListDraftsRequest, _context: Context
    ) -> pb.ListDraftsResponse:
        """Answer a page of the caller's drafts."""
        by = caller()
        tenant = tenant_of(request.context, by)
        query = Query(
            owner=a_uuid("token.sub", by.actor.id),
            state=a_choice("state", request.state, State) if request.state else State.OPEN,
            after=place(request.page_token, FIRST),
            limit=page_size(request.page_size),
        )
        async with self._shell.reading(request.context) as rows:
            found = await page(rows, tenant, query)
        answer = pb.ListDraftsResponse(drafts=[replies.listed(each) for each in found])
        if len(found) == query.limit:
            last = found[-1]
            answer.next_page_token = page_token(Place(last.expires_at, last.draft_id))
        return answer

    async def _own(self, tenant: UUID, draft: UUID) -> Draft:
        state: Draft = await self._shell.state(tenant, DRAFT, draft_stream(draft))
        last = written(state)
        if last is None or not _may_see(caller(), last):
            raise NotFound("draft")
        return state

    async def _opened(self, reason: str, tenant: UUID, last: Open) -> str:
        [text] = await self._shell.unseal(reason, [last.saved.content], tenant=tenant)
        if not isinstance(text, str):
            # Its keys are destroyed.
            raise NotFound("draft")
        return text

    async def _now(self, tenant: UUID) -> datetime:
        """Return the store's clock: what is received now is judged by it."""
        found = await self._shell.store.look(tenant, frozenset([tenant]), Wanted())
        return found.now

    async def _key(self, tenant: UUID, draft: UUID, number: int, text: str) -> str:
        return await self._vault.blind_index(tenant, CONTENT_CLAIM, key_text(draft, number, text))

    def _said_by_us(self, draft: UUID, tenant: UUID, now: datetime) -> dict[str, str]:
        authority = self._directory.by_id(tenant)
        slug = authority.slug if authority else ""
        return said_by_us(draft, now, slug, self._partnership(tenant))

    def _partnership(self, tenant: UUID) -> str:
        found = self._directory.partnership_of(tenant)
        return found.slug if found else ""

    @staticmethod
    def _last(state: Draft) -> Open:
        last = written(state)
        if last is None:
            raise NotFound("draft")
        return last


def _may_see(by: Caller, last: Open) -> bool:
    return last.started.owner == by.actor.id or Role.TEAM_MANAGER in by.roles
