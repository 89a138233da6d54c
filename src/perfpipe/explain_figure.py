"""Explain: a figure, its definition, and the rows behind it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from perfpipe.assess.assess import assess
from perfpipe.compute.rows_behind import rows_behind, rows_left_out
from perfpipe.datasets.extract_part import ExtractPart, part_and_row
from perfpipe.dates.months import Month
from perfpipe.ledger.records import CorrectionResult
from perfpipe.measures.definition import Measure, Period
from perfpipe.queries import job_as_known, measure_named
from perfpipe.run import Sources, compute_figures, measure_rows
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace
from perfpipe.validate.reading import Reading


@dataclass(frozen=True)
class Evidence:
    """Rows of one extract that stand behind a figure: where, and the row numbers that count.

    `corrected_rows`: those of them in which a declared correction changed a cell before it was read. `left_out_rows`:
    those that faults keep out of the figure, by the fault in words. `turned`: the records stand side by side, and the
    numbers are those of columns.
    """

    folder: str
    files: tuple[str, ...]
    sheet: str
    extract_id: str
    extracted_at: datetime
    numerator_rows: tuple[int, ...]
    denominator_only_rows: tuple[int, ...]
    not_yet_due_rows: tuple[int, ...]
    corrected_rows: tuple[int, ...]
    left_out_rows: Mapping[str, tuple[int, ...]]
    turned: bool = False

    @property
    def rows(self) -> tuple[int, ...]:
        """All of its rows that count, or will."""
        return self.numerator_rows + self.denominator_only_rows + self.not_yet_due_rows


@dataclass(frozen=True)
class Explanation:
    """A figure, its definition, and the extract rows behind it. No value of any cell."""

    measure: Measure
    month: Month
    period: Period
    figure: pd.DataFrame
    evidence: Sequence[Evidence]


def explain(workspace: Workspace, measure_id: str, month: Month, day: date | None = None) -> list[Explanation]:
    """For each period of a measure: the figure and its groups, and the rows behind the whole. Raises SettingsError."""
    name = measure_named(workspace, measure_id).id
    with job_as_known(workspace, day, month) as (job, sources):
        measure = next(each for each in job.measures if each.id == name)  # of this job: its views are kept by measure
        if all(month not in speaks_for.by_month for speaks_for in sources.speaks_for.values()):
            raise SettingsError([f"no extract covers {month}; `perfpipe status` says which months have come"])
        rows = measure_rows(job, sources)
        met = job.ledger.corrections_met([reading.id for reading in sources.readings])
        corrected = {
            (reading_id, each.row)
            for reading_id, outcomes in met.items()
            for each in outcomes
            if each.outcome is CorrectionResult.APPLIED
        }
        assessed = assess(compute_figures(job, sources), job.plan, job.measures, job.settings.control_limits)
        figures = assessed[(assessed["measure_id"] == measure.id) & (assessed["month"] == str(month))]
        return [
            Explanation(
                measure,
                month,
                period,
                figures[figures["period"] == period.value],
                _evidence(
                    rows_behind(rows, measure, period, month),
                    rows_left_out(rows, measure, period, month),
                    sources,
                    corrected,
                ),
            )
            for period in measure.periods
            if period.months_to(month)
        ]


def _evidence(
    rows: pd.DataFrame, lost: pd.DataFrame, sources: Sources, corrected: Collection[tuple[str, int]]
) -> list[Evidence]:
    readings = {reading.id: reading for reading in sources.readings}
    lost_in = {str(reading_id): part for reading_id, part in lost.groupby("reading_id", sort=False)}
    behind = {str(reading_id): part for reading_id, part in rows.groupby("reading_id", sort=False)}
    found = []
    for reading_id in dict.fromkeys((*behind, *lost_in)):
        reading, part = readings[reading_id], behind.get(reading_id, rows.iloc[:0])
        top, bottom = part["in_numerator"], part["in_denominator"]
        numbers = [_row_numbers(part[mask]) for mask in (top, bottom & ~top, part["not_yet_due"])]
        shown = sorted({row for group in numbers for row in group})
        numbers.append(tuple(row for row in shown if (reading.id, row) in corrected))
        left_out = {
            str(because): _row_numbers(each)
            for because, each in lost_in.get(reading_id, lost.iloc[:0]).groupby("because")
        }
        found += [_evidence_in(reading, each, numbers, left_out) for each in reading.parts or (None,)]
    return sorted((each for each in found if each.rows or each.left_out_rows), key=lambda e: e.extracted_at)


def _evidence_in(
    reading: Reading,
    part: ExtractPart | None,
    numbers: Sequence[tuple[int, ...]],
    left_out: Mapping[str, tuple[int, ...]],
) -> Evidence:
    """Rows of an extract by kind; of an extract in parts those in one part, with their numbers there."""

    def here(kind: tuple[int, ...]) -> tuple[int, ...]:
        placed = (part_and_row(reading.parts, number) for number in kind)
        return tuple(row for where, row in placed if where is part)

    rows = [here(kind) for kind in numbers]
    return Evidence(
        reading.folder,
        (part.file.rpartition("/")[2],) if part else reading.files,
        part.sheet if part else reading.sheet,
        reading.extract_id,
        reading.extracted_at,
        numerator_rows=rows[0],
        denominator_only_rows=rows[1],
        not_yet_due_rows=rows[2],
        corrected_rows=rows[3],
        left_out_rows={because: own for because, kind in left_out.items() if (own := here(kind))},
        turned=reading.turned,
    )


def _row_numbers(rows: pd.DataFrame) -> tuple[int, ...]:
    return tuple(sorted({int(number) for number in rows["source_row"]}))
