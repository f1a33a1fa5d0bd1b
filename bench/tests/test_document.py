"""The document follows from the figures: goals, verdicts, reasons, tables, and what is missing."""

import json

import pytest

from bench.document import DOCS, FIGURES, PAGE, PLOTS, current, page
from bench.goals import GOALS, TIMES, reached
from bench.plan import FULL, QUICK
from bench.stamps import SHOWS, stamp
from bench.tests.found import cell, found

REMARKS = {
    "missed": {"call-p99": "The queue is long."},
    "profiles": {"append 16": "It encodes."},
}


def verdicts() -> dict[str, str]:
    return {each.goal.id: each.verdict for each in reached(found())}


def test_a_goal_is_met_at_its_bound_and_missed_beyond_it() -> None:
    said = verdicts()
    assert said["same-16"] == "ok"
    assert said["bare-16"] == "**missed**"
    assert said["call"] == "ok"
    assert said["call-p99"] == "**missed**"
    assert (said["growth-append"], said["growth-go-on"]) == ("ok", "**missed**")


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    said = verdicts()
    assert {said[each] for each in ("same-64", "relay", "rebuild", "history")} == {"not measured"}


def test_a_latency_of_which_some_were_never_answered_has_no_bound() -> None:
    run = {"p50_ms": 1.0, "p99_ms": 2.0, "unanswered": {"DEADLINE_EXCEEDED": 1}}
    said = {each.goal.id: each.verdict for each in reached(found(arrivals={"100": run}))}
    assert said["arrival-p50"] == "**missed**"
    said = {
        each.goal.id: each.verdict
        for each in reached(found(arrivals={"100": run | {"unanswered": {}}}))
    }
    assert said["arrival-p50"] == "ok"


def test_the_best_of_the_peers_is_the_one_to_beat() -> None:
    [figure] = [each.figure for each in reached(found()) if each.goal.id == "peers-16"]
    assert figure == 3.0


def test_every_goal_has_a_name_of_its_own() -> None:
    assert len({each.id for each in GOALS}) == len(GOALS)


def test_the_page_tells_goals_reasons_and_where_the_time_goes() -> None:
    text = page(found(), REMARKS)
    goal = (
        f"| appends, 16 writers | the same writes by pgbench | ≥ 1.00{TIMES} | 1.50{TIMES} | ok |"
    )
    assert goal in text
    assert "p99 (beside bare grpc.aio echo): The queue is long." in text
    assert "appends, 16 writers (beside the bare row by pgbench): not known yet." in text
    assert "It encodes." in text
    assert "Not taken: nobody may look" in text
    assert "## Relay\n\nNot measured: RuntimeError: gone" in text
    assert "1,234,567 of 1,234,567" in text
    assert "not quiet" not in text
    assert "3 commands were not answered in time" in text


def test_the_page_says_so_when_others_used_the_machine_or_a_peer_was_not_there() -> None:
    busy = found()["machine"] | {"cores_at_work_before": 3.0}
    text = page(found(machine=busy, said=["this machine has no npm: they are missing"]), REMARKS)
    assert "**The machine was not quiet**" in text
    assert "> this machine has no npm: they are missing." in text


def test_a_table_has_as_many_cells_in_each_row() -> None:
    for block in page(found(), REMARKS).split("\n\n"):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        assert len({row.count("|") for row in rows}) <= 1, block


def test_a_plot_is_out_of_date_as_soon_as_a_figure_changes() -> None:
    before = found()["appends"]["by"]
    assert stamp(before) == stamp(found()["appends"]["by"])
    assert stamp(before) != stamp(before | {"ledger": {"16": cell(1501)}})


def test_the_document_that_is_checked_in_is_that_of_its_figures() -> None:
    assert PAGE.read_text(encoding="utf-8") == current()


@pytest.mark.parametrize("plot", SHOWS)
def test_the_plots_that_are_checked_in_show_these_figures(plot: str) -> None:
    figures = json.loads(FIGURES.read_bytes())
    if SHOWS[plot] in figures["failed"]:
        pytest.skip("that part of the run failed, as the document says")
    assert stamp(figures[SHOWS[plot]]["by"]) in (PLOTS / f"{plot}.svg").read_text(encoding="utf-8")
    assert f"{PLOTS.relative_to(DOCS)}/{plot}.svg" in PAGE.read_text(encoding="utf-8")


def test_what_is_checked_in_was_measured_as_a_run_is_to_be() -> None:
    plan = json.loads(FIGURES.read_bytes())["plan"]
    assert plan["name"] in {QUICK.name, FULL.name}
    assert plan["repeats"] >= 5
    assert plan["writers"] == [1, 16, 64, 256]
