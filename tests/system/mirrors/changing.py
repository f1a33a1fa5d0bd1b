"""Changes of duty of another authority's cases and children, asked for."""

from tests.system.mirrors.case import Case

_CASE = {"case_id": "{case}"}
_CHILD = {"child": "{child}"}

CASES = (
    Case("DutyChangesService.TakeDutyOn", _CHILD, nowhere=True),
    Case("DutyChangesService.KeepDutyByChoice", _CASE | {"words": "We go on."}),
    Case("DutyChangesService.RecordDutyTakenOn", _CASE),
    Case("DutyChangesService.GetDutyChange", _CASE, nowhere=True),
    Case("DutyChangesService.GetArrivedDuty", _CHILD, nowhere=True),
)
