"""Frozen figures: those whose rows were erased stay as they were published, and are never computed again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from perfpipe.dates.months import Month
from perfpipe.measures.figure import FIGURES, KEY

if TYPE_CHECKING:
    import pandas as pd

    from perfpipe.ledger.ledger import Ledger

OF_MONTH = ["measure_id", "month", "period"]


def with_published(figures: pd.DataFrame, ledger: Ledger, until: datetime | None = None) -> pd.DataFrame:
    """`FIGURES` in which those that are frozen are as they were published last, or published by an instant."""
    import pandas as pd

    frozen = _names(ledger)
    runs = [run for run in ledger.runs() if run.is_done and (until is None or run.run_at <= until)]
    here = _is_among(figures, frozen)
    if not runs or not here.any():
        return figures
    months = sorted(set(figures["month"]))
    known = ledger.figures_as_of(
        max(run.id for run in runs), Month.parse(months[0]), Month.parse(months[-1]), FIGURES.names
    )
    computed = set(figures.loc[here, OF_MONTH].itertuples(index=False, name=None))
    published = known.loc[_is_among(known, computed), FIGURES.names].astype(FIGURES.dtypes)
    if until is not None:  # of what nobody had published by then there is no more than what is left
        there = set(published[OF_MONTH].itertuples(index=False, name=None))
        here = _is_among(figures, there)
    both = pd.concat([figures[~here], published]).sort_values(KEY, ignore_index=True)
    return FIGURES.checked(both)


def without_frozen(figures: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Any frame with measures, months and periods, without those that are frozen."""
    left: pd.DataFrame = figures[~_is_among(figures, _names(ledger))].reset_index(drop=True)
    return left


def frozen_in(ledger: Ledger, months: list[Month]) -> str:
    """In words, how many figures of some months stay as they were published; empty where none do."""
    frozen = [each for each in ledger.frozen_figures() if each[1] in set(months)]
    if not frozen:
        return ""
    return f"{len(frozen)} figures stay as they were published, with their groups: rows behind them were erased"


def frozen_since(ledger: Ledger, measure_id: str, month: Month, period: str) -> datetime | None:
    """When rows behind a figure were erased last; None where they are there."""
    return ledger.frozen_figures().get((measure_id, month, period))


def _names(ledger: Ledger) -> set[tuple[str, ...]]:
    return {(measure, str(month), period) for measure, month, period in ledger.frozen_figures()}


def _is_among(figures: pd.DataFrame, names: set[tuple[str, ...]]) -> pd.Series[bool]:
    import pandas as pd

    places = figures[OF_MONTH].itertuples(index=False, name=None)
    return pd.Series([tuple(each) in names for each in places], index=figures.index, dtype="bool")
