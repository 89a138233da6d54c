"""Why a figure cannot be computed, and whether it is provisional: what follows from the extracts that there are."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfpipe.compute.measure_rows import MeasureRows, looks_back, sums_months
from perfpipe.compute.rows_by_month import LONGEST
from perfpipe.datasets.definition import Dataset, Selects
from perfpipe.dates.months import Month, end_of_day, month_range
from perfpipe.measures.definition import Measure, Period


@dataclass(frozen=True)
class Availability:
    """For the months of some measure rows what cannot be computed and what is provisional, each worked out once."""

    measure_rows: MeasureRows
    _reasons: dict[Hashable, npt.NDArray[np.object_]] = field(default_factory=dict)
    _early: dict[Hashable, set[Month]] = field(default_factory=dict)

    def reasons(self, measure: Measure, period: Period, months: Sequence[Month]) -> npt.NDArray[np.object_]:
        """For each month why it cannot be computed; empty if it can."""
        beside = measure.basis.beside.id if measure.basis.beside else ""
        back = (
            measure.basis.lookback_months,
            measure.basis.months_after_end,
            measure.basis.bridge,
            measure.basis.month_of is None,
        )
        asked = (
            measure.basis.made_within_days,
            measure.basis.needs,
            measure.counts.per_population,
            measure.basis.stated,
        )
        key = (measure.basis.dataset.id, beside, period, back, *asked)
        if key not in self._reasons:
            found = [_unavailable(self.measure_rows, measure, period, month) for month in months]
            self._reasons[key] = np.array(found, dtype=object)
        return self._reasons[key]

    def early(self, measure: Measure, period: Period, months: Sequence[Month]) -> list[bool]:
        """For each month whether its figure is provisional.

        It is where an extract was made before a month that it speaks for, and the time its events need to mature, had
        passed. Of a measure that looks ahead, the extract of the next month may have been made late enough.
        """
        key = (measure.basis.dataset.id, measure.mature.after_hours, measure.basis.ahead_days)
        if key not in self._early:
            grace = pd.Timedelta(hours=measure.mature.after_hours)
            by_month = self.measure_rows.speaks_for[measure.basis.dataset.id].by_month
            told_by = {month: by_month.get(month + 1, each) if key[2] else each for month, each in by_month.items()}
            self._early[key] = {month for month, each in told_by.items() if each.extracted_at < month.end_at + grace}
        if sums_months(measure, period):
            return [not self._early[key].isdisjoint(period.months_to(month)) for month in months]
        return [month in self._early[key] for month in months]


def _unavailable(measure_rows: MeasureRows, measure: Measure, period: Period, month: Month) -> str:
    """Why a month cannot be computed; empty if it can."""
    for dataset in (measure.basis.dataset, measure.basis.beside):
        reason = _unavailable_from(measure_rows, dataset, measure, period, month) if dataset else ""
        if reason:
            return reason
    if measure.counts.per_population and str(month) not in measure_rows.population:
        return "no population declared for the month"
    return ""


def _unavailable_from(
    measure_rows: MeasureRows, dataset: Dataset, measure: Measure, period: Period, month: Month
) -> str:
    speaks_for = measure_rows.speaks_for[dataset.id]
    if month not in speaks_for.by_month:
        return "extract missing"
    if period is not Period.MONTH_END and speaks_for.by_month[month].selects_by is Selects.SNAPSHOT:
        return "the extract is a snapshot"
    if measure.basis.needs:
        lacking = measure_rows.columns_without_content(dataset, speaks_for.by_month[month].id) & set(
            measure.basis.needs
        )
        if lacking:
            return f"the extract has no {' or '.join(sorted(lacking))}"
    days = measure.basis.made_within_days
    made_at = speaks_for.by_month[month].extracted_at
    if days is not None and made_at > end_of_day(month.last_day + timedelta(days=days)):
        return "the extract was made too long after the month"
    needed = _months_needed(dataset, measure, period, month)
    if speaks_for.unbroken[month] < needed:
        missing = [each for each in month_range(month - (needed - 1), month) if each not in speaks_for.by_month]
        return f"history missing: {missing[0]}" + (f" to {missing[-1]}" if len(missing) > 1 else "")
    if dataset.end is None and measure.basis.needs:
        months = month_range(month - (needed - 1), month)
        blank = [
            each for each in months if not measure_rows.columns_blank_in(dataset, each).isdisjoint(measure.basis.needs)
        ]
        return f"the extract lacks {' or '.join(measure.basis.needs)} for {blank[0]}" if blank else ""
    return ""


def _months_needed(dataset: Dataset, measure: Measure, period: Period, month: Month) -> int:
    """How many months a figure looks at, the month itself included."""
    if measure.basis.stated:
        return 1
    if measure.basis.bridge:
        return 2
    if measure.basis.month_of is not None or dataset.end is None:
        return len(period.months_to(month)) + measure.basis.months_after_end
    if not looks_back(measure, period):
        return 1
    before = measure.basis.lookback_months - LONGEST
    return before + len(period.months_to(month)) if before > 0 else measure.basis.lookback_months
