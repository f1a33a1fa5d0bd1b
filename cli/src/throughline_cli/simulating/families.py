"""Invented families: who they are, as whoever refers them says it. Nobody like them exists."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from throughline_cli.simulating.dice import Dice

_ONSETS = "bdfghklmnprstvw"
_VOWELS = "aeiou"
_GIVEN = ("Ann", "Ben", "Cal", "Dee", "Eli", "Fay", "Gus", "Ivy", "Joe", "Kit", "Lea", "Max", "Una")
_WORDS = (
    "Nights are hard, and school has begun to ring us at work.",
    "She asks about her first family and we do not know what to say.",
    "He hits out at home and is sorry for hours afterwards.",
    "We manage, but only just, and the summer is long.",
    "Since the move to the new school nothing is as it was.",
)
_NEEDS = {
    "attachment": 30,
    "developmental-trauma": 28,
    "child-to-parent-violence": 12,
    "identity-life-story": 14,
    "school-exclusion-risk": 11,
    "sleep": 8,
    "parental-stress": 16,
    "sibling-conflict": 6,
    "anxiety": 10,
}
_ETHNICITIES = {"WBRI": 70, "WOTH": 6, "MWBC": 7, "MWAS": 4, "MOTH": 5, "APKN": 3, "BAFR": 3}
_ROUTES = {"web-form": 60, "telephone": 25, "email": 15}
_REFERRERS = {"adopter": 70, "social-worker": 15, "school": 10, "gp": 5}
_CHILDREN = {1: 66, 2: 28, 3: 6}
_YOUNGEST_YEARS, _OLDEST_YEARS = 2, 16


@dataclass(frozen=True, slots=True)
class Child:
    """A child as a referrer describes it."""

    given: str
    surname: str
    born: date
    sex: str
    ethnicity: str
    order: date | None
    placed_by: str


@dataclass(frozen=True, slots=True)
class Family:
    """Children, the parent who speaks for them, and the authority to which they turn."""

    number: int
    authority: str
    adult: str
    children: tuple[Child, ...]
    route: str
    referrer: str
    needs: tuple[str, ...]
    words: str
    contact: str

    def submission(self, submission_id: str, partnership: str, at: datetime) -> dict[str, Any]:
        """Return what is sent about them."""
        email = f"{self.adult.replace(' ', '.').lower()}.{self.number}@example.org"
        return {
            "submission_id": submission_id,
            "received_at": at.isoformat(),
            "partnership": partnership,
            "received_by": self.authority,
            "route": self.route,
            "referrer": {
                "kind": self.referrer,
                "name": self.adult,
                "organisation": None,
                "email": email,
                "phone": None,
            },
            "family": {
                "lives_in": self.authority,
                "address": {
                    "lines": [f"{self.number} {self.adult.split()[-1]} Row"],
                    "town": "Lower Fell",
                    "postcode": "ZZ12 4SS",
                },
                "protected_address": False,
                "adults": [self._adult(email)],
                "children": [self._child(each) for each in self.children],
            },
            "needs": list(self.needs),
            "in_their_words": self.words,
            "asks_for_assessment": True,
            "placement_at_risk": False,
            "safeguarding": {"immediate_danger": False, "concern": False, "words": None},
            "consents": {"to_refer": True, "to_share_with": []},
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

    @staticmethod
    def _child(child: Child) -> dict[str, Any]:
        return {
            "given_name": child.given,
            "family_name": child.surname,
            "date_of_birth": child.born.isoformat(),
            "sex": child.sex,
            "ethnicity": child.ethnicity,
            "legal_status": "order-granted" if child.order else "placed",
            "adoption_order_date": child.order.isoformat() if child.order else None,
            "placing_authority": child.placed_by,
            "education": "mainstream",
            "ehc_plan": False,
            "interpreter": None,
        }


def invent(dice: Dice, number: int, authority: str, today: date) -> Family:
    """Make up a family that turns to an authority, which placed its children and owes them."""
    surname, ethnicity = _surname(dice, number), dice.one_of(_ETHNICITIES)
    count = dice.one_of(_CHILDREN)
    first = dice.between(0, len(_GIVEN) - 1)
    children = []
    for index in range(count):
        age_days = dice.between(_YOUNGEST_YEARS * 365, _OLDEST_YEARS * 365)
        since_order = min(dice.about(700, 0.7), age_days - 300)
        order = None if dice.chance(0.08) else today - timedelta(days=max(since_order, 20))
        children.append(
            Child(
                _GIVEN[(first + index) % len(_GIVEN)],
                surname,
                today - timedelta(days=age_days),
                "female" if dice.chance(0.5) else "male",
                ethnicity,
                order,
                authority,
            )
        )
    return Family(
        number,
        authority,
        f"Robin {surname}",
        tuple(children),
        dice.one_of(_ROUTES),
        dice.one_of(_REFERRERS),
        tuple(sorted({dice.one_of(_NEEDS) for _ in range(dice.between(1, 3))})),
        _WORDS[dice.between(0, len(_WORDS) - 1)],
        "email" if dice.chance(0.85) else "letter",
    )


def _surname(dice: Dice, number: int) -> str:
    """Make up a surname that can be spoken; its end is the family's own."""
    letters = ""
    for count in (dice.between(0, 10**4), dice.between(0, 10**4), number):
        left, onset = divmod(count, len(_ONSETS))
        letters += _ONSETS[onset] + _VOWELS[left % len(_VOWELS)]
    left = number // (len(_ONSETS) * len(_VOWELS))
    return (letters + _ONSETS[left % len(_ONSETS)] + "er").capitalize()
