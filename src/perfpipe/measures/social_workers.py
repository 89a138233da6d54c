"""Social worker measures (`domain.md` 3.1 and 3.4, rulings 11 and 16)."""

from __future__ import annotations

import pandas as pd

from perfpipe.datasets.social_workers import SOCIAL_WORKERS
from perfpipe.measures.definition import Breakdown, Measure, Period, Polarity, Unit
from perfpipe.months import add_months, local

BREAK_DAYS = 28  # a shorter break between two spells is no break
RETENTION_MONTHS = 12
OWNER = "Principal social worker"
STILL_IN_POST = pd.Timestamp("2200-01-01")

EXPERIENCE = Breakdown(
    "experience",
    "Newly qualified or experienced",
    {"newly_qualified": "Newly qualified", "experienced": "Experienced", "not_known": "Not known"},
)


def employments(rows: pd.DataFrame) -> pd.DataFrame:
    """Directly employed spells with the employment each belongs to, for each reporting `month` (3.4).

    Spells of one worker that overlap, or follow within 28 days, are one employment: a promotion or a second
    post is neither a new appointment nor a leaver. Adds `employment`, `employed_from`, `employed_to` (NaT
    while in post), `last_day_on` of the employment, `anniversary_on` (12 months after it began),
    `first_of_employment` (one True per employment) and the breakdown.
    """
    spells = rows[rows["contract"] == "permanent"]
    spells = spells.sort_values(["month", "worker_id", "started_on", "source_row"], kind="stable")
    worker = spells.groupby(["month", "worker_id"], sort=False).ngroup()
    end = spells["left_on"].fillna(STILL_IN_POST)
    end_so_far = end.groupby(worker).cummax().groupby(worker).shift()
    begins = ((spells["started_on"] - end_so_far).dt.days > BREAK_DAYS) | end_so_far.isna()
    employment = begins.cumsum()
    employed_from = spells["started_on"].groupby(employment).transform("min")
    employed_to = end.groupby(employment).transform("max")
    last_day = spells["last_day_on"].fillna(STILL_IN_POST).groupby(employment).transform("max")
    anniversaries = {day: add_months(day.date(), RETENTION_MONTHS) for day in employed_from.unique()}
    experience = spells["newly_qualified"].map({"Y": "newly_qualified", "N": "experienced"})
    return spells.assign(
        employed_from=employed_from,
        employed_to=employed_to.where(employed_to < STILL_IN_POST),
        last_day_on=last_day,
        anniversary_on=pd.to_datetime(employed_from.map(anniversaries)),
        first_of_employment=begins,
        experience=experience.where(begins).groupby(employment).transform("first"),
    )


def appointed_in_window(rows: pd.DataFrame) -> pd.Series:
    """New employments in the reporting month, or in the 12 months to its end."""
    return rows["first_of_employment"] & rows["employed_from"].between(rows["window_from"], rows["month_end"])


def reached_anniversary(rows: pd.DataFrame) -> pd.Series:
    """Employments whose 12-month anniversary fell in the 12 months to the month end, and has been reached."""
    due = rows["anniversary_on"].between(rows["window_from"], rows["month_end"])
    reached = rows["anniversary_on"] <= local(rows["month_as_at"])
    cohort: pd.Series = rows["first_of_employment"] & due & reached
    return cohort


def retained(rows: pd.DataFrame) -> pd.Series:
    """In post on the anniversary; a last day worked on the anniversary counts as retained (ruling 11)."""
    kept: pd.Series = rows["last_day_on"] >= rows["anniversary_on"]
    return kept


def left_in_window(rows: pd.DataFrame) -> pd.Series:
    """The spells that ended an employment in the 12 months; who also started in them is left out (DfE basis)."""
    ends_it = (rows["left_on"] == rows["employed_to"]) & (rows["leaving_reason"] != "internal_move")
    in_window = rows["employed_to"].between(rows["window_from"], rows["month_end"])
    return ends_it & in_window & (rows["employed_from"] < rows["window_from"])


def in_post(rows: pd.DataFrame) -> pd.Series:
    """Spells in post at the end of the month (ruling 11)."""
    still = rows["left_on"].isna() | (rows["left_on"] > rows["month_end"])
    return still & (rows["started_on"] <= rows["month_end"])


NEW_APPOINTMENTS = Measure(
    id="new_appointments",
    code="SW-01",
    title="Newly appointed social workers",
    dataset=SOCIAL_WORKERS,
    periods=(Period.MONTH, Period.ROLLING_12),
    lookback_months=13,  # a spell that ended just before the 12 months may go on in them
    rows=employments,
    numerator=appointed_in_window,
    unit=Unit.COUNT,
    polarity=Polarity.NEITHER,
    breakdowns=(EXPERIENCE,),
    owner=OWNER,
    why_it_matters="Who joins, and how many are newly qualified and need more support.",
    definition="People who began work as a directly employed children's social worker; agency workers who are "
    "taken on count from that day, and who left again soon is included, unlike in the national census.",
    source="Local definition; no national one exists",
)
RETAINED_12_MONTHS = Measure(
    id="retained_12_months",
    code="SW-03",
    title="New social workers still here after 12 months",
    dataset=SOCIAL_WORKERS,
    periods=(Period.COHORT,),
    lookback_months=25,
    rows=employments,
    denominator=reached_anniversary,
    numerator=retained,
    unit=Unit.PERCENT,
    polarity=Polarity.HIGHER_IS_BETTER,
    breakdowns=(EXPERIENCE,),
    owner=OWNER,
    why_it_matters="Children need a social worker who stays; a new one who leaves takes the relationship along.",
    definition="Of those whose 12-month anniversary of appointment fell in the 12 months to the month end, those "
    "still in post on it.",
    source="Local definition; no national one exists",
)
TURNOVER_12_MONTHS = Measure(
    id="turnover_12_months",
    code="SW-06",
    title="Social worker turnover in 12 months",
    dataset=SOCIAL_WORKERS,
    periods=(Period.ROLLING_12,),
    lookback_months=13,
    rows=employments,
    denominator=in_post,
    numerator=left_in_window,
    weight="fte",
    nested=False,
    unit=Unit.PERCENT,
    polarity=Polarity.LOWER_IS_BETTER,
    owner=OWNER,
    why_it_matters="High turnover means children tell their story again and again.",
    definition="FTE who left in the 12 months to the month end over FTE in post at the month end, as in the "
    "national census: who started and left within the 12 months is left out.",
    source="DfE, children's social work workforce census, rolled monthly",
)

MEASURES = (NEW_APPOINTMENTS, RETAINED_12_MONTHS, TURNOVER_12_MONTHS)
