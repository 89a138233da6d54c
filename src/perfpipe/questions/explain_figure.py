"""Explain: a figure, its definition, and the rows behind it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from perfpipe.assess.assess import assess
from perfpipe.compute.compute import is_split
from perfpipe.compute.rows_behind import rows_behind, rows_left_out
from perfpipe.datasets.extract_part import ExtractPart, part_and_row
from perfpipe.dates.months import Month
from perfpipe.history.frozen_figures import frozen_since
from perfpipe.job.job import Sources, measure_rows
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import CorrectionResult
from perfpipe.measures.definition import Breakdown, Measure, Period
from perfpipe.phrases.near_names import no_such
from perfpipe.questions.known_on_a_day import job_as_known
from perfpipe.questions.named_measures import measure_named
from perfpipe.run import compute_figures
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
    """A figure, its definition, and the extract rows behind it. No value of any cell.

    `of`: the breakdown and group whose rows they are; None: those of the whole. `in_run`: whether a run contains the
    month, or this is what one would give.
    `erased_at`: when rows behind it were erased; then it is as it was published, and the rows are those that are left.
    """

    measure: Measure
    month: Month
    period: Period
    figure: pd.DataFrame
    evidence: Sequence[Evidence]
    of: tuple[Breakdown, str] | None = None
    in_run: bool = True
    erased_at: datetime | None = None


def explain(
    workspace: Workspace, measure_id: str, month: Month, day: date | None = None, period: str = "", group: str = ""
) -> list[Explanation]:
    """For one period of a measure, or each: the figure and its groups, and the rows behind the whole, or one group.

    Raises SettingsError.
    """
    name = measure_named(workspace, measure_id).id
    with job_as_known(workspace, day, month) as (job, sources):
        measure = next(each for each in job.measures if each.id == name)  # of this job: its views are kept by measure
        of = group_named(measure, group) if group else None
        periods = periods_named(measure, month, period, split=of is not None)
        if all(month not in speaks_for.by_month for speaks_for in sources.speaks_for.values()):
            raise SettingsError([f"no extract covers {month}; `perfpipe status` says which months have come"])
        rows, corrected = measure_rows(job, sources), _corrected(job.ledger, sources)
        computed = compute_figures(job, sources)
        own = computed[(computed["measure_id"] == measure.id) & (computed["month"] == str(month))]
        figures = assess(own.reset_index(drop=True), job.plan, [measure], job.settings.control_limits)
        in_run = any(run.is_done for run in job.ledger.runs(containing=month))
        return [
            Explanation(
                measure,
                month,
                each,
                _chosen(figures[figures["period"] == each.value], of),
                _evidence(
                    rows_behind(rows, measure, each, month, of),
                    rows_left_out(rows, measure, each, month, of),
                    sources,
                    corrected,
                ),
                of,
                in_run,
                frozen_since(job.ledger, measure.id, month, each.value),
            )
            for each in periods
        ]


def _corrected(ledger: Ledger, sources: Sources) -> set[tuple[str, int]]:
    """Readings and rows in which a declared correction was applied."""
    met = ledger.corrections_met([reading.id for reading in sources.readings])
    applied = CorrectionResult.APPLIED
    return {(reading, each.row) for reading, found in met.items() for each in found if each.outcome is applied}


def _chosen(figures: pd.DataFrame, of: tuple[Breakdown, str] | None) -> pd.DataFrame:
    """The figure of the whole, and of its groups the one that is asked for, or all."""
    if of is None:
        return figures
    here = (figures["breakdown"] == of[0].id) & (figures["group"] == of[1])
    return figures[(figures["breakdown"] == "all") | here]


def periods_named(measure: Measure, month: Month, name: str, *, split: bool) -> list[Period]:
    """The period of that name, or all that have a figure for a month. Raises SettingsError.

    `split`: only those whose figures are also made by group.
    """
    known = [each for each in measure.periods if not split or is_split(measure, each)]
    wanted = name.strip().casefold().replace(" ", "_").replace("-", "_")
    chosen = [each for each in known if not wanted or each.value == wanted]
    if not chosen:
        kind = "period by group" if split else "period"
        raise SettingsError([f"{measure.code}: {no_such(kind, name, [each.value for each in known])}"])
    there = [each for each in chosen if each.months_to(month)]
    if not there:
        raise SettingsError([f"{measure.code} has no figure by {chosen[0].value} for {month}: a quarter ends in March, "
                             "June, September or December"])  # fmt: skip
    return there


def group_named(measure: Measure, name: str) -> tuple[Breakdown, str]:
    """The breakdown and group of a name: `area:in`, `in`, or as packs show it. Raises SettingsError."""
    found = []
    for breakdown in measure.shown.breakdowns:
        for group, title in breakdown.groups.items():
            names = (group, title, f"{breakdown.id}:{group}", f"{breakdown.title}:{title}")
            if re.sub(r"\s*:\s*", ":", name.strip()).casefold() in [each.casefold() for each in names]:
                found.append((breakdown, group))
    known = {f"{breakdown.id}:{group}": group for breakdown in measure.shown.breakdowns for group in breakdown.groups}
    if not found:
        raise SettingsError([f"{measure.code}: {no_such('group', name, known, titles=known)}"])
    if len(found) > 1:
        several = " or ".join(f"{breakdown.id}:{group}" for breakdown, group in found)
        raise SettingsError([f"{measure.code}: {name!r} is a group of several breakdowns; say which: {several}"])
    return found[0]


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
