"""Help that cannot wait begins with a manager's authority; what was skipped stays to be seen."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from casework.provision.provision import (
    DECIDER,
    Authorise,
    BeginsBeforeAuthority,
    EndProvision,
    EndReason,
    Missing,
    NoSuchProvision,
    NothingSkipped,
    ProvisionCommand,
    ProvisionIsOver,
    Regularise,
    Skipped,
    StepNotSkipped,
    StepRegularised,
    UrgentProvisionAuthorised,
    UrgentProvisionEnded,
    UrgentProvisionRegularised,
)
from ledger.personal import Plain
from ledger.testing import Given, Transitions

PROVISION, CASE, CHILD, ASSESSMENT, NOTICE = (UUID(int=n) for n in range(1, 6))
FRI_22_MAY, SAT_23_MAY, JUNE_5, JUNE_12 = (
    date(2026, 5, 22),
    date(2026, 5, 23),
    date(2026, 6, 5),
    date(2026, 6, 12),
)
WHY = Plain("The placement may end tomorrow.")
SKIPPED = (Missing(Skipped.ASSESSMENT, JUNE_5), Missing(Skipped.NOTICE, JUNE_12))

authorise = Authorise(
    PROVISION,
    CASE,
    CHILD,
    ("crisis-therapy",),
    SKIPPED,
    "manager",
    FRI_22_MAY,
    SAT_23_MAY,
    "2005-12-30",
    WHY,
)
assess = Regularise(Skipped.ASSESSMENT, ASSESSMENT, JUNE_5)
notify = Regularise(Skipped.NOTICE, NOTICE, JUNE_12)
end = EndProvision(EndReason.NOT_NEEDED, JUNE_5)

authorised = UrgentProvisionAuthorised(
    PROVISION,
    CASE,
    CHILD,
    ("crisis-therapy",),
    SKIPPED,
    "manager",
    FRI_22_MAY,
    SAT_23_MAY,
    "2005-12-30",
    WHY,
)
assessed = StepRegularised(PROVISION, Skipped.ASSESSMENT, ASSESSMENT, JUNE_5)
notified = StepRegularised(PROVISION, Skipped.NOTICE, NOTICE, JUNE_12)
regular = UrgentProvisionRegularised(PROVISION, JUNE_12)
ended = UrgentProvisionEnded(PROVISION, EndReason.NOT_NEEDED, JUNE_5)

provision = Given(DECIDER)
standing = provision.given(authorised)
half = standing.given(assessed)
good = half.given(notified, regular)
over = standing.given(ended)

TRANSITIONS = Transitions(
    {
        "not authorised": provision,
        "standing": standing,
        "standing, the assessment made good": half,
        "all made good": good,
        "ended": over,
    },
    {
        "authorise": authorise,
        "make the assessment good": assess,
        "make the notice good": notify,
        "make the plan good, which was not skipped": replace(assess, step=Skipped.PLAN),
        "end": end,
    },
)


def test_a_manager_lets_help_begin_and_each_skipped_step_is_named_with_its_day() -> None:
    provision.when(authorise).then(authorised)
    standing.when(authorise).then()
    assert [each.step for each in standing.state.known.missing] == [
        Skipped.ASSESSMENT,
        Skipped.NOTICE,
    ]


def test_without_a_skipped_step_there_is_nothing_to_authorise() -> None:
    provision.when(replace(authorise, skipped=())).then_refused(NothingSkipped)
    before = replace(authorise, begins_on=date(2026, 5, 21))
    provision.when(before).then_refused(BeginsBeforeAuthority)


def test_steps_are_made_good_in_any_order_and_the_last_one_makes_all_good() -> None:
    standing.when(assess).then(assessed)
    half.when(assess).then()
    half.when(notify).then(notified, regular)
    standing.given(notified).when(assess).then(
        assessed, UrgentProvisionRegularised(PROVISION, JUNE_5)
    )
    standing.when(replace(assess, step=Skipped.PLAN)).then_refused(StepNotSkipped)
    assert half.state.known.missing == (SKIPPED[1],)


def test_ended_it_can_still_be_made_good_and_stays_ended() -> None:
    standing.when(end).then(ended)
    over.when(end).then()
    over.when(replace(end, reason=EndReason.STEPPED_UP)).then_refused(ProvisionIsOver)
    over.when(assess).then(assessed)
    over.given(assessed).when(notify).then(notified)
    good.when(end).then_refused(ProvisionIsOver)


def test_what_is_no_provision_is_answered_as_absent() -> None:
    for each in (assess, end):
        provision.when(each).then_refused(NoSuchProvision)


commands: st.SearchStrategy[ProvisionCommand] = st.sampled_from([authorise, assess, notify, end])


@given(st.lists(commands, max_size=10))
def test_a_repeated_command_decides_nothing(history: list[ProvisionCommand]) -> None:
    so_far = standing
    for command in history:
        answer = so_far.when(command)
        if answer.refusal is None:
            so_far.repeats_nothing(command)
            so_far = so_far.given(*answer.events)
