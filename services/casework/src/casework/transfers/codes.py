"""The codes of transfers: to whom, on what ground, what goes along, why not."""

from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """To whom a case goes."""

    # Another team of the same authority: it changes who leads, nothing else.
    TEAM = "team"
    # Another authority of the installation, mostly of another partnership: custody passes.
    AUTHORITY = "authority"
    # Whoever keeps no record here, such as mental health services: a copy goes, custody stays.
    AGENCY = "agency"


class Ground(StrEnum):
    """On what it rests that others are told."""

    CONSENT = "consent"
    # The duty to the child is theirs by law: the minimum goes, and no more.
    STATUTORY_DUTY = "statutory-duty"


class Reason(StrEnum):
    """Why a case is to go elsewhere (DOMAIN §2.5)."""

    FAMILY_MOVED = "family-moved"
    DUTY_CHANGED = "duty-changed"
    SPECIALIST = "specialist-service"
    TEAM_CHANGE = "team-change"
    FAMILY_REQUEST = "family-request"


class RefuseReason(StrEnum):
    """Why those to whom it was offered do not take it."""

    NOT_OUR_AREA = "not-our-area"
    NO_CAPACITY = "no-capacity"
    NOT_ENOUGH_INFORMATION = "not-enough-information"
    WORK_UNDER_WAY = "work-under-way"
    KNOWN_CONFLICT = "conflict-of-interest"


class RevokeReason(StrEnum):
    """Why an offer is taken back before it is accepted."""

    CONSENT_WITHDRAWN = "consent-withdrawn"
    CIRCUMSTANCES_CHANGED = "circumstances-changed"
    OFFERED_IN_ERROR = "offered-in-error"


class Answer(StrEnum):
    """What those said who answer on our own side: a team, or an agency by letter."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class Part(StrEnum):
    """The parts of a record that can go along, in the order in which they are shown."""

    CASE = "case"
    SAFEGUARDING = "safeguarding"
    CONSENTS = "consents"
    PLAN = "plan"
    ASSESSMENT = "assessment"
    SESSIONS = "sessions"


MINIMUM: Final = (Part.CASE, Part.SAFEGUARDING)
"""What goes along whenever custody passes: nobody can leave the history of safeguarding behind."""


def in_order(parts: frozenset[Part]) -> tuple[Part, ...]:
    """Return the parts in the order of their table."""
    return tuple(each for each in Part if each in parts)
