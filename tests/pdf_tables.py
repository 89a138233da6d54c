"""A tagged PDF as a reader meets it: its tables with headers and the lines of each cell, its texts by page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from outloud.model import Document, StructElem

LOWER = 3.0  # points below the line before: a new line
Lines = tuple[str, ...]


@dataclass
class PdfTable:
    """One table: the page's heading over it, its headers, and each row as cells of lines."""

    page: str
    headers: tuple[str, ...]
    rows: list[tuple[Lines, ...]] = field(default_factory=list)


def tables_of(path: Path) -> list[PdfTable]:
    """Every table, in the order of the structure that a screen reader follows."""
    document, found, page = Document(str(path)), [], ""
    try:
        for element in document.elements:
            if element.type == "H1":
                page = " ".join(_lines(document, element))
            if element.type == "Table":
                rows = [[_lines(document, cell) for cell in _within(row, "TH", "TD")] for row in _within(element, "TR")]
                headers, *rest = rows
                made = [tuple(row) for row in rest if len(row) == len(headers)]  # a group's title spans the row
                found.append(PdfTable(page, tuple(map(" ".join, headers)), made))
    finally:
        document.close()
    return found


def texts_of(path: Path) -> dict[str, list[str]]:
    """What stands under each page's heading: each paragraph, item and cell with its lines joined."""
    document, found, page = Document(str(path)), dict[str, list[str]](), ""
    try:
        for element in document.elements:
            if element.type == "H1":
                page = " ".join(_lines(document, element))
            if element.type in ("P", "LBody", "TD"):
                found.setdefault(page, []).append(" ".join(_lines(document, element)))
    finally:
        document.close()
    return found


def _within(element: StructElem, *kinds: str) -> list[StructElem]:
    return [each for each in element.descendants() if each.type in kinds]


def _lines(document: Document, element: StructElem) -> Lines:
    """The words of an element, line by line as they are set."""
    runs = sorted(_runs(document, element), key=lambda run: run.order)
    lines: list[str] = []
    before = None
    for run in runs:
        if before is None or before - run.bbox[1] > LOWER:
            lines.append("")
            before = run.bbox[1]
        lines[-1] += run.text
    return tuple(" ".join(line.split()) for line in lines if line.strip())


def _runs(document: Document, element: StructElem) -> Iterator:  # type: ignore[type-arg]
    for each in (element, *element.descendants()):
        for ref in each.mcrefs:
            page = each.page if ref.page is None else ref.page
            runs = document.content(page).runs
            yield from (run for run in runs if run.key == (ref.stream, ref.mcid))
