"""First figures: what was known of a month on its due day, kept once, and how far figures moved from there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

import pandas as pd

from perfpipe.compute.compute import compute
from perfpipe.compute.measure_rows import MeasureRows
from perfpipe.dates.months import Month, end_of_day, month_range
from perfpipe.history.frozen_figures import without_frozen
from perfpipe.history.input_figures import only
from perfpipe.ledger.history_tables import FIRST_FIGURES
from perfpipe.ledger.ledger import Ledger
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Measure
from perfpipe.measures.shown_numbers import scaled
from perfpipe.measures.words import State
from perfpipe.reconcile.speaks_for import needed_months, speaks_for_each
from perfpipe.settings.places import Places
from perfpipe.validate.reading import Reading

AGES = 13  # of each cut: its month and those of a year before
LEAST_MONTHS = 6
IN_A_RUN = 1  # cut: one takes as long as the figures of a few months

Series = tuple[str, str]  # measure and period


@dataclass(frozen=True)
class MeanRevision:
    """By how much figures moved from the first to the last known, on average, in the unit as displayed."""

    by: Fraction
    months: int

    @property
    def direction(self) -> int:
        """1: they rose, -1: they fell, 0: neither."""
        return (self.by > 0) - (self.by < 0)


@dataclass(frozen=True)
class FiguresBasis:
    """What figures are made from besides the rows: whose they are, the population by month, places, bank holidays."""

    our_names: frozenset[str]
    population: Mapping[str, int]
    places: Places | None
    bank_holidays: frozenset[date] = frozenset()


def due_at(month: Month, after_days: int) -> datetime:
    """The last second of a month's due day, so many days after its end."""
    return end_of_day(month.last_day + timedelta(days=after_days))


def cuts_to_keep(
    readings: Sequence[Reading], measures: Sequence[Measure], kept: pd.DataFrame, now: datetime, after_days: int
) -> dict[Month, list[Measure]]:
    """The months that are due and have data then, each with the measures that nothing is kept of yet.

    A dataset with fewer than six such months has none.
    """
    there = set(zip(kept["cut"], kept["measure_id"], strict=True))
    found: dict[Month, list[Measure]] = {}
    for dataset in {measure.basis.dataset.id: measure.basis.dataset for measure in measures}.values():
        own = [reading for reading in readings if reading.dataset is dataset]
        months = sorted({m for each in own for m in month_range(each.first_month, each.last_month)})
        due = [month for month in months if due_at(month, after_days) <= now and _known(own, month, after_days)]
        if len(due) < LEAST_MONTHS:
            continue
        for month in due:
            of_it = [m for m in measures if m.basis.dataset is dataset and (str(month), m.id) not in there]
            found.setdefault(month, []).extend(of_it)
    return {month: found[month] for month in sorted(found) if found[month]}


def _known(readings: Sequence[Reading], month: Month, after_days: int) -> bool:
    """Whether an extract that covers a month had come by its due day."""
    until = due_at(month, after_days)
    return any(each.first_month <= month <= each.last_month and each.was_known(until) for each in readings)


def keep_first_figures(
    ledger: Ledger,
    readings: Sequence[Reading],
    measures: Sequence[Measure],
    basis: FiguresBasis,
    now: datetime,
    after_days: int,
    at_most: int = IN_A_RUN,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> int:
    """Keep what was known at the due days that have passed and of which nothing is kept, the newest first.

    Each in a transaction of its own; returns how many. `progress` is given how many are done, and of how many.
    """
    missing = cuts_to_keep(readings, measures, ledger.first_figures(), now, after_days)
    chosen = sorted(missing, reverse=True)[:at_most]
    for number, cut in enumerate(chosen, 1):
        figures = without_frozen(figures_at(cut, readings, missing[cut], basis, after_days), ledger)
        with ledger.writing():
            ledger.add_first_figures(figures)
        progress(number, len(chosen))
    return len(chosen)


def figures_at(
    cut: Month, readings: Sequence[Reading], measures: Sequence[Measure], basis: FiguresBasis, after_days: int
) -> pd.DataFrame:
    """`FIRST_FIGURES` of a cut: of the whole authority, as known at its due day, of its month and a year before.

    A measure of whose dataset two extracts contradicted each other then has none.
    """
    until = due_at(cut, after_days)
    known = [reading for reading in readings if reading.was_known(until)]
    months = month_range(cut - (AGES - 1), cut)
    speaks_for = speaks_for_each(known, needed_months(measures, months), measures)
    sound = [m for m in measures if not any(speaks_for[dataset.id].stops for dataset in m.basis.datasets)]
    if not sound:
        return FIRST_FIGURES.empty()
    rows = MeasureRows(speaks_for, months, basis.our_names, basis.population, basis.places, basis.bank_holidays)
    figures = compute(rows, [only(measure) for measure in sound])
    whole = figures[figures["breakdown"] == "all"].assign(cut=str(cut))
    return FIRST_FIGURES.checked(whole[FIRST_FIGURES.names].astype(FIRST_FIGURES.dtypes).reset_index(drop=True))


def mean_revisions(kept: pd.DataFrame, known: pd.DataFrame) -> dict[Series, MeanRevision]:
    """For each measure and period how far last known figures are from first ones, on average (definitions 7.9).

    `kept`: `FIRST_FIGURES`; `known`: figures with the columns of `FIGURES`. A month counts where both have a value by
    the same version of the definition, and the due day of a later month has passed; fewer than six say nothing.
    """
    first = kept[(kept["cut"] == kept["month"]) & (kept["breakdown"] == "all") & (kept["state"] == State.OK)]
    newest = kept.groupby("measure_id")["cut"].max()
    first = first[first["month"] < first["measure_id"].map(newest)]
    now = known[(known["breakdown"] == "all") & (known["state"] == State.OK)]
    same = ["measure_id", "month", "period", "unit", "definition_version"]
    both = first[[*same, "value"]].merge(now[[*same, "value"]], on=same, suffixes=("", "_now"))
    moved: dict[Series, list[Fraction]] = {}
    names = ("measure_id", "period", "unit", "value", "value_now")
    for measure_id, period, unit, then, last in zip(*(both[name].tolist() for name in names), strict=True):
        by = scaled(float(last), Unit(unit)) - scaled(float(then), Unit(unit))
        moved.setdefault((measure_id, period), []).append(by)
    return {
        series: MeanRevision(sum(each, Fraction()) / len(each), len(each))
        for series, each in moved.items()
        if len(each) >= LEAST_MONTHS
    }


def triangle(kept: pd.DataFrame, measure_id: str, period: str) -> pd.DataFrame:
    """What was known of each month, by the months since: `month`, `months_since`, `state`, `unit`, `value`.

    And the numbers behind it, oldest month first.
    """
    of_it = kept[(kept["measure_id"] == measure_id) & (kept["period"] == period) & (kept["breakdown"] == "all")]
    since = [Month.parse(c).index - Month.parse(m).index for c, m in zip(of_it["cut"], of_it["month"], strict=True)]
    names = ["month", "months_since", "state", "unit", "value", "numerator", "denominator", "definition_version"]
    return of_it.assign(months_since=since)[names].sort_values(["month", "months_since"], ignore_index=True)
