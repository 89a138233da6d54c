"""The measures that perfpipe computes, registered by hand in the order that packs show them."""

from perfpipe.measures import adopters, assessments, audits, placements, return_home_interviews, social_workers
from perfpipe.measures.definition import Measure

MEASURES: tuple[Measure, ...] = (
    *return_home_interviews.MEASURES,
    *placements.MEASURES,
    *social_workers.MEASURES,
    *assessments.MEASURES,
    *audits.MEASURES,
    *adopters.MEASURES,
)
BY_ID: dict[str, Measure] = {measure.id: measure for measure in MEASURES}
