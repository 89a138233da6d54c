"""The pages of a board pack about one topic each, in their order."""

from __future__ import annotations

from perfpipe.packs.content.pages.flow_and_stability import flow_page
from perfpipe.packs.content.pages.interview_funnel import funnel_page
from perfpipe.packs.content.pages.interviews_over_time import over_time_page
from perfpipe.packs.content.pages.material import Material
from perfpipe.packs.content.pages.new_social_workers import new_workers_page
from perfpipe.packs.content.pages.quality_of_practice import quality_page
from perfpipe.packs.content.pages.topic_figures import TopicFigures
from perfpipe.packs.content.pages.where_children_live import where_page
from perfpipe.packs.content.pages.workforce import workforce_page
from perfpipe.packs.models.blocks import BoardPage

FIRST = 5  # the number of the first of them
PAGES = (  # and the datasets whose measures it shows
    (funnel_page, {"return_home_interviews"}),
    (over_time_page, {"return_home_interviews"}),
    (where_page, {"placements"}),
    (flow_page, {"placements"}),
    (new_workers_page, {"social_workers"}),
    (workforce_page, {"social_workers", "workforce_monthly"}),
    (quality_page, {"assessments", "audits", "adopters", "manual_measures"}),
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
    )
    shown = {measure.basis.dataset.id for measure in material.measures}
    pages = [page for page, datasets in PAGES if shown & datasets]
    return tuple(page(figures, number) for number, page in enumerate(pages, FIRST))
