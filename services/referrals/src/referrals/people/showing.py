"""What is shown of a person: on the reader's side of the wall alone, whatever is held."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

from chassis.roles import Role
from ledger.personal import Personal, Plain
from referrals.people.facts import NameKind
from referrals.people.known import Known, KnownAddress, KnownIdentifier, KnownName
from referrals.people.person import Adult, Child, Referrer
from referrals.people.sides import Side, Sided, known_to, shown_to

BIRTH_FAMILY: Final = "birth-family"
"""The purpose of work with a birth family, who know a child as it was before adoption."""

S = TypeVar("S", bound=Sided)


def reader_side(roles: Collection[Role], purpose: str) -> Side:
    """Return which of a child's identities a reader knows, by what he is and what he reads for.

    Everybody knows the identity in use but a letterbox officer at work for a birth family.
    """
    if purpose == BIRTH_FAMILY and Role.LETTERBOX_OFFICER in roles:
        return Side.BEFORE
    return Side.AFTER


@dataclass(frozen=True, slots=True)
class Visible:
    """What of a person may be shown to a reader, still sealed."""

    names: tuple[KnownName, ...]
    births: tuple[Personal[str], ...]
    identifiers: tuple[KnownIdentifier, ...]
    addresses: tuple[KnownAddress, ...]

    @property
    def name(self) -> KnownName | None:
        """The name to use: the newest that was recorded as such, else the newest described."""
        chosen = [each for each in self.names if each.kind not in _BESIDE]
        newest = chosen or self.names
        return newest[-1] if newest else None


_BESIDE = (NameKind.DESCRIBED, NameKind.KNOWN_AS)


def visible(known: Known, reader: Side) -> Visible:
    """Choose what a reader may see.

    A thread with two identities shows the earlier one to nobody: whoever had both from one place
    would hold the link.
    """
    if reader is not known.side:
        return Visible((), (), (), ())
    return Visible(
        names=_chosen(reader, known.names),
        births=known.births,
        identifiers=_chosen(reader, known.identifiers),
        addresses=_chosen(reader, known.addresses),
    )


def fields_shown(state: Child | Adult | Referrer, reader: Side) -> Mapping[str, Personal[Any]]:
    """Return the personal fields of a person by name, as a reading of the person shows them."""
    seen = visible(state.known, reader)
    fields: dict[str, Personal[Any]] = {}
    if isinstance(state, Adult | Referrer):
        fields |= _said(state.said, ("email", "phone", "safe_times", "organisation"))
    if seen.name is not None and isinstance(state, Child):
        fields |= _said(seen.name, ("given_name", "family_name"))
        # What was said together with a name of the other side stays with it.
        if state.latest and state.latest.submission in {each.record for each in seen.names}:
            fields |= _said(state.latest, ("interpreter", "codes_as_given"))
    elif seen.name is not None and not isinstance(state, Child):
        fields |= {"name": seen.name.given_name} | _said(state.said, ("codes_as_given",))
        if seen.name.family_name != Plain(None):
            fields["family_name"] = seen.name.family_name
    if seen.births:
        fields["date_of_birth"] = seen.births[-1]
    if seen.addresses:
        fields |= _said(seen.addresses[-1], ("address_lines", "town", "postcode"))
    return fields


def words_are_shown(known: Known, said_on: date) -> bool:
    """Whether words about a child, said on a day, are of the identity in use.

    Nobody can see beforehand whether free words name the child as it was.
    """
    return known.side is Side.AFTER and (known.parted_on is None or said_on >= known.parted_on)


def sealed_values(seen: Visible) -> list[Personal[Any]]:
    """Return what of a thread is to be opened, in the order in which `replies` writes it."""
    return [
        *(value for each in seen.names for value in (each.given_name, each.family_name)),
        *seen.births,
        *(each.value for each in seen.identifiers),
        *(
            value
            for each in seen.addresses
            for value in (each.address_lines, each.town, each.postcode)
        ),
    ]


def sealed_reach(known: Known) -> list[Personal[Any]]:
    """Return what of the ways to a person is to be opened, in the same order as `replies`."""
    return [value for each in known.channels for value in (each.value, each.safe_times)]


def _chosen(reader: Side, values: Sequence[S]) -> tuple[S, ...]:
    return shown_to(reader, known_to(reader, values))


def _said(of: object, names: Sequence[str]) -> dict[str, Personal[Any]]:
    return {name: getattr(of, name) for name in names if hasattr(of, name)}
