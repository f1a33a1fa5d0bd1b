"""How it reads in the chronology of a case who works on it. Pure.

Who knows the family stands in no case's file: whoever reads it may not learn of others' families.
"""

from casework.plain_words import Headline, Said, plain


def _allocated(said: Said) -> str:
    before = f", in place of {said['previous_worker']}" if said["previous_worker"] else ""
    return f"Allocated to {said['worker']}{before} ({plain(said['reason'])})"


def _offered(said: Said) -> str:
    reason, by = plain(said["reason"]), said["answer_by"]
    return f"{_part(said)} offered to {said['worker']} ({reason}), to be answered by {by}"


def _handover(said: Said) -> str:
    who, reason = f"from {said['from_worker']} to {said['worker']}", plain(said["reason"])
    return f"Handover offered {who} ({reason}), to be answered by {said['answer_by']}"


def _part(said: Said) -> str:
    return plain(said["part"]).capitalize()


def _weighed(said: Said) -> str:
    return f"Case weighed: {said['weight'] / 10:.1f} points by {said['formula']}"


ENTRIES: dict[str, tuple[str, Headline]] = {
    "LeadAwaited": (
        "lead-awaited",
        lambda said: f"A lead is to be named by {said['due_on']}",
    ),
    "CaseAllocated": ("allocated", _allocated),
    "LeadEnded": (
        "lead-ended",
        lambda said: (
            f"{said['worker']} leads no longer ({plain(said['reason'])}),"
            f" another is to be named by {said['due_on']}"
        ),
    ),
    "WorkerJoined": (
        "worker-joined",
        lambda said: f"{_part(said)}: {said['worker']} ({plain(said['reason'])})",
    ),
    "WorkerLeft": (
        "worker-left",
        lambda said: (
            f"{said['worker']} is {plain(said['part'])} no longer ({plain(said['reason'])})"
        ),
    ),
    "AllocationOffered": ("allocation-offered", _offered),
    "HandoverOffered": ("handover-offered", _handover),
    "AllocationAccepted": (
        "allocation-accepted",
        lambda said: f"{said['worker']} accepted: {plain(said['part'])}",
    ),
    "HandoverAccepted": (
        "handover-accepted",
        lambda said: f"Handover from {said['from_worker']} accepted by {said['worker']}",
    ),
    "AllocationDeclined": (
        "allocation-declined",
        lambda said: f"{said['worker']} declined: {plain(said['part'])} ({plain(said['reason'])})",
    ),
    "AllocationWithdrawn": (
        "allocation-withdrawn",
        lambda said: f"Offer to {said['worker']} taken back ({plain(said['reason'])})",
    ),
    "AllocationUnanswered": (
        "allocation-unanswered",
        lambda said: f"{said['worker']} did not answer by {said['answer_by']}",
    ),
    "AllocationEnded": ("allocation-ended", lambda _: "Allocation ended with the case"),
    "AllocationOverdue": (
        "allocation-overdue",
        lambda said: f"Nobody was named to lead the case by {said['due_on']}",
    ),
    "CaseWeighed": ("case-weighed", _weighed),
}
"""By stored name: the entry's kind, and how it reads."""
