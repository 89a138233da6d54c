"""Who is appointed as a social worker, and who stays (definitions 5.2 to 5.6)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from perfpipe.datasets.employments import BREAK_DAYS
from perfpipe.datasets.social_workers import SOCIAL_WORKERS
from perfpipe.dates.months import local
from perfpipe.frames.libraries import np, pd
from perfpipe.measures.counts import Estimate, Mask, Statistic, count, estimate, share
from perfpipe.measures.definition import FLOWS, Basis, Display, Maturity, Measure, Period, Polarity, Table

if TYPE_CHECKING:
    import numpy.typing as npt
from perfpipe.measures.social_workers import (
    DAYS_OF_A_MONTH,
    EXPERIENCE,
    LOCAL,
    ORIGIN,
    OWNER,
    appointed_in_window,
    employments,
)  # fmt: skip

STARTERS_MONTHS = 36  # whose appointments the estimate of retention takes in
FEWEST_AT_RISK = 10  # in post on the anniversary, for there to be an estimate
NORMAL_95 = 1.959963984540054  # as scipy has it; Wilson intervals take the guidance's 1.96 (`spc`)
FLOW_MONTHS = 13  # a spell that ended just before the 12 months may go on in them
EMPLOYMENTS = Basis(SOCIAL_WORKERS, rows=employments, lookback_months=FLOW_MONTHS, ahead_days=BREAK_DAYS)
WAITING = Table(
    "new_social_workers",
    "Newly appointed social workers",
    "Whose anniversary is still to come is in no percentage of who stayed, even if gone already; they count when due.",
)


def anniversary(rows: pd.DataFrame, months: int) -> pd.Series:
    """The day so many months after the appointment, clamped to the month's end."""
    day: pd.Series = rows["employed_from"] + pd.DateOffset(months=months)
    return day


def _reached(rows: pd.DataFrame, months: int) -> pd.Series:
    day = anniversary(rows, months)
    return (day <= rows["month_end"]) & (day <= local(rows["month_as_at"]))


def cohort(months: int) -> Mask:
    """Employments whose anniversary fell in the 12 months to the month end, and has been reached."""

    def due(rows: pd.DataFrame) -> pd.Series:
        in_window = anniversary(rows, months) >= rows["window_from"]
        return rows["first_of_employment"] & in_window & _reached(rows, months)

    return due


def not_yet(months: int) -> Mask:
    """Employments begun by the month end whose anniversary had not come by then, whether they have ended or not."""

    def waiting(rows: pd.DataFrame) -> pd.Series:
        return rows["first_of_employment"] & ~_reached(rows, months)

    return waiting


def retained(months: int) -> Mask:
    """In post on the anniversary; a last day worked on the anniversary counts as retained (definitions 5.5).

    So does who had moved on or been promoted within children's social work.
    """

    def there(rows: pd.DataFrame) -> pd.Series:
        return rows["stays"] | (rows["last_day_on"] >= anniversary(rows, months))

    return there


def retained_by_a_move_alone(rows: pd.DataFrame) -> pd.Series:
    """Of the cohort after 12 months who is retained although no post is listed on the anniversary.

    The last one ended by an internal move, and nothing followed within `BREAK_DAYS` and by the month's end.
    """
    moved_on = rows["employed_to"] + pd.Timedelta(days=BREAK_DAYS) <= rows["month_end"]
    gone = rows["last_day_on"] < anniversary(rows, 12)
    return cohort(12)(rows) & rows["stays"] & moved_on & gone


def started_in_36_months(rows: pd.DataFrame) -> pd.Series:
    """Employments begun in the 36 months to the month end: what came before data began is no part of them."""
    since = rows["window_from"] - pd.DateOffset(months=STARTERS_MONTHS - 12)
    return rows["first_of_employment"] & (rows["employed_from"] >= since)


def retention_on(survived: npt.NDArray[np.int64], has_left: npt.NDArray[np.bool_], months: int) -> Estimate:
    """The Kaplan-Meier estimate of the share still in post on the anniversary after so many months (definitions 5.6).

    `survived`: how long each was seen in post, as `time_in_post` gives it; `has_left`: by leaving, not because the data
    ends. The interval is 95% log(-log) with Greenwood's variance; there is none before anybody has left. No value where
    fewer than 10 were seen in post on the anniversary, so nothing is extrapolated.
    """
    due = months * DAYS_OF_A_MONTH
    in_post = np.sort(survived)
    if len(in_post) - np.searchsorted(in_post, due) < FEWEST_AT_RISK:
        return Estimate(np.nan, reason=f"fewer than {FEWEST_AT_RISK} at risk")
    days, left = np.unique(survived[has_left & (survived < due)], return_counts=True)  # on the anniversary is retained
    if not len(days):
        return Estimate(1.0)
    at_risk = len(in_post) - np.searchsorted(in_post, days)
    staying = float(np.cumprod((at_risk - left) / at_risk)[-1])
    error = np.sqrt(1 / np.log(staying) ** 2 * np.cumsum(left / (at_risk * (at_risk - left)))[-1])
    half = NORMAL_95 * error
    low, high = (float(np.exp(-np.exp(np.log(-np.log(staying)) + side))) for side in (half, -half))
    return Estimate(staying, low, high)


