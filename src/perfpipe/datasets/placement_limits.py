"""Rules about how long an episode of care may last and how old the child must be (definitions 4.3).

Some limits changed: an age limit is judged by the day the episode started, so that a placement which was right when it
was made stays right. (The national return asks the new limit of every episode of the year in which it came in.)
"""

from __future__ import annotations

from datetime import date

from perfpipe.datasets.placement_codes import CONTINUES, SHORT_BREAKS, TEMPORARY
from perfpipe.datasets.row_check import Finder, RowCheck, row_check
from perfpipe.frames.libraries import pd


def _younger_than(years: int, *codes: str) -> Finder:
    def finds(rows: pd.DataFrame) -> pd.Series[bool]:
        placed = rows["placement_code"].isin(codes)
        young: pd.Series[bool] = rows["started_on"][placed] < rows["dob"][placed] + pd.DateOffset(years=years)
        return young.reindex(rows.index, fill_value=False)

    return finds


def _age(
    rule: str,
    years: int,
    what: str,
    codes: tuple[str, ...],
    number: str,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> RowCheck:
    return row_check(
        rule,
        "placement_code",
        f"a child of at least {years} in {what} ({', '.join(codes)})",
        "Correct the type of placement, the start or the date of birth. The child is counted as recorded until then.",
        _younger_than(years, *codes),
        reference=f"SSDA903 rule {number}",
        valid_from=valid_from,
        valid_to=valid_to,
        against=("started_on", "dob"),
    )


def _lasts(rule: str, code: str, days: int, what: str, number: str) -> RowCheck:
    return row_check(
        rule,
        "placement_code",
        f"{what} ({code}) of at most {days} days",
        "Correct the dates, or record the placement by its real type: a longer stay is not temporary. "
        "Until then it counts under the placement before it.",
        lambda rows: (rows["placement_code"] == code) & (rows["until"] > rows["started_on"] + pd.Timedelta(days=days)),
        reference=f"SSDA903 rule {number}",
    )


LIMIT_CHECKS = (
    row_check(
        "short_break_too_long",
        "ceased_on",
        "a single short break (V3) of at most 17 days",
        "Correct the dates or the legal status: a longer stay is not a short break, and the child is looked after.",
        lambda rows: (rows["legal_status_code"] == "V3") & (rows["until"] > rows["started_on"] + pd.Timedelta(days=17)),
        reference="SSDA903 rule 365; Care Planning Regulations 2010, regulation 48",
    ),
    row_check(
        "short_break_in_temporary_placement",
        "placement_code",
        "no temporary placement (T0 to T4) in a series of short breaks (V3, V4)",
        "Correct the type of placement or the legal status.",
        lambda rows: rows["legal_status_code"].isin(SHORT_BREAKS) & rows["placement_code"].isin(TEMPORARY),
        reference="SSDA903 rule 382",
    ),
    _lasts("hospital_too_long", "T1", 42, "a stay in hospital", "375"),
    _lasts("carers_holiday_too_long", "T3", 21, "a stay elsewhere while the carer is on holiday", "376"),
    _lasts("other_temporary_too_long", "T4", 7, "a temporary stay for another reason", "379"),
    row_check(
        "period_starts_temporary",
        "placement_code",
        "a temporary placement (T0 to T4) with reason P or B for the new episode",
        "Record the child's usual placement first: a period of care cannot start with a temporary one.",
        lambda rows: (
            rows["placement_code"].isin(TEMPORARY)
            & rows["new_episode_reason_code"].notna()
            & ~rows["new_episode_reason_code"].isin(("P", "B"))
        ),
        reference="SSDA903 rule 380",
    ),
    row_check(
        "period_ends_temporary",
        "placement_code",
        f"a temporary placement (T0 to T4) that ends with {CONTINUES}",
        "Record the usual placement as the last: a period of care cannot end with a temporary one.",
        lambda rows: (
            rows["placement_code"].isin(TEMPORARY)
            & rows["cease_reason_code"].notna()
            & (rows["cease_reason_code"] != CONTINUES)
        ),
        reference="SSDA903 rule 381",
    ),
    _age("too_young_for_custody", 10, "youth custody", ("R5",), "372"),
    _age("too_young_for_residential_school", 4, "a residential school", ("S1",), "373"),
    _age("too_young_for_employment", 14, "residential employment", ("P3",), "374"),
    _age("under_15_independent", 15, "independent living", ("P2",), "370", valid_to=date(2023, 3, 31)),
    _age("under_16_independent", 16, "independent living", ("P2",), "370", valid_from=date(2023, 4, 1)),
    _age("under_14_semi_independent", 14, "semi-independent living", ("H5",), "371", valid_to=date(2023, 3, 31)),
    _age(
        "under_16_supported",
        16,
        "semi-independent living or supported accommodation",
        ("H5", "K3"),
        "371",
        valid_from=date(2023, 4, 1),
    ),
)
