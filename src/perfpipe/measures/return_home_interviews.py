"""Return home interviews: how many are offered, accepted, done within 72 hours (definitions 3.6 to 3.17).

What is known of an offer, and whether 72 hours have been kept, can be judged 72 hours after the return. What rests on
all interviews done stands in `interviews_done`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from perfpipe.datasets.return_home_interviews import RETURN_HOME_INTERVIEWS
from perfpipe.measures.counts import share
from perfpipe.measures.definition import FLOWS, Basis, Breakdown, Display, Maturity, Measure, Polarity
from perfpipe.measures.interview_view import INTERVIEW_HOURS, episodes, with_away

if TYPE_CHECKING:
    import pandas as pd

# defects that leave an episode out, by how much a measure asks of it
WRONG_RETURNS = ("return_time_wrong", "interview_need_unreadable")
WRONG_OR_FUTURE = (*WRONG_RETURNS, "interview_in_future")
WRONG_TIMES = (*WRONG_OR_FUTURE, "interview_before_return")
DECLINED = ("declined_child", "declined_parent")
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
    """Eligible, and 72 hours have passed by the time of the extract (definitions 3.10)."""
    return rows["due"]


HIGH, LOW, NEITHER = (
    Display(polarity, (LOOKED_AFTER, AREA))
    for polarity in (Polarity.HIGHER_IS_BETTER, Polarity.LOWER_IS_BETTER, Polarity.NEITHER)
)
RETURNS = Basis(RETURN_HOME_INTERVIEWS, rows=episodes, month_of="returned")
of_returns = partial(Measure, basis=RETURNS, periods=FLOWS, shown=HIGH, owner=OWNER)
at_72_hours = partial(
    of_returns,
    mature=Maturity(INTERVIEW_HOURS, not_yet_due=lambda rows: rows["eligible"] & ~rows["due"]),
)
RHI_OFFERED = at_72_hours(
    id="rhi_offered",
    code="RHI-03",
    title="Return home interviews offered",
    counts=share(lambda rows: rows["offered"] == "Y", of=due),
    left_out_by=(*WRONG_RETURNS, "offer_unreadable"),
    why_it_matters="The offer is the duty: every child who returns must be offered an independent interview.",
    definition="Of returns in the month that need an interview and are at least 72 hours old at the extract, "
    "those with offered = Y. A blank counts as not offered.",
    source=GUIDANCE,
)
RHI_OFFERED_WITHIN_72H = at_72_hours(
    id="rhi_offered_within_72h",
    code="RHI-08",
    title="Return home interviews offered within 72 hours",
    basis=RETURNS.needing("offered_at"),
    counts=share(lambda rows: (rows["offered"] == "Y") & rows["offered_within_72h"], of=due),
    left_out_by=(*WRONG_RETURNS, "offer_before_missing", "offer_unreadable", "offer_time_unreadable"),
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
    counts=share(lambda rows: rows["outcome"] == "accepted", of=lambda rows: rows["due"] & (rows["offered"] == "Y")),
    left_out_by=(*WRONG_RETURNS, "offer_unreadable", "interview_outcome_unreadable"),
    why_it_matters="Whether children trust the interview enough to accept it. Refusal is a right.",
    definition="Of offered interviews (RHI-03), those with outcome accepted.",
    source=LOCAL,
)
RHI_WITHIN_72H = at_72_hours(
    id="rhi_within_72h",
    code="RHI-06",
    title="Return home interviews completed within 72 hours",
    counts=share(lambda rows: rows["completed"] & rows["within_72h"], of=due),
    left_out_by=WRONG_TIMES,
    why_it_matters="A child who is listened to within 72 hours, as statutory guidance asks, can still say what made "
    "them leave and what happened while they were away.",
    definition="Of returns in the month that need an interview and are at least 72 hours old at the extract, "
    "those interviewed within 72 elapsed hours. Where a time is missing, within three days by date.",
    source=GUIDANCE,
)
RHI_WITHIN_72H_WITH_AWAY = at_72_hours(
    id="rhi_within_72h_with_away",
    code="RHI-06a",
    title="Interviews within 72 hours, 'away' episodes included",
    basis=replace(RETURNS, rows=with_away),
    counts=share(lambda rows: rows["completed"] & rows["within_72h"], of=due),
    left_out_by=WRONG_TIMES,
    why_it_matters="Beside RHI-06: some authorities record as missing what others record as away, so only together "
    "are they alike.",
    definition="As RHI-06, of missing (M) and away (A) episodes together. Not the headline: the duty is after a "
    "missing episode.",
    source=LOCAL,
)
RHI_JUDGED_BY_DATE = at_72_hours(
    id="rhi_judged_by_date",
    code="RHI-06d",
    title="Interviews with no time recorded, judged by date",
    counts=share(lambda rows: rows["completed"] & rows["judged_by_date"], of=due),
    shown=LOW,
    left_out_by=WRONG_TIMES,
    why_it_matters="Three days by date can be up to 96 hours: this can flatter the figure, so we show how often it "
    "applies.",
    definition="Of the returns of RHI-06, those with an interview where the return or the interview has no time, or "
    "one of exactly midnight, which counts as none.",
    source="Local definition (docs/definitions.md 3.7)",
)
MEASURES = (
    RHI_WITHIN_72H,
    RHI_WITHIN_72H_WITH_AWAY,
    RHI_JUDGED_BY_DATE,
    RHI_OFFERED,
    RHI_OFFERED_WITHIN_72H,
    RHI_ACCEPTED,
)
