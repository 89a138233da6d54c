"""Figures of some measures and months computed again from other inputs, and what decides them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from perfpipe.assess.assess import judged
from perfpipe.compute.compute import compute
from perfpipe.compute.measure_rows import MeasureRows
from perfpipe.dates.months import Month
from perfpipe.history.inputs import Inputs, ReadingMaker
from perfpipe.history.revision import FigureKey, KnownFigure
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Measure
from perfpipe.measures.figure import KEY
from perfpipe.measures.shown_numbers import value_of
from perfpipe.measures.words import State
from perfpipe.plan.manual_measures import all_measures
from perfpipe.reconcile.speaks_for import SpeaksFor, needed_months, speaks_for_each
from perfpipe.settings.settings import population_at


@dataclass(frozen=True)
class InputFigures:
    """What some inputs say of some measures of one dataset in some months, oldest first."""

    maker: ReadingMaker
    inputs: Inputs
    breakdowns: Mapping[str, frozenset[str]]  # the measures by their ids, with those that are asked for
    months: Sequence[Month]

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """The measures as the plan of the inputs counts them; not those that it does not declare."""
        declared = (each for each in all_measures(self.inputs.plan) if each.id in self.breakdowns)
        return tuple(only(each, self.breakdowns[each.id]) for each in declared)

    @cached_property
    def datasets(self) -> frozenset[str]:
        """The datasets that they look at."""
        return frozenset(dataset.id for measure in self.measures for dataset in measure.basis.datasets)

    @cached_property
    def speaks_for(self) -> Mapping[str, SpeaksFor]:
        """Which reading speaks for which month. Raises ErasedError."""
        readings = self.maker.readings(self.inputs, self.datasets)
        return speaks_for_each(readings, needed_months(self.measures, self.months), self.measures)

    @cached_property
    def rows(self) -> MeasureRows:
        """The rows that the measures look at."""
        inputs = self.inputs
        declared = ((str(month), population_at(inputs.settings, month)) for month in self.months)
        population = {month: each.children for month, each in declared if each}
        return MeasureRows(
            dict(self.speaks_for), list(self.months), inputs.settings.authority.names, population, inputs.places,
            frozenset(inputs.settings.bank_holidays),
        )  # fmt: skip

    @cached_property
    def decided_by(self) -> tuple[object, ...]:
        """What decides the values: alike for inputs that give the same. Statuses are decided by the targets, too."""
        spoken = sorted(
            (name, str(month), each.by_month[month].id)
            for name, each in self.speaks_for.items()
            for month in each.by_month
        )
        settings, places = self.inputs.settings, self.inputs.places
        population = [population_at(settings, month) for month in self.months]
        return (
            spoken,
            settings.authority.names,
            [each.children if each else None for each in population],
            places.sha256 if places else "",
            self.inputs.plan.how_it_counts,
            sorted(settings.bank_holidays),
        )

    @cached_property
    def values(self) -> pd.DataFrame:
        """`FIGURES` of the measures and months."""
        return compute(self.rows, self.measures)

    def figures(self, keys: Collection[FigureKey]) -> dict[FigureKey, KnownFigure]:
        """Some of these figures, by their keys, as the plan of the inputs judges them."""
        return known_figures(judged_by(self, self.values), keys)


def only(measure: Measure, breakdowns: Collection[str] = ()) -> Measure:
    """A measure with some of its breakdowns; typed numbers, known where those of all groups are, keep theirs."""
    kept = tuple(each for each in measure.shown.breakdowns if each.id in breakdowns)
    return measure if measure.basis.stated else replace(measure, shown=replace(measure.shown, breakdowns=kept))


def judged_by(source: InputFigures, figures: pd.DataFrame) -> pd.DataFrame:
    """Figures with the status that the plan of some inputs gives them."""
    by_id = {measure.id: measure for measure in source.measures}
    return figures.assign(status=judged(figures, source.inputs.plan, by_id)["status"])


def known_figures(figures: pd.DataFrame, keys: Collection[FigureKey]) -> dict[FigureKey, KnownFigure]:
    """The figures with some keys, exactly."""
    wanted = set(keys)
    names = (*KEY, "state", "status", "value", "numerator", "denominator", "unit")
    found = {}
    for *key, state, status, value, top, bottom, unit in zip(*(figures[n].tolist() for n in names), strict=True):
        named: FigureKey = (key[0], key[1], key[2], key[3], key[4])
        if named in wanted:
            there = state == State.OK and not pd.isna(value)
            exactly = value_of(value, top, bottom, Unit(unit)) if there else None
            found[named] = KnownFigure(state, exactly, status)
    return found
