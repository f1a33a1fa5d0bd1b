"""Every RPC that is about an authority, of every contract there is, found in the contracts."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

from chassis.edge.contract import authority_path
from throughline_cli.contracts import Method, calls_of


@cache
def methods() -> Mapping[str, Method]:
    """Return each RPC whose request names an authority, by `Service.Method`."""
    folders = (Path(each) for each in import_module("throughline").__path__)
    return {
        name: method
        for folder in folders
        for package in sorted(folder.glob("*/v1"))
        for name, method in calls_of(package.parent.name).items()
        if authority_path(method.described.input_type) is not None
    }
