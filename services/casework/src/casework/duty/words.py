"""How a change of duty reads in the chronology of its case. Pure."""

from casework.plain_words import Headline, plain

ENTRIES: dict[str, tuple[str, Headline]] = {
    "DutyChangeBegan": (
        "duty-change-began",
        lambda said: (
            f"{plain(said['to'])} owes the service from {said['from_day']}; it goes on here until"
            " that is taken on"
        ),
    ),
    "DutyHandedOn": ("duty-handed-on", lambda said: f"{plain(said['to'])} took the duty on"),
    "DutyKeptByChoice": (
        "duty-kept-by-choice",
        lambda _: "The service goes on here by choice, though another authority owes it",
    ),
    "DutyChangeWithdrawn": (
        "duty-change-withdrawn",
        lambda _: "The duty did not change after all",
    ),
}
"""By stored name: the entry's kind, and how it reads."""
