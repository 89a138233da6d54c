"""Published figures as `perfpipe figures` prints them: rows of plain values, in the order of the measures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from perfpipe.assess.assessed_figures import ASSESSED
from perfpipe.assess.revised import FigureNow, SeenFigure, is_revised
from perfpipe.dates.months import Month, month_range
from perfpipe.frames.frame import Frame, FrameColumn
from perfpipe.history.seen import seen_by_run
from perfpipe.ledger.plain_ledger import PlainLedger
from perfpipe.ledger.records import RunRecord
from perfpipe.measures import MEASURES
from perfpipe.measures.definition import Measure
from perfpipe.measures.figure import KEY
from perfpipe.plan import load_plan
from perfpipe.plan.manual_measures import all_measures
from perfpipe.settings.workspace import Workspace
from perfpipe.toml_files.models import SettingsError

if TYPE_CHECKING:
    import pandas as pd

RUN_ID = FrameColumn("run_id", "Int64", "the run that wrote it; none as known on a day", blanks=True)
KNOWN_AT = FrameColumn("known_at", "str", "when the last extract of its run arrived, in UTC", blanks=True)
OF_ASSESSED = (
    "measure_id", "code", "month", "period", "breakdown", "group", "numerator", "denominator", "value", "state",
    "state_reason", "unit", "target", "status", "lower", "upper", "revised", "provisional", "definition_version",
)  # fmt: skip
OF_FAULTS = ("left_out", "left_out_of", "left_out_why")
PRINTED = Frame(
    "printed figures",
    (*map(ASSESSED.column, OF_ASSESSED), RUN_ID, KNOWN_AT, *map(ASSESSED.column, OF_FAULTS)),
    ASSESSED.key,
)
CONTRACT = tuple(PRINTED.names)  # new columns come at the end
STORED = [name for name in CONTRACT if name != "revised"]
REVISED_AT, PROVISIONAL_AT = CONTRACT.index("revised"), STORED.index("provisional")
Row = tuple[object, ...]  # of values by `CONTRACT`
FigureName = tuple[str, ...]  # by KEY


def figures_printed(workspace: Workspace, month: Month | None = None) -> list[Row]:
    """Figures from the latest run that contains each month.

    `revised`: differs from what the audience had seen last when that run started. Raises SettingsError when there is no
    run.
    """
    plan = load_plan(workspace.plan_file, MEASURES)
    workspace.settings()
    ledger = PlainLedger.open(workspace.processed)
    try:
        runs = ledger.runs()
        rows: list[Row] = []
        for run_id, months in _latest(workspace, runs, month).items():
            shown = _last_shown(ledger, seen_by_run(ledger, plan, run_id), months)
            rows += _rows(ledger, run_id, months, shown)
    finally:
        ledger.close()
    return sorted(rows, key=place_of(all_measures(plan)))


def _latest(workspace: Workspace, runs: Sequence[RunRecord], month: Month | None) -> dict[int, list[Month]]:
    """The latest run that contains each month, by its id, with those months."""
    done = [run for run in runs if run.is_done]
    wanted = [run for run in done if month is None or run.first_month <= month <= run.month]
    if not wanted:
        raise SettingsError([f"{workspace.root}: {_no_run(done, month)}"])
    first, last = min(run.first_month for run in wanted), max(run.month for run in wanted)
    latest: dict[int, list[Month]] = {}
    for one in [month] if month else month_range(first, last):
        containing = [run.id for run in wanted if run.first_month <= one <= run.month]
        if containing:
            latest.setdefault(max(containing), []).append(one)
    return latest


def _no_run(done: Sequence[RunRecord], month: Month | None) -> str:
    if not done or not month:
        return "no run yet; `perfpipe run MONTH` makes one"
    first, last = min(run.first_month for run in done), max(run.month for run in done)
    return f"no run contains {month}; runs so far contain {first} to {last}: `perfpipe run {month}` makes one"


def _last_shown(ledger: PlainLedger, seen: Sequence[int], months: Sequence[Month]) -> dict[FigureName, SeenFigure]:
    """Of each figure what the last edition seen that showed it showed; without those whose rows were erased."""
    if not seen:
        return {}
    order = {edition: place for place, edition in enumerate(seen)}
    frozen = ledger.frozen_names()
    cells = sorted(ledger.cells_of(seen, months[0], months[-1]), key=lambda cell: order[cell["pack_id"]])
    return {
        tuple(cell[name] for name in KEY): SeenFigure(cell["state"], cell["status"], cell["number"])
        for cell in cells
        if (cell["measure_id"], cell["month"], cell["period"]) not in frozen
    }


def _rows(
    ledger: PlainLedger, run_id: int, months: Sequence[Month], shown: dict[FigureName, SeenFigure]
) -> Iterator[Row]:
    wanted = {str(month) for month in months}
    for known in ledger.figures_as_of(run_id, months[0], months[-1], STORED):
        if known["month"] not in wanted:
            continue
        seen = shown.get(tuple(known[name] for name in KEY))
        revised = seen is not None and is_revised(FigureNow(*(known[name] for name in FigureNow._fields)), seen)
        values = list(known)[: len(STORED)]
        values[PROVISIONAL_AT] = bool(values[PROVISIONAL_AT])
        yield (*values[:REVISED_AT], revised, *values[REVISED_AT:])


def rows_of(figures: pd.DataFrame) -> list[Row]:
    """The rows of `PRINTED`, None where there is nothing."""
    plain = figures[PRINTED.names].astype(object)
    return list(plain.where(plain.notna(), None).itertuples(index=False, name=None))


def place_of(measures: Sequence[Measure]) -> Callable[[Row], tuple[object, ...]]:
    """By what rows are put in order: months oldest first, in each the measures as they are registered.

    Measures that the plan declares no more come last.
    """
    rank = {measure.id: number for number, measure in enumerate(measures)}
    places = {
        (measure.id, breakdown.id, group): number
        for measure in measures
        for breakdown in measure.shown.breakdowns
        for number, group in enumerate(breakdown.groups)
    }
    measure_at, month_at, period_at, breakdown_at, group_at = (CONTRACT.index(name) for name in KEY)

    def place(row: Row) -> tuple[object, ...]:
        measure, breakdown = row[measure_at], row[breakdown_at]
        of_group = places.get((str(measure), str(breakdown), str(row[group_at])), -1)
        return row[month_at], rank.get(str(measure), len(rank)), row[period_at], breakdown, of_group

    return place
