"""How bookings and pauses read in the chronology of their case. Pure."""

from casework.plain_words import Headline, Said, plain


def _scheduled(said: Said) -> str:
    slot = said["slot"]
    return f"Session booked: {plain(slot['kind'])}, {slot['minutes']} minutes, {slot['starts_at']}"


ENTRIES: dict[str, tuple[str, Headline]] = {
    "SessionScheduled": ("session-scheduled", _scheduled),
    "SessionCancelled": (
        "session-cancelled",
        lambda said: f"Booked session cancelled ({plain(said['reason'])})",
    ),
    "BookingKept": ("booking-kept", lambda _: "Booked session held"),
    "InterventionPaused": (
        "intervention-paused",
        lambda said: f"Direct work paused from {said['on']} ({plain(said['cause'])})",
    ),
    "InterventionResumed": (
        "intervention-resumed",
        lambda said: f"Direct work goes on from {said['on']} ({plain(said['cause'])} is over)",
    ),
}
"""By stored name: the entry's kind, and how it reads."""
