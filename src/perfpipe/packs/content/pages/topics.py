"""The pages of a board pack about one topic each, in their order."""

from __future__ import annotations

from perfpipe.packs.content.pages import (
    flow_and_stability,
    interview_funnel,
    interviews_over_time,
    new_social_workers,
    quality_of_practice,
    where_children_live,
    workforce,
)
from perfpipe.packs.content.pages.flow_and_stability import flow_page
from perfpipe.packs.content.pages.interview_funnel import funnel_page
from perfpipe.packs.content.pages.interviews_over_time import over_time_page
from perfpipe.packs.content.pages.material import Material
from perfpipe.packs.content.pages.missing_extracts import with_what_is_missing
from perfpipe.packs.content.pages.new_social_workers import new_workers_page
from perfpipe.packs.content.pages.quality_of_practice import quality_page
from perfpipe.packs.content.pages.topic_figures import TopicFigures
from perfpipe.packs.content.pages.where_children_live import where_page
from perfpipe.packs.content.pages.workforce import workforce_page
from perfpipe.packs.models.blocks import BoardPage

FIRST = 5  # the number of the first of them
PAGES = (  # the datasets whose measures it shows, and the figures that it is about
    (funnel_page, {"return_home_interviews"}, interview_funnel.ABOUT),
    (over_time_page, {"return_home_interviews"}, interviews_over_time.ABOUT),
    (where_page, {"placements"}, where_children_live.ABOUT),
    (flow_page, {"placements"}, flow_and_stability.ABOUT),
    (new_workers_page, {"social_workers"}, new_social_workers.ABOUT),
    (workforce_page, {"social_workers", "workforce_monthly"}, workforce.ABOUT),
    (quality_page, {"assessments", "audits", "adopters", "manual_measures"}, quality_of_practice.ABOUT),
)


def topic_pages(material: Material) -> tuple[BoardPage, ...]:
    """Pages 5 to 11; a page is left out where the pack shows no measure of its datasets, as the authority has none."""
    meeting = material.last_meeting
    figures = TopicFigures(
        material.scene,
        {measure.id: measure for measure in material.measures},
        {page.measure_id: page for page in material.content.pages},
        meeting.data_to if meeting else None,
        material.staying,
        tuple(each for each in material.extracts if each.extracted_at is None),
    )
    shown = {measure.basis.dataset.id for measure in material.measures}
    pages = [(page, about) for page, datasets, about in PAGES if shown & datasets]
    return tuple(
        with_what_is_missing(page(figures, number), figures, about) for number, (page, about) in enumerate(pages, FIRST)
    )