def _retained_measure(code: str, months: int) -> Measure:
    return Measure(
        id=f"retained_{months}_months",
        code=code,
        title=f"New social workers still here after {months} months",
        basis=replace(EMPLOYMENTS, lookback_months=months + FLOW_MONTHS),
        periods=(Period.COHORT,),
        counts=share(retained(months), of=cohort(months)),
        shown=Display(Polarity.HIGHER_IS_BETTER, (EXPERIENCE,)),
        mature=Maturity(not_yet_due=not_yet(months)),
        left_out_by=("leaving_reason_unreadable",),
        owner=OWNER,
        why_it_matters="Children need a social worker who stays; when a social worker leaves, the child loses that "
        "relationship.",
        definition=f"Of those whose {months}-month anniversary of appointment fell in the 12 months to the month end, "
        "those still in post on it; a last day worked on the anniversary is still in post, and so is who was promoted "
        "or moved within children's social work. Who has not come to it yet is left out and counted apart.",
        source=LOCAL,
        version=2,
    )


def _not_yet_measure(code: str, months: int) -> Measure:
    return Measure(
        id=f"not_yet_{months}_months",
        code=code,
        title=f"New social workers whose {months} months are still to come",
        basis=replace(EMPLOYMENTS, lookback_months=months + FLOW_MONTHS),
        periods=(Period.COHORT,),
        counts=count(not_yet(months)),
        shown=Display(Polarity.NEITHER, (EXPERIENCE,), table=WAITING),
        left_out_by=(),
        owner=OWNER,
        why_it_matters=f"They are in no figure yet on who stays for {months} months.",
        definition=f"People appointed by the month end, less than {months} months before it. Who has left already "
        "is among them, and counts as not retained once the anniversary has come.",
        source=LOCAL,
    )


RETAINED_BY_A_MOVE_ALONE = Measure(
    id="retained_by_a_move_alone",
    code="SW-03c",
    title="Counted as still here after 12 months, with no post listed",
    basis=replace(EMPLOYMENTS, lookback_months=12 + FLOW_MONTHS),
    periods=(Period.COHORT,),
    counts=count(retained_by_a_move_alone),
    shown=Display(Polarity.LOWER_IS_BETTER, (EXPERIENCE,), table=WAITING),
    left_out_by=("leaving_reason_unreadable",),
    owner=OWNER,
    why_it_matters="Each of them may have left: SW-03 is too high by as many at most.",
    definition="Of those retained in SW-03, people whose last post ended before the anniversary by a move or promotion "
    f"within children's social work, with no next post in the staff lists within {BREAK_DAYS} days. Each is a fault to "
    "be corrected at source.",
    source=LOCAL,
)


def _estimate_measure(code: str, months: int) -> Measure:
    return Measure(
        id=f"retention_estimate_{months}_months",
        code=code,
        title=f"Chance that a new social worker stays {months} months",
        basis=replace(EMPLOYMENTS, lookback_months=STARTERS_MONTHS + 1, window_months=STARTERS_MONTHS),
        periods=(Period.COHORT,),
        counts=estimate(
            Statistic(("survived", "has_left"), partial(retention_on, months=months)),
            lambda rows: rows["has_left"],
            of=started_in_36_months,
        ),
        shown=Display(Polarity.HIGHER_IS_BETTER, (EXPERIENCE,)),
        left_out_by=("leaving_reason_unreadable",),
        owner=OWNER,
        why_it_matters="It uses everybody appointed in three years, however lately, so it shows a change sooner.",
        definition=f"Kaplan-Meier estimate of the share still in post on the {months}-month anniversary, of all who "
        f"were appointed in the {STARTERS_MONTHS} months to the month end; who is still in post counts for as long "
        f"as seen. The interval is 95% log(-log). No figure where fewer than {FEWEST_AT_RISK} were seen in post on "
        "the anniversary.",
        source=LOCAL,
    )


NEW_APPOINTMENTS = Measure(
    id="new_appointments",
    code="SW-01",
    title="Newly appointed social workers",
    basis=EMPLOYMENTS,
    periods=FLOWS,
    counts=count(appointed_in_window),
    shown=Display(Polarity.NEITHER, (EXPERIENCE, ORIGIN)),
    left_out_by=(),
    owner=OWNER,
    why_it_matters="Who joins, and how many are newly qualified and need more support.",
    definition="People who began work as a directly employed children's social worker; agency workers who are "
    "taken on count from that day, and who left again soon is included, unlike in the national census.",
    source=LOCAL,
)
NEW_APPOINTMENTS_FTE = Measure(
    id="new_appointments_fte",
    code="SW-01b",
    title="Newly appointed social workers, FTE",
    basis=EMPLOYMENTS,
    periods=FLOWS,
    counts=count(
        lambda rows: rows["begins_it"] & rows["employed_from"].between(rows["window_from"], rows["month_end"]),
        weight="fte",
    ),
    shown=Display(Polarity.NEITHER, (EXPERIENCE, ORIGIN), table=WAITING),
    left_out_by=("fte_not_known",),
    owner=OWNER,
    why_it_matters="How much work the newly appointed can take on.",
    definition="As newly appointed social workers, by the contracted hours of all posts of the first day.",
    source=LOCAL,
)

MEASURES = (
    NEW_APPOINTMENTS,
    NEW_APPOINTMENTS_FTE,
    *(_retained_measure(f"SW-0{number}", months) for number, months in ((2, 6), (3, 12), (4, 24))),
    *(_not_yet_measure(f"SW-0{number}b", months) for number, months in ((2, 6), (3, 12), (4, 24))),
    RETAINED_BY_A_MOVE_ALONE,
    *(_estimate_measure(f"SW-05{letter}", months) for letter, months in (("a", 6), ("b", 12), ("c", 24))),
)
