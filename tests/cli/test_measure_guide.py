"""The measure catalogue: `docs/measures.md` is what the definitions generate."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from perfpipe.cli.main import main
from perfpipe.cli.measure_guide import measures_page, plan_facts
from perfpipe.measures import BY_ID
from perfpipe.measures import MEASURES as CATALOGUE
from perfpipe.measures.definition import Period
from perfpipe.measures.missing_episodes import MISSING_CHILDREN
from perfpipe.measures.placements import CHILDREN_LOOKED_AFTER
from perfpipe.measures.return_home_interviews import RHI_WITHIN_72H
from perfpipe.measures.turnover import TURNOVER_12_MONTHS
from perfpipe.plan import load_plan
from perfpipe.plan.manual_measures import all_measures
from perfpipe_sample import PLAN_FILE
from tests.measure_builders import changed
from tests.plan_builders import KNOWN, load

PAGE = Path(__file__).parents[2] / "docs" / "measures.md"
MEASURES = all_measures(load_plan(PLAN_FILE, CATALOGUE))


def test_the_page_is_what_definitions_and_plan_generate() -> None:
    page = measures_page(MEASURES, load_plan(PLAN_FILE, CATALOGUE))
    assert PAGE.read_text(encoding="utf-8") == page, "run `make docs`, and commit docs/measures.md"


def printed(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    with pytest.raises(SystemExit) as ended:
        main(["measures", *map(str, arguments)])
    assert ended.value.code == 0
    return capsys.readouterr().out


@pytest.mark.slow
def test_the_command_prints_the_page(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert printed(capsys, "--page", "-w", PLAN_FILE.parent) == PAGE.read_text(encoding="utf-8")
    assert printed(capsys, "--page", "-w", tmp_path) == measures_page(CATALOGUE)  # no plan: no targets


def test_each_step_of_a_target_says_since_when_and_on_what_authority(tmp_path: Path) -> None:
    offered, looked_after, episodes = KNOWN[1], KNOWN[2], KNOWN[0]
    plan = load(tmp_path)
    assert list(plan_facts(offered, plan)) == [
        ("Recommendation or topic", "Recommendation 1: One"),
        (
            "Target from April 2017",
            "at least 80%, near within 10 percentage points; agreed on 14 June 2017; Plan, action 1.1",
        ),
        ("Target from October 2017", "at least 90%; agreed on 18 October 2017; Board, decision D1"),
    ]
    assert list(plan_facts(looked_after, plan))[1:] == [
        ("Target from April 2017", "580 to 630; agreed on 14 June 2017; Council Plan")
    ]
    assert list(plan_facts(episodes, plan)) == [("Recommendation or topic", "none"), ("Target", "none in the plan")]
    assert "| Target from October 2017 | at least 90%; agreed on" in measures_page([offered], plan)


def test_targets_are_listed_with_the_measures(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    told = printed(capsys, "-w", PLAN_FILE.parent)
    assert "Target from October 2017: at least 60%, near within 10 percentage points; agreed on 18 October" in told
    (tmp_path / "plan.toml").write_text("title = 3", encoding="utf-8")
    assert "Target" not in printed(capsys, "-w", tmp_path)


def test_every_measure_says_all_that_it_declares() -> None:
    page = measures_page(MEASURES)
    for measure in MEASURES:
        section = page.split(f"## {measure.code} {measure.title}\n")[1].split("\n## ")[0]
        declared = (measure.id, measure.definition, measure.why_it_matters, measure.owner, measure.source)
        periods = tuple(f"`{period}`" for period in measure.periods)
        groups = tuple(title for each in measure.shown.breakdowns for title in (each.title, *each.groups.values()))
        assert [words for words in (*declared, *periods, *groups) if words not in section] == []
        assert f"| Version | {measure.version} |" in section


@pytest.mark.parametrize(
    ("measure", "line"),
    [
        (RHI_WITHIN_72H, "| Matures after | 72 hours after the month's end |"),
        (BY_ID["rhi_completed"], "| Matures after | 28 days after the month's end |"),
        (
            BY_ID["rhi_completed"],
            "| Denominator | Eligible, and old enough at the time of the extract (definitions 3.10). |",
        ),
        (CHILDREN_LOOKED_AFTER, "| Matures after | the month's end |"),
        (CHILDREN_LOOKED_AFTER, "| Good is | in a range |"),
        (CHILDREN_LOOKED_AFTER, "| Counted | Every child of the snapshot. |"),
        (MISSING_CHILDREN, "| How it is counted | different values of `child_id`, each once |"),
        (TURNOVER_12_MONTHS, "| How it is counted | the sum of `fte` |"),
        (TURNOVER_12_MONTHS, "| Looks back | 13 months |"),
        (TURNOVER_12_MONTHS, "| Periods | 12 months to month end (`rolling_12`) |"),
        (changed(TURNOVER_12_MONTHS, lookback_months=1), "| Looks back | 1 month |"),
        (replace(TURNOVER_12_MONTHS, periods=(Period.QUARTER,)), "(`quarter`) |"),
        (replace(TURNOVER_12_MONTHS, owner="A | B"), "| Owner | A \\| B |"),
    ],
)
def test_a_fact_of_a_measure_is_in_words(measure: object, line: str) -> None:
    assert line in measures_page([measure])  # type: ignore[list-item]


def test_a_new_measure_appears_by_itself() -> None:
    page = measures_page([*MEASURES, replace(RHI_WITHIN_72H, id="rhi_new", code="RHI-99", title="A new one")])
    assert "| [RHI-99](#rhi-new) | A new one |" in page
    assert "## RHI-99 A new one\n" in page
