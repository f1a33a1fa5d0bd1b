"""The carrier: takes the copy of a redirected referral to the other authority, once.

What is sealed with the one authority is opened at that moment, which is recorded there, and sealed
again under the keys of the other in the same breath; nothing of it stands anywhere in between. The
identity is the service's own, for both authorities. A carrier that dies is followed by another: the
command's id is made from the offer, so the copy is made once however often it is taken up.
"""

from typing import TYPE_CHECKING, Final
from uuid import UUID

from chassis.acting import Act
from chassis.failures import NotFound
from chassis.followers.errands import Errands
from chassis.roles import Role
from chassis.running import logs
from ledger.clock import london_day
from ledger.envelope import Actor
from ledger.ids import caused_id
from referrals.consents.consent import CONSENT, ConsentGiven, held
from referrals.duty.timeline import TIMELINE
from referrals.intake.compose import ReceiveSubmission
from referrals.life.referral import REFERRAL
from referrals.life.states import Redirected, Referral
from referrals.people.names import child_key
from referrals.people.person import CHILD_CLAIM, Adult, Child, Referrer
from referrals.people.showing import visible
from referrals.people.sides import Side
from referrals.people.threads import thread_of
from referrals.redirects.arrival import ReceiveRedirected
from referrals.redirects.events import RedirectOffered
from referrals.redirects.incoming import INCOMING, Incoming, NeverToArrive, NotArrived
from referrals.redirects.law import law_by_now
from referrals.redirects.packet import Opened, Packet, copy_of
from referrals.redirects.redirect import REDIRECT, EndUnsent, NoteDelivered, Offered, Redirect
from referrals.redirects.redirects import Undelivered, undelivered
from referrals.screening.held import screen_held
from referrals.screening.screen import SCREEN, Held, SafeguardingAnswered
from referrals.streams import (
    SERVICE,
    consent_stream,
    incoming_stream,
    redirect_stream,
    referral_stream,
    screen_stream,
    timeline_stream,
)
from vault.access import Access

if TYPE_CHECKING:
    from chassis.runtime import Runtime

NAME: Final = "redirects-carrier"
ACTOR: Final = Actor(f"service:{SERVICE}", Role.SERVICE.value)
PURPOSE: Final = "redirect"

_log = logs.logger(__name__)


class NothingToCarry(Exception):  # noqa: N818 # named for what is wrong
    """A fact that is to go along is not there; the words hold ids alone."""


