"""Who may do what: a table of rows and one pure decision over it; what is no row is denied.

The order is that of SECURITY §1, with one difference that only the words of a refusal show: whether
a role has the verb at all is answered before anything of the case is looked at, so that neither the
answer nor its time tells a restricted case from an absent one.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from chassis.edge.contract import authority_path, is_reading
from chassis.roles import Role

if TYPE_CHECKING:
    from google.protobuf.descriptor import ServiceDescriptor

    from chassis.identity.tokens import Caller


class Relation(StrEnum):
    """How a caller stands to the case (or person, place, message) that a request is about."""

    # No relation is needed.
    ANY = "any"
    ALLOCATED = "allocated"
    SUPERVISOR = "supervisor"
    DUTY_TEAM = "duty-team"
    COVERING = "covering"
    # Gives advice: reads as those do who are allocated, and writes what is given to him by a row.
    CONSULTING = "consulting"
    # Was asked to take a part, whatever he answered.
    OFFERED = "offered"
    # The thing is the caller's own: an inbox, a worker's own entry.
    OWN = "own"
    # Adds reading only.
    BREAK_GLASS = "break-glass"


@dataclass(frozen=True, slots=True)
class Facts:
    """What events say of the caller and the case asked about.

    `denied`: on its conflict-of-interest list. `restricted`: the case is restricted and the caller
    is not on its list. `state` is the case's, where rows ask for one.
    """

    relations: frozenset[Relation] = frozenset()
    denied: bool = False
    restricted: bool = False
    state: str = ""


LISTING = Facts(relations=frozenset(Relation) - {Relation.BREAK_GLASS})
"""For a request about no single case: what it answers is filtered by `Decision.relations`."""


@dataclass(frozen=True, slots=True)
class Row:
    """A role may call an RPC of a case in a relation, in some states (none named: in all).

    `method` is the full name, `/package.Service/Method`. `callers`, for service identities, are the
    subjects that it is open to (none named: every one of our own).
    """

    method: str
    role: Role
    relation: Relation
    states: frozenset[str] = frozenset()
    callers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Request:
    """One call as policy sees it. `tenant` is None where its message names no authority."""

    method: str
    subject: str
    roles: frozenset[Role]
    scope: frozenset[UUID]
    tenant: UUID | None


class Verdict(Enum):
    """What comes of a request."""

    ADMITTED = "admitted"
    # Out of scope, conflicted, restricted or unrelated: answered as if there were nothing.
    ABSENT = "absent"
    # None of the caller's roles ever has the verb.
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict; if admitted, in which role, and under which relations rows may be shown."""

    verdict: Verdict
    role: Role | None = None
    relations: frozenset[Relation] = frozenset()

    @property
    def admitted(self) -> bool:
        """Whether the call may go on."""
        return self.verdict is Verdict.ADMITTED


ABSENT = Decision(Verdict.ABSENT)
FORBIDDEN = Decision(Verdict.FORBIDDEN)

FactsSource: TypeAlias = "Callable[[Caller, str, Any], Awaitable[Facts]]"
"""Looks up the facts for (caller, full method name, request message).

Raises Unavailable where they cannot be had fresh enough.
"""


async def no_facts(_caller: "Caller", _method: str, _request: object) -> Facts:
    """Stand where every row of a service's policy asks for no relation."""
    return Facts()


class IncompletePolicy(Exception):  # noqa: N818 # names what is wrong; the process does not start
    """An RPC has no row, or a row breaks a rule of the table; the words list them."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Roles that may call some RPCs, before it is known of which service: see `allow`."""

    roles: tuple[Role, ...]
    to: tuple[str, ...]
    when: Relation
    states: frozenset[str]
    callers: frozenset[str]


def allow(
    *roles: Role,
    to: Sequence[str],
    when: Relation = Relation.ANY,
    states: Iterable[str] = (),
    callers: Iterable[str] = (),
) -> Grant:
    """Say that roles may call RPCs (by their short names) of a case in a relation."""
    return Grant(roles, tuple(to), when, frozenset(states), frozenset(callers))


_RANK = {role: rank for rank, role in enumerate(Role)}


class Policy:
    """The rows of one or more services."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        # In the order of roles, so that the first row met names the role of the act.
        self.rows = tuple(sorted(rows, key=lambda row: _RANK[row.role]))
        self._by_method: dict[str, list[Row]] = {}
        for row in self.rows:
            self._by_method.setdefault(row.method, []).append(row)

    @classmethod
    def of(cls, service: str, *grants: Grant) -> "Policy":
        """Write the table of one gRPC service, by its full name (`package.Service`)."""
        return cls(
            Row(f"/{service}/{method}", role, grant.when, grant.states, grant.callers)
            for grant in grants
            for method in grant.to
            for role in grant.roles
        )

    def __or__(self, other: "Policy") -> "Policy":
        return Policy(self.rows + other.rows)

    def decide(self, facts: Facts, request: Request) -> Decision:
        """Decide on one call."""
        return decide(facts, request, self.rows_for(request))

    def rows_for(self, request: Request) -> list[Row]:
        """Return the rows that give the verb to one of the caller's roles, whatever the case."""
        return [
            row
            for row in self._by_method.get(request.method, ())
            if row.role in request.roles and (not row.callers or request.subject in row.callers)
        ]

    def check_complete(self, services: Iterable["ServiceDescriptor"]) -> None:
        """Raise IncompletePolicy unless every RPC has rows and every row keeps the rules."""
        wrong = [each for service in services for each in _findings(self._by_method, service)]
        if wrong:
            raise IncompletePolicy("; ".join(wrong))


def decide(facts: Facts, request: Request, rows: Sequence[Row]) -> Decision:
    """Decide on one call, given the rows that give its verb to the caller's roles; default deny.

    The role of the act is that of the first row which is met.
    """
    if request.tenant is not None and request.tenant not in request.scope:
        return ABSENT
    if not rows:
        return FORBIDDEN
    if facts.denied or facts.restricted:
        return ABSENT
    met = [
        row
        for row in rows
        if (row.relation is Relation.ANY or row.relation in facts.relations)
        and (not row.states or facts.state in row.states)
    ]
    if not met:
        return ABSENT
    return Decision(Verdict.ADMITTED, met[0].role, frozenset(row.relation for row in met))


def _findings(rows_of: Mapping[str, Sequence[Row]], service: "ServiceDescriptor") -> Iterator[str]:
    names = {f"/{service.full_name}/{method.name}": method for method in service.methods}
    for name, method in names.items():
        rows = rows_of.get(name, ())
        if not rows:
            yield f"{name} has no row"
        reading = is_reading(method.input_type)
        if not reading and any(row.relation is Relation.BREAK_GLASS for row in rows):
            yield f"{name}: break-glass adds reading only"
        unbound = {row.role for row in rows} - _WITHOUT_AUTHORITY
        if authority_path(method.input_type) is None and unbound:
            yield f"{name} names no authority, so it is not for {', '.join(sorted(unbound))}"
    for name in rows_of:
        if name.startswith(f"/{service.full_name}/") and name not in names:
            yield f"{name} has a row, but there is no such RPC"


# An RPC about the whole platform names no authority; nobody of an authority may call it.
_WITHOUT_AUTHORITY = frozenset({Role.OPERATOR, Role.SERVICE})
