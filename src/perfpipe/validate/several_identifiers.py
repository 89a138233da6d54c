"""Cells that name two children or workers or more: `C004 & C005` would be read as one of its own.

Some sources write every identifier with such a sign (`12/345`), so a cell is judged by the others of its column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from perfpipe.read.raw_cells import BLANK, Cell

BETWEEN = re.compile(r"\s*(?:[&/;,+|\n\r]|\band\b)\s*|\s+", re.IGNORECASE)
MOSTLY = 0.8  # of the different identifiers of a column: as many must stand alone, for the others to be several


def several_identifiers(cells: Iterable[Cell]) -> set[Cell]:
    """Of the different cells of a column those of which each part has the form of an identifier that stands alone."""
    parts = {cell: BETWEEN.split(cell[1].strip()) for cell in cells if cell[0] != BLANK}
    alone = [each[0] for each in parts.values() if len(each) == 1]
    if not parts or len(alone) < MOSTLY * len(parts):
        return set()
    forms = {_form(text) for text in alone}
    return {cell for cell, each in parts.items() if len(each) > 1 and all(_form(text) in forms for text in each)}


def _form(text: str) -> str:
    """Letters and digits by their kind and number, other signs as they are: A999."""
    return re.sub(r"\d", "9", re.sub(r"[^\W\d_]", "A", text))
