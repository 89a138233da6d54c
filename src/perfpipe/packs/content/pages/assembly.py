"""All pages of a board pack, in their order: what to know first, the topics, trust, and what owners say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from perfpipe.measures.definition import Measure
from perfpipe.packs.content.pages.commentary_page import commentary_page
from perfpipe.packs.content.pages.material import Material
from perfpipe.packs.content.pages.need_to_know import need_to_know
from perfpipe.packs.content.pages.plan_page import plan_page
from perfpipe.packs.content.pages.scorecard import scorecard
from perfpipe.packs.content.pages.since_page import since_page
from perfpipe.packs.content.pages.topics import topic_pages
from perfpipe.packs.content.pages.trust_page import trust_page
from perfpipe.packs.content.pages.whom_to_ask import whom_to_ask
from perfpipe.packs.models.blocks import BoardPage, DataTable


def board_pages(material: Material) -> tuple[BoardPage, ...]:
    """Need to know, since you met, the plan, the scorecard, the topics, trust in the figures, and owners' words."""
    topics = tuple(_asked_of(page, material.measures) for page in topic_pages(material))
    front = (since_page(material), plan_page(material), scorecard(material))
    others = (*front, *topics, trust_page(material, 2 + len(front) + len(topics)))
    said = commentary_page(material.content.commentary, others[-1].number + 1)
    others = (*others, said) if said else others
    pages = (need_to_know(material, others), *others)
    return tuple(_without_empty_tables(page if page in topics else _asked_of(page, ())) for page in pages)


def _without_empty_tables(page: BoardPage) -> BoardPage:
    """A table of headers alone says nothing: the sentences beside it say why."""
    empty = [each for each in page.blocks if isinstance(each, DataTable) and not any(rows.rows for rows in each.groups)]
    return replace(page, blocks=tuple(each for each in page.blocks if each not in empty))


def _asked_of(page: BoardPage, measures: Sequence[Measure]) -> BoardPage:
    """A page with whom to ask about it: the owners of these measures, or the performance team."""
    return replace(page, blocks=(*page.blocks, whom_to_ask(page, measures)))
