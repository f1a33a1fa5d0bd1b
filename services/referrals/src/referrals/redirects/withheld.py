"""What a redirect brought that did not stand: it stays on record, and nobody here opens it."""

from typing import TYPE_CHECKING
from uuid import UUID

from ledger.decider import Refusal
from referrals.people.person import Adult, Child, Referrer
from referrals.redirects.incoming import INCOMING, GivenBack, Incoming, Refused
from referrals.streams import incoming_stream

if TYPE_CHECKING:
    from chassis.commands.shell import Shell


class NoLongerHere(Refusal):
    """Another authority's redirect brought this and did not stand: it is not opened here."""


async def check_is_here(shell: "Shell", tenant: UUID, state: Child | Adult | Referrer) -> None:
    """Raise NoLongerHere where nothing that is known of a person may be opened here."""
    if not await is_here(shell, tenant, state):
        raise NoLongerHere


async def is_here(shell: "Shell", tenant: UUID, state: Child | Adult | Referrer) -> bool:
    """Tell whether a person is known by more than redirects that did not stand."""
    if isinstance(state, Child):
        told_by = {submission for submission, _ in state.said}
    else:
        told_by = {state.said.submission}
    return not all([await _did_not_stand(shell, tenant, each) for each in told_by])


async def _did_not_stand(shell: "Shell", tenant: UUID, submission: UUID) -> bool:
    """Tell whether a submission is the copy that such a redirect brought; most are none."""
    incoming: Incoming = await shell.state(tenant, INCOMING, incoming_stream(submission))
    return isinstance(incoming, GivenBack | Refused)
