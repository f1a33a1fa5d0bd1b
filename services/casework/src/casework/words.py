"""What an entry of the chronology is, as a code and in plain words; nothing personal. Pure."""

from casework.allocations import words as allocations
from casework.assessments import words as assessments
from casework.closures import words as closures
from casework.consents import words as consents
from casework.decisions import words as decisions
from casework.duty import words as duty
from casework.information import words as information
from casework.plain_words import Headline, Said, joined, plain
from casework.plans import words as plans
from casework.provision import words as provision
from casework.reviews import words as reviews
from casework.sessions import words as sessions
from casework.tasks import words as tasks
from casework.transfers import words as transfers


def _account(said: Said) -> str:
    account = said["account"]
    attended = account["attended"]
    who = f"with {joined(attended)}" if attended else "nobody attended"
    return f"{plain(account['kind'])}, {account['minutes']} minutes, {who}"


def _corrected(said: Said) -> str:
    changed = joined(["day or time" if each == "held" else each for each in said["changed"]])
    return f"Session corrected ({plain(said['reason'])}; {changed}): {_account(said)}"


def _attendance(said: Said) -> str:
    number, on = said["session_number"], said["on"]
    return f"Group session {number} on {on}: {plain(said['attendance'])}"


ENTRIES: dict[str, tuple[str, Headline]] = {
    "CaseOpened": (
        "case-opened",
        lambda said: f"Case opened for referral {said['referral']['reference']}",
    ),
    "ReferralJoined": (
        "referral-joined",
        lambda said: f"Referral {said['referral']['reference']} joined the case",
    ),
    "EpisodeOpened": (
        "episode-opened",
        lambda said: (
            f"Case opened again, episode {said['episode']},"
            f" for referral {said['referral']['reference']}"
        ),
    ),
    "CaseReopened": (
        "case-reopened",
        lambda said: f"Case opened again, episode {said['episode']} ({plain(said['reason'])})",
    ),
    "FamilyLinked": (
        "family-linked",
        lambda said: f"Another case is of the same family ({plain(said['relation'])})",
    ),
    "FamilyUnlinked": ("family-unlinked", lambda _: "The other case is not of the same family"),
    "DutyLearned": (
        "duty-learned",
        lambda said: f"Who owes the service is known anew from {said['effect_from']}",
    ),
    "CaseClosed": ("case-closed", lambda said: f"Case closed: {plain(said['reason'])}"),
    "SessionRecorded": ("session-recorded", lambda said: f"Session: {_account(said)}"),
    "SessionCorrected": ("session-corrected", _corrected),
    "PlaceRequested": ("place-requested", lambda _: "Place in a group asked for"),
    "GroupPlaceOffered": (
        "place-offered",
        lambda said: f"Place in a group offered, to be answered before {said['expires_at']}",
    ),
    "GroupPlaceWaitlisted": ("place-waitlisted", lambda _: "On the group's waiting list"),
    "GroupPlaceAccepted": ("place-accepted", lambda _: "Place in the group accepted"),
    "GroupPlaceDeclined": ("place-declined", lambda _: "Place in the group declined"),
    "GroupPlaceLapsed": ("place-lapsed", lambda _: "Offer of a place lapsed without an answer"),
    "GroupPlaceWithdrawn": ("place-withdrawn", lambda _: "Request for a place withdrawn"),
    "GroupAttendanceRecorded": ("group-attendance", _attendance),
    **allocations.ENTRIES,
    **information.ENTRIES,
    **assessments.ENTRIES,
    **plans.ENTRIES,
    **reviews.ENTRIES,
    **closures.ENTRIES,
    **consents.ENTRIES,
    **sessions.ENTRIES,
    **decisions.ENTRIES,
    **provision.ENTRIES,
    **tasks.ENTRIES,
    **transfers.ENTRIES,
    **duty.ENTRIES,
}
"""By stored name: the entry's kind, and how it reads."""


def kind(stored_name: str) -> str:
    """Return the code of an entry's kind."""
    return ENTRIES[stored_name][0]


def headline(stored_name: str, said: Said) -> str:
    """Say an entry in words."""
    return ENTRIES[stored_name][1](said)
