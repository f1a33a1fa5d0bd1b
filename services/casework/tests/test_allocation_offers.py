"""Workers are asked to take a part and answer; a handover is a pair of facts."""

from casework.allocations.allocation_commands import (
    EndAllocation,
    NoteUnanswered,
    WithdrawOffer,
)
from casework.allocations.allocation_events import (
    AllocationAccepted,
    AllocationDeclined,
    AllocationEnded,
    AllocationUnanswered,
    AllocationWithdrawn,
    DeclineReason,
    HandoverAccepted,
    Part,
    WithdrawalReason,
)
from casework.allocations.allocation_states import lead_of
from casework.allocations.naming import LeadsAlready
from casework.allocations.offering import (
    HasThatPart,
    NoSuchOffer,
    OfferedAlready,
    OfferNotOpen,
)
from casework.workers.worker import Registered, WorkerKind
from services.casework.tests.allocation_samples import (
    AMINA,
    ANSWER_BY,
    BEN,
    CASE,
    CHILD,
    FAY,
    NAME,
    NO_WORDS,
    OFFER,
    SECOND,
    accept,
    amina,
    ben,
    decline,
    first_episode,
    handing_over,
    handover,
    joint,
    led,
    name,
    named,
    offer,
    offered,
    overtaken,
    waiting,
)


def test_a_handover_is_offered_and_accepted_and_until_then_the_earlier_lead_leads() -> None:
    led.when(offer(ben)).then(handover)
    assert lead_of(handing_over.state) == AMINA
    taken = (HandoverAccepted(CASE, 1, OFFER, AMINA, BEN), named(BEN, AMINA, reason="handover"))
    handing_over.when(accept(ben)).then(*taken)
    assert lead_of(handing_over.given(*taken).state) == BEN
    handing_over.repeats_nothing(accept(ben))


def test_a_lead_that_nobody_has_is_offered_and_accepted() -> None:
    waiting.when(offer(ben)).then(offered)
    waiting.given(offered).when(accept(ben)).then(
        AllocationAccepted(CASE, 1, OFFER, BEN, Part.LEAD), named(BEN, None, reason="handover")
    )


def test_an_offer_is_answered_by_whom_it_was_made_to_and_once() -> None:
    handing_over.when(accept(amina)).then_refused(NoSuchOffer)
    handing_over.when(accept(ben, SECOND)).then_refused(NoSuchOffer)
    declined = AllocationDeclined(
        CASE, CHILD, 1, OFFER, BEN, Part.LEAD, DeclineReason.WORKLOAD, NO_WORDS
    )
    handing_over.when(decline).then(declined)
    handing_over.given(declined).when(decline).then()
    handing_over.given(declined).when(accept(ben)).then_refused(OfferNotOpen)


def test_nobody_is_offered_what_he_has_or_was_just_asked() -> None:
    led.when(offer(amina)).then_refused(LeadsAlready)
    handing_over.when(offer(ben, offer_id=SECOND)).then_refused(OfferedAlready)
    handing_over.when(offer(ben)).then()
    joint.when(offer(ben, Part.CO_WORKER)).then_refused(HasThatPart)


def test_when_another_is_named_open_offers_of_the_lead_are_overtaken() -> None:
    third = Registered(FAY, WorkerKind.SUPPORT_WORKER, (), (), NAME)
    handing_over.when(name(third)).then(named(FAY, AMINA), overtaken)
    handing_over.when(EndAllocation(first_episode)).then(AllocationEnded(CASE, 1, AMINA), overtaken)


def test_an_offer_is_taken_back_or_runs_out() -> None:
    back = WithdrawOffer(OFFER, first_episode, WithdrawalReason.MISTAKE)
    withdrawn = AllocationWithdrawn(CASE, 1, OFFER, BEN, WithdrawalReason.MISTAKE)
    handing_over.when(back).then(withdrawn)
    handing_over.given(withdrawn).when(back).then()
    unanswered = AllocationUnanswered(CASE, 1, OFFER, BEN, ANSWER_BY)
    handing_over.when(NoteUnanswered(OFFER, first_episode)).then(unanswered)
    handing_over.given(withdrawn).when(NoteUnanswered(OFFER, first_episode)).then()
    handing_over.given(unanswered).when(decline).then_refused(OfferNotOpen)
