"""The names of columns: a row of headers, or groups above them, joined to `Interview / Date`."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from perfpipe.read.formats.delimited_text import plain
from perfpipe.read.raw_cells import BLANK, NOTHING, TEXT, Cell, RawSheet, Row

JOINED = " / "


def header_names(sheet: RawSheet, row: int, rows: int) -> Row:
    """The name of each column, whose own header is in a row (from 0): under those of its groups in the rows above."""
    names = sheet.row(row)
    for above in range(row - 1, max(row - rows, -1), -1):
        names = [_under(group, name) for group, name in zip(_groups(sheet, above, names), names, strict=True)]
    return names


def _groups(sheet: RawSheet, row: int, names: Row) -> Row:
    """The group of each column: the cell above it, or the one that was merged or written once for several columns."""
    cells = sheet.row(row)
    ranges = [(left, right) for first, left, last, right in sheet.merged if first <= row <= last and left < right]
    group, found = NOTHING, []
    for position, (cell, name) in enumerate(zip(cells, names, strict=True)):
        if cell != NOTHING:
            group = cell if name != NOTHING else NOTHING  # with nothing below, a name of its own
        elif ranges:
            group = next((cells[left] for left, right in ranges if left <= position <= right), NOTHING)
        found.append(cell if cell != NOTHING else group if name != NOTHING else NOTHING)
    return found


def _under(group: Cell, name: Cell) -> Cell:
    if BLANK in (group[0], name[0]):
        return name if group[0] == BLANK else group
    return (TEXT, f"{group[1].strip()}{JOINED}{name[1].strip()}")


def parts_of(names: Sequence[str], rows: int) -> list[str]:
    """What the cells of a header row may hold, where the names in a layout are joined from several rows."""
    words = [text.replace(JOINED, " ").split() for text in names] if rows > 1 else []
    return [*names, *(" ".join(each[start:]) for each in words for start in range(1, len(each)))]


def columns_of(text: str, accepted: Mapping[str, list[str]]) -> list[str]:
    """The columns that a header feeds; a joined one may stand in the layout with blanks alone."""
    return accepted.get(plain(text)) or accepted.get(plain(text.replace(JOINED, " ")), [])


def is_among(text: str, names: Container[str]) -> bool:
    """Whether a header is one of some names, as `plain` has them."""
    return plain(text) in names or plain(text.replace(JOINED, " ")) in names
