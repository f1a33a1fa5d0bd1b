"""Invented families: children whom nobody knows yet, unless a story refers them twice."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

_ONSETS = "bdfghklmnprstvw"
_VOWELS = "aeiou"
_FIRST_BIRTHDAY = date(2009, 1, 1)
_BIRTHDAYS = 3_000


def surname() -> str:
    """Make up a surname that can be spoken and that no other child of the run has."""
    number, letters = uuid4().int, ""
    for _ in range(5):
        number, onset = divmod(number, len(_ONSETS))
        number, vowel = divmod(number, len(_VOWELS))
        letters += _ONSETS[onset] + _VOWELS[vowel]
    return letters.capitalize()


def birthday() -> str:
    """Make up a day of birth."""
    return (_FIRST_BIRTHDAY + timedelta(days=uuid4().int % _BIRTHDAYS)).isoformat()


@dataclass(frozen=True, slots=True)
class Child:
    """A child as a referrer describes it. `order`: the day of the adoption order, if it is said."""

    order: str | None = None
    placed_by: str | None = None
    given: str = "Ann"
    surname: str = field(default_factory=surname)
    born: str = field(default_factory=birthday)
    sex: str = "female"
    ethnicity: str = "WBRI"
    status: str = ""
    interpreter: str | None = None

    def called(self, name: str) -> "Child":
        """Return the same child under another surname."""
        return replace(self, surname=name)

    def described(self) -> dict[str, Any]:
        """Return the child as a submission describes it."""
        return {
            "given_name": self.given,
            "family_name": self.surname,
            "date_of_birth": self.born,
            "sex": self.sex,
            "ethnicity": self.ethnicity,
            "legal_status": self.status or ("order-granted" if self.order else "unknown"),
            "adoption_order_date": self.order,
            "placing_authority": self.placed_by,
            "education": "mainstream",
            "ehc_plan": False,
            "interpreter": self.interpreter,
        }


@dataclass(frozen=True, slots=True)
class Family:
    """Children, where they live, and what is said of them by whoever refers."""

    children: tuple[Child, ...]
    lives_in: str
    adult: str = field(default_factory=lambda: f"Robin {surname()}")
    postcode: str = "ZZ12 4SS"
    protected_address: bool = False
    contact: str = "email"
    referrer: str = "adopter"
    route: str = "web-form"
    needs: tuple[str, ...] = ("attachment",)
    words: str = "Nights are hard, and school has begun to ring us at work."
    danger: bool = False
    concern: bool = False
    at_risk: bool = False
    asks_for_assessment: bool = True
    consents: bool = True

    def submission(self, received_by: str, partnership: str, at: datetime) -> dict[str, Any]:
        """Return a new submission about the family."""
        email = f"{self.adult.split()[-1].lower()}@example.org"
        return {
            "submission_id": str(uuid4()),
            "received_at": at.isoformat(),
            "partnership": partnership,
            "received_by": received_by,
            "route": self.route,
            "referrer": {
                "kind": self.referrer,
                "name": self.adult,
                "organisation": None,
                "email": email,
                "phone": None,
            },
            "family": {
                "lives_in": self.lives_in,
                "address": {
                    "lines": [f"1 {self.adult.split()[-1]} Row"],
                    "town": "Lower Fell",
                    "postcode": self.postcode,
                },
                "protected_address": self.protected_address,
                "adults": [self._adult(email)],
                "children": [each.described() for each in self.children],
            },
            "needs": list(self.needs),
            "in_their_words": self.words,
            "asks_for_assessment": self.asks_for_assessment,
            "placement_at_risk": self.at_risk,
            "safeguarding": {
                "immediate_danger": self.danger,
                "concern": self.concern,
                "words": "He says that he is afraid." if self.danger or self.concern else None,
            },
            "consents": {"to_refer": self.consents, "to_share_with": []},
        }

    def _adult(self, email: str) -> dict[str, Any]:
        return {
            "name": self.adult,
            "role": "adoptive-parent",
            "parental_responsibility": True,
            "email": email,
            "phone": None,
            "contact_preference": self.contact,
            "safe_times": None,
            "do_not_leave_voicemail": False,
        }


def child(order: str | None = None, placed_by: str | None = None, **more: Any) -> Child:
    """Return a child with this order, placed by this authority."""
    return Child(order, placed_by, **more)


def family(*children: Child, lives_in: str, **more: Any) -> Family:
    """Return a family that lives with an authority."""
    return Family(children, lives_in, **more)


def one(child: Child | Family, lives_in: str, more: dict[str, Any]) -> Family:
    """Return the family of a child; a family as it is."""
    return child if isinstance(child, Family) else Family((child,), lives_in, **more)
