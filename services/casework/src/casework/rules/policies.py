"""Rule sets of the partnerships, each in force from a day; what was decided names its version."""

from functools import lru_cache
from importlib.resources import files
from typing import Annotated

from pydantic import Field

from ledger.rule_sets import RuleSet, RuleSets, read_rule_sets

Count = Annotated[int, Field(ge=0, le=366)]


class CaseworkRules(RuleSet):
    """The numbers of one rule set: calendar days, unless a name says working days or months."""

    allocation_days: Count
    lead_gap_working_days: Count
    offer_answer_working_days: Count
    # Days before the last one of a registration, the furthest first.
    registration_warnings: Annotated[tuple[Count, ...], Field(strict=False)]
    registration_task_working_days: Count
    assessment_working_days: Count
    representation_days: Count
    service_working_days: Count
    decision_working_days: Count
    regularise_assessment_working_days: Count
    regularise_plan_working_days: Count
    regularise_notice_working_days: Count
    complaint_local_working_days: Count
    complaint_local_most_working_days: Count
    complaint_investigation_working_days: Count
    complaint_investigation_most_working_days: Count
    complaint_panel_working_days: Count
    complaint_report_working_days: Count
    complaint_reply_days: Count
    transfer_answer_working_days: Count
    duty_answer_working_days: Count
    review_months: Annotated[int, Field(ge=1, le=12)]
    review_after_change_working_days: Count
    escalation_working_days: Annotated[int, Field(ge=1, le=366)]
    duty_unknown_working_days: Count
    late_fact_working_days: Count
    left_open_working_days: Count
    tell_otherwise_working_days: Count
    # Reasons for closing for which a manager signs; he always does where the family disagrees.
    manager_signs_closing: Annotated[tuple[str, ...], Field(strict=False)]
    escalation_steps: Annotated[int, Field(ge=1, le=20)]


def read_policies(text: str) -> RuleSets[CaseworkRules]:
    """Read the rule sets of casework. Raises ValueError."""
    return read_rule_sets(CaseworkRules, text)


@lru_cache
def shipped() -> RuleSets[CaseworkRules]:
    """Return the rule sets that come with the service."""
    return read_policies(files(__package__).joinpath("policies.toml").read_text(encoding="utf-8"))
