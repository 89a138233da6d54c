"""The published values beside a figure, in words and numbers for readers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from perfpipe.assess.comparators import Comparators, Comparison, PublishedValue, comparison_of
from perfpipe.dates.months import LONDON, Month
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Measure, Period
from perfpipe.measures.shown_numbers import show_value
from perfpipe.measures.words import NOT_AVAILABLE
from perfpipe.packs.models.pack import ComparatorLine, ComparatorTable, Series

OUR_TIME = {Period.MONTH_END: "At the end of {month}"}
OUR_OTHER_TIME = "12 months to {month}"


@dataclass(frozen=True)
class Comparing:
    """What every comparison of a pack shares. Without a file, or without any delivery, nothing is compared."""

    comparators: Comparators | None
    month: Month
    authority: str
    known_at: datetime | None

    @property
    def known_on(self) -> date | None:
        """The local day on which the last delivery arrived: nothing released later is shown (definitions 8.1)."""
        if self.known_at is None:
            return None
        utc = self.known_at.replace(tzinfo=UTC) if self.known_at.tzinfo is None else self.known_at
        return utc.astimezone(LONDON).date()

    def table_of(self, measure: Measure, period: Period, series: Series) -> ComparatorTable | None:
        """What stands beside a measure over a period; None if nothing was matched with it."""
        if self.comparators is None or self.known_on is None:
            return None
        found = comparison_of(self.comparators, measure, period, self.month, self.known_on, self.authority)
        if found is None:
            return None
        settings = self.comparators.settings
        if found.year is None:
            return ComparatorTable((), NOT_AVAILABLE, found.notes)
        lines = tuple(_line(each, found, measure, settings.vintage) for each in found.values)
        named = "" if found.title == found.key else f"'{found.title}' "
        source = f"Source: {settings.source}, {named}({found.key}), as revised up to {settings.vintage}."
        return ComparatorTable((self._ours(measure, period, series), *lines), _brief(lines), (*found.notes, source))

    def _ours(self, measure: Measure, period: Period, series: Series) -> ComparatorLine:
        figure = series.latest.figure
        return ComparatorLine(
            who=f"{self.authority}, this pack",
            year=OUR_TIME.get(period, OUR_OTHER_TIME).format(month=self.month.label),
            value=figure.value,
            shown=figure.shown,
            decimals=figure.decimals,
            percent=measure.counts.unit is Unit.PERCENT,
            released=None,
            vintage="",
        )


def _line(each: PublishedValue, found: Comparison, measure: Measure, vintage: str) -> ComparatorLine:
    return ComparatorLine(
        who=each.who,
        year=found.when,
        value=None if each.value is None else float(each.value),
        shown=NOT_AVAILABLE if each.value is None else show_value(each.value, measure.counts.unit, each.decimals),
        decimals=each.decimals,
        percent=measure.counts.unit is Unit.PERCENT,
        released=found.released,
        vintage=vintage,
    )


def in_words(line: ComparatorLine) -> str:
    """A published value in plain words: `England 2016 (12 months to September 2016): 15.1%`."""
    return f"{line.who}{',' if ',' in line.who else ''} {line.year}: {line.shown}"


def _brief(lines: tuple[ComparatorLine, ...]) -> str:
    """The first value that there is, in words."""
    return next((in_words(line) for line in lines if line.value is not None), NOT_AVAILABLE)
