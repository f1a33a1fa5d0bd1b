"""What must hold once all stories were told on a platform that was disturbed all along."""

from dataclasses import dataclass, field

import pytest
from rich.console import Console

from tests.scenarios.disturbing import Disturber
from tests.system.installation import Installation
from throughline_cli.comparing import Compared, compare
from throughline_cli.operating import Operator
from throughline_cli.reaching import SERVICES

KILLED = -9


@dataclass(slots=True, eq=False)
class Again:
    """A plugin of pytest: its presence has the stories disturbed; it says what was done to them."""

    said: list[str] = field(default_factory=list)

    async def judge(
        self, installation: Installation, disturber: Disturber, operator: Operator
    ) -> None:
        """Fail unless all was disturbed as promised, and the read models came out of it whole."""
        await disturber.all_up()
        await operator.settle()
        await disturber.double()
        await operator.settle()
        once = await disturber.told_once()
        compared = await compare(Console(quiet=True), installation.embedded)
        self._tell(disturber, compared)
        assert not once, f"{len(once)} messages came only once"
        assert set(disturber.ended) == set(SERVICES), "not every service was killed"
        assert {each for ended in disturber.ended.values() for each in ended} == {KILLED}
        assert [each for each in compared if not each.same] == []

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what was done."""
        for line in self.said:
            terminalreporter.write_line(line)

    def _tell(self, disturber: Disturber, compared: list[Compared]) -> None:
        kills = ", ".join(f"{name} {len(ended)}" for name, ended in disturber.ended.items())
        self.said += [
            f"{disturber.doubled:,} messages delivered twice; killed: {kills}",
            f"{sum(each.same for each in compared)} of {len(compared)} read models are as rebuilt",
        ]
