"""Which months an extract covers, by its folder, its layout and, where nothing is declared, its rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from perfpipe.datasets.definition import Dataset
from perfpipe.dates.months import Month, financial_year_folder, local
from perfpipe.settings.layouts import Covers
from perfpipe.settings.settings import Settings

if TYPE_CHECKING:
    import pandas as pd


def folder_months(folder: str, settings: Settings) -> tuple[Month, Month]:
    """The first and last month that a delivery folder is named for."""
    year = financial_year_folder(folder)
    try:
        month = Month.parse(folder)
    except ValueError:
        assert year is not None
        return year
    return year if year and settings.folders == "financial_year" else (month, month)


def covered_months(
    dataset: Dataset, covers: Covers | None, folder: tuple[Month, Month], rows: pd.DataFrame
) -> tuple[Month, Month]:
    """The first and last month that an extract covers: its declared span, ending with its folder's.

    Without a declaration, or for the span `all`, it goes back no further than its rows do: see
    `Dataset.goes_back_by`.
    """
    first, last = folder
    if dataset.goes_back_by == "month":
        months = [Month.parse(text) for text in rows[dataset.start].dropna().unique()]
        return (min(months), max(months)) if months else (first, last)
    span = covers.span if covers else "all"
    if span == "month":
        first = last
    elif span in ("financial_year", "financial_year_to_date"):
        first = last.financial_year_start
    elif match := re.fullmatch(r"last_(\d+)_months", span):
        first = last - (int(match[1]) - 1)
    else:
        first = min(last, _earliest(dataset, rows) or last)
    goes_back_to = Month.parse(covers.goes_back_to) if covers and covers.goes_back_to else first
    if span == "all" and covers and covers.goes_back_to:
        return goes_back_to, last
    return max(first, goes_back_to), last


def _earliest(dataset: Dataset, rows: pd.DataFrame) -> Month | None:
    name = dataset.start if dataset.goes_back_by == "start" else dataset.end
    assert name is not None
    moments = rows[name]
    if dataset.goes_back_by == "end" and dataset.end_fallback:
        moments = moments.fillna(rows[dataset.end_fallback])
    if moments.notna().sum() == 0:
        return None
    return Month.of(local(moments).min().date())
