"""A public web form, version 1: flat fields as a browser sends them.

Its JSON Schema is published in docs/schemas/referrals/forms. A blank field is one that was not
filled in.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, TypeAlias
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    create_model,
)

from referrals.codes import NEEDS
from referrals.intake.document import MAX_CODE, MAX_NAME, MAX_WORDS, printable

MAX_FORM_BYTES = 65_536
CHILDREN = 6
ADULTS = 2

YesNo: TypeAlias = Literal["yes", "no"]


def _blank(value: object) -> object:
    return None if value == "" else value


Text = Annotated[
    str, StringConstraints(min_length=1, max_length=MAX_NAME), AfterValidator(printable)
]
MaybeText = Annotated[
    Annotated[str, StringConstraints(max_length=MAX_NAME), AfterValidator(printable)] | None,
    BeforeValidator(_blank),
]
MaybeCode = Annotated[
    Annotated[str, StringConstraints(max_length=MAX_CODE), AfterValidator(printable)] | None,
    BeforeValidator(_blank),
]
Prose = Annotated[
    str, StringConstraints(min_length=1, max_length=MAX_WORDS), AfterValidator(printable)
]
MaybeProse = Annotated[
    Annotated[str, StringConstraints(max_length=MAX_WORDS), AfterValidator(printable)] | None,
    BeforeValidator(_blank),
]
Code = Annotated[
    str, StringConstraints(min_length=1, max_length=MAX_CODE), AfterValidator(printable)
]


class Form(BaseModel):
    """What is asked once. Its repr shows nothing of a person."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    version: Literal[1]
    form_id: Annotated[UUID, Field(strict=False)]
    sent_at: Text
    authority: Code
    your_role: Code
    your_name: Text
    your_organisation: MaybeText = None
    your_email: MaybeText = None
    your_phone: MaybeText = None
    family_lives_in: Code
    address_line_1: Text
    address_line_2: MaybeText = None
    town: Text
    postcode: Text
    address_confidential: YesNo
    needs: Annotated[list[Code], Field(max_length=len(NEEDS))] = []
    your_words: Prose
    wants_assessment: YesNo
    placement_at_risk: YesNo
    immediate_danger: YesNo
    safety_concern: YesNo
    safety_words: MaybeProse = None
    agrees_to_referral: YesNo
    share_with_school: YesNo = "no"
    share_with_gp: YesNo = "no"
    share_with_camhs: YesNo = "no"

    def __repr__(self) -> str:
        return "Form(…)"

    __str__ = __repr__


MaybeYesNo: TypeAlias = Annotated[YesNo | None, BeforeValidator(_blank)]
OF_ADULT: Final[Mapping[str, Any]] = {
    "name": MaybeText,
    "role": MaybeCode,
    "parental_responsibility": MaybeYesNo,
    "email": MaybeText,
    "phone": MaybeText,
    "contact_by": MaybeCode,
    "safe_times": MaybeText,
    "no_voicemail": MaybeYesNo,
}
"""The fields that are asked of each adult, as `adult_1_name` and so on."""
OF_CHILD: Final[Mapping[str, Any]] = {
    "given_name": MaybeText,
    "family_name": MaybeText,
    "date_of_birth": MaybeText,
    "sex": MaybeCode,
    "ethnicity": MaybeCode,
    "adoption": MaybeCode,
    "order_date": MaybeText,
    "placed_by": MaybeCode,
    "education": MaybeCode,
    "ehc_plan": MaybeYesNo,
    "interpreter": MaybeText,
}
"""The fields that are asked of each child, as `child_1_given_name` and so on."""


def _numbered(kind: str, most: int, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        f"{kind}_{number}_{name}": (of, None)
        for number in range(1, most + 1)
        for name, of in fields.items()
    }


WebForm: type[Form] = create_model(
    "WebForm",
    __base__=Form,
    **_numbered("adult", ADULTS, OF_ADULT),
    **_numbered("child", CHILDREN, OF_CHILD),
)
"""The whole form: what is asked once, of each adult and of each child."""


def schema() -> dict[str, Any]:
    """Return the form's JSON Schema, as it is published."""
    made = WebForm.model_json_schema()
    made.pop("description", None)
    return made
