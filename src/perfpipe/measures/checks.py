"""What is wrong with the definitions of measures, found before any data is read."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from perfpipe.datasets.definition import Dataset
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Basis, Measure, Period, View
from perfpipe.measures.placeholders import SAID, placeholders_of

if TYPE_CHECKING:
    import pandas as pd

RESERVED = {"all", "month", "period", "group", "value", "target", "status"}


def problems_of(measures: tuple[Measure, ...]) -> list[str]:
    """What is wrong with a set of definitions, one line each; evaluated on empty rows, before data is read."""
    problems: list[str] = []
    seen: dict[str, str] = {}
    for measure in measures:
        where = f"measure {measure.id} ({measure.code})"
        for name in (measure.id, measure.code):
            if name in seen:
                problems.append(f"{where}: {name!r} is already used by {seen[name]}")
            seen[name] = measure.id
        if not re.fullmatch(r"[a-z][a-z0-9_]*", measure.id) or measure.id in RESERVED:
            problems.append(f"{where}: the id must be lower_case words and not one of {sorted(RESERVED)}")
        problems += [f"{where}: {field} is empty" for field in SAID if not str(getattr(measure, field)).strip()]
        problems += [f"{where}: {problem}" for problem in placeholders_of(measure)]
        if (measure.counts.unit is Unit.COUNT) != measure.counts.is_count:
            problems.append(f"{where}: a count has no denominator, and every other unit needs one")
        if not measure.periods or not all(isinstance(period, Period) for period in measure.periods):
            problems.append(f"{where}: periods are {measure.periods!r}; expected one or more of {', '.join(Period)}")
        elif Period.LAST_90_DAYS in measure.periods and (len(measure.periods) > 1 or not measure.basis.month_of):
            problems.append(f"{where}: last_90_days is for events (month_of) and stands alone")
        problems += _defect_problems(measure, where)
        problems += _evaluated_once(measure, where)
    known = {measure.id for measure in measures}
    for measure in measures:
        sums = measure.shown.table.adds_up if measure.shown.table else ()
        named = {part.lstrip("-") for total, parts in sums for part in (total, *parts)}
        named |= {measure.shown.same_total_as} if measure.shown.same_total_as else set()
        problems += [f"measure {measure.id} ({measure.code}): no measure {name!r}" for name in sorted(named - known)]
    return problems


def _defect_problems(measure: Measure, where: str) -> list[str]:
    """A measure says of each defect of its rows whether it leaves them out: nobody counts bad rows unawares."""
    known = {name: defect for dataset in measure.basis.datasets for name, defect in dataset.defects.items()}
    if measure.left_out_by is None:
        defects = "; ".join(f"{defect.id} ({defect.meaning})" for defect in known.values())
        what = f"left_out_by is not stated; name those of the defects that leave a row out, or none by (): {defects}"
        return [f"{where}: {what}"] if known else []
    problems = []
    for name in measure.left_out_by:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            meant = f"did you mean {near[0]!r}? " if near else ""
            listed = ", ".join(known) or "none"
            problems.append(f"{where}: left_out_by: no defect {name!r}; {meant}its rows can have {listed}")
    return problems


# many jobs of one process ask for them
_views_of_nothing: dict[tuple[str, View | None, bool], pd.DataFrame] = {}
_evaluated: dict[int, tuple[Measure, list[str]]] = {}  # by the identity of the measure, which is kept


def _evaluated_once(measure: Measure, where: str) -> list[str]:
    if id(measure) not in _evaluated:
        _evaluated[id(measure)] = (measure, _evaluation_problems(measure, where))
    return _evaluated[id(measure)][1]


def _evaluation_problems(measure: Measure, where: str) -> list[str]:
    basis, counts, views = measure.basis, measure.counts, _views_of_nothing
    key = (basis.dataset.id, basis.rows, basis.bridge)
    columns = counts.statistic.columns if counts.statistic else ()
    try:
        if key not in views:
            views[key] = _view_of_nothing(basis)
        view = views[key]
        for mask in (counts.numerator, counts.denominator, measure.mature.not_yet_due):
            if mask is not None:
                mask(view)
    except (KeyError, AttributeError, TypeError) as error:
        return [f"{where}: cannot be evaluated on empty rows: {type(error).__name__}: {error}"]
    known = {name for dataset in basis.datasets for name in dataset.dtypes}
    for column in basis.needs:
        if column not in known:
            near = difflib.get_close_matches(column, known, n=1)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            datasets = " or ".join(dataset.id for dataset in basis.datasets)
            return [f"{where}: needs: no column {column!r} in {datasets}{meant}"]
    named = (basis.month_of, counts.distinct, counts.weight, counts.numerator_weight, *columns)
    for needed in (*named, *(b.id for b in measure.shown.breakdowns)):
        if needed is not None and needed not in view:
            return [f"{where}: the rows have no column {needed!r}; they have {', '.join(map(str, view.columns))}"]
    return []


def _view_of_nothing(basis: Basis) -> pd.DataFrame:
    import pandas as pd

    def nothing(dataset: Dataset) -> pd.DataFrame:
        rows = dataset.empty()
        day, text = pd.Series([], dtype="datetime64[us]"), pd.Series([], dtype="str")
        rows = rows.assign(month=text, month_end=day, window_from=day, hosted=day.isna(), reading_id=text)
        rows = rows.assign(month_as_at=rows["as_at"], **({"as_known": text} if basis.bridge else {}))
        return dataset.derive(rows) if dataset.derive else rows

    rows = [nothing(dataset) for dataset in basis.datasets]
    return basis.rows(*rows) if basis.rows else rows[0]
