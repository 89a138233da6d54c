"""The assessed frame as typed rows, found by what they are of, and the figures made from them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

import pandas as pd

from perfpipe.assess.assessed_figures import ASSESSED
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Measure
from perfpipe.measures.figure import KEY
from perfpipe.measures.left_out_words import left_out_note
from perfpipe.measures.shown_numbers import scaled, shown_number
from perfpipe.measures.words import MARKERS, NOT_AVAILABLE, Assurance, Movement, MovementBy, State, Status, Variation
from perfpipe.packs.models.chart import INCOMPLETE, PROVISIONAL, REVISED, Figure
from perfpipe.packs.models.row import Row
from perfpipe.packs.wording.numbers import short_month, show_counts, show_interval

ALL = "all"
MONTH = re.compile(r"\b\d{4}-(0[1-9]|1[0-2])\b(?!-)")
OF_CASES = (Unit.PERCENT, Unit.HOURS)  # a few cases move these much


Key = tuple[str, str, str, str, str]
CODES: dict[str, type[StrEnum]] = {
    "state": State, "status": Status, "variation": Variation, "assurance": Assurance,
    "movement": Movement, "movement_by": MovementBy, "year_movement": Movement,
}  # fmt: skip


def _column(column: pd.Series[Any], name: str) -> list[Any]:
    match ASSESSED.dtypes[name]:
        case "float64":
            return column.astype("float64").astype(object).where(column.notna(), None).tolist()
        case "bool":
            return column.astype(bool).tolist()
        case "int64":
            return column.astype(int).tolist()
    texts = column.astype(object).where(column.notna(), "").tolist()
    if name not in CODES:
        return texts
    code = CODES[name]
    # figures of groups have blanks for variation and assurance: nothing is said of them
    known = {text: code(text or Variation.NONE) for text in set(texts)}
    return [known[text] for text in texts]


class Rows:
    """All rows of `ASSESSED`, each made when it is found. One that is not there reads as not available, not as 0."""

    def __init__(self, assessed: pd.DataFrame) -> None:
        self._names = [name for name in Row.__dataclass_fields__ if name in assessed.columns]
        self._columns = [_column(assessed[name], name) for name in self._names]
        self._places = {key: place for place, key in enumerate(zip(*(assessed[name] for name in KEY), strict=True))}
        self._rows: dict[Key, Row] = {}

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Rows:
        """The same from rows that were made before."""
        made = cls(pd.DataFrame(columns=KEY))
        made._rows |= {(row.measure_id, row.month, row.period, row.breakdown, row.group): row for row in rows}
        return made

    def find(self, measure_id: str, period: str, month: str, breakdown: str = ALL, group: str = ALL) -> Row:
        """The row of a figure; one that says `not available` where the frame has none."""
        key = (measure_id, month, period, breakdown, group)
        if key not in self._rows:
            place = self._places.get(key)
            self._rows[key] = _absent(*key) if place is None else self._made(place)
        return self._rows[key]

    def _made(self, place: int) -> Row:
        return Row(**{name: column[place] for name, column in zip(self._names, self._columns, strict=True)})


def _absent(measure_id: str, month: str, period: str, breakdown: str, group: str) -> Row:
    return Row(
        measure_id=measure_id,
        month=month,
        period=period,
        breakdown=breakdown,
        group=group,
        numerator=None,
        denominator=None,
        value=None,
        state=State.NOT_AVAILABLE,
        state_reason="no figure was computed",
        target="",
        status=Status.NO_DATA,
        lower=None,
        upper=None,
        revised=False,
        provisional=False,
        definition_version=1,
        previous=None,
        movement_reason="no figure was computed",
        year_reason="no figure was computed",
    )


def months_named(reason: str) -> str:
    """A reason with its months as readers write them: `history missing: Oct 2015 to Mar 2017`."""
    return MONTH.sub(lambda found: short_month(found[0]), reason)


def _without_figure(row: Row, *, percent: bool) -> Figure:
    marker, reason = MARKERS.get(row.state, NOT_AVAILABLE), months_named(row.state_reason)
    return Figure.absent(marker, reason, row.key, percent=percent, provisional=row.provisional, revised=row.revised)


def figure_of(row: Row, measure: Measure, low_base: int) -> Figure:
    """A row's figure as every output shows it."""
    unit = measure.counts.unit
    if row.state != State.OK or row.value is None:
        return _without_figure(row, percent=unit is Unit.PERCENT)
    number = shown_number(row.value, row.numerator, row.denominator, unit, row.target, row.status)
    is_low = unit in OF_CASES and row.denominator is not None and row.denominator < low_base
    interval = None
    if row.lower is not None and row.upper is not None:
        interval = (float(scaled(row.lower, unit)), float(scaled(row.upper, unit)))
    counted = unit is not Unit.COUNT
    return Figure(
        value=row.value,
        exact=number.exact,
        plotted=float(scaled(number.exact, unit)),
        decimals=number.decimals,
        percent=unit is Unit.PERCENT,
        marker="",
        reason="",
        shown=number.text,
        full=_full(row, measure, number.text, is_low),
        numerator=row.numerator if counted else None,
        denominator=row.denominator if counted else None,
        lower=row.lower,
        upper=row.upper,
        plotted_interval=interval,
        provisional=row.provisional,
        revised=row.revised,
        low_base=is_low,
        left_out=_left_out(row),
        key=row.key,
    )


def _left_out(row: Row) -> str:
    return left_out_note(row.left_out, row.left_out_of, row.left_out_why)


def _full(row: Row, measure: Measure, shown: str, is_low: bool) -> str:
    counts = ""
    if measure.counts.unit is not Unit.COUNT:
        counts = show_counts(row.numerator, row.denominator, measure.counts.counted_in, measure.counts.unit)
    interval = show_interval(row.lower, row.upper, measure.counts.unit)
    doubt = ["low base" + (f", 95% interval {interval}" if interval else "")] if is_low else []
    lost = _left_out(row)
    inside = "; ".join([*([counts] if counts else []), *doubt, *([lost] if lost else [])])
    marked = ((PROVISIONAL, row.provisional), (REVISED, row.revised), (INCOMPLETE, bool(lost)))
    marks = [mark for mark, on in marked if on]
    return " ".join([shown, *([f"({inside})"] if inside else []), *marks])
