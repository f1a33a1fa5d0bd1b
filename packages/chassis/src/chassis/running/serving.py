"""The role `serve`: the service's own RPCs, and History and Operations, which every one has."""

from typing import TYPE_CHECKING

from chassis.edge.rpc import Gate, server
from chassis.identity.jwks import IssuerKeys
from chassis.identity.policy import Facts, FactsSource, Policy, allow
from chassis.identity.tokens import Caller, Verifier
from chassis.queries.history import History
from chassis.roles import Role
from chassis.running.operations import Operations
from chassis.service import Service, Servicer
from throughline.history.v1 import history_pb2_grpc
from throughline.operations.v1 import operations_pb2_grpc

if TYPE_CHECKING:
    from chassis.runtime import Runtime

HISTORY = "throughline.history.v1.HistoryService"
OPERATIONS = "throughline.operations.v1.OperationsService"

GRACE_S = 5.0

OWN_POLICY = Policy.of(
    HISTORY,
    allow(Role.AUDITOR, Role.TEAM_MANAGER, to=["ReadHistory", "ExportEvidence"]),
) | Policy.of(
    OPERATIONS,
    allow(
        Role.OPERATOR,
        to=["GetStatus", "GetClock", "MoveClock", "ListParked", "RetryParked", "SkipParked"],
    ),
    allow(Role.SERVICE, to=["ReadPublished"]),
)


def policy_of(service: Service) -> Policy:
    """Return the whole policy of a service's process."""
    return service.policy | OWN_POLICY


async def serve(runtime: "Runtime") -> None:
    """Answer calls until the process is asked to end; those under way are finished."""
    settings = runtime.settings
    gate = Gate(
        Verifier(settings.issuer, IssuerKeys(settings.issuer)),
        policy_of(runtime.service),
        facts_of(runtime),
    )
    serving = server(servicers_of(runtime), gate, settings.listen, settings.environment)
    await serving.start()
    try:
        await runtime.stopping.wait()
    finally:
        await serving.stop(GRACE_S)


def facts_of(runtime: "Runtime") -> FactsSource:
    """Return what policy is told: of the past by the service's own walls, of operating nothing."""
    own, past = runtime.service.facts(runtime), runtime.service.past_facts(runtime)

    async def facts(by: Caller, method: str, message: object) -> Facts:
        if method.startswith(f"/{OPERATIONS}/"):
            return Facts()
        return await (past if method.startswith(f"/{HISTORY}/") else own)(by, method, message)

    return facts


def servicers_of(runtime: "Runtime") -> list[Servicer]:
    """Return all servicers of a service's process."""
    return [
        *runtime.service.servicers(runtime),
        Servicer(History(runtime), history_pb2_grpc.add_HistoryServiceServicer_to_server, HISTORY),
        Servicer(
            Operations(runtime),
            operations_pb2_grpc.add_OperationsServiceServicer_to_server,
            OPERATIONS,
        ),
    ]
