"""The shape of a submission, field by field: what is not so is malformed. No rule of the domain."""

import re
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic import ValidationError as WrongShape

from chassis.edge.malformed import Malformed, Violation, malformed
from chassis.edge.strict_json import NotJson, read_json

MAX_BYTES = 131_072
MAX_WORDS = 20_000
MAX_NAME = 200
MAX_CODE = 64
MAX_ENTRIES = 50
MAX_VIOLATIONS = 20
MALFORMED = "malformed"

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def printable(text: str) -> str:
    """Return a text without control characters. Raises ValueError."""
    if _CONTROL.search(text):
        raise ValueError("no control characters but tab and line ends")
    return text


Code = Annotated[str, StringConstraints(max_length=MAX_CODE), AfterValidator(printable)]
Line = Annotated[str, StringConstraints(max_length=MAX_NAME), AfterValidator(printable)]
Words = Annotated[str, StringConstraints(max_length=MAX_WORDS), AfterValidator(printable)]


class _Part(BaseModel):
    """A part of a submission, exactly these fields; its repr shows nothing of a person."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    __str__ = __repr__


class Referrer(_Part):
    """Who refers."""

    kind: Code
    name: Line
    organisation: Line | None
    email: Line | None
    phone: Line | None


class Address(_Part):
    """Where the family lives."""

    lines: Annotated[list[Line], Field(max_length=MAX_ENTRIES)]
    town: Line
    postcode: Line


class Adult(_Part):
    """An adult of the family and how to reach them safely."""

    name: Line
    role: Code
    parental_responsibility: bool
    email: Line | None
    phone: Line | None
    contact_preference: Code
    safe_times: Line | None
    do_not_leave_voicemail: bool


class Child(_Part):
    """A child, as the referrer says."""

    given_name: Line
    family_name: Line
    date_of_birth: Line
    sex: Code
    ethnicity: Code
    legal_status: Code
    adoption_order_date: Line | None
    placing_authority: Code | None
    education: Code
    ehc_plan: bool
    interpreter: Line | None


class Family(_Part):
    """The family that the referral is about."""

    lives_in: Code
    address: Address
    protected_address: bool
    adults: Annotated[list[Adult], Field(max_length=MAX_ENTRIES)]
    children: Annotated[list[Child], Field(max_length=MAX_ENTRIES)]


class SafeguardingWorry(_Part):
    """What the referrer says of the children's safety."""

    immediate_danger: bool
    concern: bool
    words: Words | None


class Consents(_Part):
    """What the family agreed to."""

    to_refer: bool
    to_share_with: Annotated[list[Code], Field(max_length=MAX_ENTRIES)]


class Document(_Part):
    """A whole submission as it was sent."""

    submission_id: Annotated[UUID, Field(strict=False)]
    received_at: Line
    partnership: Code
    received_by: Code
    route: Code
    referrer: Referrer
    family: Family
    needs: Annotated[list[Code], Field(max_length=MAX_ENTRIES)]
    in_their_words: Words
    asks_for_assessment: bool
    placement_at_risk: bool
    safeguarding: SafeguardingWorry
    consents: Consents


def read_document(body: bytes) -> Document:
    """Read the shape of a submission. Raises Malformed with the path of each field at fault."""
    try:
        return Document.model_validate(_json(body))
    except WrongShape as wrong:
        raise Malformed(
            [
                Violation(_path(each["loc"]), MALFORMED, each["msg"])
                for each in wrong.errors(
                    include_url=False, include_context=False, include_input=False
                )[:MAX_VIOLATIONS]
            ]
        ) from None


def _json(body: bytes) -> Any:
    if len(body) > MAX_BYTES:
        raise malformed("submission", MALFORMED, f"at most {MAX_BYTES} bytes")
    try:
        return read_json(body)
    except NotJson as wrong:
        raise malformed("submission", MALFORMED, f"one JSON object: {wrong}") from None


def _path(location: tuple[int | str, ...]) -> str:
    path = ""
    for each in location:
        if isinstance(each, int):
            path += f"[{each}]"
        else:
            path += f".{each[:MAX_CODE]}" if path else each[:MAX_CODE]
    return path or "submission"
