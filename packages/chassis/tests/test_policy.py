"""What is no row is denied; what is denied for the case's sake looks like absence."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.edge.contract import described
from chassis.identity.policy import (
    ABSENT,
    FORBIDDEN,
    LISTING,
    Facts,
    IncompletePolicy,
    Policy,
    Relation,
    Request,
    Verdict,
    allow,
)
from chassis.roles import Role
from throughline.history.v1 import history_pb2
from throughline.operations.v1 import operations_pb2

OURS = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a01")
THEIRS = UUID("0b7f6a52-6a0e-4c39-9c39-2b1f5d0c1a04")
SERVICE = "test.v1.CaseService"
CLOSE, READ, LIST, TELL = (f"/{SERVICE}/{each}" for each in ("Close", "Read", "List", "Tell"))

POLICY = Policy.of(
    SERVICE,
    allow(Role.TEAM_MANAGER, to=["Close", "Read", "List"]),
    allow(Role.SUPPORT_WORKER, Role.THERAPIST, to=["Read", "List"], when=Relation.ALLOCATED),
    allow(Role.SUPPORT_WORKER, to=["Read"], when=Relation.BREAK_GLASS),
    allow(Role.SOCIAL_WORKER, to=["Close"], when=Relation.ALLOCATED, states=["open"]),
    allow(Role.SERVICE, to=["Tell"], callers=["notifications"]),
)
ALLOCATED = Facts(relations=frozenset({Relation.ALLOCATED}))


def ask(
    method: str, *roles: Role, tenant: UUID | None = OURS, subject: str = "somebody"
) -> Request:
    return Request(method, subject, frozenset(roles), frozenset({OURS}), tenant)


def test_a_row_admits_in_its_role() -> None:
    decision = POLICY.decide(Facts(), ask(CLOSE, Role.TEAM_MANAGER))
    assert decision.admitted
    assert decision.role is Role.TEAM_MANAGER
    assert decision.relations == {Relation.ANY}


def test_a_verb_that_no_role_of_the_caller_has_is_forbidden() -> None:
    assert POLICY.decide(Facts(), ask(CLOSE, Role.AUDITOR)) == FORBIDDEN
    assert POLICY.decide(LISTING, ask("/test.v1.CaseService/New", *Role)) == FORBIDDEN


def test_another_authority_is_absent() -> None:
    assert POLICY.decide(Facts(), ask(CLOSE, Role.TEAM_MANAGER, tenant=THEIRS)) == ABSENT


def test_without_the_relation_the_case_is_absent() -> None:
    assert POLICY.decide(Facts(), ask(READ, Role.THERAPIST)) == ABSENT
    assert POLICY.decide(ALLOCATED, ask(READ, Role.THERAPIST)).admitted


def test_a_conflict_of_interest_beats_everything() -> None:
    facts = Facts(relations=frozenset(Relation), denied=True)
    assert POLICY.decide(facts, ask(CLOSE, Role.TEAM_MANAGER)) == ABSENT
    assert POLICY.decide(facts, ask(READ, Role.SUPPORT_WORKER)) == ABSENT


def test_a_restricted_case_is_absent_for_who_is_not_on_its_list() -> None:
    facts = Facts(relations=frozenset({Relation.ALLOCATED}), restricted=True)
    assert POLICY.decide(facts, ask(READ, Role.SUPPORT_WORKER)) == ABSENT


@pytest.mark.parametrize("facts", [Facts(), ALLOCATED, Facts(denied=True), Facts(restricted=True)])
def test_a_forbidden_verb_tells_nothing_of_the_case(facts: Facts) -> None:
    assert POLICY.decide(facts, ask(CLOSE, Role.THERAPIST)) == FORBIDDEN


def test_a_row_may_ask_for_the_state_of_the_case() -> None:
    request = ask(CLOSE, Role.SOCIAL_WORKER)
    opened = Facts(relations=frozenset({Relation.ALLOCATED}), state="open")
    closed = Facts(relations=frozenset({Relation.ALLOCATED}), state="closed")
    assert POLICY.decide(opened, request).admitted
    assert POLICY.decide(closed, request) == ABSENT


def test_break_glass_adds_reading() -> None:
    broken = Facts(relations=frozenset({Relation.BREAK_GLASS}))
    assert POLICY.decide(broken, ask(READ, Role.SUPPORT_WORKER)).admitted
    assert POLICY.decide(broken, ask(READ, Role.THERAPIST)) == ABSENT


def test_of_several_roles_the_first_that_is_met_acts() -> None:
    both = ask(READ, Role.TEAM_MANAGER, Role.THERAPIST)
    assert POLICY.decide(ALLOCATED, both).role is Role.THERAPIST
    assert POLICY.decide(Facts(), both).role is Role.TEAM_MANAGER


def test_a_list_is_filtered_by_the_relations_of_the_decision() -> None:
    assert POLICY.decide(LISTING, ask(LIST, Role.THERAPIST)).relations == {Relation.ALLOCATED}
    manager = POLICY.decide(LISTING, ask(LIST, Role.TEAM_MANAGER, Role.THERAPIST))
    assert Relation.ANY in manager.relations


def test_a_service_has_only_what_its_name_is_given() -> None:
    assert POLICY.decide(Facts(), ask(TELL, Role.SERVICE, subject="notifications")).admitted
    assert POLICY.decide(Facts(), ask(TELL, Role.SERVICE, subject="groups")) == FORBIDDEN


@given(
    roles=st.sets(st.sampled_from(Role)),
    relations=st.frozensets(st.sampled_from(Relation)),
    denied=st.booleans(),
    restricted=st.booleans(),
    method=st.sampled_from([CLOSE, READ, LIST, TELL, "/other.v1.S/M"]),
    tenant=st.sampled_from([OURS, THEIRS]),
)
def test_nothing_is_admitted_without_a_row_that_says_so(
    *,
    roles: set[Role],
    relations: frozenset[Relation],
    denied: bool,
    restricted: bool,
    method: str,
    tenant: UUID,
) -> None:
    facts = Facts(relations, denied, restricted)
    decision = POLICY.decide(facts, ask(method, *roles, tenant=tenant))
    if decision.verdict is Verdict.ADMITTED:
        assert tenant == OURS
        assert not denied
        assert not restricted
        assert any(
            row.method == method
            and row.role is decision.role
            and row.role in roles
            and row.relation in relations | {Relation.ANY}
            for row in POLICY.rows
        )


HISTORY = "throughline.history.v1.HistoryService"
OPERATIONS = "throughline.operations.v1.OperationsService"


def test_an_rpc_without_a_row_fails_the_check() -> None:
    policy = Policy.of(HISTORY, allow(Role.AUDITOR, to=["ReadHistory"]))
    with pytest.raises(IncompletePolicy, match="ExportEvidence has no row"):
        policy.check_complete([history_pb2.DESCRIPTOR.services_by_name["HistoryService"]])


def test_a_row_for_an_rpc_that_is_not_there_fails_the_check() -> None:
    policy = Policy.of(
        HISTORY, allow(Role.AUDITOR, to=["ReadHistory", "ExportEvidence", "ReadHistroy"])
    )
    with pytest.raises(IncompletePolicy, match="ReadHistroy has a row"):
        policy.check_complete([described(HISTORY)])


def test_an_rpc_that_names_no_authority_is_for_the_platform_alone() -> None:
    names = [each.name for each in described(OPERATIONS).methods]
    Policy.of(OPERATIONS, allow(Role.OPERATOR, to=names)).check_complete([described(OPERATIONS)])
    policy = Policy.of(OPERATIONS, allow(Role.AUDITOR, to=names))
    with pytest.raises(IncompletePolicy, match=r"GetStatus names no authority.*auditor"):
        policy.check_complete([operations_pb2.DESCRIPTOR.services_by_name["OperationsService"]])


def test_break_glass_on_what_is_no_reading_fails_the_check() -> None:
    names = [each.name for each in described(OPERATIONS).methods]
    policy = Policy.of(OPERATIONS, allow(Role.OPERATOR, to=names, when=Relation.BREAK_GLASS))
    with pytest.raises(IncompletePolicy, match="RetryParked: break-glass adds reading only"):
        policy.check_complete([described(OPERATIONS)])


def test_policies_of_several_services_are_joined() -> None:
    joined = POLICY | Policy.of(HISTORY, allow(Role.AUDITOR, to=["ReadHistory", "ExportEvidence"]))
    joined.check_complete([described(HISTORY)])
    assert joined.decide(Facts(), ask(CLOSE, Role.TEAM_MANAGER)).admitted
