"""What another authority has on record, asked for of each service."""

import grpc

from chassis.roles import Role
from tests.system.mirrors.case import Case
from throughline_cli.reaching import SERVICES

AUDITOR = Role.AUDITOR

CASES = (
    *(
        Case(
            f"HistoryService.{rpc}",
            {about: value},
            AUDITOR,
            service=service,
            # A child is not written to.
            nowhere=(service, value) == ("notifications", "{child}"),
        )
        for service in SERVICES
        for rpc, about, value in (
            ("ReadHistory", "case_id", "{case}"),
            ("ReadHistory", "stream_id", "{stream}"),
            ("ReadHistory", "subject", "{child}"),
            ("ReadHistory", "subject", "{contact}"),
            ("ExportEvidence", "case_id", "{case}"),
            ("ExportEvidence", "stream_id", "{stream}"),
        )
    ),
    # What is parked is an operator's; records for a consumer that found a gap, a service's.
    *(
        Case(
            f"OperationsService.{rpc}",
            {"stream_id": "{stream}"},
            own=grpc.StatusCode.PERMISSION_DENIED,
            service=service,
        )
        for service in SERVICES
        for rpc in ("RetryParked", "SkipParked", "ReadPublished")
    ),
)
