"""One sheet of the board workbook for each measure: what it is, its chart, its months and its groups."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from openpyxl import Workbook
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.measures.counts import Unit
from perfpipe.measures.shown_numbers import usual_decimals
from perfpipe.measures.words import NOTHING
from perfpipe.packs.models.chart import Figure, Point
from perfpipe.packs.models.pack import ComparatorLine, ComparatorTable, GroupTable, MeasurePage, Series
from perfpipe.packs.wording.numbers import interval_decimals
from perfpipe.packs.workbooks.cells import (
    CellEntry,
    Value,
    facts,
    heading,
    put,
    set_up_print,
    table,
    title,
    widths,
)
from perfpipe.packs.workbooks.looks import number_format
from perfpipe.packs.workbooks.pictures import picture

CHART_PIXELS = 1000
LABELS, WIDE, TARGET, STATUS, VARIATION = 34, 135, 14, 13, 24  # widths of columns, in letters
NUMBERS = (12, 13, 15, 15, 15)  # value, numerator, denominator, interval


def add_measure_sheet(
    workbook: Workbook,
    page: MeasurePage,
    name: str,
    contents: str,
    charts: Mapping[str, bytes],
    audience: str,
) -> None:
    """Add the sheet of one measure."""
    sheet = workbook.create_sheet(name)
    numbers = NUMBERS[: len(_value_headers(page, _with_interval(page), ""))]
    widths(sheet, LABELS, WIDE - sum(numbers), *numbers, TARGET, STATUS, VARIATION)  # all sheets are as wide together
    row = title(sheet, f"{page.code} {page.title}", contents)
    row = facts(sheet, row + 1, _facts(page))
    for number, series in enumerate(page.series, 1):
        row = _series(sheet, row + 1, page, series, charts, number)
    if page.longer:
        row = _longer(sheet, row + 1, page)
    set_up_print(sheet, audience, "1:1")


def _facts(page: MeasurePage) -> list[tuple[str, Value]]:
    several = len(page.series) > 1
    findings: list[tuple[str, Value]] = []
    judged: list[tuple[str, Value]] = []
    for series in page.series:
        label = f"Finding: {_lower(series.period_title)}" if several else "Finding"
        findings.append((label, CellEntry(series.finding, strong=True)))
        ending = f": {_lower(series.period_title)}" if several else ""
        judged.append((f"Variation{ending}", series.variation))
        judged.append((f"Assurance{ending}", series.assurance))
    targets = dict.fromkeys(_target(series) for series in page.series)
    return [
        *findings,
        *judged,
        ("Definition", page.definition),
        ("Why it matters", page.why_it_matters),
        ("Good is", page.good_is),
        ("Target", "\n".join(targets)),
        ("Recommendation or topic", "\n".join(page.serves) or "None in the plan"),
        ("Owner", page.owner),
        ("Data", page.data),
        ("Command to trace the figures", page.traced_by),
        ("Source of the definition", page.source),
    ]


def _target(series: Series) -> str:
    if series.latest.target_band is None:
        return series.target_source
    return f"{series.latest.target}: {series.target_source}"


def _lower(words: str) -> str:
    return f"{words[0].lower()}{words[1:]}"


def _series(
    sheet: Worksheet, row: int, page: MeasurePage, series: Series, charts: Mapping[str, bytes], number: int
) -> int:
    row = heading(sheet, row, f"Chart: {_lower(series.period_title)}")
    row = picture(sheet, row, series.chart, charts, number, CHART_PIXELS)
    sheet.row_breaks.append(Break(id=row - 1))
    if series.comparators:
        row = _comparators(sheet, row, series, series.comparators)
    row = heading(sheet, row, f"Months, newest first: {_lower(series.period_title)}")
    with_interval = _with_interval(page)
    headers = ["Month", "In words", *_value_headers(page, with_interval, "Value"), "Target", "Status"]
    rows = [_month(page, point, with_interval) for point in reversed(series.points)]
    if any(point.lines for point in series.points):
        headers.append("Variation")
        rows = [[*cells, point.variation] for cells, point in zip(rows, reversed(series.points), strict=True)]
    row = table(sheet, row, f"Months_{series.chart.name}", headers, rows)
    if series.groups:
        sheet.row_breaks.append(Break(id=row))
    for group in series.groups:
        row = _groups(sheet, row + 1, page, series, group)
    return row


def _comparators(sheet: Worksheet, row: int, series: Series, compared: ComparatorTable) -> int:
    row = heading(sheet, row, f"Compared with others: {_lower(series.period_title)}")
    if compared.lines:
        headers = ["Who", "Year", "Value", "Released", "Vintage"]
        row = table(sheet, row, f"Comparators_{series.chart.name}", headers, [_compared(x) for x in compared.lines])
    for words in compared.notes:
        put(sheet, row, 1, words, wrap=False)
        row += 1
    return row + 1


def _compared(line: ComparatorLine) -> list[Value]:
    value: Value = (
        line.shown if line.value is None else CellEntry(line.value, number_format(line.decimals, line.percent))
    )
    released: Value = CellEntry(line.released, "d mmm yyyy") if line.released else NOTHING
    return [line.who, line.year, value, released, line.vintage or NOTHING]


def _with_interval(page: MeasurePage) -> bool:
    return any(point.figure.lower is not None for series in page.series for point in series.points)


def _value_headers(page: MeasurePage, with_interval: bool, value: str) -> list[str]:
    counts = [] if page.is_count else ["Numerator", "Denominator"]
    return [value, *counts, *(["95% interval, low", "95% interval, high"] if with_interval else [])]


def _month(page: MeasurePage, point: Point, with_interval: bool) -> list[Value]:
    year, month = point.month.split("-")
    day = CellEntry(date(int(year), int(month), 1), "mmm yyyy")
    target: Value = point.target
    if point.target_value is not None:
        target = CellEntry(point.target_value, number_format(point.target_decimals, point.figure.percent))
    values = _values(page, point.figure, with_interval)
    return [day, point.in_words, *values, target, point.status]


def value_entry(figure: Figure) -> Value:
    """A figure as a real number, its markers shown behind it; without a figure, the marker that says why."""
    if figure.value is None:
        return figure.marker
    marks = "".join(f" {mark}" for mark in figure.marks)
    return CellEntry(figure.value, number_format(figure.decimals, figure.percent) + (f'"{marks}"' if marks else ""))


def lone_entry(figure: Figure) -> Value:
    """The same where nothing stands beside it: on a low base in words, with counts and interval."""
    return figure.alone if figure.low_base or figure.left_out else value_entry(figure)


def _values(page: MeasurePage, figure: Figure, with_interval: bool) -> list[Value]:
    values: list[Value] = [value_entry(figure)]
    if not page.is_count:
        values += [_part(figure, number, _count_format(number)) for number in (figure.numerator, figure.denominator)]
    if with_interval:
        ends = number_format(interval_decimals(figure.percent), figure.percent)
        values += [_part(figure, number, ends) for number in (figure.lower, figure.upper)]
    return values


def _count_format(number: float | None) -> str:
    return "" if number is None else number_format(usual_decimals(number, Unit.COUNT), percent=False)


def _part(figure: Figure, number: float | None, shown: str) -> Value:
    return CellEntry(number, shown) if number is not None else figure.marker or NOTHING


def _longer(sheet: Worksheet, row: int, page: MeasurePage) -> int:
    row = heading(sheet, row, "Longer periods")
    with_interval = _with_interval(page)
    headers = ["Period", "In words", *_value_headers(page, with_interval, "Value")]
    rows: list[list[Value]] = [
        [line.title, line.figure.full, *_values(page, line.figure, with_interval)] for line in page.longer
    ]
    return table(sheet, row, f"Longer_{page.measure_id}", headers, rows)


def _groups(sheet: Worksheet, row: int, page: MeasurePage, series: Series, group: GroupTable) -> int:
    row = heading(sheet, row, f"{group.title}: {group.now_label}, {_lower(series.period_title)}")
    with_interval = _with_interval(page)
    headers = [
        group.title,
        "In words",
        *_value_headers(page, with_interval, group.now_label),
        group.before_label,
    ]
    rows: list[list[Value]] = [
        [line.label, line.now.full, *_values(page, line.now, with_interval), lone_entry(line.before)]
        for line in group.rows
    ]
    return table(sheet, row, f"Groups_{series.chart.name}_{group.id}", headers, rows)
