"""A complaint has three stages with clocks in working days; whom it is about does not handle it."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from casework.complaints.clocks import reply_clock, report_clock, stage_clock
from casework.complaints.complaint import (
    DECIDER,
    AnsweredOtherwise,
    ComplaintIsWithdrawn,
    HandledByThoseComplainedOf,
    NoLongerTime,
    NoSuchComplaint,
    NotAwaited,
    StageNotNext,
)
from casework.complaints.complaint_commands import (
    Answer,
    Complain,
    ComplaintCommand,
    Extend,
    GoOn,
    HoldPanel,
    NoteOverdue,
    TakeReport,
    WithdrawComplaint,
)
from casework.complaints.complaint_events import (
    Awaited,
    ComplaintMade,
    ComplaintWithdrawn,
    Finding,
    Matter,
    PanelHeld,
    PanelReported,
    StageAnswered,
    StageBegun,
    StageExtended,
    StageOverdue,
)
from casework.rules.policies import shipped
from ledger.personal import Plain
from ledger.testing import Given, Transitions

COMPLAINT, CASE, CHILD, ADOPTER, NOTICE, WORKER, MEG = (UUID(int=n) for n in range(1, 8))
FEB_2, FEB_16, MARCH_2, MARCH_9 = (
    date(2026, 2, 2),
    date(2026, 2, 16),
    date(2026, 3, 2),
    date(2026, 3, 9),
)
RULES = shipped().on(FEB_2)
WORDS = Plain("It was decided over our heads.")
FIRST = stage_clock(1, FEB_2, RULES)
SECOND = stage_clock(2, MARCH_9, RULES)
THIRD = stage_clock(3, date(2026, 5, 1), RULES)
REPORT, REPLY = report_clock(date(2026, 6, 1), RULES), reply_clock(date(2026, 6, 5), RULES)

complain = Complain(
    COMPLAINT, ADOPTER, CHILD, Matter(CASE, NOTICE, WORKER), MEG, FEB_2, FIRST, WORDS
)
extend = Extend(WORDS)
answer = Answer(Finding.NOT_UPHELD, str(MEG), FEB_16, WORDS)
go_on = GoOn(2, MEG, MARCH_9, SECOND)
to_panel = GoOn(3, MEG, date(2026, 5, 1), THIRD)
hold = HoldPanel(date(2026, 6, 1), REPORT)
report = TakeReport(date(2026, 6, 5), REPLY, WORDS)

made = ComplaintMade(
    COMPLAINT, ADOPTER, CHILD, Matter(CASE, NOTICE, WORKER), MEG, FEB_2, FIRST, WORDS
)
extended = StageExtended(COMPLAINT, CHILD, 1, MARCH_2, WORDS)
answered = StageAnswered(COMPLAINT, CHILD, 1, Finding.NOT_UPHELD, str(MEG), FEB_16, WORDS)
second = StageBegun(COMPLAINT, 2, MEG, MARCH_9, SECOND)
third = StageBegun(COMPLAINT, 3, MEG, date(2026, 5, 1), THIRD)
held = PanelHeld(COMPLAINT, date(2026, 6, 1), REPORT)
reported = PanelReported(COMPLAINT, CHILD, date(2026, 6, 5), REPLY, WORDS)
withdrawn = ComplaintWithdrawn(COMPLAINT, MARCH_9)

complaint = Given(DECIDER)
local = complaint.given(made)
longer = local.given(extended)
replied = local.given(answered)
investigated = replied.given(second)
before_panel = investigated.given(replace(answered, stage=2), third)
after_panel = before_panel.given(held)
to_reply = after_panel.given(reported)
over = local.given(withdrawn)

TRANSITIONS = Transitions(
    {
        "not made": complaint,
        "stage 1": local,
        "stage 1, with more time": longer,
        "stage 1 answered": replied,
        "stage 2": investigated,
        "stage 3, before the panel": before_panel,
        "stage 3, before its report": after_panel,
        "stage 3, before the reply": to_reply,
        "withdrawn": over,
    },
    {
        "complain": complain,
        "take more time": extend,
        "answer": answer,
        "answer, as whom it is about": replace(answer, by=str(WORKER)),
        "go on to stage 2": go_on,
        "go on to stage 3": to_panel,
        "hold the panel": hold,
        "take the panel's report": report,
        "note that a day is over": NoteOverdue(FEB_16),
        "withdraw": WithdrawComplaint(MARCH_9),
    },
)


def test_the_first_stage_is_due_in_ten_working_days_and_at_most_twenty() -> None:
    assert (FIRST.due_on, FIRST.latest_on, FIRST.rule) == (FEB_16, MARCH_2, "2005-12-30")
    # Good Friday is 3 April 2026, and Monday the 6th a bank holiday.
    around_easter = stage_clock(1, date(2026, 4, 1), RULES)
    assert around_easter.due_on == date(2026, 4, 17)
    complaint.when(complain).then(made)
    local.when(complain).then()


def test_the_later_stages_have_clocks_of_their_own() -> None:
    assert (SECOND.due_on, SECOND.latest_on) == (date(2026, 4, 15), date(2026, 6, 12))
    assert THIRD.due_on == THIRD.latest_on == date(2026, 6, 16)
    assert (REPORT.due_on, REPLY.due_on) == (date(2026, 6, 8), date(2026, 6, 20))


def test_it_may_take_longer_once_and_the_family_is_told_why() -> None:
    local.when(extend).then(extended)
    longer.when(extend).then()
    replied.when(extend).then_refused(NoLongerTime)
    before_panel.when(extend).then_refused(NoLongerTime)


def test_a_day_that_is_over_is_noted_once() -> None:
    late = StageOverdue(COMPLAINT, 1, Awaited.ANSWER, FEB_16, MARCH_2)
    local.when(NoteOverdue(FEB_16)).then(late)
    local.given(late).when(NoteOverdue(FEB_16)).then()
    local.given(late).when(NoteOverdue(MARCH_2)).then(replace(late, due_on=MARCH_2, again_on=None))
    longer.when(NoteOverdue(FEB_16)).then()
    replied.when(NoteOverdue(FEB_16)).then()
    local.when(NoteOverdue(FEB_2)).then()


def test_whom_it_is_about_neither_handles_nor_answers_it() -> None:
    complaint.when(replace(complain, handler=WORKER)).then_refused(HandledByThoseComplainedOf)
    local.when(replace(answer, by=str(WORKER))).then_refused(HandledByThoseComplainedOf)
    replied.when(replace(go_on, handler=WORKER)).then_refused(HandledByThoseComplainedOf)


def test_each_stage_comes_after_the_one_before_was_answered() -> None:
    local.when(answer).then(answered)
    replied.when(answer).then()
    replied.when(replace(answer, finding=Finding.UPHELD)).then_refused(AnsweredOtherwise)
    replied.when(go_on).then(second)
    investigated.when(go_on).then()
    replied.when(to_panel).then_refused(StageNotNext)
    investigated.when(to_panel).then_refused(StageNotNext)
    investigated.given(replace(answered, stage=2)).when(to_panel).then(third)


def test_nobody_waits_longer_than_the_first_stage_may_take() -> None:
    local.when(go_on).then(second)
    local.when(replace(go_on, on=MARCH_2)).then_refused(StageNotNext)


def test_the_panel_meets_reports_and_the_authority_replies() -> None:
    before_panel.when(answer).then_refused(NotAwaited)
    before_panel.when(report).then_refused(NotAwaited)
    before_panel.when(hold).then(held)
    after_panel.when(hold).then()
    after_panel.when(report).then(reported)
    to_reply.when(report).then()
    to_reply.when(answer).then(replace(answered, stage=3))
    last = to_reply.given(replace(answered, stage=3))
    last.when(replace(go_on, stage=4)).then_refused(StageNotNext)
    replied.when(hold).then_refused(NotAwaited)


def test_it_is_withdrawn_by_who_made_it() -> None:
    for each in (local, replied, investigated):
        each.when(WithdrawComplaint(MARCH_9)).then(withdrawn)
    over.when(WithdrawComplaint(MARCH_9)).then()
    over.when(answer).then_refused(ComplaintIsWithdrawn)
    over.when(NoteOverdue(FEB_16)).then()


def test_what_is_no_complaint_is_answered_as_absent() -> None:
    for each in (extend, answer, go_on, hold, report, NoteOverdue(FEB_16)):
        complaint.when(each).then_refused(NoSuchComplaint)


commands: st.SearchStrategy[ComplaintCommand] = st.sampled_from(
    [
        complain,
        extend,
        answer,
        go_on,
        to_panel,
        hold,
        report,
        NoteOverdue(FEB_16),
        NoteOverdue(MARCH_2),
        WithdrawComplaint(MARCH_9),
    ]
)


@given(st.lists(commands, max_size=15))
def test_a_repeated_command_decides_nothing(history: list[ComplaintCommand]) -> None:
    so_far = local
    for command in history:
        decided = so_far.when(command)
        if decided.refusal is None:
            so_far.repeats_nothing(command)
            so_far = so_far.given(*decided.events)
