"""How each check of the screening can be answered."""

from collections.abc import Mapping
from typing import Final

from referrals.codes import (
    Check,
    Conflict,
    Duplicates,
    Eligibility,
    Identity,
    SafeContact,
    Safeguarding,
    Urgency,
)

LOOKED_UP: Final = "looked-up"
"""The duty holder is whom the child's line of duty names."""

SCREENED: Final = "screened"
"""The safeguarding check is answered by a screen that was held before."""

_CODES: Final[Mapping[Check, frozenset[str]]] = {
    Check.SAFEGUARDING: frozenset(Safeguarding) | {SCREENED},
    Check.IDENTITY: frozenset(Identity),
    Check.DUPLICATES: frozenset(Duplicates),
    Check.DUTY_HOLDER: frozenset({LOOKED_UP}),
    Check.ELIGIBILITY: frozenset(Eligibility),
    Check.URGENCY: frozenset(Urgency),
    Check.CONFLICT: frozenset(Conflict),
    Check.SAFE_CONTACT: frozenset(SafeContact),
}
_NAMING: Final = frozenset(
    {
        (Check.SAFEGUARDING, SCREENED),
        (Check.DUPLICATES, Duplicates.DUPLICATE),
        (Check.CONFLICT, Conflict.WORKER_KNOWS_FAMILY),
    }
)


def codes_for(check: Check) -> frozenset[str]:
    """Return the answers that a check may have."""
    return _CODES[check]


def names_something(check: Check, code: str) -> bool:
    """Whether the answer says nothing unless it names somebody or something."""
    return (check, code) in _NAMING
