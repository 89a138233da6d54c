"""True figures of things that happen on a day: of a month, and of the longer periods that months make up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from perfpipe_sample.knowledge import Extract
from perfpipe_sample.truth.dates import CalendarMonth, before, month_of, months_ending, periods_ending
from perfpipe_sample.truth.figures import NONE_OFF, Off, TrueFigure, Writer

Row = TypeVar("Row")


@dataclass(frozen=True)
class DeliveredExtracts(Generic[Row]):
    """What some delivered extracts of one dataset say: which one speaks for a month, and what it holds."""

    speaks_for: Callable[[CalendarMonth], Extract | None]
    rows_of: Callable[[Extract], Sequence[Row]]
    name_of: Callable[[Row], str]
    ended_on: Callable[[Row], date | None]
    off: Off = NONE_OFF
    worked_out: dict[object, Any] = field(default_factory=dict)  # shared by all months: most events stay the same


@dataclass(frozen=True)
class Question(Generic[Row]):
    """A share: which day decides the month, who is asked, who hits; and how late after its end a record may count."""

    measure_id: str
    day_of: Callable[[Row], date | None]
    asked: Callable[[Row], bool]
    hit: Callable[[Row], bool]
    months_after_end: int = 0


def shares(known: DeliveredExtracts[Row], question: Question[Row], month: CalendarMonth) -> Iterator[TrueFigure]:
    """The question's figures for every period that ends with the month."""
    for period, months in periods_ending(month):
        looked_at = months_ending(month, len(months) + question.months_after_end)
        extracts = [known.speaks_for(each) for each in looked_at]
        hits = [hit for each in months for hit in _hits(known, question, each)]
        for figure in Writer(question.measure_id, month, period).share(hits, bool):
            yield figure.without_data() if None in extracts else figure


def _hits(known: DeliveredExtracts[Row], question: Question[Row], month: CalendarMonth) -> list[bool]:
    """For each record asked about in one month, whether it is a hit."""
    speaking = tuple(known.speaks_for(before(month, back)) for back in range(question.months_after_end + 1))
    key = (question.measure_id, month, speaking, known.off)
    if key not in known.worked_out:
        known.worked_out[key] = [question.hit(row) for row in _events(known, question, month) if question.asked(row)]
    hits: list[bool] = known.worked_out[key]
    return hits


def _events(known: DeliveredExtracts[Row], question: Question[Row], month: CalendarMonth) -> list[Row]:
    """The records of one month, each from the extract that speaks for it, the newest version of each.

    A record that had ended before the month comes from the extract that speaks for the month in which it ended.
    """
    found: dict[str, tuple[Extract, Row]] = {}
    for back in range(question.months_after_end + 1):
        extract = known.speaks_for(before(month, back))
        for row in _by_month(known, question, extract).get(month, ()) if extract else ():
            assert extract is not None
            end = known.ended_on(row)
            early = question.months_after_end and end is not None and month_of(end) < month
            if known.speaks_for(month_of(end) if early and end else month) != extract:
                continue
            name = known.name_of(row)
            if name not in found or found[name][0].extracted_at < extract.extracted_at:
                found[name] = extract, row
    return [row for _, row in found.values()]


def _by_month(
    known: DeliveredExtracts[Row], question: Question[Row], extract: Extract
) -> dict[CalendarMonth, list[Row]]:
    """The records of an extract by the month of their day."""
    key = (question.measure_id, extract, known.off)
    if key not in known.worked_out:
        by_month: dict[CalendarMonth, list[Row]] = {}
        for row in known.rows_of(extract):
            day = question.day_of(row)
            if day is not None:
                by_month.setdefault(month_of(day), []).append(row)
        known.worked_out[key] = by_month
    found: dict[CalendarMonth, list[Row]] = known.worked_out[key]
    return found
