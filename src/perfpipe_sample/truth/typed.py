"""The true figures of what is typed by hand: the numbers of the sheet that speaks for the month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from perfpipe_sample.records import TypedNumber
from perfpipe_sample.truth.dates import CalendarMonth, month_of, months_of
from perfpipe_sample.truth.figures import TrueFigure, Writer

CONTACT_GROUPS = ("Police", "Health", "Schools", "Others")
BY_MONTH, BY_QUARTER = "month", "quarter"
MEASURES = (
    ("contacts_decided_1_day", BY_MONTH, CONTACT_GROUPS),
    ("reviews_on_time", BY_MONTH, ()),
    ("private_fostering_visits", BY_QUARTER, ()),
    ("allegations_concluded", BY_QUARTER, ()),
)


def typed_figures(rows: Sequence[TypedNumber], month: CalendarMonth) -> Iterator[TrueFigure]:
    """All figures of a month. `rows`: of the sheet that speaks for it; none without one."""
    for measure_id, period, groups in MEASURES:
        if period == BY_QUARTER and not months_of(BY_QUARTER, month):
            continue
        own = [row for row in rows if row.measure_id == measure_id and month_of(row.month_end) == month]
        writer = Writer(measure_id, month, period)
        complete = len(own) == (len(groups) or 1)
        yield from _figure(writer, own, complete)
        for group in groups:
            part = [row for row in own if row.group == group]
            for figure in _figure(writer, part, bool(part)):
                yield replace(figure, breakdown="group", group=group)


def _figure(writer: Writer, rows: Sequence[TypedNumber], known: bool) -> Iterator[TrueFigure]:
    for figure in writer.ratio(sum(row.numerator for row in rows), sum(row.denominator for row in rows)):
        yield figure if known else figure.without_data()
