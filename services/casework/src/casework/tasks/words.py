"""How what happens to a task reads in the chronology of its case. Pure."""

from casework.plain_words import Headline, Said, plain


def _raised(said: Said) -> str:
    by = f", by {said['due_on']}" if said["due_on"] else ""
    return f"Task: {plain(said['kind'])}{by}"


def _asked(said: Said) -> str:
    to = said["to"]
    whom = to["worker"] if to["desk"] == "worker" else f"the {to['desk']}"
    return f"Task handed on to {whom} ({plain(said['reason'])})"


def _moved(said: Said) -> str:
    before = f", before that on {said['before']}" if said["before"] else ""
    return f"Task now due on {said['due_on']}{before} ({plain(said['because'])})"


def _recounted(said: Said) -> str:
    if said["due_on"] == said["before"]:
        return f"Task counted anew by another calendar, still due on {said['due_on']}"
    return f"Task now due on {said['due_on']}, before that on {said['before']} (calendar changed)"


ENTRIES: dict[str, tuple[str, Headline]] = {
    "TaskRaised": ("task-raised", _raised),
    "TaskAcknowledged": ("task-acknowledged", lambda said: f"Task taken on by {said['by']}"),
    "TaskHandedOn": ("task-handed-on", _asked),
    "TaskDueMoved": ("task-due-moved", _moved),
    "TaskRecounted": ("task-recounted", _recounted),
    "TaskEscalated": (
        "task-escalated",
        lambda said: (
            f"Task overdue since {said['on']}, others told (step {said['step']}):"
            f" {plain(said['kind'])}"
        ),
    ),
    "TaskCompleted": ("task-completed", lambda said: f"Task ended: {plain(said['outcome'])}"),
    "TaskSettled": (
        "task-settled",
        lambda said: f"Task settled by the record: {plain(said['outcome'])}",
    ),
    "TaskDropped": ("task-dropped", lambda said: f"Task dropped ({plain(said['reason'])})"),
}
"""By stored name: the entry's kind, and how it reads."""
