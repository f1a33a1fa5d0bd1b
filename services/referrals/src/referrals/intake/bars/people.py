"""Who a referral message is about, who sends it, and who cares for the child."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chassis.edge.malformed import Violation
from referrals.intake.bars.codes import (
    ADOPTIVE,
    CONFIDENTIAL,
    ETHNIC_CATEGORY,
    ETHNIC_CODES,
    ETHNICITIES,
    NHS_NUMBER,
    ROLE_CODES,
    SNOMED,
    SPECIALTIES,
)
from referrals.intake.bars.message import REQUIRED, Entry, Message
from referrals.people.facts import IdentifierKind
from referrals.people.identifiers import normalised_identifier

NOT_SAID: Final = "not-said"
Coding = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Named:
    """A value of a submission and the expression it comes from."""

    value: Any
    at: str


def codings(concept: object, at: str) -> Iterator[tuple[Coding, str]]:
    """Return the codings of a CodeableConcept with their expressions."""
    if isinstance(concept, dict):
        for index, coding in enumerate(concept.get("coding", ())):
            yield coding, f"{at}.coding[{index}]"


def take_code(message: Message, at: str) -> None:
    """Mark a coding's code as having its place; what it displays is words, and is kept."""
    message.take(f"{at}.system", f"{at}.code")


def child(message: Message, patient: Entry) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the child of a submission, and where each of its fields stands in the message."""
    said, at = patient.resource, patient.at
    name, name_at = _name(patient)
    given = name.get("given", [])
    message.take(f"{name_at}.family", f"{name_at}.given[0]", f"{name_at}.use")
    message.take(f"{at}.birthDate", f"{at}.gender")
    return {
        "given_name": given[0] if given else "",
        "family_name": name.get("family", ""),
        "date_of_birth": str(said.get("birthDate", "")),
        "sex": said.get("gender", NOT_SAID),
        "ethnicity": _ethnicity(message, patient),
        "legal_status": "unknown",
        "adoption_order_date": None,
        "placing_authority": None,
        "education": NOT_SAID,
        "ehc_plan": False,
        "interpreter": _interpreter(message, patient),
    }, {
        "given_name": f"{at}.name[0].given[0]",
        "family_name": f"{at}.name[0].family",
        "date_of_birth": f"{at}.birthDate",
        "sex": f"{at}.gender",
    }


def missing(patient: Entry) -> Iterator[Violation]:
    """Return what a child cannot be known without and is not there."""
    name, _ = _name(patient)
    if not name.get("family"):
        yield Violation(f"{patient.at}.name[0].family", REQUIRED, "the child's family name")
    if not name.get("given"):
        yield Violation(f"{patient.at}.name[0].given[0]", REQUIRED, "the child's given name")
    if not patient.resource.get("birthDate"):
        yield Violation(f"{patient.at}.birthDate", REQUIRED, "the child's date of birth")


def nhs_number_of(message: Message, patient: Entry) -> str | None:
    """Return the child's NHS number if one came that keeps its check digit."""
    for index, each in enumerate(patient.resource.get("identifier", ())):
        if each.get("system") == NHS_NUMBER:
            found = normalised_identifier(IdentifierKind.NHS_NUMBER, str(each.get("value", "")))
            if found is not None:
                at = f"{patient.at}.identifier[{index}]"
                message.take(f"{at}.system", f"{at}.value", f"{at}.use")
                return found
    return None


def address(message: Message, patient: Entry) -> dict[str, Any]:
    """Return where the family lives, as far as the message says."""
    [said, *_] = patient.resource.get("address") or [{}]
    at = f"{patient.at}.address[0]"
    message.take(*(f"{at}.{each}" for each in ("line", "city", "postalCode", "use", "type")))
    return {
        "lines": list(said.get("line", [])),
        "town": said.get("city", ""),
        "postcode": said.get("postalCode", ""),
    }


def is_confidential(patient: Entry) -> bool:
    """Whether the message marks the child's address as secret."""
    marks = patient.resource.get("meta", {}).get("security", ())
    return any(each.get("code") in CONFIDENTIAL for each in marks)


def adults(message: Message, patient: Entry) -> list[dict[str, Any]]:
    """Return the adults who are related to the child."""
    return [
        _adult(message, each)
        for each in message.of_kind("RelatedPerson")
        if message.refers_to(each.resource.get("patient")) is patient
    ]


