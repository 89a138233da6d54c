"""The figures that a page about a topic is made of, found by measure, period and group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from perfpipe.compute.staying_curve import StayingPoint
from perfpipe.dates.months import Month, month_range
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Measure, Period
from perfpipe.measures.shown_numbers import scaled, target_ends
from perfpipe.packs.content.assessed_rows import ALL
from perfpipe.packs.content.pages.subject import Subject
from perfpipe.packs.content.series import Scene
from perfpipe.packs.models.blocks import FigureKey
from perfpipe.packs.models.chart import Figure
from perfpipe.packs.models.pack import ComparatorTable, MeasurePage, Series
from perfpipe.packs.models.row import Row
from perfpipe.packs.models.sources import ExtractUse

FEWEST_POINTS = 2  # one figure is no line


@dataclass(frozen=True)
class FigureOf:
    """Which figures over the months: of a measure over a period, whole or of one group."""

    measure_id: str
    period: Period
    breakdown: str = ALL
    group: str = ALL

    def within(self, breakdown: str, group: str) -> FigureOf:
        """The same of one group."""
        return replace(self, breakdown=breakdown, group=group)


@dataclass(frozen=True)
class TopicFigures:
    """What every page about a topic shares.

    `measures` are those that the pack shows, `pages` what it says of each; `seen_to`: the last month of the data that
    the Board has met about, None where it has not met.
    """

    scene: Scene
    measures: Mapping[str, Measure]
    pages: Mapping[str, MeasurePage]
    seen_to: Month | None = None
    staying: tuple[StayingPoint, ...] = ()  # of new social workers, by months since appointment
    missing: tuple[ExtractUse, ...] = ()  # extracts that did not arrive for the report month

    @property
    def month(self) -> Month:
        """The report month."""
        return self.scene.month

    def last(self, number: int) -> list[Month]:
        """The last months up to the report month, oldest first."""
        return month_range(self.month - (number - 1), self.month)

    def has(self, of: FigureOf) -> bool:
        """Whether the pack shows the measure, over that period."""
        return of.measure_id in self.measures and of.period in self.measures[of.measure_id].periods

    def measure(self, of: FigureOf) -> Measure:
        """The measure, which the pack must have."""
        return self.measures[of.measure_id]

    def subject(self, of: FigureOf) -> Subject:
        """The measure over the period, of the whole authority, as a table shows it."""
        return Subject(self.scene, self.measure(of), of.period)

    def lacks(self, of: FigureOf) -> tuple[ExtractUse, ...]:
        """The extracts that did not arrive and without which there is no figure of the report month; none where it is.

        The pack must have the measure.
        """
        if self.figure(of).value is not None:
            return ()
        needed = {each.id for each in self.measure(of).basis.datasets}
        return tuple(each for each in self.missing if each.dataset in needed)

    def row(self, of: FigureOf, month: Month | None = None) -> Row:
        """The assessed row; of the report month unless told otherwise."""
        return self.scene.rows.find(of.measure_id, of.period, str(month or self.month), of.breakdown, of.group)

    def figure(self, of: FigureOf, month: Month | None = None) -> Figure:
        """The figure as it is shown; that of a measure which the pack does not show is not there."""
        row = self.row(of, month)
        if not self.has(of):
            return Figure.absent("[x]", "not in this pack", row.key)
        return self.scene.figure(row, self.measure(of))

    def count(self, of: FigureOf, month: Month | None = None) -> int | None:
        """The whole number of a count; None where there is no figure."""
        value = self.figure(of, month).value
        return None if value is None else round(value)

    def values(self, of: FigureOf, months: Iterable[Month]) -> tuple[float | None, ...]:
        """What a drawing shows of each month: percentages 0 to 100."""
        return tuple(self.figure(of, month).plotted for month in months)

    def targets(self, of: FigureOf, months: Iterable[Month]) -> tuple[float | None, ...]:
        """The target in force in each month; none where there is none, or a range."""
        if not self.has(of):
            return tuple(None for _ in months)
        unit = self.measure(of).counts.unit
        return tuple(_single(self.row(of, month).target, unit) for month in months)

    def is_a_line(self, of: FigureOf, months: Sequence[Month]) -> bool:
        """Whether there are figures enough for a line."""
        return sum(value is not None for value in self.values(of, months)) >= FEWEST_POINTS

    def keys(self, of: FigureOf, months: Iterable[Month]) -> tuple[FigureKey, ...]:
        """The keys of the figures that are there."""
        return tuple(self.row(of, month).key for month in months if self.figure(of, month).value is not None)

    def series(self, of: FigureOf) -> Series | None:
        """What the pack's page of the measure says over that period, if it has one."""
        page = self.pages.get(of.measure_id)
        found = [each for each in page.series if each.period == of.period.value] if page else []
        return found[0] if found else None

    def published(self, of: FigureOf) -> ComparatorTable | None:
        """What others published, if something was matched with the measure and there is a value."""
        series = self.series(of)
        table = series.comparators if series else None
        return table if table and table.lines else None


def _single(target: str, unit: Unit) -> float | None:
    low, high = target_ends(target) if target else (None, None)
    return None if low is None or low != high else float(scaled(low, unit))
