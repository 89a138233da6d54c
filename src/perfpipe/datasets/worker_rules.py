"""Rules about social workers' spells and about the authority's workforce totals (definitions 5.1 to 5.8).

No national rule numbers apply: the workforce census has its own checks, on a yearly file.
"""

from __future__ import annotations

from perfpipe.datasets.compared_rows import row_ended_last
from perfpipe.datasets.in_order import InOrder
from perfpipe.datasets.row_check import day_after_extract, row_check
from perfpipe.dates.months import local_day, local_month
from perfpipe.frames.libraries import pd
from perfpipe.rules.rule import UNUSABLE, Defect

FULL_TIME = 1.0
MOST_FTE = 1.5  # what is more are hours, days or per cent
FTE_NOT_KNOWN = Defect("fte_not_known", "the FTE is blank or impossible")
MORE_COVER_THAN_AGENCY = Defect("more_cover_than_agency", "more agency FTE cover vacancies than there are")
MORE_COVER_THAN_VACANCIES = Defect("more_cover_than_vacancies", "more vacant FTE are covered than there are")
NEWLY_QUALIFIED_YEARS = 2  # the assessed year is open to those who qualified within two years (definitions 5.8)


def with_spells(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with `today` of the extract, and the `previous_fte`, `previous_contract` and end of the worker's spells."""
    ordered = InOrder.of(rows, "worker_id", "started_on")
    before = ordered.positions(-1)
    return rows.assign(
        today=local_day(rows["as_at"]),
        previous_fte=ordered.at("fte", before),
        previous_contract=ordered.at("contract", before),
        is_first=before < 0,
        latest_end_before=ordered.latest_end_before(rows["last_day_on"]),
    )


def _overlapping(rows: pd.DataFrame) -> pd.Series[bool]:
    """Spells that begin before an earlier one of the worker has ended, and are more than one full-time post."""
    together = rows["fte"] + rows["previous_fte"]
    one_post = (rows["contract"] == rows["previous_contract"]) & (together.isna() | (together <= FULL_TIME))
    overlaps: pd.Series[bool] = rows["started_on"] <= rows["latest_end_before"]
    return overlaps & ~one_post


def _qualified_long_ago(rows: pd.DataFrame) -> pd.Series[bool]:
    """First spells of those said to be newly qualified, too long after they qualified.

    A later spell repeats what was true at the appointment; so may one that began before the extract's earliest end,
    as a spell before it need not be there.
    """
    appointed = rows["is_first"] & (rows["started_on"] > rows["last_day_on"].min())
    too_late = rows["qualified_on"] + pd.DateOffset(years=NEWLY_QUALIFIED_YEARS) < rows["started_on"]
    found: pd.Series[bool] = appointed & (rows["newly_qualified"] == "Y") & too_late
    return found


WORKER_CHECKS = (
    row_check(
        "left_before_started",
        "left_on",
        "a spell that ends after it starts",
        "Correct whichever of the dates is wrong, at source.",
        lambda rows: (rows["left_on"] < rows["started_on"]).fillna(False),
        marks=UNUSABLE,
        against=("started_on",),
    ),
    row_check(
        "fte_blank",
        "fte",
        "the contracted hours as a share of full time, 0 to 1",
        "Record the FTE. Until then the worker is left out of what is counted in FTE, as in the national census.",
        lambda rows: rows["fte"].isna() & (rows["contract"] == "permanent"),
        "definitions 5.1",
        marks=FTE_NOT_KNOWN,
    ),
    row_check(
        "fte_above_one",
        "fte",
        "an FTE of at most 1",
        "Check the hours at source. The FTE is used as it is.",
        lambda rows: (rows["fte"] > FULL_TIME) & (rows["fte"] <= MOST_FTE),
        "definitions 5.3",
    ),
    row_check(
        "fte_impossible",
        "fte",
        f"the contracted hours as a share of full time, at most {MOST_FTE}",
        "Record the share of full time, not hours or per cent. Until then the worker is left out of what is counted in "
        "FTE.",
        lambda rows: rows["fte"] > MOST_FTE,
        "definitions 5.3",
        marks=FTE_NOT_KNOWN,
    ),
    row_check(
        "fte_zero",
        "fte",
        "an FTE above 0",
        "Record the hours, or end the spell. The worker has no weight in turnover until then.",
        lambda rows: rows["fte"] == 0,
        "definitions 5.1",
    ),
    day_after_extract(
        "spell_after_extract",
        "started_on",
        "a start no later than the day of the extract",
        "Correct the start, or leave out appointments that are only agreed. It counts from the month recorded.",
        "definitions 1.6",
    ),
    day_after_extract(
        "qualified_after_extract",
        "qualified_on",
        "a qualification no later than the day of the extract",
        "Correct the date of qualification.",
        "definitions 1.6",
    ),
    row_check(
        "overlapping_spells",
        "started_on",
        "one spell at a time for each worker, or posts that together make at most one full-time post",
        "End the earlier spell at source, or correct the FTE. Until then the two count as one employment, and both "
        "FTEs count.",
        _overlapping,
        "definitions 5.1: headcount counts each person once",
        other_row=row_ended_last("worker_id", "started_on", "last_day_on"),
    ),
    row_check(
        "left_without_reason",
        "leaving_reason",
        "a reason for each spell that has ended",
        "Record why the spell ended. Until then the worker counts as a leaver.",
        lambda rows: (
            (rows["left_on"].notna() & rows["leaving_reason"].isna() & (rows["contract"] == "permanent"))
            & bool(rows["leaving_reason"].notna().any())
        ),
        "definitions 5.4: who moves within children's social work stays",
    ),
    row_check(
        "reason_without_leaving",
        "left_on",
        "an end for each spell that has a reason for leaving",
        "Record when the spell ended, or remove the reason. The worker counts as in post until then.",
        lambda rows: rows["left_on"].isna() & rows["leaving_reason"].notna(),
        "definitions 5.4",
    ),
    row_check(
        "newly_qualified_agency",
        "newly_qualified",
        "N or blank for an agency worker",
        "Correct the contract, if the worker was appointed, or the flag. Agency workers are in no cohort of new "
        "appointments.",
        lambda rows: (rows["contract"] == "agency") & (rows["newly_qualified"] == "Y"),
        "definitions 5.4, 5.8",
    ),
    row_check(
        "newly_qualified_long_ago",
        "newly_qualified",
        f"Y for those who qualified within {NEWLY_QUALIFIED_YEARS} years before they started",
        "Correct the flag or the date of qualification. The worker counts as newly qualified until then.",
        _qualified_long_ago,
        "definitions 5.8",
        against=("started_on", "qualified_on"),
    ),
    row_check(
        "qualified_after_start",
        "qualified_on",
        "a qualification by the first day as a social worker",
        "Correct the date of qualification, the start or the role.",
        lambda rows: rows["qualified_on"] > rows["started_on"],
        "definitions 5.1: registered social workers",
    ),
)

WORKFORCE_CHECKS = (
    row_check(
        "month_after_extract",
        "month",
        "a month that had begun by the time of the extract",
        "Correct the month, or leave out future months.",
        lambda rows: rows["month"] > local_month(rows["as_at"]),
        "definitions 1.6",
    ),
    row_check(
        "covering_above_agency",
        "agency_covering_fte",
        "at most as many agency FTE covering vacancies as agency FTE",
        "Correct one of the two. Until then the share of agency workers who cover a vacancy is not given.",
        lambda rows: rows["agency_covering_fte"] > rows["agency_fte"],
        "definitions 5.1: agency workers covering vacancies",
        marks=MORE_COVER_THAN_AGENCY,
    ),
    row_check(
        "covering_above_vacancies",
        "agency_covering_fte",
        "at most as many agency FTE covering vacancies as vacant FTE",
        "Correct one of the two: a vacancy counts whether an agency worker covers it or not. Until then the share of "
        "vacancies covered is not given.",
        lambda rows: rows["agency_covering_fte"] > rows["vacancies_fte"],
        "definitions 5.1: vacancies covered by agency workers",
        marks=MORE_COVER_THAN_VACANCIES,
    ),
    row_check(
        "heads_below_fte",
        "agency_headcount",
        "at least as many agency workers as their FTE",
        "Correct the headcount or the FTE.",
        lambda rows: rows["agency_headcount"].astype("float64") < rows["agency_fte"],
        "definitions 5.1",
    ),
    row_check(
        "agency_without_fte",
        "agency_fte",
        "an FTE above 0 where there are agency workers",
        "Correct the headcount or the FTE.",
        lambda rows: (rows["agency_headcount"] > 0) & (rows["agency_fte"] == 0),
        "definitions 5.1",
    ),
)
