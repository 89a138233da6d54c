"""Return home interviews that were done, how soon, and those overdue (RHI-05, 07, 09 to 11; definitions 3.10, 3.17).

Those done wait for `interviews_settle_days` (definitions 3.10, or as the plan says): at 72 hours only the early ones
are there, and their share within 72 hours, their median and whom they were done by would all look other than they turn
out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from perfpipe.frames.libraries import np
from perfpipe.measures.counts import Estimate, Statistic, Unit, count, estimate, share
from perfpipe.measures.definition import Maturity, Measure, Period
from perfpipe.measures.interview_view import HOURS_A_DAY
from perfpipe.measures.local_choices import AS_USUAL, Counting
from perfpipe.measures.quantiles import quantile
from perfpipe.measures.return_home_interviews import (
    DECLINED,
    GUIDANCE,
    LOCAL,
    LOW,
    RETURNS,
    WRONG_OR_FUTURE,
    WRONG_RETURNS,
    WRONG_TIMES,
    at_72_hours,
    of_returns,
)

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

TIMES = ("hours_to_interview", "child_id")
FEWEST_FOR_A_TENTH = 10  # interviews: of fewer, nine tenths is no other than the slowest


def settled(rows: pd.DataFrame) -> pd.Series:
    """Eligible, and old enough at the time of the extract (definitions 3.10)."""
    return rows["settled"]


def done(rows: pd.DataFrame) -> pd.Series:
    """Eligible, old enough, and with an interview; those after the extract too, which measures leave out and say."""
    return rows["settled"] & rows["interview_at"].notna()


def timed(rows: pd.DataFrame) -> pd.Series:
    """Done, with the times of return and interview known."""
    return done(rows) & rows["hours_to_interview"].notna()


def median(hours: npt.NDArray[np.float64], child: npt.NDArray[np.object_]) -> Estimate:
    """The middle of some hours; of an even number, halfway between the two in the middle."""
    return quantile(hours, child, 0.5)


def nine_tenths(hours: npt.NDArray[np.float64], child: npt.NDArray[np.object_]) -> Estimate:
    """The hours within which nine of ten lie, in a straight line between the two nearest; none of fewer than ten."""
    if len(hours) < FEWEST_FOR_A_TENTH:
        return Estimate(float("nan"), reason=f"fewer than {FEWEST_FOR_A_TENTH} interviews with a time")
    return quantile(hours, child, 0.9)


def counted_by(counting: Counting) -> tuple[Measure, ...]:
    """The measures that wait for as many days as the authority says."""
    days = counting.interviews_settle_days
    of_done = partial(
        of_returns,
        mature=Maturity(days * HOURS_A_DAY, not_yet_due=lambda rows: rows["eligible"] & ~rows["settled"]),
    )
    returns = f"returns in the month that are at least {days} days old at the extract"
    return (
        *_how_many(of_done, days, returns),
        *_how_long(of_done, returns),
        _hours_not_known(of_done, returns),
        _by_whom(of_done, returns),
    )


def _how_many(of_done: Callable[..., Measure], days: int, returns: str) -> tuple[Measure, Measure]:
    """RHI-05 and RHI-07: whether there was an interview, and whether it was soon."""
    return (
        of_done(
            id="rhi_completed",
            code="RHI-05",
            title="Returns followed by an interview",
            counts=share(lambda rows: rows["completed"], of=settled),
            left_out_by=WRONG_OR_FUTURE,
            why_it_matters="An interview that happens, even late, is a chance to find harm and prevent recurrence.",
            definition=f"Of returns in the month that need an interview and are at least {days} days old at the "
            "extract, those with an interview. Late interviews count.",
            source=LOCAL,
        ),
        of_done(
            id="rhi_completed_within_72h",
            code="RHI-07",
            title="Completed interviews that were within 72 hours",
            counts=share(lambda rows: rows["within_72h"], of=done),
            left_out_by=WRONG_TIMES,
            why_it_matters="The figure that national surveys give. It says nothing about the returns without an "
            "interview.",
            definition=f"Of interviews done after {returns}, those within 72 hours as in RHI-06. Judged at {days} "
            "days: earlier, the late ones are not there yet.",
            source=LOCAL,
        ),
    )


def _how_long(of_done: Callable[..., Measure], returns: str) -> tuple[Measure, Measure]:
    """RHI-09 and RHI-09p: the hours to the interview."""
    of_hours = partial(of_done, shown=LOW, source=LOCAL)
    hours = (
        f"of interviews done after {returns}. Where return or interview has no time there are no hours: those are left "
        "out and counted in RHI-09d. An interview before the return, of a child already found, counts as 0 hours."
    )
    return (
        of_hours(
            id="rhi_median_hours",
            code="RHI-09",
            title="Hours from return to interview, median",
            counts=estimate(Statistic(TIMES, median), timed, of=timed, unit=Unit.HOURS),
            left_out_by=WRONG_TIMES,
            why_it_matters="Half of the children interviewed waited no longer than this.",
            definition=f"The median of the hours from return to interview {hours}",
        ),
        of_hours(
            id="rhi_slowest_tenth_hours",
            code="RHI-09p",
            title="Hours from return to interview, 90th percentile",
            counts=estimate(Statistic(TIMES, nine_tenths), timed, of=timed, unit=Unit.HOURS),
            left_out_by=WRONG_TIMES,
            why_it_matters="One child in ten waited longer than this: a median hides them.",
            definition="The 90th percentile (straight line between the nearest two) of the hours from return to "
            f"interview {hours} Not given for fewer than {FEWEST_FOR_A_TENTH} interviews.",
        ),
    )


def _hours_not_known(of_done: Callable[..., Measure], returns: str) -> Measure:
    """RHI-09d: the interviews that RHI-09 and RHI-09p leave out."""
    return of_done(
        id="rhi_hours_not_known",
        code="RHI-09d",
        title="Interviews whose hours are not known",
        counts=count(lambda rows: done(rows) & rows["judged_by_date"]),
        shown=LOW,
        left_out_by=WRONG_TIMES,
        why_it_matters="How many interviews the median leaves out.",
        definition=f"Interviews done after {returns}, where the return or the interview has no time: they are in "
        "no median (RHI-09, RHI-09p).",
        source="Local definition (docs/definitions.md 3.7)",
    )


def _by_whom(of_done: Callable[..., Measure], returns: str) -> Measure:
    """RHI-10: those by an independent person."""
    return of_done(
        id="rhi_independent",
        code="RHI-10",
        title="Interviews by an independent person",
        basis=RETURNS.needing("independent"),
        counts=share(lambda rows: rows["independent"] == "Y", of=done),
        left_out_by=(*WRONG_OR_FUTURE, "independence_unreadable"),
        why_it_matters="A child may tell an independent person what they would not tell a carer.",
        definition=f"Of interviews done after {returns}, those by an independent person. A blank counts as not "
        "independent.",
        source=GUIDANCE,
    )


RHI_OVERDUE = at_72_hours(
    id="rhi_overdue",
    code="RHI-11b",
    title="Interviews overdue",
    counts=count(lambda rows: rows["due"] & ~rows["completed"] & ~rows["outcome"].isin(DECLINED)),
    shown=LOW,
    left_out_by=(*WRONG_RETURNS, "interview_outcome_unreadable"),
    why_it_matters="Each is a child who has not been listened to yet, and has not said no.",
    definition="Returns in the month that need an interview, are at least 72 hours old at the extract, and have none; "
    "neither the child nor a parent declined.",
    source=LOCAL,
)

RHI_BACKLOG = replace(
    RHI_OVERDUE,
    id="rhi_backlog",
    code="RHI-11d",
    title="Interviews overdue, of the returns of 12 months",
    periods=(Period.ROLLING_12,),
    shown=replace(LOW, placed_with=RHI_OVERDUE.id),
    why_it_matters="The whole backlog: each is a child who has waited more than 72 hours to be listened to, whatever "
    "the month of the return.",
    definition="Returns in the 12 months to the month end that need an interview, are at least 72 hours old at the "
    "extract, and have none; neither the child nor a parent declined. Each by the extract used for the month of "
    "the return: what was interviewed later is no longer overdue.",
)

MEASURES = (*counted_by(AS_USUAL), RHI_OVERDUE, RHI_BACKLOG)
