"""The plan in a pack: progress, actions, decisions and judgements of a day, over time, and in the workbook."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl import Workbook
from PIL import Image

from perfpipe.dates.months import Month
from perfpipe.measures.definition import Measure
from perfpipe.packs.charts.draw import draw
from perfpipe.packs.charts.shape import shape_of
from perfpipe.packs.content.board_pack import DataBehind, PackHead, build_content
from perfpipe.packs.content.plan_lines import EVIDENCE_ONLY, NOT_SHOWN
from perfpipe.packs.models.pack import PackContent
from perfpipe.packs.workbooks.board_book import write_workbook
from perfpipe.plan.progress import rules_printed
from tests.pack_builders import delivered, faults, row
from tests.plan_builders import KNOWN, PLAN, load

OCTOBER, SEPTEMBER = Month(2017, 10), Month(2017, 9)
EPISODES, OFFERED, LOOKED_AFTER = KNOWN
# 1.1 is overdue in September and done in October; 1.2 was due in the middle of October and is at risk
DATED = PLAN.replace('due = "2017-09-30"\nhistory', 'due = "2017-08-31"\nhistory').replace(
    'due = "2017-12-31"',
    'due = "2017-10-15"\nhistory = [{ on = "2017-09-20", status = "amber", note = "No money" }]',
)
CALLED = "Interviews offered to children"  # the plan's title of interviews offered
ONLY_WORDS = """\
title = "Plan"
without_recommendation = ["missing_episodes", "rhi_offered", "children_looked_after"]

[[recommendations]]
id = "1"
title = "One"
evidence = "no quantitative measure: evidence is an audit"
"""


def frame() -> pd.DataFrame:
    """Interviews offered meet their target in September and miss October's; the number looked after is in its range."""
    offered = {"numerator": 85.0, "denominator": 100.0, "value": 0.85}
    looked_after = {"numerator": 612.0, "value": 612.0, "target": "580..630", "status": "met"}
    return pd.DataFrame(
        [
            row(OFFERED, SEPTEMBER, OFFERED.periods[0], **offered, target="0.80", status="met"),
            row(OFFERED, OCTOBER, OFFERED.periods[0], **offered, target="0.90", status="missed", movement="worse"),
            row(LOOKED_AFTER, SEPTEMBER, LOOKED_AFTER.periods[0], **looked_after),
            row(LOOKED_AFTER, OCTOBER, LOOKED_AFTER.periods[0], **looked_after),
        ]
    )


def made(
    folder: Path, text: str = DATED, measures: tuple[Measure, ...] = KNOWN, audience: str = "board"
) -> PackContent:
    head = PackHead(OCTOBER, "Exampleton", audience, "f" * 64, None)
    return build_content(frame(), head, load(folder, text), measures, DataBehind(faults(), delivered()))


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> PackContent:
    return made(tmp_path_factory.mktemp("plan"))


def book(content: PackContent, folder: Path) -> Workbook:
    write_workbook(content, {chart.name: draw(chart) for chart in content.charts}, folder / "pack.xlsx")
    return openpyxl.load_workbook(folder / "pack.xlsx")


