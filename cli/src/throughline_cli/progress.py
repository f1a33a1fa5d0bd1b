"""A progress bar over the lines of a file, with rate and time left."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text


class _Rate(ProgressColumn):
    """Lines a second."""

    def render(self, task: Task) -> Text:
        """Return the rate so far."""
        return Text(f"{task.speed or 0:.0f} lines/s")


@contextmanager
def bar(console: Console, file: Path) -> Iterator[Callable[[], None]]:
    """Show how far a file is; give what is to be called after each line."""
    with file.open("rb") as stream:
        total = sum(1 for line in stream if line.strip())
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        console=console,
    ) as progress:
        task = progress.add_task(file.name, total=total)
        yield lambda: progress.advance(task)
