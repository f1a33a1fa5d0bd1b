"""The earlier referral that a message is about, by the reference that we answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from chassis.edge.malformed import Malformed, Violation
from ledger.commands import Claim
from ledger.looking import holder
from referrals.intake.bars.codes import REFERENCES
from referrals.intake.bars.mapping import NOT_FOUND, ROUTE
from referrals.intake.bars.message import REQUIRED, Entry
from referrals.intake.reference import normalised
from referrals.life.referral import REFERENCE_CLAIM, REFERRAL
from referrals.life.states import said_of

if TYPE_CHECKING:
    from chassis.commands.shell import Shell

NOT_CURRENT: Final = "not-current"


@dataclass(frozen=True, slots=True)
class Earlier:
    """A referral as the sender of a message knows it. `at`: where the reference stood."""

    reference: str
    at: str


def earlier(request: Entry) -> Earlier | Violation:
    """Return the referral that a request names, or what is wrong with how it does."""
    named = dict(_references(request))
    if len(named) != 1:
        allowed = f"one of {REFERENCES}, as it was answered"
        return Violation(f"{request.at}.identifier", REQUIRED, allowed)
    [(at, reference)] = named.items()
    return Earlier(reference, at)


async def referral_of(shell: "Shell", tenant: UUID, said: Earlier) -> UUID:
    """Find a referral that came by a message; no other is changed by one."""
    stream = await holder(shell.store, tenant, Claim(REFERENCE_CLAIM, said.reference))
    known = said_of(await shell.state(tenant, REFERRAL, stream)) if stream else None
    if known is None or known.route != ROUTE:
        raise Malformed([Violation(said.at, NOT_FOUND, "a referral that came by a message")])
    return known.referral


def _references(request: Entry) -> Iterator[tuple[str, str]]:
    for index, each in enumerate(request.resource.get("identifier", ())):
        reference = normalised(str(each.get("value", "")))
        if each.get("system") == REFERENCES and reference is not None:
            yield f"{request.at}.identifier[{index}].value", reference
