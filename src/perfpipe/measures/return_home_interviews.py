"""Return home interview measures (`domain.md` 1.6 and 1.7, rulings 3 to 6)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from perfpipe.datasets.return_home_interviews import (
    REASONS_THAT_EXCLUDE,
    RETURN_HOME_INTERVIEWS,
    returned,
)
from perfpipe.measures.definition import Breakdown, Measure, Period, Polarity, Unit
from perfpipe.months import local_day

if TYPE_CHECKING:
    import pandas as pd

INTERVIEW_HOURS = 72
INTERVIEW_DAYS = 3
COMPLETION_HOURS = 28 * 24
OWNER = "Missing and exploitation team"
GUIDANCE = "Statutory guidance on children who run away or go missing from home or care (DfE, 2014)"

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


def episodes(rows: pd.DataFrame) -> pd.DataFrame:
    """Missing episodes of our own children, with when the clock started, and the two breakdowns.

    Adds `returned` (instant), `hours_since_return` (at the extract's time), `within_72h` (bool).
    Away episodes and children of other authorities (`hosted`) are left out.
    """
    ours = rows[(rows["category"] == "M") & ~rows["hosted"]]
    return ours.assign(
        returned=returned(ours),
        hours_since_return=(ours["as_at"] - returned(ours)).dt.total_seconds() / 3600,
        within_72h=within_72h(ours),
        looked_after=ours["looked_after_flag"].map({"Y": "yes", "N": "no"}),
        area=ours["placed_or_living_in_la"].map({"IN": "in", "OUT": "out"}),
    )


def within_72h(rows: pd.DataFrame) -> pd.Series:
    """Whether the interview began at most 72:00:00 after the return, in elapsed time (1.6, rules 2 and 3).

    Where either side is date-only: at most three days between the dates.
    """
    start = returned(rows)
    start_precision = rows["returned_at_precision"].where(rows["returned_at"].notna(), rows["found_at_precision"])
    hours = (rows["interview_at"] - start).dt.total_seconds() / 3600
    days = (local_day(rows["interview_at"]) - local_day(start)).dt.days
    by_date = ((start_precision == "date") | (rows["interview_at_precision"] == "date")).fillna(False)
    return (hours <= INTERVIEW_HOURS).where(~by_date, days <= INTERVIEW_DAYS)


def eligible(rows: pd.DataFrame) -> pd.Series:
    """Returned, and an interview required: only a listed reason takes an episode out (ruling 5)."""
    not_required = (rows["rhi_required"] == "N") & rows["not_required_reason"].isin(REASONS_THAT_EXCLUDE)
    return rows["returned"].notna() & ~not_required


def eligible_and_matured(rows: pd.DataFrame) -> pd.Series:
    """Eligible, and 72 hours have passed by the time of the extract (1.6, rule 6)."""
    return eligible(rows) & (rows["hours_since_return"] >= INTERVIEW_HOURS)


def eligible_for_28_days(rows: pd.DataFrame) -> pd.Series:
    """Eligible, and 28 days have passed by the time of the extract (ruling 3)."""
    return eligible(rows) & (rows["hours_since_return"] >= COMPLETION_HOURS)


_of_episodes = partial(
    Measure,
    dataset=RETURN_HOME_INTERVIEWS,
    periods=(Period.MONTH,),
    rows=episodes,
    breakdowns=(LOOKED_AFTER, AREA),
    owner=OWNER,
)

MISSING_EPISODES = _of_episodes(
    id="missing_episodes",
    code="RHI-01",
    title="Missing episodes starting in the month",
    month_of="missing_from",
    numerator=lambda rows: rows["missing_from"].notna(),
    unit=Unit.COUNT,
    polarity=Polarity.NEITHER,
    why_it_matters="How often children are at risk because nobody knows where they are.",
    definition="Episodes of category M that started in the month; children of other authorities and 'away' "
    "episodes are left out.",
    source=f"Local definition; {GUIDANCE}",
)
MISSING_CHILDREN = _of_episodes(
    id="missing_children",
    code="RHI-01c",
    title="Children who went missing in the month",
    month_of="missing_from",
    numerator=lambda rows: rows["missing_from"].notna(),
    distinct="child_id",
    unit=Unit.COUNT,
    polarity=Polarity.NEITHER,
    why_it_matters="A few children can account for most episodes: the number of children says how many.",
    definition="Different children with a missing episode that started in the month. Children do not add up "
    "over groups or months.",
    source=f"Local definition; {GUIDANCE}",
)
RHI_OFFERED = _of_episodes(
    id="rhi_offered",
    code="RHI-03",
    title="Return home interviews offered",
    month_of="returned",
    denominator=eligible_and_matured,
    numerator=lambda rows: rows["offered"] == "Y",
    not_yet_due=lambda rows: eligible(rows) & ~eligible_and_matured(rows),
    matures_after_hours=INTERVIEW_HOURS,
    unit=Unit.PERCENT,
    polarity=Polarity.HIGHER_IS_BETTER,
    why_it_matters="The offer is the duty: every child who returns must be offered an independent interview.",
    definition="Of returns in the month that need an interview and are at least 72 hours old at the extract, "
    "those with offered = Y. A blank counts as not offered.",
    source=GUIDANCE,
)
RHI_ACCEPTED = _of_episodes(
    id="rhi_accepted",
    code="RHI-04",
    title="Offered interviews that were accepted",
    month_of="returned",
    denominator=lambda rows: eligible_and_matured(rows) & (rows["offered"] == "Y"),
    numerator=lambda rows: rows["outcome"] == "accepted",
    not_yet_due=lambda rows: eligible(rows) & ~eligible_and_matured(rows),
    matures_after_hours=INTERVIEW_HOURS,
    unit=Unit.PERCENT,
    polarity=Polarity.HIGHER_IS_BETTER,
    why_it_matters="Whether children trust the interview enough to accept it. Refusal is a right.",
    definition="Of offered interviews (RHI-03), those with outcome accepted.",
    source=f"Local definition; {GUIDANCE}",
)
RHI_COMPLETED = _of_episodes(
    id="rhi_completed",
    code="RHI-05",
    title="Returns followed by an interview",
    month_of="returned",
    denominator=eligible_for_28_days,
    numerator=lambda rows: rows["interview_at"].notna(),
    not_yet_due=lambda rows: eligible(rows) & ~eligible_for_28_days(rows),
    matures_after_hours=COMPLETION_HOURS,
    unit=Unit.PERCENT,
    polarity=Polarity.HIGHER_IS_BETTER,
    why_it_matters="An interview that happens, even late, is a chance to find harm and prevent recurrence.",
    definition="Of returns in the month that need an interview and are at least 28 days old at the extract, "
    "those with an interview. Late interviews count.",
    source=f"Local definition; {GUIDANCE}",
)
RHI_WITHIN_72H = _of_episodes(
    id="rhi_within_72h",
    code="RHI-06",
    title="Return home interviews completed within 72 hours",
    month_of="returned",
    denominator=eligible_and_matured,
    numerator=lambda rows: rows["within_72h"],
    not_yet_due=lambda rows: eligible(rows) & ~eligible_and_matured(rows),
    matures_after_hours=INTERVIEW_HOURS,
    unit=Unit.PERCENT,
    polarity=Polarity.HIGHER_IS_BETTER,
    why_it_matters="Statutory guidance: an independent interview within 72 hours of the child's return.",
    definition="Of returns in the month that need an interview and are at least 72 hours old at the extract, "
    "those interviewed within 72 elapsed hours. Where a time is missing, within three days by date.",
    source=GUIDANCE,
)

MEASURES = (MISSING_EPISODES, MISSING_CHILDREN, RHI_OFFERED, RHI_ACCEPTED, RHI_COMPLETED, RHI_WITHIN_72H)
