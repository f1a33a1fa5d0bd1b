"""All that casework serves over gRPC: its own service, and those of its rooms."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from casework.allocations import servicer as allocations
from casework.assessments import servicer as assessments
from casework.cases import servicer as cases
from casework.closures import servicer as closures
from casework.complaints import servicer as complaints
from casework.consents import servicer as consents
from casework.decisions import servicer as decisions
from casework.duty import servicer as duty
from casework.information import servicer as information
from casework.plans import servicer as plans
from casework.provision import servicer as provision
from casework.reviews import servicer as reviews
from casework.servicer import Casework
from casework.sessions import servicer as sessions
from casework.tasks import servicer as tasks
from casework.transfers import servicer as transfers
from casework.urgent import servicer as urgent
from casework.workers import servicer as workers
from chassis.service import Servicer
from throughline.casework.v1 import casework_pb2 as pb
from throughline.casework.v1 import casework_pb2_grpc as stubs

if TYPE_CHECKING:
    from chassis.runtime import Runtime


def servicers(runtime: "Runtime") -> Sequence[Servicer]:
    """Give the servicers of casework."""
    return [
        Servicer(
            Casework(runtime),
            stubs.add_CaseworkServiceServicer_to_server,
            pb.DESCRIPTOR.services_by_name["CaseworkService"].full_name,
        ),
        *assessments.servicers(runtime),
        *cases.servicers(runtime),
        *closures.servicers(runtime),
        *complaints.servicers(runtime),
        *consents.servicers(runtime),
        *decisions.servicers(runtime),
        *information.servicers(runtime),
        *plans.servicers(runtime),
        *provision.servicers(runtime),
        *reviews.servicers(runtime),
        *sessions.servicers(runtime),
        *tasks.servicers(runtime),
        *allocations.servicers(runtime),
        *duty.servicers(runtime),
        *transfers.servicers(runtime),
        *urgent.servicers(runtime),
        *workers.servicers(runtime),
    ]
