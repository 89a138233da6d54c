"""What is wrong with the definitions of measures, found before any data is read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from perfpipe.datasets.definition import Dataset
from perfpipe.measures.columns_read import columns_read, unstated_defects
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Basis, Measure, Period, View
from perfpipe.measures.placeholders import SAID, placeholders_of
from perfpipe.measures.where_defined import where_defined
from perfpipe.phrases.near_names import meant

if TYPE_CHECKING:
    import pandas as pd

RESERVED = {"all", "month", "period", "group", "value", "target", "status"}


def problems_of(measures: tuple[Measure, ...], evaluate: bool = True) -> list[str]:
    """What is wrong with a set of definitions, one line each and where, before data is read.

    With `evaluate` also what shows when each counts empty rows.
    """
    problems: list[str] = []
    seen: dict[str, str] = {}
    titles: dict[tuple[str, str], str] = {}
    known = {measure.id for measure in measures}
    for measure in measures:
        found = [*_shared_names(measure, seen, titles), *_problems_of(measure), *_unknown_measures(measure, known)]
        found += _evaluated_once(measure) if evaluate else []
        place = where_defined(measure) if found else ""
        where = f"{place}: measure {measure.id} ({measure.code})".removeprefix(": ")
        problems += [f"{where}: {problem}" for problem in found]
    return problems


def _shared_names(measure: Measure, seen: dict[str, str], titles: dict[tuple[str, str], str]) -> list[str]:
    """Ids and codes are used once; titles once in each table, and once on the pages of measures."""
    problems = [f"{name!r} is already used by {seen[name]}" for name in (measure.id, measure.code) if name in seen]
    seen |= dict.fromkeys((measure.id, measure.code), measure.id)
    title = (measure.shown.table.id if measure.shown.table else "", measure.title.strip().casefold())
    if title in titles and titles[title] != measure.id:
        problems.append(f"title: {measure.title!r} is already the title of {titles[title]}; say how they differ")
    titles.setdefault(title, measure.id)
    return problems


def _problems_of(measure: Measure) -> list[str]:
    problems: list[str] = []
    if not re.fullmatch(r"[a-z][a-z0-9_]*", measure.id) or measure.id in RESERVED:
        problems.append(f"the id must be lower_case words and not one of {sorted(RESERVED)}")
    problems += [f"{field} is empty" for field in SAID if not str(getattr(measure, field)).strip()]
    problems += placeholders_of(measure)
    if (measure.counts.unit is Unit.COUNT) != measure.counts.is_count:
        problems.append("a count has no denominator, and every other unit needs one")
    if not measure.periods or not all(isinstance(period, Period) for period in measure.periods):
        problems.append(f"periods are {measure.periods!r}; expected one or more of {', '.join(Period)}")
    elif Period.LAST_90_DAYS in measure.periods and (len(measure.periods) > 1 or not measure.basis.month_of):
        problems.append("last_90_days is for events (month_of) and stands alone")
    return problems + _defect_problems(measure)


def _unknown_measures(measure: Measure, known: set[str]) -> list[str]:
    """Measures that it adds up, or has the same total as, and that do not exist."""
    sums = measure.shown.table.adds_up if measure.shown.table else ()
    named = {part.lstrip("-") for total, parts in sums for part in (total, *parts)}
    named |= {measure.shown.same_total_as} if measure.shown.same_total_as else set()
    return [f"no measure {name!r}" for name in sorted(named - known)]


def _defect_problems(measure: Measure) -> list[str]:
    """A measure says of each defect of its rows whether it leaves them out: nobody counts bad rows unawares."""
    known = {name: defect for dataset in measure.basis.datasets for name, defect in dataset.defects.items()}
    if measure.left_out_by is None:
        defects = "; ".join(f"{defect.id} ({defect.meaning})" for defect in known.values())
        what = f"left_out_by is not stated; name those of the defects that leave a row out, or none by (): {defects}"
        return [what] if known else []
    problems = []
    for field, names in (("left_out_by", measure.left_out_by), ("counted_all_the_same", measure.counted_all_the_same)):
        for name in names:
            if name not in known:
                listed = ", ".join(known) or "none"
                problems.append(f"{field}: no defect {name!r}; {meant(name, known)}its rows can have {listed}")
    return problems


# many jobs of one process ask for them
_views_of_nothing: dict[tuple[str, View | None, bool], pd.DataFrame] = {}
_evaluated: dict[int, tuple[Measure, list[str]]] = {}  # by the identity of the measure, which is kept


def _evaluated_once(measure: Measure) -> list[str]:
    if id(measure) not in _evaluated:
        _evaluated[id(measure)] = (measure, _evaluation_problems(measure))
    return _evaluated[id(measure)][1]


def _evaluation_problems(measure: Measure) -> list[str]:
    basis, counts, views = measure.basis, measure.counts, _views_of_nothing
    key = (basis.dataset.id, basis.rows, basis.bridge)
    columns = counts.statistic.columns if counts.statistic else ()
    try:
        if key not in views:
            views[key] = _view_of_nothing(basis)
        view = views[key]
        masks = (counts.numerator, counts.denominator, measure.mature.not_yet_due)
        read = columns_read(filter(None, masks), view)
    except (KeyError, AttributeError, TypeError, ValueError) as error:
        return [f"cannot be evaluated on empty rows: {type(error).__name__}: {error}"]
    known = {name for dataset in basis.datasets for name in dataset.dtypes}
    for column in basis.needs:
        if column not in known:
            datasets = " or ".join(dataset.id for dataset in basis.datasets)
            return [f"needs: no column {column!r} in {datasets}; {meant(column, sorted(known))}".rstrip("; ")]
    named = (basis.month_of, counts.distinct, counts.weight, counts.numerator_weight, *columns)
    for needed in (*named, *(b.id for b in measure.shown.breakdowns)):
        if needed is not None and needed not in view:
            return [f"the rows have no column {needed!r}; they have {', '.join(map(str, view.columns))}"]
    return unstated_defects(measure, read)


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