class Carrier:
    """Carries redirects over, each to its end."""

    def __init__(self, runtime: "Runtime") -> None:
        self._runtime = runtime
        self._shell = runtime.shell
        self._vault = runtime.vault

    async def carry(self, due: Undelivered) -> None:
        """Bring the copy to the other side unless it is there, and note that it is."""
        state: Redirect = await self._shell.state(
            due.tenant, REDIRECT, redirect_stream(due.redirect_id)
        )
        match state:
            case Offered(said=said, delivered=False) if not said.outside:
                pass
            case _:
                return
        there: Incoming = await self._shell.state(
            said.to_authority, INCOMING, incoming_stream(due.redirect_id)
        )
        if isinstance(there, NeverToArrive):
            return
        if isinstance(there, NotArrived):
            try:
                await self._bring(due, said)
            except (NothingToCarry, NotFound) as error:
                _log.error(
                    "redirect cannot be sent",
                    stream_id=redirect_stream(due.redirect_id),
                    error=type(error).__name__,
                )
                end = EndUnsent(due.redirect_id)
                await self._do(due, end, due.tenant, redirect_stream(due.redirect_id))
                return
        note = NoteDelivered(due.redirect_id)
        await self._do(due, note, due.tenant, redirect_stream(due.redirect_id))

    async def _bring(self, due: Undelivered, said: RedirectOffered) -> None:
        packet = await self._packet(due.tenant, said)
        consent = await self._consent(due.tenant, packet)
        opened = await self._opened(due, packet)
        command = await self._command(due, packet, opened, consent)
        await self._do(due, command, said.to_authority, incoming_stream(due.redirect_id))

    async def _opened(self, due: Undelivered, packet: Packet) -> Opened:
        """Open what goes along, which is recorded first. What was shredded is nothing."""
        access = Access(
            ACTOR,
            PURPOSE,
            due.tenant,
            case_id=packet.referral.case,
            correlation_id=due.correlation_id,
        )
        sealed = packet.sealed()
        values = await self._vault.open(list(sealed.values()), access)
        opened = {
            name: value if isinstance(value, str) else None
            for name, value in zip(sealed, values, strict=True)
        }
        if not opened.get("child.date_of_birth"):
            raise NothingToCarry(f"nobody can tell the child of {packet.referral.referral}")
        return opened

    async def _command(
        self, due: Undelivered, packet: Packet, opened: Opened, consent: ConsentGiven | None
    ) -> ReceiveRedirected:
        said, referral = packet.offered, packet.referral
        directory = self._runtime.directory
        agency = directory.partnership_of(said.to_authority)
        sender = directory.by_id(due.tenant)
        if sender is None:
            raise NothingToCarry(f"{due.tenant} is no authority of the directory")
        copy = copy_of(packet, opened, agency.slug if agency else "")
        child = copy.children[0]
        text = child_key(child.said.given_name, child.said.family_name, child.born_on)
        key = await self._vault.blind_index(said.to_authority, CHILD_CLAIM, text) if text else None
        return ReceiveRedirected(
            redirect=due.redirect_id,
            sent_by=sender.slug,
            sent_by_authority=due.tenant,
            sent_referral=referral.referral,
            case=referral.case,
            family=referral.family,
            ground=said.ground,
            consent=consent.capacity.value if consent else None,
            consent_from=consent.from_day if consent else None,
            forbidden=packet.forbidden,
            copy=ReceiveSubmission(copy, (key,), frozenset(directory.partnerships)),
        )

    async def _packet(self, tenant: UUID, said: RedirectOffered) -> Packet:
        """Read the facts that go along. Raises NothingToCarry where one is not there."""
        state: Referral = await self._shell.state(tenant, REFERRAL, referral_stream(said.referral))
        if not isinstance(state, Redirected):
            raise NothingToCarry(f"referral {said.referral} is not redirected")
        referral = state.before.desk.said
        child_id, child = await thread_of(self._shell, tenant, referral.child)
        _, referrer = await thread_of(self._shell, tenant, referral.referrer)
        adults = [(await thread_of(self._shell, tenant, each))[1] for each in referral.adults]
        line = await self._shell.state(tenant, TIMELINE, timeline_stream(child_id))
        if not isinstance(child, Child) or not isinstance(referrer, Referrer):
            raise NothingToCarry(f"referral {said.referral} names people who are not there")
        if child.latest is None or visible(child.known, Side.AFTER).name is None:
            raise NothingToCarry(f"the child of referral {said.referral} is not to be told of")
        return Packet(
            offered=said,
            referral=referral,
            screening=await self._safeguarding(tenant, state),
            law=law_by_now(referral, line),
            child=child,
            described=child.latest,
            adults=tuple(each for each in adults if isinstance(each, Adult)),
            referrer=referrer,
            on=london_day(await self._shell.rows.now()),
        )

    async def _safeguarding(self, tenant: UUID, referral: Redirected) -> SafeguardingAnswered:
        screen = screen_held(referral.before.desk)
        answered = await self._shell.state(tenant, SCREEN, screen_stream(screen))
        if not isinstance(answered, Held):
            raise NothingToCarry(f"screen {screen} was not held")
        return answered.answered

    async def _consent(self, tenant: UUID, packet: Packet) -> ConsentGiven | None:
        """Return the consent that it rests on, looked at before anything is opened."""
        said = packet.offered
        if said.recipient is None:
            return None
        stream = consent_stream(said.child, said.recipient)
        consent = held(await self._shell.state(tenant, CONSENT, stream), packet.on)
        if consent is None:
            raise NothingToCarry(f"the consent for redirect {said.redirect} holds no longer")
        return consent

    async def _do(self, due: Undelivered, command: object, tenant: UUID, target: UUID) -> None:
        await self._shell.execute(
            Act(
                command_id=caused_id(SERVICE, due.offered_by, type(command).__name__, target),
                tenant=tenant,
                scope=frozenset([tenant]),
                actor=ACTOR,
                command=command,
                correlation_id=due.correlation_id,
                causation_id=due.offered_by,
            )
        )


def errands(runtime: "Runtime") -> Errands[Undelivered]:
    """Return the redirects that are to be brought over, as errands of this process."""
    return Errands(
        runtime,
        NAME,
        undelivered,
        lambda due: due.redirect_id,
        redirect_stream,
        Carrier(runtime).carry,
    )


async def carry_redirects(runtime: "Runtime") -> None:
    """Carry as the one leader, whenever it is this process's turn, until it is asked to end."""
    await errands(runtime).go_on()
