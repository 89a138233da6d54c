"""Who leaves: turnover as the census and as personnel departments count it, stability, and leavers.

Definitions 2.2, 5.1, 5.4 and 5.7.
"""

from __future__ import annotations

from functools import partial

from perfpipe.datasets.employments import BREAK_DAYS
from perfpipe.frames.libraries import pd
from perfpipe.measures.counts import FTE, count, share
from perfpipe.measures.definition import FLOWS, Display, Maturity, Measure, Period, Polarity, Table
from perfpipe.measures.retention import EMPLOYMENTS
from perfpipe.measures.social_workers import ATTRITION, EXPERIENCE, LOCAL, OWNER, REASON, in_post

OTHER_BASES = Table(
    "turnover_bases",
    "Turnover counted in other ways",
    "The census leaves out who started and left within the 12 months and divides by those in post at the end; "
    "personnel departments count every leaver and divide by the average in post.",
)
CENSUS = "DfE, children's social work workforce census, rolled monthly"


def left_in_window(rows: pd.DataFrame) -> pd.Series:
    """Spells by whose end somebody left in the period."""
    return rows["leaves"] & rows["employed_to"].between(rows["window_from"], rows["month_end"])


def had_started_before(rows: pd.DataFrame) -> pd.Series:
    """Employments that began before the period."""
    before: pd.Series = rows["employed_from"] < rows["window_from"]
    return before


def leavers(rows: pd.DataFrame) -> pd.Series:
    """Who left in the period, one row each."""
    return left_in_window(rows) & rows["leaver"]


def employed_a_year_ago(rows: pd.DataFrame) -> pd.Series:
    """Employments in post on the day before the 12 months began, one row each."""
    not_over = rows["employed_to"].isna() | (rows["employed_to"] >= rows["window_from"])
    return rows["first_of_employment"] & had_started_before(rows) & not_over


_of_a_year = partial(Measure, basis=EMPLOYMENTS, periods=(Period.ROLLING_12,), owner=OWNER)

TURNOVER_12_MONTHS = _of_a_year(
    id="turnover_12_months",
    code="SW-06",
    title="Social worker turnover in 12 months",
    counts=share(
        lambda rows: left_in_window(rows) & had_started_before(rows),
        of=in_post,
        weight="fte",
        counted_in=FTE,
        nested=False,
    ),
    shown=Display(Polarity.LOWER_IS_BETTER),
    left_out_by=("fte_not_known", "leaving_reason_unreadable"),
    why_it_matters="High turnover means children tell their story again and again.",
    definition="FTE who left in the 12 months to the month end over FTE in post at the month end, as in the "
    "national census: people who both started and left in the period are excluded.",
    source=CENSUS,
)
TURNOVER_HEADCOUNT = _of_a_year(
    id="turnover_headcount_12_months",
    code="SW-06b",
    title="Social worker turnover in 12 months, people",
    counts=share(lambda rows: leavers(rows) & had_started_before(rows), of=in_post, distinct="worker_id", nested=False),
    shown=Display(Polarity.LOWER_IS_BETTER, table=OTHER_BASES),
    left_out_by=("leaving_reason_unreadable",),
    why_it_matters="Beside turnover in FTE it shows whether it is part-time workers who leave.",
    definition="People who left in the 12 months to the month end over people in post at the month end, as in the "
    "national census: people who both started and left in the period are excluded.",
    source=CENSUS,
)
CAME_AND_WENT = _of_a_year(
    id="came_and_went_12_months",
    code="SW-06c",
    title="Social workers who started and left within 12 months to the month end",
    counts=count(lambda rows: leavers(rows) & ~had_started_before(rows)),
    shown=Display(Polarity.LOWER_IS_BETTER, table=OTHER_BASES),
    left_out_by=("leaving_reason_unreadable",),
    why_it_matters="Turnover as the census counts it does not show them: leavers less these are its leavers.",
    definition="People who began work in the 12 months to the month end and left again in them.",
    source=LOCAL,
)
TURNOVER_HR_BASIS = _of_a_year(
    id="turnover_hr_basis",
    code="SW-07",
    title="Social worker turnover in 12 months, all leavers over the average in post",
    counts=share(
        leavers,
        of=lambda rows: rows["first_of_employment"],
        weight="share_of_year",
        numerator_weight="people",
        nested=False,
    ),
    shown=Display(Polarity.LOWER_IS_BETTER, table=OTHER_BASES),
    left_out_by=("leaving_reason_unreadable",),
    why_it_matters="What other employers mean by turnover; it can be compared with them, the census's cannot.",
    definition="People who left in the 12 months to the month end, who started in them included, over the average "
    "number in post at the 13 month ends from a year before to the month end.",
    source="Personnel convention, as the Chartered Institute of Personnel and Development describes it",
)
STABILITY_INDEX = _of_a_year(
    id="stability_index",
    code="SW-08",
    title="Social workers in post a year ago who are still here",
    counts=share(lambda rows: rows["stays"] | (rows["employed_to"] > rows["month_end"]), of=employed_a_year_ago),
    shown=Display(Polarity.HIGHER_IS_BETTER, (EXPERIENCE,)),
    left_out_by=("leaving_reason_unreadable",),
    why_it_matters="How much of the workforce knows its families; new joiners do not count, so read it beside "
    "turnover.",
    definition="People with 12 months' service or more at the month end, over people in post 12 months before. Who was "
    "promoted or moved within children's social work is still here.",
    source="Society for Human Resource Management, stability index",
)
LEAVERS = _of_a_year(
    id="leavers",
    code="SW-13",
    title="Social workers who left",
    periods=FLOWS,
    counts=count(leavers),
    shown=Display(Polarity.LOWER_IS_BETTER, (REASON, ATTRITION, EXPERIENCE)),
    mature=Maturity(after_hours=BREAK_DAYS * 24),
    left_out_by=("leaving_reason_unreadable",),
    why_it_matters="Why people leave, and where to, says what the authority can do about it.",
    definition="People whose last day worked as a directly employed children's social worker fell in the period, "
    "who started in it included. A move or promotion within children's social work, and a break of up to "
    f"{BREAK_DAYS} days, is no leaving; a move to another role in the authority, a career break or a secondment is.",
    source="DfE, children's social work workforce census (leavers and attrition), with those who started and left",
)

MEASURES = (
    TURNOVER_12_MONTHS,
    STABILITY_INDEX,
    LEAVERS,
    TURNOVER_HEADCOUNT,
    TURNOVER_HR_BASIS,
    CAME_AND_WENT,
)
