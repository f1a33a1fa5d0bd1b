"""By when each stage of a complaint is due (SI 2006/1738 regs 14 to 20; DOMAIN §2.6). Pure."""

from datetime import date, timedelta

from casework.complaints.complaint import INVESTIGATION, LOCAL
from casework.complaints.complaint_events import Clock
from casework.rules.policies import CaseworkRules
from ledger.working_days import ENGLAND_AND_WALES


def stage_clock(stage: int, begun: date, rules: CaseworkRules) -> Clock:
    """Return by when a stage that began on a day is to be answered; of the third, the panel."""
    usual, most = {
        LOCAL: (rules.complaint_local_working_days, rules.complaint_local_most_working_days),
        INVESTIGATION: (
            rules.complaint_investigation_working_days,
            rules.complaint_investigation_most_working_days,
        ),
    }.get(stage, (rules.complaint_panel_working_days, rules.complaint_panel_working_days))
    after = ENGLAND_AND_WALES.after
    return Clock(after(begun, usual), after(begun, most), rules.version)


def report_clock(held: date, rules: CaseworkRules) -> Clock:
    """Return by when a panel that met on a day reports."""
    due_on = ENGLAND_AND_WALES.after(held, rules.complaint_report_working_days)
    return Clock(due_on, due_on, rules.version)


def reply_clock(reported: date, rules: CaseworkRules) -> Clock:
    """Return by when the authority replies to a panel's report."""
    due_on = reported + timedelta(days=rules.complaint_reply_days)
    return Clock(due_on, due_on, rules.version)
