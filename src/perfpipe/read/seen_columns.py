"""The columns of a file as they were seen: headers in order, and of what kind the cells below are for the most part."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from perfpipe.datasets.seen_column import SeenColumn
from perfpipe.read.formats.container import letter_of
from perfpipe.read.raw_cells import BLANK, BOOL, DATE, DATETIME, NUMBER, TEXT, TIME, Cell, ColumnCells

LEAST_CELLS, DOMINANT = 10, 0.9  # fewer filled cells, or more mixed ones, are of no kind
LOOKED_AT = 2000  # rows, spread evenly: enough to tell the kind of a column
KINDS = {
    TEXT: "text", NUMBER: "numbers", DATE: "dates", DATETIME: "dates with times", TIME: "times", BOOL: "true or false",
}  # fmt: skip
TEXT_KINDS = (
    (re.compile(r"-?\d+([.,]\d+)?"), "numbers as text"),
    (re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}([ T].*)?"), "dates as text, year last"),
    (re.compile(r"\d{4}[/.-]\d{1,2}[/.-]\d{1,2}([ T].*)?"), "dates as text, year first"),
)


def seen_columns(
    headers: Sequence[Cell], columns: Sequence[ColumnCells], rows: npt.NDArray[np.int64], positions: dict[str, int]
) -> tuple[SeenColumn, ...]:
    """The columns with a header, in the order of the file; one that feeds two, twice. `positions`: of each column."""
    some = rows[:: max(1, len(rows) // LOOKED_AT)]
    canonical: dict[int, list[str]] = {}
    for name, position in positions.items():
        canonical.setdefault(position, []).append(name)
    return tuple(
        SeenColumn(" ".join(text.split()), name, kind_of(columns[position].take(some)), letter_of(position))
        for position, (kind, text) in enumerate(headers)
        if kind != BLANK
        for name in canonical.get(position, [""])
    )


def kind_of(cells: ColumnCells) -> str:
    """The kind of at least nine in ten of the filled cells, in words; empty where there is none, or too few cells."""
    times = np.bincount(cells.numbers, minlength=len(cells.distinct))
    counts: Counter[str] = Counter()
    for number in np.flatnonzero(times).tolist():
        kind, text = cells.distinct[number]
        if kind != BLANK:
            counts[_kind(kind, text)] += int(times[number])
    total = counts.total()
    if total < LEAST_CELLS:
        return ""
    ((kind, count),) = counts.most_common(1)
    return kind if count >= DOMINANT * total else ""


def _kind(kind: str, text: str) -> str:
    if kind == TEXT:
        return next((words for pattern, words in TEXT_KINDS if pattern.fullmatch(text.strip())), KINDS[TEXT])
    return KINDS.get(kind, "")
