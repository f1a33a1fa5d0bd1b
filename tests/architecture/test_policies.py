"""No RPC that a service answers is without a row of policy: its own, History's, Operations'."""

from importlib import import_module

import pytest

from chassis.edge.contract import described
from chassis.running.serving import HISTORY, OPERATIONS, policy_of
from chassis.service import Service  # noqa: TC001 # as elsewhere, types are imported plainly
from throughline_cli.reaching import SERVICES


@pytest.mark.parametrize("name", SERVICES)
def test_every_rpc_of_a_service_has_a_policy_row(name: str) -> None:
    service: Service = import_module(f"{name}.__main__").SERVICE
    import_module(f"throughline.{name}.v1.{name}_pb2")
    own = f"throughline.{name}.v1.{name.capitalize()}Service"
    policy_of(service).check_complete([described(each) for each in (own, HISTORY, OPERATIONS)])
