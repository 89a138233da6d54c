"""Vacancies, agency workers and sickness among social workers (definitions 5.1)."""

from __future__ import annotations

from functools import partial

import pandas as pd

from perfpipe.datasets.social_workers import SOCIAL_WORKERS
from perfpipe.datasets.workforce_monthly import WORKFORCE_MONTHLY
from perfpipe.measures.definition import Measure, Period, Polarity, Table, Unit
from perfpipe.measures.social_workers import CENSUS, OWNER, everything, in_post

WORKING_DAYS = 253  # of a year in which somebody could be absent; one more where it holds a 29 February
COVER = Table(
    "agency_cover",
    "Agency workers covering vacancies",
    "A post is vacant whether or not an agency worker covers it.",
)
OF_TOTALS = ["month", "month_end", "window_from", "reading_id", "source_row", "defects"]


def posts(rows: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """Directly employed spells in post at the month end, and the authority's workforce totals, as rows of one frame.

    `vacancies_fte`, `agency_fte`, `days_lost` are those of the totals. `posts_fte` is FTE in post and vacant,
    `workforce_fte` FTE in post and of agency workers, `working_days` what those in post could work in 12 months.
    """
    own = rows.loc[in_post(rows) & (rows["contract"] == "permanent"), [*OF_TOTALS, "fte"]]
    totals = totals[[*OF_TOTALS, "vacancies_fte", "agency_fte", "days_lost"]]
    both = pd.concat([own, totals], ignore_index=True)
    in_post_fte = both["fte"].fillna(0)
    return both.assign(
        posts_fte=in_post_fte + both["vacancies_fte"].fillna(0),
        workforce_fte=in_post_fte + both["agency_fte"].fillna(0),
        working_days=in_post_fte * working_days(both),
    )


def working_days(rows: pd.DataFrame) -> pd.Series:
    """The working days of the 12 months to each month end: 253, 254 where they hold a 29 February (definitions 5.1)."""
    leap: pd.Series = (rows["month_end"] - rows["window_from"]).dt.days == 365
    return WORKING_DAYS + leap.astype(int)


_share = partial(  # of sums: every row has its part above and below the line
    Measure,
    periods=(Period.MONTH_END,),
    denominator=everything,
    numerator=everything,
    nested=False,
    unit=Unit.PERCENT,
    owner=OWNER,
    source=CENSUS,
)
VACANCY_RATE = _share(
    id="vacancy_rate",
    code="SW-09",
    title="Social worker posts that are vacant",
    dataset=SOCIAL_WORKERS,
    beside=WORKFORCE_MONTHLY,
    rows=posts,
    weight="posts_fte",
    numerator_weight="vacancies_fte",
    counted_in="FTE",
    needs=("vacancies_fte",),
    polarity=Polarity.LOWER_IS_BETTER,
    left_out_by=("fte_not_known",),
    why_it_matters="Vacant posts mean higher caseloads, or agency workers who stay for a short time.",
    definition="FTE vacancies over FTE vacancies and FTE in post at the month end; a post covered by an agency "
    "worker is vacant.",
)
AGENCY_RATE = _share(
    id="agency_rate",
    code="SW-10",
    title="Social workers from agencies",
    dataset=SOCIAL_WORKERS,
    beside=WORKFORCE_MONTHLY,
    rows=posts,
    weight="workforce_fte",
    numerator_weight="agency_fte",
    counted_in="FTE",
    needs=("agency_fte",),
    polarity=Polarity.LOWER_IS_BETTER,
    left_out_by=("fte_not_known",),
    why_it_matters="Agency workers cost more and leave sooner.",
    definition="Agency FTE over agency FTE and FTE in post at the month end, by the authority's own total of agency "
    "workers.",
)
AGENCY_COVERING_VACANCIES = _share(
    id="agency_covering_vacancies",
    code="SW-10b",
    title="Agency social workers who cover a vacancy",
    dataset=WORKFORCE_MONTHLY,
    weight="agency_fte",
    numerator_weight="agency_covering_fte",
    counted_in="FTE",
    needs=("agency_fte", "agency_covering_fte"),
    polarity=Polarity.NEITHER,
    left_out_by=("more_cover_than_agency",),
    why_it_matters="Agency workers who cover no vacancy are there for extra work or absence.",
    definition="Agency FTE covering vacancies over agency FTE at the month end.",
    table=COVER,
)
VACANCIES_COVERED = _share(
    id="vacancies_covered_by_agency",
    code="SW-10c",
    title="Vacant social worker posts covered by agency workers",
    dataset=WORKFORCE_MONTHLY,
    weight="vacancies_fte",
    numerator_weight="agency_covering_fte",
    counted_in="FTE",
    needs=("vacancies_fte", "agency_covering_fte"),
    polarity=Polarity.NEITHER,
    left_out_by=("more_cover_than_vacancies",),
    why_it_matters="A vacancy that is not covered falls on those in post.",
    definition="Agency FTE covering vacancies over FTE vacancies at the month end.",
    table=COVER,
)
SICKNESS_RATE = _share(
    id="sickness_rate",
    code="SW-11",
    title="Social workers' working days lost to sickness",
    dataset=SOCIAL_WORKERS,
    beside=WORKFORCE_MONTHLY,
    periods=(Period.ROLLING_12,),
    lookback_months=1,  # of the staff only who is in post at the end; of the totals all 12 months
    rows=posts,
    weight="working_days",
    numerator_weight="days_lost",
    counted_in="working days",
    needs=("days_lost",),
    polarity=Polarity.LOWER_IS_BETTER,
    left_out_by=("fte_not_known",),
    why_it_matters="Sickness leaves families waiting, and much of it says that the work is too much.",
    definition="Working days lost in the 12 months to the month end over FTE in post at the month end times "
    f"{WORKING_DAYS} working days, one more where the 12 months hold a 29 February.",
)
MEASURES = (VACANCY_RATE, AGENCY_RATE, SICKNESS_RATE, AGENCY_COVERING_VACANCIES, VACANCIES_COVERED)
