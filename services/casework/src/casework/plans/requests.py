"""Plans read: each field parsed, and named where it is wrong; words kept apart, by key."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from casework.plans import document as doc
from casework.plans.document import PlanDocument
from casework.requests import MAX_NOTES, MAX_TAGS, MAX_WORDS, a_tag
from chassis.edge.malformed import (
    a_choice,
    a_count,
    a_day,
    a_text,
    a_uuid,
    all_of,
    if_given,
    malformed,
)
from ledger.personal import Plain
from throughline.casework.v1 import plans_pb2 as pb

P = TypeVar("P")
MAX_PARTS = 50
MAX_SESSIONS = 500
MAX_PENCE = 100_000_000
MAX_VERSION = 10_000


def document(said: pb.PlanDocument) -> PlanDocument:
    """Read a whole plan but for its words."""
    return PlanDocument(
        _each("needs", said.needs, _need),
        _each("goals", said.goals, _goal),
        _each("services", said.services, _service),
        _each("measures", said.measures, _measure),
        _each("parts", said.parts, _part),
        _each("contacts", said.contacts, _contact),
        _each("risks", said.risks, _risk),
        _each("contributions", said.contributions, _contribution),
        _each("views", said.views, _view),
        _each("criteria", said.criteria, _criterion),
        _each("contingencies", said.contingencies, _contingency),
        a_uuid("document.monitor", said.monitor),
        if_given(a_day, "document.review_on", said.review_on),
    )


def words(said: pb.PlanDocument) -> Plain[dict[str, str]]:
    """Read the words of a plan's parts, by key."""
    found: dict[str, str] = {}
    for section in doc.SECTIONS:
        for index, part in enumerate(getattr(said, section)):
            if part.words:
                field = f"document.{section}[{index}].words"
                found[part.key] = a_text(field, part.words, MAX_NOTES)
    return Plain(found)


def optional_words(text: str) -> Plain[str | None]:
    """Read words that may be left out."""
    return Plain(a_text("words", text, MAX_WORDS) if text else None)


def _each(section: str, said: Sequence[Any], read: Callable[[str, Any], P]) -> tuple[P, ...]:
    if len(said) > MAX_PARTS:
        raise malformed(f"document.{section}", "too-many", f"at most {MAX_PARTS}")
    return tuple(read(f"document.{section}[{n}]", each) for n, each in enumerate(said))


def _need(at: str, said: pb.PlanNeed) -> doc.Need:
    return doc.Need(a_tag(f"{at}.key", said.key), a_tag(f"{at}.code", said.code))


def _goal(at: str, said: pb.PlanGoal) -> doc.Goal:
    return doc.Goal(a_tag(f"{at}.key", said.key), a_tag(f"{at}.need", said.need))


def _service(at: str, said: pb.PlanService) -> doc.PlannedService:
    return doc.PlannedService(
        a_tag(f"{at}.key", said.key),
        # Empty is for the plan to refuse: a service without a goal has a name of its own.
        a_tag(f"{at}.goal", said.goal) if said.goal else "",
        a_choice(f"{at}.kind", said.kind, doc.ServiceType),
        a_tag(f"{at}.provider", said.provider),
        a_choice(f"{at}.setting", said.setting, doc.Setting),
        a_day(f"{at}.starts_on", said.starts_on),
        a_count(f"{at}.sessions", said.sessions, 0, MAX_SESSIONS),
        a_choice(f"{at}.frequency", said.frequency, doc.Frequency),
        a_count(f"{at}.cost_pence", said.cost_pence, 0, MAX_PENCE),
        a_choice(f"{at}.funding", said.funding, doc.Funding),
    )


def _measure(at: str, said: pb.PlanMeasure) -> doc.Measure:
    return doc.Measure(
        a_tag(f"{at}.key", said.key),
        a_tag(f"{at}.service", said.service),
        a_tag(f"{at}.instrument", said.instrument),
        a_day(f"{at}.due_on", said.due_on),
    )


def _part(at: str, said: pb.PlanPart) -> doc.Part:
    return doc.Part(a_tag(f"{at}.key", said.key), a_tag(f"{at}.of", said.of), _party(at, said.who))


def _contact(at: str, said: pb.PlanContact) -> doc.Contact:
    return doc.Contact(a_tag(f"{at}.key", said.key), a_tag(f"{at}.kind", said.kind))


def _risk(at: str, said: pb.PlanRisk) -> doc.Risk:
    return doc.Risk(a_tag(f"{at}.key", said.key), a_tag(f"{at}.code", said.code))


def _contribution(at: str, said: pb.PlanContribution) -> doc.Contribution:
    return doc.Contribution(a_tag(f"{at}.key", said.key), _party(at, said.who))


def _view(at: str, said: pb.PlanView) -> doc.View:
    return doc.View(
        a_tag(f"{at}.key", said.key),
        a_choice(f"{at}.whose", said.whose, doc.Party),
        a_choice(f"{at}.came_of", said.came_of, doc.CameOf),
        all_of(f"{at}.led_to", said.led_to, MAX_TAGS, a_tag),
    )


def _criterion(at: str, said: pb.PlanCriterion) -> doc.Criterion:
    return doc.Criterion(a_tag(f"{at}.key", said.key), a_tag(f"{at}.goal", said.goal))


def _contingency(at: str, said: pb.PlanContingency) -> doc.Contingency:
    return doc.Contingency(a_tag(f"{at}.key", said.key), a_tag(f"{at}.of", said.of))


def _party(at: str, text: str) -> doc.Party:
    return a_choice(f"{at}.who", text, doc.Party)
