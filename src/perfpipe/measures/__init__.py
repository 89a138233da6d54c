"""The measures that perfpipe computes, registered by hand in the order that packs show them."""

from perfpipe.measures import (
    placement_changes,
    placement_distance,
    placement_stability,
    placement_stock,
    placements,
    return_home_interviews,
    social_workers,
)
from perfpipe.measures.definition import Measure

MEASURES: tuple[Measure, ...] = (
    *return_home_interviews.MEASURES,
    *placements.MEASURES,
    *placement_stability.MEASURES,
    *placement_distance.MEASURES,
    *placement_changes.MEASURES,
    *placement_stock.MEASURES,
    *social_workers.MEASURES,
)
BY_ID: dict[str, Measure] = {measure.id: measure for measure in MEASURES}