def referrer(message: Message, request: Entry) -> dict[str, Any]:
    """Return who refers: a practitioner in a role, an organisation, or a relative."""
    who = message.refers_to(request.resource.get("requester"))
    found = nobody()
    if who is None:
        return found
    if who.kind == "PractitionerRole":
        found["kind"] = _kind(message, who)
        parts = [who, *map(message.refers_to, _parts(who))]
    else:
        parts = [who]
    for part in parts:
        if part is None:
            continue
        if part.kind == "Organization":
            message.take(f"{part.at}.name")
            found["organisation"] = part.resource.get("name")
        elif part.kind != "PractitionerRole":
            found["name"] = found["name"] or _text_name(message, part)
        for system in ("email", "phone"):
            found[system] = found[system] or _telecom(message, part, system)
    found["name"] = found["name"] or found["organisation"] or ""
    return found


def nobody() -> dict[str, Any]:
    """Return a referrer of whom nothing is said."""
    return {"kind": NOT_SAID, "name": "", "organisation": None, "email": None, "phone": None}


def _parts(role: Entry) -> list[object]:
    return [role.resource.get("practitioner"), role.resource.get("organization")]


def _name(person: Entry) -> tuple[Mapping[str, Any], str]:
    names = person.resource.get("name") or []
    chosen = next((i for i, each in enumerate(names) if each.get("use") == "official"), 0)
    return (names[chosen] if names else {}), f"{person.at}.name[{chosen}]"


def _text_name(message: Message, person: Entry) -> str:
    name, at = _name(person)
    parts = [*name.get("prefix", ()), *name.get("given", ()), name.get("family", "")]
    made = " ".join(each for each in parts if each)
    used = ("family", "given", "prefix") if made else ("text",)
    message.take(f"{at}.use", *(f"{at}.{each}" for each in used))
    return made or str(name.get("text", ""))


def _telecom(message: Message, person: Entry, system: str) -> str | None:
    for index, each in enumerate(person.resource.get("telecom", ())):
        if each.get("system") == system and each.get("value"):
            at = f"{person.at}.telecom[{index}]"
            message.take(f"{at}.system", f"{at}.value", f"{at}.use")
            return str(each["value"])
    return None


def _adult(message: Message, person: Entry) -> dict[str, Any]:
    role = "other"
    for index, concept in enumerate(person.resource.get("relationship", ())):
        for coding, at in codings(concept, f"{person.at}.relationship[{index}]"):
            if coding.get("system") == ROLE_CODES and coding.get("code") in ADOPTIVE:
                role = "adoptive-parent"
                take_code(message, at)
    return {
        "name": _text_name(message, person),
        "role": role,
        # A message does not say it.
        "parental_responsibility": False,
        "email": _telecom(message, person, "email"),
        "phone": _telecom(message, person, "phone"),
        "contact_preference": NOT_SAID,
        "safe_times": None,
        "do_not_leave_voicemail": False,
    }


def _kind(message: Message, role: Entry) -> str:
    for index, concept in enumerate(role.resource.get("specialty", ())):
        for coding, at in codings(concept, f"{role.at}.specialty[{index}]"):
            known = SPECIALTIES.get(str(coding.get("code")))
            if known is not None and coding.get("system") == SNOMED:
                take_code(message, at)
                return known
    return NOT_SAID


def _ethnicity(message: Message, patient: Entry) -> str:
    for index, each in enumerate(patient.resource.get("extension", ())):
        at = f"{patient.at}.extension[{index}]"
        if each.get("url") == ETHNIC_CATEGORY:
            value = each.get("valueCodeableConcept")
            for coding, coding_at in codings(value, f"{at}.valueCodeableConcept"):
                known = ETHNICITIES.get(str(coding.get("code")))
                if known is not None and coding.get("system") in ETHNIC_CODES:
                    message.take(f"{at}.url")
                    take_code(message, coding_at)
                    return known
    return NOT_SAID


def _interpreter(message: Message, patient: Entry) -> str | None:
    """Return the language that is preferred, where it is not English."""
    for index, each in enumerate(patient.resource.get("communication", ())):
        at = f"{patient.at}.communication[{index}]"
        for coding, coding_at in codings(each.get("language"), f"{at}.language"):
            if each.get("preferred") and coding.get("code") not in {"en", "en-GB"}:
                said = "display" if coding.get("display") else "code"
                message.take(f"{at}.preferred", f"{coding_at}.{said}")
                return str(coding.get(said))
    return None
