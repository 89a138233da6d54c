"""Measures of prospective adopters (definitions 2.4, 2.5 and 6.3).

The stages are measured each, by the month in which they fell due, so that households stuck in one count; approvals and
matches by the month in which they were decided, as they are published nationally.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from perfpipe.datasets.adopters import ADOPTERS, FAST_TRACK_UNREADABLE
from perfpipe.dates import due_dates
from perfpipe.measures.counts import Mask, count, share
from perfpipe.measures.definition import Basis, Breakdown, Display, Maturity, Measure, Period, Polarity

if TYPE_CHECKING:
    import pandas as pd

APPROVAL_MONTHS, WAITING_MONTHS = 6, 3
PROCESS = "Statutory guidance on adoption (DfE, 2013): two months for stage 1, four months for stage 2"
SCORECARD = "DfE, adoption scorecards and Adoption Leadership Board"
STAGE = Breakdown(
    "adopter_stage",
    "Stage of the process",
    {
        "stage_1": "Stage 1",
        "between": "Between the stages",
        "stage_2": "Stage 2",
        "approved_waiting": "Approved and waiting",
        "not_known": "Not known",
    },
)


def in_the_process(rows: pd.DataFrame) -> pd.DataFrame:
    """Households at each month end that are neither matched nor withdrawn, with the stage they had then reached."""
    there = rows[~(rows["withdrawn_on"] <= rows["month_end"])]
    stage = there["household_id"].mask(there["household_id"].notna(), "stage_1")
    steps = {"stage_1_done_on": "between", "stage_2_from": "stage_2", "approved_on": "approved_waiting"}
    for column, reached in steps.items():
        stage = stage.mask(there[column] <= there["month_end"], reached)
    either = there["defects"].str.contains(FAST_TRACK_UNREADABLE.id, regex=False)
    return there.assign(adopter_stage=stage.mask(either & (stage == "stage_1")))


def _withdrew_first(rows: pd.DataFrame, done: str, due: str) -> pd.Series[bool]:
    """Left the process by the due day with the stage undone: nothing was late, and nothing will be done."""
    left: pd.Series[bool] = rows[done].isna() & (rows["withdrawn_on"] <= rows[due])
    return left


def _by_due_date(state: Callable[..., Any], done: str, due: str) -> Mask:
    def mask(rows: pd.DataFrame) -> pd.Series:
        found: pd.Series = state(rows[done], rows[due], rows["as_at"]) & ~_withdrew_first(rows, done, due)
        return found

    return mask


HOUSEHOLDS = Basis(ADOPTERS)
_of_adopters = partial(
    Measure,
    basis=HOUSEHOLDS,
    periods=(Period.ROLLING_12, Period.QUARTER, Period.YEAR_TO_DATE, Period.MONTH),
    shown=Display(Polarity.HIGHER_IS_BETTER),
    owner="Head of adoption",
)


def _of_stage(number: int, months: int, done: str, due: str, begins: str) -> Measure:
    return _of_adopters(
        id=f"adopters_stage_{number}_in_time",
        code="R9-02" + "ab"[number - 1],
        title=f"Adopters: stage {number} done within {months} months",
        basis=replace(HOUSEHOLDS, month_of=due, months_after_end=months),
        counts=share(
            lambda rows: due_dates.in_time(rows[done], rows[due]), of=_by_due_date(due_dates.judged, done, due)
        ),
        mature=Maturity(not_yet_due=_by_due_date(due_dates.not_yet_due, done, due)),
        left_out_by=(f"stage_{number}_dates_wrong", "fast_track_unreadable"),
        why_it_matters="People who would give a child a home should not be lost on the way.",
        definition=f"Of households whose stage {number} fell due in the period (due month: {months} months after "
        f"{begins}, clamped to the month end), those done with it by then. Overdue unfinished ones count as late; "
        "who withdrew by the due day is left out. A break between the stages counts in neither.",
        source=PROCESS,
    )


ADOPTERS_IN_PROCESS = _of_adopters(
    id="adopters_in_process",
    code="R9-01",
    title="Prospective adopters by stage",
    basis=replace(HOUSEHOLDS, rows=in_the_process),
    periods=(Period.MONTH_END,),
    counts=count(lambda rows: rows["household_id"].notna()),
    shown=Display(Polarity.NEITHER, (STAGE,)),
    left_out_by=(),
    why_it_matters="Who is on the way to adopting a child, and how far they have got.",
    definition="Households registered, neither matched nor withdrawn at the end of the month, by the stage reached. "
    "On the fast track they are in stage 2 from the start.",
    source=f"{SCORECARD} (A11, A13)",
)
ADOPTERS_WAITING = _of_adopters(
    id="adopters_approved_waiting",
    code="R9-01w",
    title="Approved adopters waiting for a match",
    basis=replace(HOUSEHOLDS, rows=in_the_process),
    periods=(Period.MONTH_END,),
    counts=count(lambda rows: rows["adopter_stage"] == "approved_waiting"),
    shown=Display(Polarity.NEITHER),
    left_out_by=(),
    why_it_matters="Approved families while children wait: either they are not a match, or no match has been sought.",
    definition="Households approved, neither matched nor withdrawn at the end of the month.",
    source=f"{SCORECARD} (A11)",
)
STAGE_1_IN_TIME = _of_stage(1, 2, "stage_1_done_on", "stage_1_due_on", "registration; not the fast track")
STAGE_2_IN_TIME = _of_stage(2, 4, "approved_on", "stage_2_due_on", "stage 2 started")
APPROVED_IN_6_MONTHS = _of_adopters(
    id="adopters_approved_within_6_months",
    code="R9-02c",
    title="Adopters approved within six months of registration",
    basis=replace(HOUSEHOLDS, month_of="approved_on"),
    counts=share(
        lambda rows: rows["approved_on"] <= due_dates.months_after(rows["registered_on"], APPROVAL_MONTHS),
        of=lambda rows: rows["approved_on"].notna(),
    ),
    left_out_by=(),
    why_it_matters="The whole way from the first step to the decision.",
    definition="Of households approved in the period (completion month, as published), those approved within "
    "six months of registration. A break between the stages, which households may ask for, is part of the time.",
    source=SCORECARD,
)
WAITED_3_MONTHS = _of_adopters(
    id="adopters_waited_3_months",
    code="R9-03",
    title="Matched adopters who had waited three months or more",
    basis=replace(HOUSEHOLDS, month_of="matched_on"),
    counts=share(
        lambda rows: rows["matched_on"] >= due_dates.months_after(rows["approved_on"], WAITING_MONTHS),
        of=lambda rows: rows["matched_on"].notna() & rows["approved_on"].notna(),
    ),
    shown=Display(Polarity.LOWER_IS_BETTER),
    left_out_by=(),
    why_it_matters="While approved adopters wait, so do children.",
    definition="Of households matched in the period (completion month), those matched three months or more after their "
    "approval. Who was matched before the approval has not waited; those still waiting are in R9-01w.",
    source=f"{SCORECARD} (A12)",
)

MEASURES = (
    ADOPTERS_IN_PROCESS,
    ADOPTERS_WAITING,
    STAGE_1_IN_TIME,
    STAGE_2_IN_TIME,
    APPROVED_IN_6_MONTHS,
    WAITED_3_MONTHS,
)
