"""Return home interviews: how many are offered, accepted and done, and how soon (`domain.md` 1.6, 1.7, rulings 3 to 6).

What is known of an offer, and whether 72 hours have been kept, can be judged 72 hours after the return. What rests on
the interviews done (RHI-05, 07, 09, 10) waits for 28 days: at 72 hours only the early ones are there, and their share
within 72 hours, their median and whom they were done by would all look other than they turn out.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from perfpipe.datasets.return_home_interviews import RETURN_HOME_INTERVIEWS
from perfpipe.measures.definition import Breakdown, Estimate, Measure, Period, Polarity, Statistic, Unit
from perfpipe.measures.interview_view import COMPLETION_HOURS, INTERVIEW_HOURS, episodes, with_away

if TYPE_CHECKING:
    import pandas as pd

OF_EVENTS = (Period.MONTH, Period.QUARTER, Period.YEAR_TO_DATE, Period.ROLLING_12)
DECLINED = ("declined_child", "declined_parent")
FEWEST_FOR_A_TENTH = 10  # interviews: of fewer, nine tenths is no other than the slowest
OWNER = "Missing and exploitation team"
GUIDANCE = "Statutory guidance on children who run away or go missing from home or care (DfE, 2014)"
LOCAL = f"Local definition; {GUIDANCE}"

LOOKED_AFTER = Breakdown(
    "looked_after",
    "Looked after or not",
    {"yes": "Looked after", "no": "Not looked after", "not_known": "Not known"},
)
AREA = Breakdown(
    "area",
    "In or out of the authority's area",
    {"in": "In area", "out": "Out of area", "not_known": "Not known"},
)


def due(rows: pd.DataFrame) -> pd.Series:
    """Eligible, and 72 hours have passed by the time of the extract (1.6, rule 6)."""
    return rows["due"]


def settled(rows: pd.DataFrame) -> pd.Series:
    """Eligible, and 28 days have passed by the time of the extract (ruling 3)."""
    return rows["settled"]


def done(rows: pd.DataFrame) -> pd.Series:
    """Eligible for at least 28 days, and interviewed."""
    return rows["settled"] & rows["completed"]


def timed(rows: pd.DataFrame) -> pd.Series:
    """Done, with the times of return and interview known."""
    return done(rows) & rows["hours_to_interview"].notna()


def median(hours: npt.NDArray[np.float64]) -> Estimate:
    """The middle of some hours; of an even number, halfway between the two in the middle."""
    return Estimate(float(np.median(hours)))


def nine_tenths(hours: npt.NDArray[np.float64]) -> Estimate:
    """The hours within which nine of ten lie, in a straight line between the two nearest; none of fewer than ten."""
    if len(hours) < FEWEST_FOR_A_TENTH:
        return Estimate(float("nan"), reason=f"fewer than {FEWEST_FOR_A_TENTH} interviews with a time")
    return Estimate(float(np.quantile(hours, 0.9)))


_of_returns = partial(
    Measure,
    dataset=RETURN_HOME_INTERVIEWS,
    periods=OF_EVENTS,
    rows=episodes,
    month_of="returned",
    unit=Unit.PERCENT,
    polarity=Polarity.HIGHER_IS_BETTER,
    breakdowns=(LOOKED_AFTER, AREA),
    owner=OWNER,
)
at_72_hours = partial(
    _of_returns,
    denominator=due,
    not_yet_due=lambda rows: rows["eligible"] & ~rows["due"],
    matures_after_hours=INTERVIEW_HOURS,
)
_at_28_days = partial(
    _of_returns,
    denominator=done,
    not_yet_due=lambda rows: rows["eligible"] & ~rows["settled"],
    matures_after_hours=COMPLETION_HOURS,
)

RHI_OFFERED = at_72_hours(
    id="rhi_offered",
    code="RHI-03",
    title="Return home interviews offered",
    numerator=lambda rows: rows["offered"] == "Y",
    why_it_matters="The offer is the duty: every child who returns must be offered an independent interview.",
    definition="Of returns in the month that need an interview and are at least 72 hours old at the extract, "
    "those with offered = Y. A blank counts as not offered.",
    source=GUIDANCE,
)
RHI_OFFERED_WITHIN_72H = at_72_hours(
    id="rhi_offered_within_72h",
    code="RHI-08",
    title="Return home interviews offered within 72 hours",
    numerator=lambda rows: (rows["offered"] == "Y") & rows["offered_within_72h"],
    needs=("offered_at",),
    why_it_matters="An interview can be done in time only if it is offered in time.",
    definition="Of returns in the month that need an interview and are at least 72 hours old at the extract, those "
    "with offered = Y no later than 72 hours after the return; where a time is missing, within three days by date. An "
    "offer without a date counts as not in time.",
    source=LOCAL,
)
RHI_ACCEPTED = at_72_hours(
    id="rhi_accepted",
    code="RHI-04",
    title="Offered interviews that were accepted",
    denominator=lambda rows: rows["due"] & (rows["offered"] == "Y"),
    numerator=lambda rows: rows["outcome"] == "accepted",
    why_it_matters="Whether children trust the interview enough to accept it. Refusal is a right.",
    definition="Of offered interviews (RHI-03), those with outcome accepted.",
    source=LOCAL,
)
RHI_COMPLETED = _at_28_days(
    id="rhi_completed",
    code="RHI-05",
    title="Returns followed by an interview",
    denominator=settled,
    numerator=lambda rows: rows["completed"],
    why_it_matters="An interview that happens, even late, is a chance to find harm and prevent recurrence.",
    definition="Of returns in the month that need an interview and are at least 28 days old at the extract, "
    "those with an interview. Late interviews count.",
    source=LOCAL,
)
RHI_WITHIN_72H = at_72_hours(
    id="rhi_within_72h",
    code="RHI-06",
    title="Return home interviews completed within 72 hours",
    numerator=lambda rows: rows["completed"] & rows["within_72h"],
    why_it_matters="Statutory guidance: an independent interview within 72 hours of the child's return.",
    definition="Of returns in the month that need an interview and are at least 72 hours old at the extract, "
    "those interviewed within 72 elapsed hours. Where a time is missing, within three days by date.",
    source=GUIDANCE,
)
RHI_WITHIN_72H_WITH_AWAY = at_72_hours(
    id="rhi_within_72h_with_away",
    code="RHI-06a",
    title="Interviews within 72 hours, 'away' episodes included",
    rows=with_away,
    numerator=lambda rows: rows["completed"] & rows["within_72h"],
    why_it_matters="Beside RHI-06: some authorities record as missing what others record as away, so only together "
    "are they alike.",
    definition="As RHI-06, of missing (M) and away (A) episodes together. Not the headline: the duty is after a "
    "missing episode.",
    source=LOCAL,
)
RHI_JUDGED_BY_DATE = at_72_hours(
    id="rhi_judged_by_date",
    code="RHI-06d",
    title="Interviews judged by date for want of a time",
    numerator=lambda rows: rows["completed"] & rows["judged_by_date"],
    polarity=Polarity.LOWER_IS_BETTER,
    why_it_matters="Three days by date can be up to 96 hours: this can only favour the authority, so it is told.",
    definition="Of the returns of RHI-06, those with an interview where the return or the interview has no time, or "
    "one of exactly midnight, which counts as none.",
    source="Local definition (ruling 4)",
)
RHI_COMPLETED_WITHIN_72H = _at_28_days(
    id="rhi_completed_within_72h",
    code="RHI-07",
    title="Interviews done that were within 72 hours",
    numerator=lambda rows: rows["within_72h"],
    why_it_matters="The figure that national surveys give. It says nothing about the returns without an interview.",
    definition="Of interviews done after returns in the month that are at least 28 days old at the extract, those "
    "within 72 hours as in RHI-06. Judged at 28 days: earlier, the late ones are not there yet.",
    source=LOCAL,
)
_hours = partial(
    _at_28_days,
    denominator=timed,
    numerator=timed,
    unit=Unit.HOURS,
    polarity=Polarity.LOWER_IS_BETTER,
    source=LOCAL,
)
_OF_HOURS = (
    "of interviews done after returns in the month that are at least 28 days old at the extract. Where return or "
    "interview has no time there are no hours: those are left out and counted in RHI-09d. An interview before the "
    "return, of a child already found, counts as 0 hours."
)
RHI_MEDIAN_HOURS = _hours(
    id="rhi_median_hours",
    code="RHI-09",
    title="Hours from return to interview, median",
    statistic=Statistic(("hours_to_interview",), median),
    why_it_matters="Half of the children interviewed waited no longer than this.",
    definition=f"The median of the hours from return to interview {_OF_HOURS}",
)
RHI_SLOWEST_TENTH_HOURS = _hours(
    id="rhi_slowest_tenth_hours",
    code="RHI-09p",
    title="Hours from return to interview, 90th percentile",
    statistic=Statistic(("hours_to_interview",), nine_tenths),
    why_it_matters="One child in ten waited longer than this: a median hides them.",
    definition=f"The 90th percentile (straight line between the nearest two) of the hours from return to interview "
    f"{_OF_HOURS} Not given for fewer than {FEWEST_FOR_A_TENTH} interviews.",
)
RHI_HOURS_NOT_KNOWN = _at_28_days(
    id="rhi_hours_not_known",
    code="RHI-09d",
    title="Interviews whose hours are not known",
    denominator=None,
    numerator=lambda rows: done(rows) & rows["judged_by_date"],
    unit=Unit.COUNT,
    polarity=Polarity.LOWER_IS_BETTER,
    why_it_matters="How many interviews the median leaves out.",
    definition="Interviews done after returns in the month that are at least 28 days old at the extract, where the "
    "return or the interview has no time: they are in no median (RHI-09, RHI-09p).",
    source="Local definition (ruling 4)",
)
RHI_INDEPENDENT = _at_28_days(
    id="rhi_independent",
    code="RHI-10",
    title="Interviews by an independent person",
    numerator=lambda rows: rows["independent"] == "Y",
    needs=("independent",),
    why_it_matters="A child may tell somebody independent what a carer would never hear.",
    definition="Of interviews done after returns in the month that are at least 28 days old at the extract, those by "
    "an independent person. A blank counts as not independent.",
    source=GUIDANCE,
)
RHI_OVERDUE = at_72_hours(
    id="rhi_overdue",
    code="RHI-11b",
    title="Interviews overdue",
    denominator=None,
    numerator=lambda rows: rows["due"] & ~rows["completed"] & ~rows["outcome"].isin(DECLINED),
    unit=Unit.COUNT,
    polarity=Polarity.LOWER_IS_BETTER,
    why_it_matters="Each is a child whom nobody has listened to yet, and who has not said no.",
    definition="Returns in the month that need an interview, are at least 72 hours old at the extract, and have none; "
    "neither the child nor a parent declined.",
    source=LOCAL,
)

MEASURES = (
    RHI_WITHIN_72H,
    RHI_WITHIN_72H_WITH_AWAY,
    RHI_JUDGED_BY_DATE,
    RHI_OFFERED,
    RHI_OFFERED_WITHIN_72H,
    RHI_ACCEPTED,
    RHI_COMPLETED,
    RHI_COMPLETED_WITHIN_72H,
    RHI_MEDIAN_HOURS,
    RHI_SLOWEST_TENTH_HOURS,
    RHI_HOURS_NOT_KNOWN,
    RHI_INDEPENDENT,
    RHI_OVERDUE,
)
