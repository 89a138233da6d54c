"""The rows of extracts from which a figure is made, by their numbers and without their content."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from perfpipe.compute.compute import lost_to, selection_of
from perfpipe.compute.measure_rows import MeasureRows, sums_months
from perfpipe.dates.months import Month
from perfpipe.frames.frame import Frame, FrameColumn
from perfpipe.measures.definition import Breakdown, Measure, Period

ROWS_BEHIND = Frame(
    "rows behind a figure",
    (
        FrameColumn("reading_id", "str", "the reading of the extract"),
        FrameColumn("source_row", "int64", "the row of the extract's file"),
        FrameColumn("in_numerator", "bool", "whether it counts above the line"),
        FrameColumn("in_denominator", "bool", "whether it counts below the line"),
        FrameColumn("not_yet_due", "bool", "whether it is left out only because too little time has passed"),
    ),
    key=("reading_id", "source_row", "in_numerator", "in_denominator", "not_yet_due"),
)

ROWS_LEFT_OUT = Frame(
    "rows left out of a figure",
    (
        FrameColumn("reading_id", "str", "the reading of the extract"),
        FrameColumn("source_row", "int64", "the row of the extract's file"),
        FrameColumn("because", "str", "the fault that keeps it out, in words"),
    ),
    key=("reading_id", "source_row", "because"),
)


def rows_behind(
    measure_rows: MeasureRows, measure: Measure, period: Period, month: Month, of: tuple[Breakdown, str] | None = None
) -> pd.DataFrame:
    """`ROWS_BEHIND` the figure of one month, of one group or (None) of the whole.

    A row that stands for several things to count, as an audit for its themes, is there once for each way it counts.
    """
    chosen = selection_of(measure_rows, measure, period)
    covered = _months_in(measure, period, month)
    rows = chosen.seen.rows.assign(in_numerator=chosen.top, in_denominator=chosen.bottom, not_yet_due=chosen.waiting)
    chosen_rows = rows["month"].isin([str(each) for each in covered])
    if of:
        breakdown, group = of
        chosen_rows &= chosen.seen.group_of(breakdown) == list(breakdown.groups).index(group)
    rows = rows.loc[chosen_rows, ROWS_BEHIND.names]
    return ROWS_BEHIND.checked(rows.astype(ROWS_BEHIND.dtypes).drop_duplicates(ignore_index=True))


def rows_left_out(
    measure_rows: MeasureRows, measure: Measure, period: Period, month: Month, of: tuple[Breakdown, str] | None = None
) -> pd.DataFrame:
    """`ROWS_LEFT_OUT` of the same figure: those that faults keep out of it, or could (definitions 2.6)."""
    rows = lost_to(measure_rows, measure, period, _months_in(measure, period, month), of)
    return ROWS_LEFT_OUT.checked(rows[ROWS_LEFT_OUT.names].astype(ROWS_LEFT_OUT.dtypes).reset_index(drop=True))


def _months_in(measure: Measure, period: Period, month: Month) -> Sequence[Month]:
    return period.months_to(month) if sums_months(measure, period) else (month,)
