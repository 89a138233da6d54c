"""One measure over one period, made into months, groups and the sentences about them."""

from __future__ import annotations

from dataclasses import dataclass

from perfpipe.measures.definition import Breakdown, Measure, Period
from perfpipe.months import Month, month_range
from perfpipe.pack.model import Figure, GroupRow, GroupTable, Point, Series
from perfpipe.pack.pictures import Facts, chart_of
from perfpipe.pack.rows import Row, Rows, figure_of
from perfpipe.pack.sentences import PERIOD_TITLES, against_target, beside_target, change, finding, when
from perfpipe.pack.words import STATUSES, scaled, short_month, show_target, target_ends
from perfpipe.plan import Plan

MONTHS = 36


@dataclass(frozen=True)
class Scene:
    """What every series of a pack shares."""

    rows: Rows
    month: Month
    authority: str
    plan: Plan
    low_base: int


def series_of(scene: Scene, measure: Measure, period: Period, source: str) -> Series:
    """All that a pack says about a measure over one period."""
    months = [str(month) for month in month_range(scene.month - (MONTHS - 1), scene.month)]
    found = [scene.rows.find(measure.id, period, month) for month in months]
    points = tuple(_point(row, before, measure, scene.low_base) for before, row in _pairs(found))
    row, latest = found[-1], points[-1]
    against = against_target(latest.figure, row.target, row.status, measure.unit, measure.polarity)
    changed = change(latest.figure, row.direction, row.previous, measure.unit)
    time = when(period, scene.month.label)
    said = finding(measure.title, latest.figure, time, against, changed, row.status)
    groups = tuple(_groups(scene, measure, period, breakdown) for breakdown in measure.breakdowns)
    facts = Facts(measure, period, scene.authority, said, source, f"{measure.id}_{period}")
    return Series(
        period=period.value,
        period_title=PERIOD_TITLES[period],
        finding=said,
        target_source=_target_source(scene.plan, measure, period),
        latest=latest,
        against_target=beside_target(latest.figure, row.target, row.status),
        change=f"{changed[0].upper()}{changed[1:]}",
        points=points,
        groups=groups,
        chart=chart_of(facts, points, groups),
    )


def _pairs(rows: list[Row]) -> list[tuple[Row | None, Row]]:
    return list(zip([None, *rows[:-1]], rows, strict=True))


def _point(row: Row, before: Row | None, measure: Measure, low_base: int) -> Point:
    figure = figure_of(row, measure, low_base)
    ends = target_ends(row.target) if row.target else None
    band = None
    if ends:
        band = (float(scaled(ends[0], measure.unit)), float(scaled(ends[1], measure.unit)))
    changed = before is not None and before.definition_version != row.definition_version
    words = figure.full
    if changed:
        words += f"; definition version {row.definition_version} from here"
    return Point(
        month=row.month,
        label=short_month(row.month),
        figure=figure,
        target=show_target(row.target, measure.unit, measure.polarity),
        target_value=float(ends[0]) if ends and ends[0] == ends[1] else None,
        target_band=band,
        status=STATUSES[row.status],
        in_words=words,
    )


def _groups(scene: Scene, measure: Measure, period: Period, breakdown: Breakdown) -> GroupTable:
    now, before = str(scene.month), str(scene.month - 12)

    def figure(month: str, group: str) -> Figure:
        row = scene.rows.find(measure.id, period, month, breakdown.id, group)
        return figure_of(row, measure, scene.low_base)

    rows = tuple(
        GroupRow(label, figure(now, group), figure(before, group)) for group, label in breakdown.groups.items()
    )
    return GroupTable(breakdown.id, breakdown.title, short_month(now), short_month(before), rows)


def _target_source(plan: Plan, measure: Measure, period: Period) -> str:
    target = plan.target_of(measure, period)
    if target is None:
        return "No target in the plan"
    said = "illustrative" in target.source.lower()
    return f"{target.source} (illustrative)" if target.illustrative and not said else target.source
