"""The `throughline` command: run the platform, import, look into the past, check the evidence."""

from throughline_cli import parked_streams, platform_commands, record_commands
from throughline_cli.command import app
from throughline_cli.simulating import command as simulating_command

__all__ = ["main", "platform_commands", "record_commands", "simulating_command"]

app.add_typer(parked_streams.app, name="parked")


def main() -> None:
    """Run the command."""
    app()


if __name__ == "__main__":
    main()
