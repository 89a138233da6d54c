"""One measure over one period, made into months, groups and the sentences about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from perfpipe.dates.months import Month, month_range
from perfpipe.history.first_figures import MeanRevision
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Breakdown, Measure, Period
from perfpipe.measures.shown_numbers import agreed_decimals, scaled, target_ends
from perfpipe.measures.words import STATUS_WORDS, capital
from perfpipe.packs.content.assessed_rows import Rows, figure_of
from perfpipe.packs.content.chart_words import Facts
from perfpipe.packs.content.charts import chart_of
from perfpipe.packs.models.blocks import FigureKey
from perfpipe.packs.models.chart import Figure, Lines, Point
from perfpipe.packs.models.pack import GroupRow, GroupTable, PeriodLine, Series
from perfpipe.packs.models.row import Row
from perfpipe.packs.wording import signals
from perfpipe.packs.wording.numbers import short_month, show_target
from perfpipe.packs.wording.sentences import (
    PERIOD_TITLES,
    adds_to_limits,
    against_target,
    beside_target,
    finding,
    later_moves,
    moved,
    when,
)
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
    moves: Mapping[tuple[str, str], MeanRevision] = field(default_factory=dict)  # by measure and period
    _figures: dict[FigureKey, Figure] = field(default_factory=dict, repr=False)

    def figure(self, row: Row, measure: Measure) -> Figure:
        """A row's figure as every output shows it, worked out once."""
        if row.key not in self._figures:
            self._figures[row.key] = figure_of(row, measure, self.low_base)
        return self._figures[row.key]


def series_of(scene: Scene, measure: Measure, period: Period, source: str) -> Series:
    """All that a pack says about a measure over one period."""
    months = months_of(period, scene.month)
    found = [scene.rows.find(measure.id, period, str(month)) for month in months]
    later = _later(scene, measure, period)
    points = tuple(_point(scene, row, before, measure, later) for before, row in _pairs(found))
    row, latest = found[-1], points[-1]
    against = against_target(latest.figure, row.target, row.status, measure.counts.unit, measure.shown.polarity)
    varies, changed = (
        signals.clause(row, period),
        moved(latest.figure, row, measure.counts.unit, low_base_then=_few_then(scene, measure, row)),
    )
    time = when(period, months[-1].label)
    more = changed if not varies or adds_to_limits(row) else ""
    said = finding(measure.title, latest.figure, time, against, varies, more, row.status, later)
    groups = tuple(_groups(scene, measure, period, breakdown, months[-1]) for breakdown in measure.shown.breakdowns)
    refused = row.variation_reason if row.mean is None else ""
    facts = Facts(measure, period, scene.authority, said, source, f"{measure.id}_{period}", refused)
    return Series(
        period=period.value,
        period_title=PERIOD_TITLES[period],
        finding=said,
        target_source=_target_source(scene.plan, measure, period, months[-1]),
        latest=latest,
        against_target=beside_target(latest.figure, row.target, row.status, measure.counts.unit),
        variation=signals.variation(row, period),
        assurance=signals.assurance(row),
        change=capital(changed),
        points=points,
        groups=groups,
        chart=chart_of(facts, points, groups),
    )


def period_line(scene: Scene, measure: Measure, period: Period) -> PeriodLine:
    """The latest figure over a period that has no chart of its own."""
    month = months_of(period, scene.month)[-1]
    row = scene.rows.find(measure.id, period, str(month))
    return PeriodLine(f"{PERIOD_TITLES[period]}, {short_month(str(month))}", scene.figure(row, measure))


def _few_then(scene: Scene, measure: Measure, row: Row) -> bool:
    """Whether the figure a year earlier is on a low base, and so must not stand alone."""
    return scene.figure(scene.rows.find(row.measure_id, row.period, row.year_month), measure).low_base


def months_of(period: Period, last: Month) -> list[Month]:
    """The months of a series, oldest first: for quarters only those that end one."""
    months = month_range(last - (MONTHS - 1), last)
    return [month for month in months if period is not Period.QUARTER or month.number % 3 == 0]


def _pairs(rows: list[Row]) -> list[tuple[Row | None, Row]]:
    return list(zip([None, *rows[:-1]], rows, strict=True))


def _later(scene: Scene, measure: Measure, period: Period) -> str:
    """How far first figures of a measure move later; empty where too little is known."""
    moved = scene.moves.get((measure.id, period.value))
    return later_moves(moved.by, moved.months, measure.counts.unit) if moved else ""


def _point(scene: Scene, row: Row, before: Row | None, measure: Measure, later: str) -> Point:
    figure = scene.figure(row, measure)
    ends = target_ends(row.target) if row.target else None
    band = None
    if ends:
        band = (float(scaled(ends[0], measure.counts.unit)), float(scaled(ends[1], measure.counts.unit)))
    changed = before is not None and before.definition_version != row.definition_version
    words = figure.full
    if changed:
        words += f"; definition version {row.definition_version} from here"
    if later and figure.value is not None and figure.provisional:
        words += f"; {later}"
    return Point(
        month=row.month,
        label=short_month(row.month),
        figure=figure,
        target=show_target(row.target, measure.counts.unit, measure.shown.polarity),
        target_value=float(ends[0]) if ends and ends[0] == ends[1] else None,
        target_decimals=agreed_decimals(ends[0], measure.counts.unit) if ends else 0,
        target_band=band,
        status=capital(STATUS_WORDS[row.status]),
        in_words=words,
        variation=signals.in_month(row),
        mark=signals.mark_of(row),
        lines=_lines(row, measure.counts.unit),
        median=None if row.median is None else float(scaled(row.median, measure.counts.unit)),
        rebased=row.rebased,
    )


def _lines(row: Row, unit: Unit) -> Lines | None:
    if row.mean is None or row.lower_limit is None or row.upper_limit is None:
        return None
    most = 1.0 if unit is Unit.PERCENT else row.upper_limit
    mean, lower, upper = (
        float(scaled(end, unit)) for end in (row.mean, max(row.lower_limit, 0.0), min(row.upper_limit, most))
    )
    return Lines(mean, lower, upper, row.trial_limits)


def _groups(scene: Scene, measure: Measure, period: Period, breakdown: Breakdown, month: Month) -> GroupTable:
    now, before = str(month), str(month - 12)

    def figure(month: str, group: str) -> Figure:
        row = scene.rows.find(measure.id, period, month, breakdown.id, group)
        return scene.figure(row, measure)

    rows = tuple(
        GroupRow(label, figure(now, group), figure(before, group)) for group, label in breakdown.groups.items()
    )
    return GroupTable(breakdown.id, breakdown.title, short_month(now), short_month(before), rows)


def _target_source(plan: Plan, measure: Measure, period: Period, month: Month) -> str:
    target = plan.target_of(measure, period)
    return target.source_of(target.step_for(month)) if target else "No target in the plan"
