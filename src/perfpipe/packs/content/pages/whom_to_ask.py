"""Who answers for the figures of a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from perfpipe.measures.definition import Measure
from perfpipe.packs.content.keys_on_pages import keys_in
from perfpipe.packs.content.pages.texts import paragraph
from perfpipe.packs.models.blocks import BoardPage, Manner, Paragraph
from perfpipe.packs.wording.numbers import listed

MOST = 3
TEAM = "the performance team; the workbook names the owner of each measure"


def whom_to_ask(page: BoardPage, measures: Sequence[Measure]) -> Paragraph:
    """The owners of its measures, of most first; where these are many or none, the performance team."""
    owner_of = {each.id: each.owner for each in measures}
    shown = dict.fromkeys(key[0] for block in page.blocks for key in keys_in(block))
    owners = Counter(owner_of[each] for each in shown if each in owner_of)
    asked = listed([each for each, _ in owners.most_common()]) if 0 < len(owners) <= MOST else TEAM
    return paragraph(f"Who to ask about this page: {asked}.", Manner.NOTE)
