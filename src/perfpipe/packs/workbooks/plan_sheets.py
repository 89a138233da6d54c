"""The sheets of the board workbook about the plan: progress, the scorecard, actions and decisions, and over time."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from datetime import date

from openpyxl import Workbook
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.measures.words import NOT_AVAILABLE, NOTHING
from perfpipe.packs.models.pack import PackContent, PlanLine
from perfpipe.packs.models.plan import ActionLine, DecisionLine, PlanPages, RecommendationLine
from perfpipe.packs.workbooks.cells import CellEntry, Value, heading, put, set_up_print, table, title, widths
from perfpipe.packs.workbooks.pictures import picture

PLAN, SCORECARD = "Plan", "Scorecard"
ACTIONS, OVER_TIME = "Actions and decisions", "Progress over time"
PLAN_SHEETS = (PLAN, SCORECARD, ACTIONS, OVER_TIME)
CHART_PIXELS = 1050  # so that title and chart stand on one page
DAY = "d mmm yyyy"
PLAN_WIDTHS = (17, 26, 20, 24, 13, 17, 13, 13, 22, 30)
SCORECARD_WIDTHS = (30, 16, 10, 26, 19, 13, 12, 23, 44)
ACTION_WIDTHS = (28, 9, 40, 26, 13, 17, 13, 16, 32)
MONTH_WIDTH = 8
LETTERS_OF_WIDTH = 0.95  # of the letters that all columns hold, those that fit into a line over all of them


def plan_sheets(content: PackContent) -> dict[str, str]:
    """The names of the sheets about the plan, in order, and what each holds; without those that would be empty."""
    pages = content.progress
    told = {
        PLAN: "Each recommendation and topic: actions, targets, evidence, a sentence; judgements",
        SCORECARD: "Each recommendation with its actions and measures: latest figure, target, status, variation, one "
        "sentence",
        ACTIONS: "Every action with owner, due date and status, overdue ones first within each recommendation; what "
        "meetings decided, who does it by when, and whether it is done, open ones first",
        OVER_TIME: "Actions done and overdue, targets met, near and missed, by month",
    }
    empty = {ACTIONS: not (pages.actions or pages.decisions), OVER_TIME: not pages.over_time}
    return {name: holds for name, holds in told.items() if not empty.get(name)}


def add_plan_sheets(
    workbook: Workbook, content: PackContent, names: Mapping[str, str], charts: Mapping[str, bytes], contents: str
) -> None:
    """Add the sheets about the plan. `names`: the sheet of each measure; `charts`: the PNGs by name."""
    makers = {PLAN: _plan, SCORECARD: _scorecard, ACTIONS: _actions, OVER_TIME: _over_time}
    for name in plan_sheets(content):
        makers[name](workbook.create_sheet(name), content, names, charts, contents)


def _plan(
    sheet: Worksheet, content: PackContent, _: Mapping[str, str], charts: Mapping[str, bytes], contents: str
) -> None:
    pages = content.progress
    widths(sheet, *PLAN_WIDTHS)
    row = title(sheet, f"{content.plan_title}: progress to {content.month_label}", contents)
    row = _lines(sheet, row + 1, (pages.as_at, pages.judged_by), PLAN_WIDTHS)
    if pages.chart:
        row = picture(sheet, row + 1, pages.chart, charts, 1, CHART_PIXELS)
        sheet.row_breaks.append(Break(id=row - 1))
    row = heading(sheet, row, "Progress by recommendation and topic")
    headers = ["Recommendation", "What it asks", "Actions", "Overdue", "Actions are", "Targets", "Measures moving",
               "Outcomes are", "Evidence", "In one sentence"]  # fmt: skip
    row = table(sheet, row, "Improvement_Plan", headers, [_recommendation(line) for line in pages.lines])
    sheet.row_breaks.append(Break(id=row))
    if pages.judgements:
        row = heading(sheet, row + 1, "Judgements of the inspection")
        judged: list[list[Value]] = [
            [_day(line.since), line.title, line.grade, line.source] for line in pages.judgements
        ]
        row = table(sheet, row, "Judgements", ["Since", "Judgement", "Grade", "Given by"], judged)
    row = heading(sheet, row + 1, "How progress is rolled up")
    _lines(sheet, row, pages.rules, PLAN_WIDTHS)
    set_up_print(sheet, content.audience, "1:1")


def _recommendation(line: RecommendationLine) -> list[Value]:
    late = "\n".join(line.overdue) or "None"
    return [line.name, line.title, line.actions, late, line.actions_are, line.targets, line.change, line.outcomes_are,
            line.evidence, CellEntry(line.sentence, strong=True)]  # fmt: skip


def _lines(sheet: Worksheet, row: int, lines: tuple[str, ...], columns: tuple[int, ...]) -> int:
    """Texts over the width of the sheet, none cut off, and the next free row."""
    for words in lines:
        for part in textwrap.wrap(words, int(sum(columns) * LETTERS_OF_WIDTH)):
            put(sheet, row, 1, part, wrap=False)
            row += 1
    return row


def _day(day: date | None) -> Value:
    return CellEntry(day, DAY) if day else NOTHING


def _scorecard(
    sheet: Worksheet, content: PackContent, names: Mapping[str, str], _: Mapping[str, bytes], contents: str
) -> None:
    widths(sheet, *SCORECARD_WIDTHS)
    row = title(sheet, f"Scorecard: {content.month_label}", contents) + 1
    headers = ["Recommendation", "Actions", "Code", "Measure", "Latest", "Target", "Status", "Variation",
               "In one sentence"]  # fmt: skip
    table(sheet, row, "Scorecard", headers, [_score(line, names) for line in content.plan])
    sheet.freeze_panes = sheet.cell(row + 1, 2)
    set_up_print(sheet, content.audience, f"{row}:{row}")


def _score(line: PlanLine, names: Mapping[str, str]) -> list[Value]:
    code = CellEntry(line.code, link=names.get(line.measure_id, ""))
    return [f"{line.recommendation}: {line.title}", line.actions, code, line.measure, line.latest, line.target,
            line.status, line.variation, line.sentence]  # fmt: skip


def _actions(
    sheet: Worksheet, content: PackContent, _: Mapping[str, str], __: Mapping[str, bytes], contents: str
) -> None:
    """Actions, and under them what meetings decided: the columns of the one are as wide as those of the other need."""
    pages = content.progress
    widths(sheet, *ACTION_WIDTHS)
    row = title(sheet, f"{ACTIONS}: {content.month_label}", contents)
    row = _lines(sheet, row + 1, (pages.as_at,), ACTION_WIDTHS)
    if pages.actions:
        row = heading(sheet, row + 1, "Actions")
        headers = ["Recommendation", "Action", "What is done", "Owner", "Due", "Status", "Since", "Overdue", "Note"]
        row = table(sheet, row, "Actions", headers, [_action(line) for line in pages.actions])
    if pages.decisions:
        row = heading(sheet, row + 1, "Decisions of meetings")
        headers = ["Meeting", "Decision", "What was decided", "Owner", "Due", "Status", "Done on"]
        table(sheet, row, "Decisions", headers, [_decision(line) for line in pages.decisions])
    set_up_print(sheet, content.audience, "1:1")


def _action(line: ActionLine) -> list[Value]:
    return [line.recommendation, line.id, line.what, line.owner, _day(line.due), line.status, _day(line.since),
            line.overdue, line.note or NOTHING]  # fmt: skip


def _decision(line: DecisionLine) -> list[Value]:
    return [line.meeting, line.id, line.what, line.owner, _day(line.due), line.state, _day(line.done_on)]


def _over_time(
    sheet: Worksheet, content: PackContent, _: Mapping[str, str], __: Mapping[str, bytes], contents: str
) -> None:
    pages: PlanPages = content.progress
    columns = (20, 58, *[MONTH_WIDTH] * len(pages.months))
    widths(sheet, *columns)
    row = title(sheet, f"Progress over time: {pages.months[0]} to {pages.months[-1]}", contents)
    words = (
        "Actions at the end of each month by their histories as known now; targets as judged by that month's figures, "
        "as known now.",
        f"{NOTHING} nothing to count: no action or no target in the plan. "
        f"{NOT_AVAILABLE} no measure has a figure for the month.",
    )
    row = _lines(sheet, row + 1, words, columns)
    for number, counts in enumerate(pages.over_time):
        if number and number % 2 == 0:
            sheet.row_breaks.append(Break(id=row))
        row = heading(sheet, row + 1, counts.title)
        headers = ["Recommendation", "What it asks", *pages.months]
        rows: list[list[Value]] = [
            [name, asks, *(CellEntry(count) if isinstance(count, int) else count for count in numbers)]
            for name, asks, numbers in counts.rows
        ]
        row = table(sheet, row, f"Over_time_{counts.id}", headers, rows)
    set_up_print(sheet, content.audience, "1:1")
