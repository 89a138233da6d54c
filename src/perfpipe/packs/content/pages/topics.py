"""The pages of a board pack about one topic each, in their order."""

from __future__ import annotations

from perfpipe.packs.content.pages.material import Material
from perfpipe.packs.models.blocks import BoardPage


def topic_pages(material: Material) -> tuple[BoardPage, ...]:
    """Pages 5 to 11."""
    return ()
