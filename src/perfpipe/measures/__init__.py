"""The measures that perfpipe computes, registered by hand in the order that packs show them."""

from perfpipe.measures import (
    adopters,
    assessments,
    audits,
    caseloads,
    interview_funnel,
    interviews_done,
    missing_episodes,
    placement_changes,
    placement_distance,
    placement_stability,
    placement_stock,
    placements,
    retention,
    return_home_interviews,
    turnover,
    workforce_rates,
)
from perfpipe.measures.definition import Measure

MEASURES: tuple[Measure, ...] = (
    *missing_episodes.MEASURES,
    *return_home_interviews.MEASURES,
    *interviews_done.MEASURES,
    *interview_funnel.MEASURES,
    *placements.MEASURES,
    *placement_stability.MEASURES,
    *placement_distance.MEASURES,
    *placement_changes.MEASURES,
    *placement_stock.MEASURES,
    *retention.MEASURES,
    *turnover.MEASURES,
    *workforce_rates.MEASURES,
    *caseloads.MEASURES,
    *assessments.MEASURES,
    *audits.MEASURES,
    *adopters.MEASURES,
)
BY_ID: dict[str, Measure] = {measure.id: measure for measure in MEASURES}
