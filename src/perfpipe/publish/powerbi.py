"""The figures for other tools: a star of plain CSV files in `reports/powerbi`, as a run has published them last.

Restricted: nothing is suppressed. Drafts and packs as known on a day are not among them. Columns keep their names and
places; new ones come at the end. docs/power-bi.md says what each holds.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from perfpipe.dates.months import Month, month_range
from perfpipe.job.job import Job
from perfpipe.ledger.editions import FOR_OTHER_TOOLS
from perfpipe.ledger.hold import Tell
from perfpipe.ledger.ledger import Ledger
from perfpipe.measures.definition import Measure
from perfpipe.measures.shown_numbers import target_ends
from perfpipe.measures.words import JUDGED, MARKERS, STATUS_WORDS, State, Status, capital
from perfpipe.plan import Plan
from perfpipe.storage.failures import MachineFailure
from perfpipe.storage.files import write_whole

ALL = "all"
FIGURES = (
    "measure_id", "month", "period", "group_id", "numerator", "denominator", "value", "lower", "upper", "state",
    "state_reason", "status_id", "target_low", "target_high", "provisional", "left_out", "run_id",
)  # fmt: skip
MEASURES = (
    "measure_id",
    "code",
    "title",
    "dataset",
    "unit",
    "polarity",
    "first_period",
    "definition",
    "version",
    "position",
)
MONTHS = ("month", "first_day", "last_day", "name", "financial_year", "quarter", "month_of_year", "is_latest", "run_id")
GROUPS = ("group_id", "breakdown", "breakdown_title", "group", "title", "position")
TARGETS = (
    "measure_id", "period", "from_month", "until_month", "target_low", "target_high", "amber_within", "agreed_on",
    "source", "recommendation_id", "illustrative",
)  # fmt: skip
STATUSES = ("status_id", "title", "is_judged", "position")
Row = Sequence[Any]


def write_powerbi(job: Job, tell: Tell, run_id: int = 0, assessed: pd.DataFrame | None = None) -> None:
    """Rewrite every file, each whole and renamed into its place, unless they are of the newest runs already.

    `assessed`: the figures of the run `run_id`, which has just published; else all are as recorded. A file that another
    program has open is said to `tell`, and the next run tries again: the months, which name the runs, are written last.
    """
    newest = _newest_runs(job.ledger)
    if assessed is not None:
        newest |= {Month.parse(month): run_id for month in assessed["month"].unique()}
    folder = job.workspace.reports / FOR_OTHER_TOOLS
    months = _csv(MONTHS, _months(newest))
    if not newest or _is_there(folder / "months.csv", months):
        return
    figures = _current(job.ledger, newest, run_id, assessed)
    files = {
        "figures": (FIGURES, _figures(figures)),
        "measures": (MEASURES, _measures(job.measures)),
        "groups": (GROUPS, _groups(job.measures)),
        "targets": (TARGETS, _targets(job.plan, job.measures)),
        "statuses": (STATUSES, _statuses()),
    }
    written = [_is_written(folder / f"{name}.csv", _csv(*file), tell) for name, file in files.items()]
    if all(written):
        _is_written(folder / "months.csv", months, tell)


def _is_there(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:  # then it is written
        return False


def _is_written(path: Path, content: bytes, tell: Tell) -> bool:
    try:
        write_whole(path, content)
    except MachineFailure as failure:
        tell(f"powerbi: {failure}")
        return False
    return True


def _csv(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([["" if _is_blank(value) else value for value in row] for row in rows])
    return text.getvalue().encode()


def _is_blank(value: object) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def _newest_runs(ledger: Ledger) -> dict[Month, int]:
    """Of each month the newest run that published its figures."""
    newest: dict[Month, int] = {}
    for run in ledger.runs():
        if run.is_done:
            newest |= dict.fromkeys(month_range(run.first_month, run.month), run.id)
    return newest


def _current(ledger: Ledger, newest: Mapping[Month, int], run_id: int, assessed: pd.DataFrame | None) -> pd.DataFrame:
    """Each month's figures from the newest run that contains it: those of `assessed` as here, others as recorded."""
    frames = [] if assessed is None else [assessed.assign(run_id=run_id)]
    for run in sorted(set(newest.values())):
        if assessed is None or run != run_id:
            span = sorted(month for month, of in newest.items() if of == run)
            known = ledger.figures_as_of(run, span[0], span[-1])
            frames.append(known[known["month"].isin([str(month) for month in span])].assign(run_id=run))
    names = [name for name in frames[0].columns if all(name in frame.columns for frame in frames)]
    return pd.concat([frame[names] for frame in frames], ignore_index=True)


