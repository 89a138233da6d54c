"""Rules about how long, or how often, a child is in one kind of care over several episodes (definitions 4.1, 4.3).

They read the columns that `with_neighbours` adds. An episode is judged against its neighbours in the same extract.
"""

from __future__ import annotations

from typing import Any

from perfpipe.datasets.compared_rows import row_that_differs
from perfpipe.datasets.in_order import days_in_year_before, runs
from perfpipe.datasets.row_check import RowCheck, row_check
from perfpipe.frames.libraries import pd

SHORT_BREAK_DAYS, CARERS_HOLIDAYS = 75, 2


def _too_long_under(status: str, days: int) -> RowCheck:
    """Episodes that follow on under one emergency legal status are one run, and the run has a limit."""
    name, number, what = {
        "L1": ("police_protection_too_long", "361", "police protection (L1)"),
        "L2": ("emergency_order_too_long", "362", "an emergency protection order (L2)"),
    }[status]

    def finds(rows: pd.DataFrame) -> pd.Series[bool]:
        under = rows[rows["legal_status_code"] == status].sort_values("rank")
        run = runs(under["follows_on"] & (under["previous_legal_status_code"] == status))
        lasted = under["until"].groupby(run).transform("max") - under["started_on"].groupby(run).transform("min")
        return (lasted > pd.Timedelta(days=days)).reindex(rows.index, fill_value=False)

    return row_check(
        name,
        "legal_status_code",
        f"{what} of at most {days} days, over all episodes that follow on from each other",
        "Correct the dates, or record the legal status that followed.",
        finds,
        reference=f"SSDA903 rule {number}",
    )


def _short_breaks_over_the_year(rows: pd.DataFrame) -> pd.Series[bool]:
    breaks = rows[rows["legal_status_code"] == "V3"].sort_values("rank")
    days = days_in_year_before(breaks["child_id"], breaks["started_on"], breaks["until"])
    return (days > SHORT_BREAK_DAYS).reindex(rows.index, fill_value=False)


def _third_holiday(rows: pd.DataFrame) -> pd.Series[bool]:
    """Stays while the carer is on holiday that are the third or later to start within 12 months."""
    stays = rows[rows["placement_code"] == "T3"].sort_values("rank")
    two_before = stays.groupby("child_id")["started_on"].shift(CARERS_HOLIDAYS)
    return (two_before > stays["started_on"] - pd.DateOffset(years=1)).reindex(rows.index, fill_value=False)


def _both_kinds_of_short_break(rows: pd.DataFrame) -> pd.Series[bool]:
    """Short breaks under V3 and V4 of one child in the same year from April to March."""
    breaks = rows[rows["legal_status_code"].isin(("V3", "V4"))]
    years = pd.DataFrame({"first": _year(breaks["started_on"]), "last": _year(breaks["until"])})
    found = pd.Series(False, index=breaks.index)
    for one, other in (("V3", "V4"), ("V4", "V3")):
        of_other = years.where(breaks["legal_status_code"] == other).groupby(breaks["child_id"])
        first, last = of_other["first"].transform("min"), of_other["last"].transform("max")
        found |= (breaks["legal_status_code"] == one) & (first <= years["last"]) & (last >= years["first"])
    return found.reindex(rows.index, fill_value=False)


def _of_the_other_kind(rows: pd.DataFrame, broken: pd.Series[bool]) -> pd.Series[int]:
    breaks = rows[rows["legal_status_code"].isin(("V3", "V4"))]
    kinds = breaks.assign(legal_status_code=breaks["legal_status_code"].astype("str"))
    return row_that_differs("child_id", "legal_status_code")(kinds, broken[kinds.index])


def _year(days: pd.Series[Any]) -> pd.Series[Any]:
    """The year in which the financial year of each day began."""
    year: pd.Series[Any] = days.dt.year - (days.dt.month < 4)
    return year


STAY_CHECKS = (
    _too_long_under("L1", 3),
    _too_long_under("L2", 21),
    row_check(
        "short_breaks_over_75_days",
        "ceased_on",
        f"at most {SHORT_BREAK_DAYS} days of short breaks (V3) in any 12 months, to the end of this one",
        "Correct the dates or the legal status: beyond that the child is looked after.",
        _short_breaks_over_the_year,
        reference="SSDA903 rule 367; Care Planning Regulations 2010, regulation 48",
    ),
    row_check(
        "short_breaks_of_both_kinds",
        "legal_status_code",
        "short breaks under V3 alone or V4 alone in a year from April to March",
        "Record all of the child's short breaks of the year in the same way.",
        _both_kinds_of_short_break,
        reference="SSDA903 rule 426",
        other_row=_of_the_other_kind,
    ),
    row_check(
        "third_carers_holiday",
        "placement_code",
        f"at most {CARERS_HOLIDAYS} stays while the carer is on holiday (T3) that start within 12 months",
        "Correct the type of placement: a third stay elsewhere is a change of placement.",
        _third_holiday,
        reference="SSDA903 rule 377",
    ),
)
