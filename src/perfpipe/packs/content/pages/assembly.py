"""All pages of a board pack, in their order: what to know first, the topics, trust, and what owners say."""

from __future__ import annotations

from dataclasses import replace

from perfpipe.packs.content.pages.commentary_page import commentary_page
from perfpipe.packs.content.pages.material import Material
from perfpipe.packs.content.pages.need_to_know import need_to_know
from perfpipe.packs.content.pages.plan_page import plan_page
from perfpipe.packs.content.pages.scorecard import scorecard
from perfpipe.packs.content.pages.since_page import since_page
from perfpipe.packs.content.pages.topics import topic_pages
from perfpipe.packs.content.pages.trust_page import trust_page
from perfpipe.packs.content.pages.whom_to_ask import whom_to_ask
from perfpipe.packs.models.blocks import BoardPage


def board_pages(material: Material) -> tuple[BoardPage, ...]:
    """Need to know, since you met, the plan, the scorecard, the topics, trust in the figures, and owners' words."""
    others = (since_page(material), plan_page(material), scorecard(material), *topic_pages(material))
    others = (*others, trust_page(material))
    said = commentary_page(material.content.commentary, others[-1].number + 1)
    others = (*others, said) if said else others
    pages = (need_to_know(material, others), *others)
    return tuple(replace(each, blocks=(*each.blocks, whom_to_ask(each, material.measures))) for each in pages)
