"""Tables of several measures side by side, as the steps of a funnel or of a bridge, made from their figures."""

from __future__ import annotations

from perfpipe.compute.consistency import written_sum
from perfpipe.dates.months import month_range
from perfpipe.measures.definition import Measure, Period, Table
from perfpipe.packs.content.assessed_rows import ALL
from perfpipe.packs.content.pages.scorecard import topic_of
from perfpipe.packs.content.series import Scene
from perfpipe.packs.models.pack import StepRow, TablePage, TablePart
from perfpipe.packs.models.row import Row
from perfpipe.packs.wording.numbers import short_month
from perfpipe.packs.wording.sentences import PERIOD_TITLES

MONTHS = 13  # the report month, and the same month a year earlier


def table_pages(scene: Scene, measures: tuple[Measure, ...]) -> tuple[TablePage, ...]:
    """A page for each table that some of the measures belong to, in the order of its first measure."""
    tables = {measure.shown.table.id: measure.shown.table for measure in measures if measure.shown.table}
    return tuple(
        _page(scene, table, [measure for measure in measures if measure.shown.table is table])
        for table in tables.values()
    )


def _page(scene: Scene, table: Table, steps: list[Measure]) -> TablePage:
    titles = {measure.id: measure.title for measure in steps}
    every_group = {each.id: each for measure in steps for each in measure.shown.breakdowns}
    shared = [each for each in every_group.values() if all(each in measure.shown.breakdowns for measure in steps)]
    return TablePage(
        table_id=table.id,
        title=table.title,
        note=table.note,
        sums=tuple(
            f"{titles[total]} = {written_sum(parts, titles)}"
            for total, parts in table.adds_up
            if {total, *(part.lstrip("-") for part in parts)} <= set(titles)
        ),
        definitions=tuple((measure.code, measure.title, measure.definition) for measure in steps),
        parts=(
            _months(scene, steps),
            *(_groups(scene, steps, breakdown.id, breakdown.title, breakdown.groups) for breakdown in shared),
        ),
        topic=topic_of(steps[0]),
    )


def _months(scene: Scene, steps: list[Measure]) -> TablePart:
    """The months, newest last, and the longer periods that all steps have."""
    longer = [
        period
        for period in (Period.YEAR_TO_DATE, Period.ROLLING_12)
        if all(period in measure.periods for measure in steps)
    ]
    months = [str(month) for month in month_range(scene.month - (MONTHS - 1), scene.month)]
    rows = []
    for measure in steps:
        cells = [(measure.periods[0], month) for month in months] + [(period, months[-1]) for period in longer]
        found = [scene.rows.find(measure.id, period, month) for period, month in cells]
        rows.append(_row(scene, measure, found))
    headers = [*map(short_month, months), *(PERIOD_TITLES[period] for period in longer)]
    return TablePart("months", "Months", tuple(headers), tuple(rows))


def _groups(scene: Scene, steps: list[Measure], breakdown: str, title: str, groups: dict[str, str]) -> TablePart:
    """The report month by group, and the whole."""
    month = str(scene.month)
    rows = []
    for measure in steps:
        cells = [(ALL, ALL), *((breakdown, group) for group in groups)]
        found = [scene.rows.find(measure.id, measure.periods[0], month, *cell) for cell in cells]
        rows.append(_row(scene, measure, found))
    return TablePart(breakdown, f"{title}: {short_month(month)}", ("All", *groups.values()), tuple(rows))


def _row(scene: Scene, measure: Measure, found: list[Row]) -> StepRow:
    return StepRow(measure.code, measure.title, tuple(scene.figure(row, measure) for row in found))