def _figures(figures: pd.DataFrame) -> Iterator[Row]:
    names = [
        "measure_id", "month", "period", "breakdown", "group", "numerator", "denominator", "value", "lower", "upper",
        "state", "state_reason", "status", "target", "provisional", "left_out", "run_id",
    ]  # fmt: skip
    ordered = figures[names].sort_values(names[:5], kind="stable")
    for measure, month, period, breakdown, group, *numbers, state, why, status, target, early, lost, run in zip(
        *(ordered[name].tolist() for name in names), strict=True
    ):
        low, high = target_ends(target) if isinstance(target, str) and target else (None, None)
        shown = state_of(state, numbers[2])
        known = numbers if state == State.OK else [None] * len(numbers)
        yield (measure, month, period, group_id(breakdown, group), *known, shown, why, status, low, high, int(early),
               lost, run)  # fmt: skip


def state_of(state: str, value: float) -> str:
    """`value`, `zero`, or the sign that packs show where there is no figure: `[x]`, `[z]`, `[c]`."""
    if state != State.OK:
        return MARKERS[State(state)]
    return "zero" if value == 0 else "value"


def group_id(breakdown: str, group: str) -> str:
    """What names a group: `all`, or `area:in`."""
    return ALL if breakdown == ALL else f"{breakdown}:{group}"


def _measures(measures: Sequence[Measure]) -> Iterator[Row]:
    for number, each in enumerate(measures, 1):
        yield (each.id, each.code, each.title, each.basis.dataset.id, each.counts.unit.value, each.shown.polarity.value,
               each.periods[0].value, each.definition, each.version, number)  # fmt: skip


def _months(newest: Mapping[Month, int]) -> Iterator[Row]:
    for month in sorted(newest):
        start = month.financial_year_start
        number = month.index - start.index + 1
        year = f"{start.year}-{(start.year + 1) % 100:02}"
        yield (str(month), month.first_day.isoformat(), month.last_day.isoformat(), month.label, year,
               f"Q{(number + 2) // 3}", number, int(month == max(newest)), newest[month])  # fmt: skip


def _groups(measures: Sequence[Measure]) -> Iterator[Row]:
    yield (ALL, ALL, "All", ALL, "All", 0)
    seen: set[str] = set()
    for measure in measures:
        for breakdown in measure.shown.breakdowns:
            for number, (group, title) in enumerate(breakdown.groups.items(), 1):
                if (name := group_id(breakdown.id, group)) not in seen:
                    seen.add(name)
                    yield name, breakdown.id, breakdown.title, group, title, number


def _targets(plan: Plan, measures: Sequence[Measure]) -> Iterator[Row]:
    first = {measure.id: measure.periods[0].value for measure in measures}
    for name, target in plan.targets.items():
        ends = [str(Month.parse(str(step.from_month)) - 1) for step in target.steps[1:]]
        for step, until in zip(target.steps, [*ends, ""], strict=True):
            low, high = target_ends(step.written)
            period = target.period.value if target.period else first.get(name, "")
            yield (name, period, str(step.from_month), until, low, high, step.amber_within, str(step.agreed_on),
                   target.source_of(step), target.recommendation, int(target.illustrative))  # fmt: skip


def _statuses() -> Iterator[Row]:
    for number, status in enumerate(Status, 1):
        yield status.value, capital(STATUS_WORDS[status]), int(status in JUDGED), number
