"""The invented people of the demo: who they are, in which roles, for which authorities."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from chassis.directory import Directory, Slug
from chassis.edge.strict_json import NotJson, read_json
from chassis.roles import Role


class BadPeople(ValueError):  # noqa: N818 # named like the thing that is wrong
    """The file holds no people; the words say where and why."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, or a system, who can be asked a token for by slug."""

    slug: str
    id: UUID
    name: str
    roles: frozenset[Role]
    tenants: frozenset[UUID]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: UUID
    name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    roles: list[Role] = Field(min_length=1)
    authorities: list[str]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    people: dict[Slug, _Entry]


def load_people(path: Path, directory: Directory) -> dict[str, Person]:
    """Read the people's file. Raises BadPeople, which names what is wrong."""
    try:
        form = _File.model_validate(read_json(path.read_bytes()))
    except OSError as error:
        raise BadPeople(f"{path}: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadPeople(f"{path}: {where}: {first['msg']}") from None
    except NotJson as error:
        raise BadPeople(f"{path}: {error}") from None
    people = {slug: _person(slug, each, directory, path) for slug, each in form.people.items()}
    if len({each.id for each in people.values()}) != len(people):
        raise BadPeople(f"{path}: people: two have one id")
    return people


def _person(slug: str, entry: _Entry, directory: Directory, path: Path) -> Person:
    tenants = set()
    for name in entry.authorities:
        authority = directory.authority(name)
        if authority is None or authority.outside:
            raise BadPeople(
                f"{path}: people.{slug}.authorities: {name} must be an authority of the directory"
                " that is not outside"
            )
        tenants.add(authority.id)
    return Person(slug, entry.id, entry.name, frozenset(entry.roles), frozenset(tenants))
