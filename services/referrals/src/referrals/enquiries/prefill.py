"""What an enquirer said, as the beginning of a referral: nobody types it a second time."""

from collections.abc import Mapping
from typing import Any, Final

from referrals.codes import NEEDS, REFERRER_KINDS, ROUTES, Safeguarding
from referrals.enquiries.codes import Kind, Topic
from referrals.enquiries.enquiry import Open
from referrals.enquiries.events import EnquirerNamed, SafetyAsked

Opened = Mapping[str, str]
"""What was opened of a fact, by field."""

_AT_RISK: Final = frozenset({Safeguarding.CONCERN, Safeguarding.IMMEDIATE_DANGER})


def prefilled(there: Open, said: Opened, who: Opened, safety: Opened) -> dict[str, Any]:
    """Return a submission as far as the enquiry says it."""
    topics = there.said.topics
    content: dict[str, Any] = {
        "in_their_words": said.get("words", ""),
        "needs": [each.value for each in topics if each.value in NEEDS],
        "placement_at_risk": Topic.PLACEMENT_AT_RISK in topics,
        "referrer": _referrer(there, who),
    }
    if there.said.channel.value in ROUTES:
        content["route"] = there.said.channel.value
    if isinstance(there.safety, SafetyAsked):
        answer = there.safety.safeguarding
        content["safeguarding"] = {
            "immediate_danger": there.danger or answer == Safeguarding.IMMEDIATE_DANGER,
            "concern": answer in _AT_RISK,
            "words": safety.get("words"),
        }
    if there.said.kind == Kind.ADOPTER and isinstance(there.who, EnquirerNamed):
        content["family"] = {"adults": [_adult(who)]}
    return content


def _referrer(there: Open, who: Opened) -> dict[str, Any]:
    referrer: dict[str, Any] = {
        name: who.get(name) for name in ("name", "email", "phone") if name in who
    }
    if there.said.kind.value in REFERRER_KINDS:
        referrer["kind"] = there.said.kind.value
    return referrer


def _adult(who: Opened) -> dict[str, Any]:
    return {
        "name": who.get("name"),
        "role": "adoptive-parent",
        "email": who.get("email"),
        "phone": who.get("phone"),
        "safe_times": who.get("safe_times"),
    }
