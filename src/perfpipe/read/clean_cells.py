"""Texts as a person sees them: without invisible signs, and without the marks by which a program keeps zeros."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from perfpipe.read.formats.invisible_signs import INVISIBLE, names_of, signs_in
from perfpipe.read.raw_cells import NOTHING, TEXT, Cell, ColumnCells, HiddenSigns, RawSheet

EXCEL_TEXT = re.compile(r'=\s*"((?:[^"]|"")*)"')  # ="00123", by which a CSV file keeps Excel from dropping zeros
MARKED_TEXT = re.compile(r"'(?=\w)[^']*")  # '00123, as Excel shows a number that is text


def cleaned(sheet: RawSheet) -> RawSheet:
    """A sheet as a person sees it, and where invisible signs were."""
    columns = [_cleaned_column(column) for column in sheet.columns]
    signs = {position: signs for position, (_, signs) in enumerate(columns) if signs is not None}
    return replace(sheet, columns=[cells for cells, _ in columns], signs=signs)


def _cleaned_column(column: ColumnCells) -> tuple[ColumnCells, HiddenSigns | None]:
    """A column as a person sees it, and where invisible signs were; None where there were none."""
    if not any(kind == TEXT and _may_need_it(text) for kind, text in column.distinct):
        return column, None
    signs = [signs_in(text) if kind == TEXT else set() for kind, text in column.distinct]
    numbers: dict[Cell, int] = {NOTHING: 0}
    new = [numbers.setdefault(_clean(cell), len(numbers)) for cell in column.distinct]
    clean = ColumnCells(list(numbers), np.array(new, dtype=np.int32)[column.numbers])
    found: set[str] = set().union(*signs)
    if not found:
        return clean, None
    return clean, HiddenSigns(np.array([bool(s) for s in signs], dtype=np.bool_)[column.numbers], names_of(found))


def _may_need_it(text: str) -> bool:
    return not (text.isascii() and text.isprintable()) or text[0] in "=' "


def _clean(cell: Cell) -> Cell:
    kind, text = cell
    if kind != TEXT:
        return cell
    text = text.translate(INVISIBLE)
    marked = text.strip()
    if match := EXCEL_TEXT.fullmatch(marked):
        text = match[1].replace('""', '"')
    elif MARKED_TEXT.fullmatch(marked):
        text = marked[1:]
    return (TEXT, text) if text.strip() else NOTHING
