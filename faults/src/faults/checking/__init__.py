"""The checker: judges a campaign from its history, stores and topics, by no code of the services.

`check(folder)` reads what README.md says a campaign leaves behind. What must follow from what is
stated here a second time, in the checker's own words; an import contract keeps it so.
"""

from faults.checking.checker import check
from faults.checking.report import Finding, Report, Violation

__all__ = ["Finding", "Report", "Violation", "check"]
