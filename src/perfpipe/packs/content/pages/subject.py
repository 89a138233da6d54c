"""One measure over one period as a page needs it: its rows and figures of the months, newest last."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import cast

from perfpipe.assess.assess import possible_statuses
from perfpipe.assess.left_out_values import FigureRow
from perfpipe.dates.months import Month
from perfpipe.measures.definition import Measure, Period
from perfpipe.measures.words import Status
from perfpipe.packs.content.series import Scene, months_of
from perfpipe.packs.models.chart import Figure
from perfpipe.packs.models.row import Row
from perfpipe.packs.wording.sentences import SHORT_PERIODS
from perfpipe.plan.targets import TargetStep


@dataclass(frozen=True)
class Subject:
    """A measure over a period, for the whole authority. `row` and `figure` are those of the newest month."""

    scene: Scene
    measure: Measure
    period: Period

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """A row for each of the 36 months, oldest first; of quarters only those that end one."""
        months = months_of(self.period, self.scene.month)
        return tuple(self.scene.rows.find(self.measure.id, self.period, str(month)) for month in months)

    @property
    def row(self) -> Row:
        """The newest row."""
        return self.rows[-1]

    @cached_property
    def figure(self) -> Figure:
        """The newest figure."""
        return self.scene.figure(self.row, self.measure)

    @cached_property
    def year_ago(self) -> Figure:
        """The figure that it is compared with: of a year earlier, or of a window earlier where that is longer."""
        month = self.row.year_month or str(Month.parse(self.row.month) - 12)
        row = self.scene.rows.find(self.measure.id, self.period, month)
        return self.scene.figure(row, self.measure)

    @property
    def title(self) -> str:
        """The measure's title, with its period where that is not the measure's first: `Audits graded good, 12 months`.

        So no two figures of a pack have one name.
        """
        title, first = self.measure.title, self.measure.periods[0]
        return title if self.period is first else f"{title}, {SHORT_PERIODS[self.period]}"

    @property
    def is_doubtful(self) -> bool:
        """Whether the newest figure is provisional, or of few cases: it leads no list, and no verdict stands alone."""
        return self.figure.provisional or self.figure.low_base

    @property
    def has_target(self) -> bool:
        """Whether the plan has a target for it in the newest month."""
        return self._step is not None

    @property
    def _step(self) -> TargetStep | None:
        target = self.scene.plan.target_of(self.measure, self.period)
        return target.step_for(Month.parse(self.row.month)) if target else None

    @property
    def possible_statuses(self) -> set[Status]:
        """The statuses between which records left out decide, where they do; else none."""
        if self._step is None or self.row.status is not Status.NOT_DECIDED or self.figure.value is None:
            return set()
        return possible_statuses(cast(FigureRow, self.row), self._step, self.measure)  # with a value it has its counts

    @property
    def place(self) -> tuple[str, Period]:
        """Which measure over which period."""
        return self.measure.id, self.period


def targeted(scene: Scene, measures: tuple[Measure, ...]) -> tuple[Subject, ...]:
    """The measures of a pack that have a target in the report month, over the period of the target, in its order."""
    every = [Subject(scene, measure, period) for measure in measures for period in measure.periods]
    return tuple(each for each in every if each.has_target)
