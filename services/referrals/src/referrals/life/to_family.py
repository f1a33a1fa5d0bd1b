"""What a family is told of a decline: opened at the moment of sending, for whoever is of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from chassis.edge.malformed import a_uuid
from chassis.edge.rpc import caller, tenant_of
from chassis.failures import NotFound
from ledger.clock import london_day
from ledger.personal import Block
from referrals.life.events import ReferralReceived
from referrals.life.referral import REFERRAL
from referrals.life.states import Declined, Referral, said_of
from referrals.people.person import PERSON, Child
from referrals.people.showing import words_are_shown
from referrals.readings import purpose as purpose_of
from referrals.streams import person_stream, referral_stream
from throughline.referrals.v1 import referrals_pb2 as pb

if TYPE_CHECKING:
    from chassis.commands.shell import Shell

SPEAKS_FOR_FAMILY: Final = frozenset({"adopter", "adopted-adult"})
"""Kinds of referrer who are of the family themselves."""


@dataclass(frozen=True, slots=True)
class ToFamily:
    """Answers whoever sends; who that is was decided before."""

    shell: "Shell"

    async def words(self, request: pb.GetWordsToFamilyRequest) -> pb.GetWordsToFamilyResponse:
        """Answer a decline's words to the family; there are none for anybody who is not of it."""
        tenant, purpose = tenant_of(request.context, caller()), purpose_of(request.context)
        stream = referral_stream(a_uuid("referral_id", request.referral_id))
        to = a_uuid("person_id", request.person_id)
        state: Referral = await self.shell.state(tenant, REFERRAL, stream)
        said = said_of(state)
        if said is None or not isinstance(state, Declined) or to not in of_the_family(said):
            raise NotFound("referral")
        child = await self.shell.state(tenant, PERSON, person_stream(said.child))
        # Words about a child as it was before adoption go out to nobody.
        said_on = london_day(said.received_at)
        if isinstance(child, Child) and not words_are_shown(child.known, said_on):
            return pb.GetWordsToFamilyResponse()
        # They were written to be sent, so whoever sends may open them, though no other narrative.
        [words] = await self.shell.unseal(
            purpose,
            [state.words],
            tenant=tenant,
            case_id=said.case,
            also=frozenset([Block.NARRATIVE]),
        )
        return pb.GetWordsToFamilyResponse(words=words if isinstance(words, str) else "")


def of_the_family(said: ReferralReceived) -> frozenset[UUID]:
    """Return who may be told what the family is told."""
    named = {*said.adults, *([said.contact] if said.contact else [])}
    return frozenset(
        named | ({said.referrer} if said.referrer_kind in SPEAKS_FOR_FAMILY else set())
    )
