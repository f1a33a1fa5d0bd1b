"""What the commands share: the application, its usual options, how one runs and how it fails."""

import sys
from collections.abc import Coroutine
from typing import Any

import grpc
import typer
import uvloop
from rich.console import Console

from chassis.directory import Directory
from chassis.failures import Unavailable
from stack.compose import Compose
from stack.errors import StackError
from throughline_cli.bundles import NoKeys
from throughline_cli.importing import ImportFailed
from throughline_cli.operating import NotSettled
from throughline_cli.people import Nobody
from throughline_cli.reaching import Platform
from throughline_cli.running import Embedded

app = typer.Typer(
    help="Throughline: the case platform for adoption support.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console()
complaints = Console(stderr=True)

A_STACK = typer.Option(help="Where the platform runs: embedded (this checkout) or compose.")
AN_AUTHORITY = typer.Option(help="The authority whose record it is: its short name or its id.")
AS_PERSON = typer.Option("--as", help="Who asks: a person of the demo, by short name.")


class NoSuchAuthority(LookupError):  # noqa: N818 # named for what was found
    """The authority named is not one of the directory."""


def platform_of(stack: str) -> Platform:
    """Return the platform of a stack, as it was described when it was started."""
    here = Embedded.here()
    if stack == "embedded":
        return Platform.load(here.platform_file)
    if stack == "compose":
        return Platform.load(Compose(here.root).describe())
    raise StackError(f"{stack} is no stack; allowed: embedded, compose")


def authority_of(directory: Directory, named: str) -> str:
    """Return an authority's id, by its short name or the id itself."""
    found = directory.authority(named)
    if found is not None:
        return str(found.id)
    for each in directory.authorities.values():
        if str(each.id) == named.lower():
            return named.lower()
    raise NoSuchAuthority(
        f"{named} is no authority here; allowed: {', '.join(directory.authorities)}"
    )


def carry_out(work: Coroutine[Any, Any, int | None]) -> None:
    """Run a command to its end; what goes wrong is said in a sentence, with exit status 1."""
    try:
        sys.exit(uvloop.run(work) or 0)
    except grpc.aio.AioRpcError as error:
        complaints.print(f"[red]{error.code().name}: {error.details()}")
    except (
        StackError,
        NotSettled,
        Nobody,
        ImportFailed,
        NoSuchAuthority,
        NoKeys,
        Unavailable,
        OSError,
    ) as error:
        complaints.print(f"[red]{error}", markup=True, highlight=False)
    sys.exit(1)


def say(step: str) -> None:
    """Name a step as it begins."""
    console.print(f"  {step} …", style="dim", highlight=False)
