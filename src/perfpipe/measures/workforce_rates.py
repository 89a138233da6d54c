"""Vacancies, agency workers and sickness among social workers (definitions 5.1)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from perfpipe.datasets.social_workers import SOCIAL_WORKERS
from perfpipe.datasets.workforce_monthly import WORKFORCE_MONTHLY
from perfpipe.frames.libraries import pd
from perfpipe.measures.counts import FTE, share_of_sums
from perfpipe.measures.definition import Basis, Display, Measure, Period, Polarity, Table
from perfpipe.measures.social_workers import CENSUS, OWNER, in_post

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


POSTS = Basis(SOCIAL_WORKERS, rows=posts, beside=WORKFORCE_MONTHLY)
TOTALS = Basis(WORKFORCE_MONTHLY)
_share = partial(Measure, periods=(Period.MONTH_END,), owner=OWNER, source=CENSUS)
VACANCY_RATE = _share(
    id="vacancy_rate",
    code="SW-09",
    title="Social worker posts that are vacant",
    basis=POSTS.needing("vacancies_fte"),
    counts=share_of_sums("vacancies_fte", of="posts_fte", counted_in=FTE),
    shown=Display(Polarity.LOWER_IS_BETTER),
    left_out_by=("fte_not_known",),
    why_it_matters="Vacant posts mean higher caseloads, or agency workers who stay for a short time.",
    definition="FTE vacancies over FTE vacancies and FTE in post at the month end; a post covered by an agency "
    "worker is vacant.",
)
AGENCY_RATE = _share(
    id="agency_rate",
    code="SW-10",
    title="Social workers from agencies",
    basis=POSTS.needing("agency_fte"),
    counts=share_of_sums("agency_fte", of="workforce_fte", counted_in=FTE),
    shown=Display(Polarity.LOWER_IS_BETTER),
    left_out_by=("fte_not_known",),
    why_it_matters="Agency workers cost more and leave sooner.",
    definition="Agency FTE over agency FTE and FTE in post at the month end, by the authority's own total of agency "
    "workers.",
)
AGENCY_COVERING_VACANCIES = _share(
    id="agency_covering_vacancies",
    code="SW-10b",
    title="Agency social workers who cover a vacancy",
    basis=TOTALS.needing("agency_fte", "agency_covering_fte"),
    counts=share_of_sums("agency_covering_fte", of="agency_fte", counted_in=FTE),
    shown=Display(Polarity.NEITHER, table=COVER),
    left_out_by=("more_cover_than_agency",),
    why_it_matters="Agency workers who cover no vacancy are there for extra work or absence.",
    definition="Agency FTE covering vacancies over agency FTE at the month end.",
)
VACANCIES_COVERED = _share(
    id="vacancies_covered_by_agency",
    code="SW-10c",
    title="Vacant social worker posts covered by agency workers",
    basis=TOTALS.needing("vacancies_fte", "agency_covering_fte"),
    counts=share_of_sums("agency_covering_fte", of="vacancies_fte", counted_in=FTE),
    shown=Display(Polarity.NEITHER, table=COVER),
    left_out_by=("more_cover_than_vacancies",),
    why_it_matters="A vacancy that is not covered falls on those in post.",
    definition="Agency FTE covering vacancies over FTE vacancies at the month end.",
)
SICKNESS_RATE = _share(
    id="sickness_rate",
    code="SW-11",
    title="Social workers' working days lost to sickness",
    # of the staff only who is in post at the end; of the totals all 12 months
    basis=replace(POSTS, lookback_months=1, needs=("days_lost",)),
    periods=(Period.ROLLING_12,),
    counts=share_of_sums("days_lost", of="working_days", counted_in="working days"),
    shown=Display(Polarity.LOWER_IS_BETTER),
    left_out_by=("fte_not_known",),
    why_it_matters="Sickness leaves families waiting, and much of it says that the work is too much.",
    definition="Working days lost in the 12 months to the month end over FTE in post at the month end times "
    f"{WORKING_DAYS} working days, one more where the 12 months hold a 29 February.",
)
MEASURES = (VACANCY_RATE, AGENCY_RATE, SICKNESS_RATE, AGENCY_COVERING_VACANCIES, VACANCIES_COVERED)
