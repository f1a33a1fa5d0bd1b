"""The answer message to a referral message: what came of it, for the system that sent it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from chassis.edge.malformed import Violation
from referrals.intake.bars.codes import EVENTS, REFERENCES, RESPONSE

OK: Final = "ok"
FATAL: Final = "fatal-error"
TRANSIENT: Final = "transient-error"

PLANNED: Final = "planned"
CANCELLED: Final = "cancelled"

MAX_ISSUES = 50

_ISSUE_TYPES: Final[Mapping[str, str]] = {
    "required": "required",
    "malformed": "structure",
    "not-supported": "not-supported",
    "not-found": "not-found",
    "used-for-other-content": "duplicate",
    "other-authority": "not-found",
    "not-current": "conflict",
    "other-child": "conflict",
    "in-the-future": "value",
    "bad-date": "value",
}

Issue = dict[str, Any]


def refused(violations: Sequence[Violation]) -> list[Issue]:
    """Return the issues of a message that cannot be received."""
    return [
        _issue("error", _ISSUE_TYPES.get(each.code, "business-rule"), each.allowed, each.field)
        for each in violations[:MAX_ISSUES]
    ]


def kept(expressions: Sequence[str]) -> list[Issue]:
    """Return the issues of a message that was received: what has no place and is kept."""
    words = "kept as sent, and shown to whoever screens the referral"
    return [
        _issue("information", "informational", words, each) for each in expressions[:MAX_ISSUES]
    ]


def away() -> list[Issue]:
    """Return the issue of a message that may be sent again."""
    return [_issue("error", "transient", "send the same message again later", "Bundle")]


def answer(
    code: str,
    whole: Mapping[str, Any],
    issues: Sequence[Issue],
    now: datetime,
    reference: str,
    status: str = PLANNED,
) -> bytes:
    """Write the answer to a message. `reference` is empty unless it is about a referral here.

    The same message is answered with the same ids.
    """
    request = str(whole.get("id") or "unknown")[:64]
    header, outcome, planned = (_urn(request, each) for each in ("header", "outcome", "encounter"))
    entries = [_entry(header, _header(code, request, whole, outcome if issues else ""))]
    if issues:
        entries.append(_entry(outcome, {"resourceType": "OperationOutcome", "issue": [*issues]}))
    if reference:
        entries.append(_entry(planned, _encounter(reference, status)))
    return json.dumps(
        {
            "resourceType": "Bundle",
            "id": str(_known_as(request, "answer")),
            "type": "message",
            "timestamp": now.isoformat(),
            "entry": entries,
        }
    ).encode()


def _header(code: str, request: str, whole: Mapping[str, Any], outcome: str) -> dict[str, Any]:
    response: dict[str, Any] = {"identifier": request, "code": code}
    if outcome:
        response["details"] = {"reference": outcome}
    header: dict[str, Any] = {
        "resourceType": "MessageHeader",
        "eventCoding": {"system": EVENTS, "code": RESPONSE},
        "source": {"endpoint": "urn:throughline:referrals"},
        "response": response,
    }
    sent_from = _endpoint(whole)
    if sent_from:
        header["destination"] = [{"endpoint": sent_from}]
    return header


def _endpoint(whole: Mapping[str, Any]) -> str:
    """Return whence a message came, if it says so; it need not be valid."""
    found: Any = whole.get("entry")
    for step in (0, "resource", "source", "endpoint"):
        try:
            found = found[step]
        except (LookupError, TypeError):
            return ""
    return found[:2_000] if isinstance(found, str) and " " not in found else ""


def _encounter(reference: str, status: str) -> dict[str, Any]:
    """Return what is planned now, or no more, by the reference that a family may read aloud."""
    return {
        "resourceType": "Encounter",
        "status": status,
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
        "identifier": [{"system": REFERENCES, "value": reference}],
    }


def _issue(severity: str, code: str, words: str, expression: str) -> Issue:
    return {
        "severity": severity,
        "code": code,
        "diagnostics": words[:500],
        "expression": [expression[:200]],
    }


def _entry(url: str, resource: dict[str, Any]) -> dict[str, Any]:
    return {"fullUrl": url, "resource": resource}


def _urn(request: str, part: str) -> str:
    return f"urn:uuid:{_known_as(request, part)}"


def _known_as(request: str, part: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"throughline\0bars\0{request}\0{part}")
