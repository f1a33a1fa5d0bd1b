"""A case is offered to one at a time, and passes to another authority only by that one's answer."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from casework.cases.case import Case, CaseIsClosed, Closed, CloseReason, NoSuchCase, NotOpened, Open
from casework.transfers.codes import Ground, Kind, Part, Reason, RefuseReason, RevokeReason
from casework.transfers.events import (
    AgencyTookOver,
    CustodyCameBack,
    CustodyPassed,
    TeamTookOver,
    TransferAskedBack,
    TransferOffered,
    TransferRefused,
    TransferRevoked,
)
from casework.transfers.transfer import (
    DECIDER,
    AnswerIsTheirs,
    CaseHasGone,
    LeadIsMissing,
    MoreThanTheMinimum,
    NoConsentToShare,
    NotOffered,
    OfferedAlready,
)
from casework.transfers.transfer_commands import (
    Agreed,
    NotAgreed,
    NoteBack,
    NoteGivenBack,
    NoteRefused,
    Offer,
    PassCustody,
    Revoke,
    TakeOver,
    TransferCommand,
    Whither,
)
from ledger.personal import Plain
from ledger.testing import Given, Transitions

T, U, CASE, CHILD, FAMILY, ADULT, HERE, THERE, LEAD, ACCEPTED, BACK = (
    UUID(int=n) for n in range(1, 12)
)
NONE: Plain[str | None] = Plain(None)
OPEN = Open(CASE, CHILD, FAMILY, ADULT, 2, date(2025, 9, 8), frozenset())
CLOSED = Closed(OPEN, CloseReason.MOVED, date(2026, 1, 9))
MINIMUM = (Part.CASE, Part.SAFEGUARDING)

to_authority = Whither(Kind.AUTHORITY, "northmoor", THERE)
to_team = Whither(Kind.TEAM, "north-team", None)
to_agency = Whither(Kind.AGENCY, "camhs", None)
parts = frozenset({Part.PLAN})
offer = Offer(T, OPEN, to_authority, Ground.CONSENT, Agreed(), Reason.FAMILY_MOVED, parts, NONE)
offered = TransferOffered(
    T,
    CASE,
    CHILD,
    Kind.AUTHORITY,
    "northmoor",
    THERE,
    Ground.CONSENT,
    Reason.FAMILY_MOVED,
    (*MINIMUM, Part.PLAN),
    NONE,
)
in_team = replace(offered, kind=Kind.TEAM, to="north-team", to_authority=None)
at_agency = replace(offered, kind=Kind.AGENCY, to="camhs", to_authority=None)
revoke = Revoke(RevokeReason.CONSENT_WITHDRAWN)
asked_back = TransferAskedBack(T, CASE, THERE, RevokeReason.CONSENT_WITHDRAWN)
revoked = TransferRevoked(T, CASE, RevokeReason.CONSENT_WITHDRAWN)
refuse = NoteRefused(T, RefuseReason.NO_CAPACITY)
refused = TransferRefused(T, CASE, RefuseReason.NO_CAPACITY)
passing = PassCustody(T, OPEN, HERE, LEAD, ACCEPTED)
passed = CustodyPassed(
    T,
    CASE,
    CHILD,
    FAMILY,
    ADULT,
    2,
    HERE,
    THERE,
    "northmoor",
    LEAD,
    ACCEPTED,
    (*MINIMUM, Part.PLAN),
)
came_back = CustodyCameBack(U, CASE, BACK)

transfer = Given(DECIDER)
waiting = transfer.given(offered)
asked = waiting.given(asked_back)
gone = waiting.given(passed)


def test_a_case_is_offered_with_what_goes_along_and_always_with_the_minimum() -> None:
    transfer.when(offer).then(offered)
    waiting.when(offer).then()
    bare = replace(offer, parts=frozenset())
    transfer.when(bare).then(replace(offered, parts=MINIMUM))


def test_without_consent_the_minimum_goes_on_the_ground_of_duty_and_nothing_else() -> None:
    unasked = replace(offer, consent=NotAgreed())
    by_law = replace(unasked, ground=Ground.STATUTORY_DUTY)
    transfer.when(unasked).then_refused(NoConsentToShare)
    transfer.when(by_law).then_refused(MoreThanTheMinimum)
    least = replace(offered, ground=Ground.STATUTORY_DUTY, parts=MINIMUM)
    transfer.when(replace(by_law, parts=frozenset())).then(least)


def test_a_team_needs_no_consent() -> None:
    transfer.when(replace(offer, whither=to_team, consent=NotAgreed())).then(in_team)
    transfer.when(replace(offer, whither=to_agency, consent=NotAgreed())).then_refused(
        NoConsentToShare
    )


def test_only_an_open_case_is_offered_and_to_one_at_a_time() -> None:
    absent: Case = NotOpened()
    transfer.when(replace(offer, case=absent)).then_refused(NoSuchCase)
    transfer.when(replace(offer, case=CLOSED)).then_refused(CaseIsClosed)
    waiting.when(replace(offer, transfer=U)).then_refused(OfferedAlready)
    asked.when(replace(offer, transfer=U)).then_refused(OfferedAlready)
    waiting.given(refused).when(replace(offer, transfer=U)).then(replace(offered, transfer=U))


def test_an_offer_is_taken_back_at_once_unless_another_authority_may_have_accepted() -> None:
    waiting.when(revoke).then(asked_back)
    asked.when(revoke).then()
    asked.when(NoteGivenBack(T)).then(revoked)
    transfer.given(in_team).when(revoke).then(revoked)
    transfer.given(in_team, revoked).when(revoke).then()
    transfer.when(revoke).then_refused(NotOffered)
    waiting.when(NoteGivenBack(T)).then()


def test_a_refusal_leaves_the_case_where_it_is() -> None:
    waiting.when(refuse).then(refused)
    asked.when(refuse).then(refused)
    waiting.given(refused).when(refuse).then()
    waiting.when(replace(refuse, transfer=U)).then()


def test_a_team_takes_over_with_a_lead_and_an_agency_without() -> None:
    team, agency = TeamTookOver(T, CASE, "north-team", LEAD), AgencyTookOver(T, CASE, "camhs")
    transfer.given(in_team).when(TakeOver(LEAD)).then(team)
    transfer.given(in_team, team).when(TakeOver(LEAD)).then()
    transfer.given(in_team).when(TakeOver(None)).then_refused(LeadIsMissing)
    for lead in (None, LEAD):
        transfer.given(at_agency).when(TakeOver(lead)).then(agency)
        transfer.given(at_agency, agency).when(TakeOver(lead)).then()
    waiting.when(TakeOver(LEAD)).then_refused(AnswerIsTheirs)
    transfer.when(TakeOver(LEAD)).then_refused(NotOffered)


def test_custody_passes_by_the_others_acceptance_also_where_it_was_asked_back() -> None:
    waiting.when(passing).then(passed)
    asked.when(passing).then(passed)
    waiting.when(replace(passing, case=CLOSED)).then(passed)


def test_custody_passes_once_and_never_of_an_offer_that_is_over() -> None:
    gone.when(passing).then()
    transfer.when(passing).then()
    asked.given(revoked).when(passing).then()
    waiting.when(replace(passing, transfer=U)).then()
    transfer.given(in_team).when(passing).then()


def test_of_a_case_that_is_gone_nothing_can_be_done_until_it_comes_back() -> None:
    for each in (offer, revoke, TakeOver(LEAD)):
        gone.when(replace(each, transfer=U) if each is offer else each).then_refused(CaseHasGone)
    gone.when(NoteBack(U, BACK)).then(came_back)
    gone.given(came_back).when(replace(offer, transfer=U)).then(replace(offered, transfer=U))
    waiting.when(NoteBack(U, BACK)).then()


histories = st.lists(
    st.sampled_from([offered, in_team, at_agency, asked_back, revoked, refused, passed, came_back]),
    max_size=5,
)
commands: st.SearchStrategy[TransferCommand] = st.sampled_from(
    [offer, revoke, refuse, passing, TakeOver(LEAD), TakeOver(None), NoteGivenBack(T)]
)


@given(histories, commands)
def test_any_command_twice_decides_nothing_the_second_time(
    history: list[object], command: TransferCommand
) -> None:
    before = transfer.given(*history)
    if before.when(command).refusal is None:
        before.repeats_nothing(command)


TRANSITIONS = Transitions(
    {
        "staying": transfer,
        "offered": waiting,
        "offered to a team": transfer.given(in_team),
        "offered to an agency": transfer.given(at_agency),
        "asked back": asked,
        "gone": gone,
    },
    {
        "offer": offer,
        "take the offer back": revoke,
        "note the refusal": refuse,
        "note that it was given back": NoteGivenBack(T),
        "take over": TakeOver(LEAD),
        "pass custody": passing,
        "note that it came back": NoteBack(U, BACK),
    },
)
