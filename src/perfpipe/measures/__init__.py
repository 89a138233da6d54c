"""The measures that perfpipe computes, registered by hand in the order that packs show them."""

from perfpipe.measures import (
    interview_funnel,
    missing_episodes,
    placements,
    return_home_interviews,
    social_workers,
)
from perfpipe.measures.definition import Measure

MEASURES: tuple[Measure, ...] = (
    *missing_episodes.MEASURES,
    *return_home_interviews.MEASURES,
    *interview_funnel.MEASURES,
    *placements.MEASURES,
    *social_workers.MEASURES,
)
BY_ID: dict[str, Measure] = {measure.id: measure for measure in MEASURES}
