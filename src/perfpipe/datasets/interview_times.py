"""When a missing child returned and an interview was held: what the rules about them and the measures share."""

from __future__ import annotations

from perfpipe.datasets.in_order import InOrder
from perfpipe.datasets.row_check import Finder, RowCheck, row_check
from perfpipe.dates.months import local_day
from perfpipe.frames.libraries import pd
from perfpipe.rules.rule import INFO


def returned(rows: pd.DataFrame) -> pd.Series:
    """When the 72 hours start: `returned_at`, else `found_at` (definitions 3.6). Instants in UTC."""
    return rows["returned_at"].fillna(rows["found_at"])


def return_precision(rows: pd.DataFrame) -> pd.Series:
    """How exactly that is known: `minute` or `date`."""
    return rows["returned_at_precision"].where(rows["returned_at"].notna(), rows["found_at_precision"])


def interview_too_early(rows: pd.DataFrame) -> pd.Series:
    """Interviews before the child was found, or before the return when no time found is known (definitions 3.8).

    Where either side is date-only the dates are compared.
    """
    earliest = rows["found_at"].fillna(rows["returned_at"])
    by_date = (
        (rows["interview_at_precision"] == "date")
        | (rows["found_at_precision"].fillna(rows["returned_at_precision"]) == "date")
    ).fillna(False)
    by_days = local_day(rows["interview_at"]) < local_day(earliest)
    return (rows["interview_at"] < earliest).where(~by_date, by_days).fillna(False)


def with_days(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with the local days that rules compare with dates, and when the child's earlier episodes had ended.

    `ended_at`: found, else returned (the end by the national definition); `missing_on`, `returned_on`, `today` (of the
    extract); `of_age_on`, the 18th birthday; `latest_end_before`, far away while an earlier episode is open.
    """
    ended = rows["found_at"].fillna(rows["returned_at"])
    ordered = InOrder.of(rows, "child_id", "missing_from")
    return rows.assign(
        ended_at=ended,
        missing_on=local_day(rows["missing_from"]),
        returned_on=local_day(returned(rows)),
        today=local_day(rows["as_at"]),
        of_age_on=rows["dob"] + pd.DateOffset(years=18),
        latest_end_before=ordered.latest_end_before(ended),
    )


def earlier(one: str, other: str) -> Finder:
    """Rows where one instant is before another; where either is only a date, by dates."""

    def finds(rows: pd.DataFrame) -> pd.Series[bool]:
        by_date = (rows[f"{one}_precision"] == "date") | (rows[f"{other}_precision"] == "date")
        by_date = by_date.fillna(False).astype(bool)
        found: pd.Series[bool] = rows[one] < rows[other]
        return found.where(~by_date, local_day(rows[one]) < local_day(rows[other]))

    return finds


def date_only(column: str) -> RowCheck:
    """A check of an instant that is only a date."""
    return row_check(
        f"{column}_date_only",
        column,
        "a time as well as a date",
        "Record the time. Until then the 72 hours are counted in days, which can flatter the figure.",
        lambda rows: (rows[f"{column}_precision"] == "date").fillna(False),
        "definitions 3.7",
        severity=INFO,
    )
