"""A web form that somebody filled in, as a submission; what is wrong is named by its own fields."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError as WrongShape

from chassis.directory import Directory
from chassis.edge.malformed import Malformed, Violation, malformed
from chassis.edge.strict_json import NotJson, read_json
from referrals.codes import SHARING_PARTIES
from referrals.intake.document import MALFORMED, MAX_CODE, MAX_VIOLATIONS
from referrals.intake.submission import Places, Submission, parse
from referrals.intake.web_form import (
    ADULTS,
    CHILDREN,
    MAX_FORM_BYTES,
    OF_ADULT,
    OF_CHILD,
    Form,
    WebForm,
)

REQUIRED: Final = "required"
NOT_SAID: Final = "not-said"
ROUTE: Final = "web-form"


@dataclass(frozen=True, slots=True)
class ReadForm:
    """A form that was read, as a submission's document; `fields`: its own, by the document's."""

    document: Mapping[str, Any] = field(repr=False)
    fields: Mapping[str, str] = field(repr=False)

    def submission(self, places: Places) -> Submission:
        """Hold it against a submission's rules. Raises Malformed."""
        return parse(json.dumps(self.document, ensure_ascii=False).encode(), places)

    @contextmanager
    def own_fields(self) -> Iterator[None]:
        """Name the form's own fields in whatever is found malformed."""
        try:
            yield
        except Malformed as wrong:
            raise Malformed(
                [
                    Violation(self.fields.get(each.field, each.field), each.code, each.allowed)
                    for each in wrong.violations
                ]
            ) from None


def read_web_form(body: bytes, directory: Directory) -> ReadForm:
    """Read a form. Raises Malformed, which names its fields."""
    form = _form(body)
    named = directory.authorities.get(form.authority)
    partnership = directory.partnership_of(named.id) if named else None
    document, fields = _document(form, partnership.slug if partnership else "")
    return ReadForm(document, fields)


def _form(body: bytes) -> Form:
    if len(body) > MAX_FORM_BYTES:
        raise malformed("form", MALFORMED, f"at most {MAX_FORM_BYTES} bytes")
    try:
        return WebForm.model_validate(read_json(body))
    except NotJson as wrong:
        raise malformed("form", MALFORMED, f"one JSON object: {wrong}") from None
    except WrongShape as wrong:
        found = wrong.errors(include_url=False, include_context=False, include_input=False)
        raise Malformed(
            [
                Violation(
                    _path(each["loc"]),
                    REQUIRED if each["type"] == "missing" else MALFORMED,
                    each["msg"],
                )
                for each in found[:MAX_VIOLATIONS]
            ]
        ) from None


def _path(location: tuple[int | str, ...]) -> str:
    first, *rest = location or ("form",)
    return str(first)[:MAX_CODE] + "".join(f"[{each}]" for each in rest if isinstance(each, int))


def _document(form: Form, partnership: str) -> tuple[dict[str, Any], dict[str, str]]:
    fields = {of: own for own, of in _PLACES.items()}
    adults = [_adult(each, fields, index) for index, each in enumerate(_groups(form, "adult"))]
    children = [_child(each, fields, index) for index, each in enumerate(_groups(form, "child"))]
    fields["family.children"] = "child_1_given_name"
    return {
        "submission_id": str(form.form_id),
        "received_at": form.sent_at,
        "partnership": partnership,
        "received_by": form.authority,
        "route": ROUTE,
        "referrer": {
            "kind": form.your_role,
            "name": form.your_name,
            "organisation": form.your_organisation,
            "email": form.your_email,
            "phone": form.your_phone,
        },
        "family": {
            "lives_in": form.family_lives_in,
            "address": {
                "lines": [each for each in (form.address_line_1, form.address_line_2) if each],
                "town": form.town,
                "postcode": form.postcode,
            },
            "protected_address": form.address_confidential == "yes",
            "adults": adults,
            "children": children,
        },
        "needs": form.needs,
        "in_their_words": form.your_words,
        "asks_for_assessment": form.wants_assessment == "yes",
        "placement_at_risk": form.placement_at_risk == "yes",
        "safeguarding": {
            "immediate_danger": form.immediate_danger == "yes",
            "concern": form.safety_concern == "yes" or form.immediate_danger == "yes",
            "words": form.safety_words,
        },
        "consents": {
            "to_refer": form.agrees_to_referral == "yes",
            "to_share_with": [
                each
                for each in sorted(SHARING_PARTIES)
                if getattr(form, f"share_with_{each}") == "yes"
            ],
        },
    }, fields


_PLACES: Final[Mapping[str, str]] = {
    "form_id": "submission_id",
    "sent_at": "received_at",
    "authority": "received_by",
    "your_words": "in_their_words",
    "family_lives_in": "family.lives_in",
}
"""Where a field of the form stands in a submission, for those that a rule may find at fault."""


@dataclass(frozen=True, slots=True)
class _Group:
    """The filled fields of one adult or child, and the prefix of their names."""

    prefix: str
    said: Mapping[str, str]

    def must(self, *names: str) -> None:
        """Raise Malformed unless these were filled in."""
        missing = [each for each in names if each not in self.said]
        if missing:
            raise Malformed(
                [
                    Violation(f"{self.prefix}_{each}", REQUIRED, "to be filled in")
                    for each in missing
                ]
            )

    def yes(self, name: str) -> bool:
        return self.said.get(name) == "yes"


def _groups(form: Form, kind: str) -> Iterator[_Group]:
    """Return the adults or children of whom anything was filled in."""
    most, names = (CHILDREN, OF_CHILD) if kind == "child" else (ADULTS, OF_ADULT)
    for number in range(1, most + 1):
        prefix = f"{kind}_{number}"
        values = {each: getattr(form, f"{prefix}_{each}") for each in names}
        said = {name: value for name, value in values.items() if value is not None}
        if said:
            yield _Group(prefix, said)


def _adult(group: _Group, fields: dict[str, str], index: int) -> dict[str, Any]:
    group.must("name")
    said = group.said
    fields[f"family.adults[{index}].name"] = f"{group.prefix}_name"
    return {
        "name": said["name"],
        "role": said.get("role", "adoptive-parent"),
        "parental_responsibility": group.yes("parental_responsibility"),
        "email": said.get("email"),
        "phone": said.get("phone"),
        "contact_preference": said.get("contact_by", NOT_SAID),
        "safe_times": said.get("safe_times"),
        "do_not_leave_voicemail": group.yes("no_voicemail"),
    }


def _child(group: _Group, fields: dict[str, str], index: int) -> dict[str, Any]:
    group.must("given_name", "family_name", "date_of_birth", "adoption")
    said = group.said
    for of, own in _OF_CHILD.items():
        fields[f"family.children[{index}].{of}"] = f"{group.prefix}_{own}"
    return {
        "given_name": said["given_name"],
        "family_name": said["family_name"],
        "date_of_birth": said["date_of_birth"],
        "sex": said.get("sex", NOT_SAID),
        "ethnicity": said.get("ethnicity", NOT_SAID),
        "legal_status": said["adoption"],
        "adoption_order_date": said.get("order_date"),
        "placing_authority": said.get("placed_by"),
        "education": said.get("education", NOT_SAID),
        "ehc_plan": group.yes("ehc_plan"),
        "interpreter": said.get("interpreter"),
    }


_OF_CHILD: Final[Mapping[str, str]] = {
    "date_of_birth": "date_of_birth",
    "adoption_order_date": "order_date",
    "placing_authority": "placed_by",
}
