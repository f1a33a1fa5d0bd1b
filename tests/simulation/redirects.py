# ruff: noqa: D401 # a story is told, it orders nothing
"""Stories of redirects between two authorities; the client stands for the carrier of the copy."""

from datetime import timedelta
from uuid import UUID

from ledger.personal import Plain
from referrals.intake.answer import ChildAnswer
from referrals.intake.compose import ReceiveSubmission
from referrals.redirects.arrival import ReceiveRedirected
from referrals.redirects.compose import OfferRedirect
from referrals.redirects.incoming import AcknowledgeRedirect, RefuseRedirect
from referrals.redirects.reasons import Ground, RecallReason, RefuseReason
from referrals.redirects.redirect import NoteDelivered, RecallRedirect
from tests.simulation.doing import screened, submission, submitted
from tests.simulation.process import AWAY, HOME, Client, Story

GROUND = Ground.STATUTORY_DUTY


async def a_redirect_is_acknowledged(client: Client) -> None:
    """The other authority says that it has it; a time that is over later changes nothing."""
    child, redirect = await offered(client)
    await carried(client, child, redirect)
    await client.do("acknowledge", "referrals", AcknowledgeRedirect(redirect), AWAY)
    await client.settled()
    client.later("days", timedelta(days=20))
    await client.settled()


async def a_redirect_is_not_acknowledged(client: Client) -> None:
    """The time is over: the referral comes back, and the copy is given back."""
    child, redirect = await offered(client)
    await carried(client, child, redirect)
    await client.settled()
    client.later("days", timedelta(days=20))
    await client.settled()


async def a_redirect_is_refused_and_offered_again(client: Client) -> None:
    """It comes back by the refusal, and the second one is acknowledged."""
    child, redirect = await offered(client)
    await carried(client, child, redirect)
    refuse = RefuseRedirect(redirect, RefuseReason.NOT_ENOUGH_INFORMATION, Plain(None))
    await client.do("refuse", "referrals", refuse, AWAY)
    await client.settled()
    again = await offer(client, "again", child)
    await carried(client, child, again, "again")
    await client.do("acknowledge", "referrals", AcknowledgeRedirect(again), AWAY)
    await client.settled()


async def a_redirect_is_recalled_before_it_arrives(client: Client) -> None:
    """The carrier comes too late: nothing arrives."""
    child, redirect = await offered(client)
    recall = RecallRedirect(redirect, RecallReason.SENT_IN_ERROR)
    await client.do("recall", "referrals", recall)
    await client.settled()
    await carried(client, child, redirect)
    await client.settled()


STORIES: dict[Story, tuple[str, ...]] = {
    a_redirect_is_acknowledged: ("referrals", "casework"),
    a_redirect_is_not_acknowledged: ("referrals", "casework"),
    a_redirect_is_refused_and_offered_again: ("referrals",),
    a_redirect_is_recalled_before_it_arrives: ("referrals",),
}


async def offered(client: Client) -> tuple[ChildAnswer, UUID]:
    """Submit, screen and offer a referral; answer the child and the redirect."""
    [child] = await submitted(client, "submit")
    await screened(client, "it", child.referral)
    return child, await offer(client, "first", child)


async def offer(client: Client, label: str, child: ChildAnswer) -> UUID:
    """Offer a referral to the other authority."""
    redirect = client.fresh(f"redirect {label}")
    command = OfferRedirect(
        redirect=redirect,
        referral=child.referral,
        to="harrowdale",
        to_authority=AWAY,
        outside=False,
        ground=GROUND,
        recipients=(),
        words=Plain("They placed the child."),
        how_sent=Plain(None),
    )
    await client.do(f"offer {label}", "referrals", command)
    return redirect


async def carried(client: Client, child: ChildAnswer, redirect: UUID, label: str = "first") -> None:
    """Bring the copy over by the carrier's two commands; what it says is no matter here."""
    arrives = ReceiveRedirected(
        redirect=redirect,
        sent_by="westmarch",
        sent_by_authority=HOME,
        sent_referral=child.referral,
        case=child.case,
        family=client.fresh("family"),
        ground=GROUND,
        consent=None,
        consent_from=None,
        forbidden=((),),
        copy=ReceiveSubmission(submission(), (None,), frozenset()),
    )
    await client.do(f"carry {label}", "referrals", arrives, AWAY)
    await client.do(f"carried {label}", "referrals", NoteDelivered(redirect))
