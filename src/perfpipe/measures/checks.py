"""What is wrong with the definitions of measures, found before any data is read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from perfpipe.datasets.definition import Dataset
from perfpipe.measures.columns_read import columns_read, unstated_defects
from perfpipe.measures.counts import Mask, Unit
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


# many jobs of one process ask for the same measures; those hold dictionaries, so they have no hash
_views_of_nothing: dict[tuple[str, View | None, bool], pd.DataFrame] = {}
_evaluated: dict[int, tuple[Measure, list[str]]] = {}  # by identity, which is not given again while a measure is kept


def _evaluated_once(measure: Measure) -> list[str]:
    if id(measure) not in _evaluated:
        _evaluated[id(measure)] = (measure, _evaluation_problems(measure))
    return _evaluated[id(measure)][1]


def _evaluation_problems(measure: Measure) -> list[str]:
    """What empty rows show: every mask that cannot be evaluated, and every column that is not there."""
    basis = measure.basis
    key = (basis.dataset.id, basis.rows, basis.bridge)
    try:
        if key not in _views_of_nothing:
            _views_of_nothing[key] = _view_of_nothing(basis)
    except (KeyError, AttributeError, TypeError, ValueError) as error:
        return [f"rows: {_not_evaluated(error)}"]
    view, problems, read = _views_of_nothing[key], list[str](), set[str]()
    for mask, names in _masks(measure).items():
        asked, failure = columns_read(mask, view)
        read |= asked
        if failure:
            problems += [f"{' and '.join(names)}: {problem}" for problem in _mask_problems(failure, asked, view)]
    return [*problems, *_column_problems(measure, view), *unstated_defects(measure, read)]


def _masks(measure: Measure) -> dict[Mask, list[str]]:
    """Each mask of a measure with what it is there for; some are there for two things."""
    counts = measure.counts
    masks = {
        "numerator": counts.numerator,
        "denominator": counts.denominator,
        "not_yet_due": measure.mature.not_yet_due,
    }
    different: dict[Mask, list[str]] = {}
    for name, mask in masks.items():
        if mask is not None:
            different.setdefault(mask, []).append(name)
    return different


def _mask_problems(error: Exception, asked: set[str], view: pd.DataFrame) -> list[str]:
    unknown = sorted(asked.difference(view.columns)) if isinstance(error, KeyError) else []
    return [_unknown(name, view.columns) for name in unknown] or [_not_evaluated(error)]


def _not_evaluated(error: Exception) -> str:
    return f"cannot be evaluated on empty rows: {type(error).__name__}: {error}"


def _unknown(name: str, known: Iterable[str]) -> str:
    columns = sorted(known)
    return f"unknown column {name!r}; {meant(name, columns) or 'expected one of ' + ', '.join(columns)}".rstrip()


def _column_problems(measure: Measure, view: pd.DataFrame) -> list[str]:
    """Columns that a measure names and that neither its datasets nor its rows have."""
    basis, counts = measure.basis, measure.counts
    known = {name for dataset in basis.datasets for name in dataset.dtypes}
    problems = [f"needs: {_unknown(name, known)}" for name in basis.needs if name not in known]
    named = {
        "month_of": [basis.month_of],
        "distinct": [counts.distinct],
        "weight": [counts.weight],
        "numerator_weight": [counts.numerator_weight],
        "statistic": counts.statistic.columns if counts.statistic else (),
        "breakdowns": [breakdown.id for breakdown in measure.shown.breakdowns],
    }
    return problems + [
        f"{field}: {_unknown(name, view.columns)}"
        for field, names in named.items()
        for name in names
        if name is not None and name not in view
    ]


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
