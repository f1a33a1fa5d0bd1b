"""Which authorities there are, and which partnerships they form: data, read once at the start."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from chassis.edge.strict_json import NotJson, read_json

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]


class BadDirectory(ValueError):  # noqa: N818 # named like the thing that is wrong
    """The file is no directory; the words say where and why."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A local authority. `outside`: it is named in records but has none on this installation.

    `message_endpoints`: where others' systems send messages that are for it.
    """

    slug: str
    id: UUID
    name: str
    outside: bool = False
    message_endpoints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Partnership:
    """An agency whose staff work for several authorities."""

    slug: str
    name: str
    authorities: tuple[Authority, ...]


class Directory:
    """Authorities and partnerships by slug and by id."""

    def __init__(
        self, authorities: tuple[Authority, ...], partnerships: tuple[Partnership, ...]
    ) -> None:
        self.authorities = MappingProxyType({each.slug: each for each in authorities})
        self.partnerships = MappingProxyType({each.slug: each for each in partnerships})
        self._by_id = {each.id: each for each in authorities}
        self._partnership_of = {
            authority.id: each for each in partnerships for authority in each.authorities
        }

    @classmethod
    def load(cls, path: Path) -> "Directory":
        """Read the directory's file. Raises BadDirectory, which names what is wrong."""
        try:
            form = _File.model_validate(read_json(path.read_bytes()))
        except OSError as error:
            raise BadDirectory(f"{path}: {error.strerror}") from None
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise BadDirectory(f"{path}: {where}: {first['msg']}") from None
        except NotJson as error:
            raise BadDirectory(f"{path}: {error}") from None
        return cls._of(form, path)

    @classmethod
    def _of(cls, form: "_File", path: Path) -> "Directory":
        authorities = {
            slug: Authority(slug, each.id, each.name, each.outside, tuple(each.message_endpoints))
            for slug, each in form.authorities.items()
        }
        if len({each.id for each in authorities.values()}) != len(authorities):
            raise BadDirectory(f"{path}: authorities: two have one id")
        seen: set[str] = set()
        for slug, each in form.partnerships.items():
            for name in each.authorities:
                if name not in authorities or authorities[name].outside or name in seen:
                    raise BadDirectory(
                        f"{path}: partnerships.{slug}.authorities: {name} must be an authority"
                        " that is not outside and is in no other partnership"
                    )
                seen.add(name)
        return cls(
            tuple(authorities.values()),
            tuple(
                Partnership(slug, each.name, tuple(authorities[name] for name in each.authorities))
                for slug, each in form.partnerships.items()
            ),
        )

    @cached_property
    def tenants(self) -> tuple[UUID, ...]:
        """The ids of the authorities whose records are kept here: all that are not outside."""
        return tuple(each.id for each in self.authorities.values() if not each.outside)

    def authority(self, slug: str) -> Authority | None:
        """Return the authority of that slug, if there is one."""
        return self.authorities.get(slug)

    def by_id(self, authority: UUID) -> Authority | None:
        """Return the authority of that id, if there is one."""
        return self._by_id.get(authority)

    def partnership(self, slug: str) -> Partnership | None:
        """Return the partnership of that slug, if there is one."""
        return self.partnerships.get(slug)

    @property
    def partnership_slugs(self) -> Mapping[UUID, str]:
        """The slug of each authority's partnership, by the authority's id."""
        return {authority: each.slug for authority, each in self._partnership_of.items()}

    @property
    def kept_here(self) -> Mapping[str, UUID]:
        """The ids of the authorities whose records are kept here, by slug."""
        return {slug: each.id for slug, each in self.authorities.items() if not each.outside}

    def partnership_of(self, authority: UUID) -> Partnership | None:
        """Return the partnership that an authority belongs to, if any."""
        return self._partnership_of.get(authority)


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: UUID
    name: str = Field(min_length=1, max_length=200)
    outside: bool = False
    message_endpoints: list[str] = Field(default=[], max_length=10)


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=200)
    authorities: list[Slug] = Field(min_length=1)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    partnerships: dict[Slug, _Group]
    authorities: dict[Slug, _Entry]
