"""The report of an import, with the keys of `demo/intake-2025.expected.json` and a little more."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from throughline.referrals.v1.referrals_pb2 import SubmitReferralResponse


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that was refused: its number, its submission id or `line-N`, the code and field."""

    line: int
    submission: str
    code: str
    field: str


@dataclass(slots=True)
class Report:
    """What an import came to, counted from the answers of the service."""

    valid: int = 0
    repeated: int = 0
    children: int = 0
    duplicates: int = 0
    siblings: int = 0
    urgent: int = 0
    undetermined: int = 0
    by_authority: Counter[str] = field(default_factory=Counter)
    refused: list[Refused] = field(default_factory=list)

    def accepted(self, authority: str, answer: SubmitReferralResponse) -> None:
        """Count one valid submission."""
        self.valid += 1
        self.repeated += answer.receipt.duplicate
        self.children += len(answer.children)
        self.duplicates += answer.known_before > 0
        self.siblings += len(answer.children) > 1
        self.urgent += answer.urgent
        self.undetermined += answer.undetermined
        self.by_authority[authority] += 1

    def as_json(self) -> dict[str, Any]:
        """Return the report for a file."""
        return {
            "valid": self.valid,
            "refused": len(self.refused),
            "children": self.children,
            "duplicates": self.duplicates,
            "siblings_in_one_submission": self.siblings,
            "urgent": self.urgent,
            "by_authority": dict(self.by_authority),
            "undetermined_duty": self.undetermined,
            "refusals": {each.submission: each.code for each in self.refused},
            "repeated": self.repeated,
            "refused_lines": [
                {
                    "line": each.line,
                    "submission_id": each.submission,
                    "code": each.code,
                    "field": each.field,
                }
                for each in self.refused
            ],
        }