@pytest.fixture(scope="module")
def workbook(content: PackContent, tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    return book(content, tmp_path_factory.mktemp("book"))


def table(workbook: Workbook, sheet: str, name: str) -> list[dict[str, object]]:
    rows = [[cell.value for cell in row] for row in workbook[sheet][workbook[sheet].tables[name].ref]]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def texts(workbook: Workbook, sheet: str) -> list[object]:
    return [cell.value for line in workbook[sheet].iter_rows() for cell in line if cell.value is not None]


@pytest.mark.slow
def test_a_line_for_each_recommendation(workbook: Workbook) -> None:
    first, second = table(workbook, "Plan", "Improvement_Plan")
    assert first == {
        "Recommendation": "Recommendation 1", "What it asks": "One", "Actions": "1 of 2 done, 1 at risk",
        "Overdue": "1.2 due 15 Oct 2017: Head of Service", "Actions are": "Late",
        "Targets": "1 of 2 met, 1 missed", "Measures moving": "1 worse", "Outcomes are": "Missed",
        "Evidence": "The measures", "In one sentence": "1 of 2 actions done, 1 overdue; 1 of 2 targets met, 1 worse.",
    }  # fmt: skip
    assert [second[name] for name in ("Actions", "Overdue", "Actions are", "Targets", "Outcomes are", "Evidence")] == [
        "No actions", "None", "No actions", "No measure: evidence in words", "Not measured",
        "No quantitative measure: evidence is an audit",
    ]  # fmt: skip
    assert (second["Measures moving"], second["In one sentence"]) == ("[z]", "No actions; evidence in words only.")


def test_the_sheet_says_its_day_its_rules_and_the_judgements(workbook: Workbook) -> None:
    said = texts(workbook, "Plan")
    assert "Actions and decisions as at 31 October 2017." in said
    assert set(rules_printed()) <= set(said)
    (judged,) = table(workbook, "Plan", "Judgements")
    assert judged == {
        "Since": datetime(2017, 6, 13), "Judgement": "Leadership", "Grade": "Requires improvement",
        "Given by": "Inspection",
    }  # fmt: skip


def test_a_grade_that_changed_says_what_it_was_before(tmp_path: Path) -> None:
    later = 'source = "Inspection" }, { on = "2017-10-31", grade = "good", source = "Visit" }]'
    (judged,) = made(tmp_path, DATED.replace('source = "Inspection" }]', later)).progress.judgements
    assert (judged.grade, judged.since, judged.source) == ("Good (before: requires improvement)",
                                                           date(2017, 10, 31), "Visit")  # fmt: skip


def test_actions_the_overdue_ones_first(workbook: Workbook) -> None:
    late, done = table(workbook, "Actions and decisions", "Actions")
    assert late == {
        "Recommendation": "Recommendation 1: One", "Action": "1.2", "What is done": "Do the rest",
        "Owner": "Head of Service", "Due": datetime(2017, 10, 15), "Status": "Amber: at risk",
        "Since": datetime(2017, 9, 20),
        "Overdue": "Overdue by 16 days", "Note": "No money",
    }  # fmt: skip
    assert [done[name] for name in ("Action", "Status", "Since", "Overdue", "Note")] == [
        "1.1", "Blue: done", datetime(2017, 10, 18), "No", "Done",
    ]  # fmt: skip


def test_decisions_the_open_ones_first(tmp_path: Path) -> None:
    more = """
[[decisions]]
id = "D2"
meeting = "2017-10-18"
what = "Write a letter"
owner = "head"
due = "2017-10-25"
done_on = "2017-11-02"
"""
    lines = made(tmp_path, DATED.replace("2017-10-31", "2017-11-30") + more).progress.decisions
    assert [(each.id, each.state, each.done_on, each.meeting) for each in lines] == [
        ("D2", "Open, overdue", None, "Improvement Board, 18 October 2017"),  # it was done after the month
        ("D1", "Done", date(2017, 10, 18), "Improvement Board, 14 June 2017"),
    ]


def test_counts_over_time(workbook: Workbook) -> None:
    counts = {
        name: [list(line.values())[-3:] for line in table(workbook, "Progress over time", f"Over_time_{name}")]
        for name in ("actions_done", "actions_overdue", "targets_met", "targets_near", "targets_missed")
    }  # recommendations 1 and 2, and all; August, September and October
    none = ["[z]"] * 3
    assert counts == {
        "actions_done": [[0, 0, 1], none, [0, 0, 1]],
        "actions_overdue": [[0, 1, 1], none, [0, 1, 1]],
        "targets_met": [["[x]", 2, 1], none, ["[z]", 2, 1]],
        "targets_near": [["[x]", 0, 0], none, ["[z]", 0, 0]],
        "targets_missed": [["[x]", 0, 1], none, ["[z]", 0, 1]],
    }
    headers = list(table(workbook, "Progress over time", "Over_time_actions_done")[0])
    assert (headers[2], headers[-1], len(headers)) == ("Nov 2016", "Oct 2017", 14)


def test_the_scorecard_reads_recommendation_actions_measure_status_variation_and_a_sentence(workbook: Workbook) -> None:
    offered, looked_after, words = table(workbook, "Scorecard", "Scorecard")
    told = [offered[name] for name in ("Recommendation", "Actions", "Code", "Latest", "Target", "Status")]
    assert told == ["Recommendation 1: One", "1 of 2 done, 1 overdue", "RHI-03", "85% (85 of 100)", "at least 90%",
                    "Missed"]  # fmt: skip
    assert str(offered["In one sentence"]).startswith(f"{CALLED}: 85% (85 of 100) in October 2017, 5 percentage")
    assert offered["Variation"] == "Not judged: no figure"
    assert looked_after["Status"] == "Met"
    assert (words["Measure"], words["In one sentence"]) == (
        EVIDENCE_ONLY, "No quantitative measure: evidence is an audit",
    )  # fmt: skip


def test_the_chart_says_in_words_what_it_draws(content: PackContent, workbook: Workbook) -> None:
    chart = content.progress.chart
    assert chart
    assert chart.title == "1 of 2 actions done, 1 overdue; 1 of 2 targets met."
    first, second = chart.rows
    assert [(part.kind.words, part.count) for part in first.actions] == [("done", 1), ("at risk", 1)]
    assert [(part.kind.words, part.count) for part in first.targets] == [("met", 1), ("missed", 1)]
    assert (first.overdue_words, second.actions, second.targets) == ("1 overdue", (), ())
    assert "Recommendation 1, One: actions: 1 of 2 done, 1 at risk, 1 overdue; targets: 1 of 2 met" in (chart.alt_text)
    assert len(workbook["Plan"]._images) == 1


def test_a_plan_of_words_alone_has_no_empty_sheets(tmp_path: Path) -> None:
    content = made(tmp_path, ONLY_WORDS)
    assert content.progress.chart is None
    workbook = book(content, tmp_path)
    assert workbook.sheetnames == [
        "Cover",
        "Need to know",
        "Since you met",
        "Plan",
        "Scorecard",
        "Measures",
        "Revisions",
        "Data quality",
        "Definitions",
        "Data",
        "Notes",
    ]
    assert list(workbook["Plan"].tables) == ["Improvement_Plan"]
    assert table(workbook, "Plan", "Improvement_Plan")[0]["In one sentence"] == "No actions; evidence in words only."
    assert not any(str(words).startswith("Since the Board") for words in texts(workbook, "Plan"))


SHOWN = """
[[measures]]
id = "children_looked_after"
title = "Children in our care"

[[measures]]
id = "rhi_offered"
packs = ["public"]
"""


def test_the_plan_says_which_measures_a_pack_shows_in_which_order_and_how_they_are_called(tmp_path: Path) -> None:
    text = DATED[: DATED.index("[[measures]]")] + SHOWN
    board, public = made(tmp_path, text), made(tmp_path, text, audience="public")
    assert [(page.measure_id, page.title) for page in board.pages] == [
        ("children_looked_after", "Children in our care")
    ]
    assert [page.measure_id for page in public.pages] == ["children_looked_after", "rhi_offered"]
    assert "RHI-03" not in {line.code for line in board.plan}
    assert OFFERED.title not in str(board.board_pages[0])
    assert board.progress.lines == public.progress.lines  # progress counts the plan, whatever a pack shows of it
    assert board.progress.rules[-1].startswith("Counted are all measures of the plan")
    assert public.progress.rules == rules_printed()


def test_a_recommendation_whose_measures_are_not_in_the_pack_says_so(tmp_path: Path) -> None:
    hidden = tuple(f'[[measures]]\nid = "{each.id}"\npacks = ["public"]\n' for each in (OFFERED, LOOKED_AFTER))
    content = made(tmp_path, DATED[: DATED.index("[[measures]]")] + "\n".join(hidden))
    first = content.plan[0]
    assert (first.measure, first.sentence) == (
        NOT_SHOWN,
        "1 of 2 actions done, 1 overdue; 1 of 2 targets met, 1 worse.",
    )


def test_a_title_of_the_plan_changes_no_figure(tmp_path: Path) -> None:
    content = made(tmp_path, DATED[: DATED.index("[[measures]]")] + SHOWN, audience="public")
    plain = made(tmp_path, DATED[: DATED.index("[[measures]]")], audience="public")
    figures = [{page.measure_id: page.series[0].points for page in each.pages} for each in (content, plain)]
    assert figures[0] == figures[1]


def test_a_long_plan_can_be_drawn(content: PackContent) -> None:
    chart = content.progress.chart
    assert chart
    title = "A recommendation whose words are so many that they do not fit into two lines of the chart by far"
    long = replace(chart, rows=tuple(replace(line, title=title) for line in chart.rows * 10))
    assert Image.open(BytesIO(draw(long))).size == shape_of(long).pixels
