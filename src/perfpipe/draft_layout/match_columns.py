"""Which column of a dataset a column of a file is: by its header, by the kind of its cells, by its codes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from perfpipe.datasets.definition import Column, Dataset, Kind
from perfpipe.draft_layout.header_words import CALLED
from perfpipe.draft_layout.source_table import SourceColumn, SourceTable, is_date, is_written_date
from perfpipe.draft_layout.written_forms import is_number, is_of_a_form
from perfpipe.read.raw_cells import NUMBER
from perfpipe.settings.layouts import as_compared

LEAST_HEADER, SURE_HEADER = 60, 88  # of 100: below the first a header says nothing
SURE_FIT, LEAST_FIT = 0.8, 0.3  # shares of filled cells that are of the column's kind
FEWEST_CELLS = 3  # of fewer, cells say nothing
MEAN_BLANK = frozenset(
    ("n/a", "na", "-", "--", "tbc", "not recorded", "not known", "none", "null", "nil", "unknown", "n/k", "?")
)
LOOKED_AT = 2000  # distinct cells


@dataclass(frozen=True)
class ColumnMatch:
    """A column of the file matched with one of a dataset, and the evidence: how alike the header is, what cells fit."""

    source: SourceColumn
    column: Column
    header: float  # how alike the header is to what sources call the column
    fit: float | None  # the share of its cells that are of the column's kind; None: too few to say

    @property
    def score(self) -> float:
        """By which matches are preferred: the header counts most, codes and kinds decide between like headers."""
        return self.header + 40 * ((self.fit if self.fit is not None else 0.6) - 0.6)

    @property
    def is_sure(self) -> bool:
        """Whether header and cells both say so."""
        return self.header >= SURE_HEADER and (self.fit is None or self.fit >= SURE_FIT)

    @property
    def evidence(self) -> str:
        """In words, for the person who decides."""
        no_fit = "any text fits" if self.column.kind is Kind.TEXT else "too few cells to say"
        fit = no_fit if self.fit is None else f"{self.fit:.0%} of its cells fit"
        return f"header {self.header:.0f} of 100, {fit}"


def match_columns(table: SourceTable, dataset: Dataset) -> list[ColumnMatch]:
    """Each column of the dataset once and each of the file once, the best matches first; in the dataset's order."""
    every = [
        match
        for column in dataset.columns
        for source in table.columns
        if (match := _match(source, column, dataset)) is not None
    ]
    taken: list[ColumnMatch] = []
    for match in sorted(every, key=lambda each: -each.score):
        if not any(match.column is each.column or match.source is each.source for each in taken):
            taken.append(match)
    return sorted(taken, key=lambda each: dataset.columns.index(each.column))


def _match(source: SourceColumn, column: Column, dataset: Dataset) -> ColumnMatch | None:
    header = max(_alike(source.header, words) for words in called(dataset, column))
    fit = fit_of(source, column)
    if header < LEAST_HEADER or (fit is not None and fit < LEAST_FIT and header < SURE_HEADER):
        return None
    return ColumnMatch(source, column, header, fit)


def called(dataset: Dataset, column: Column) -> tuple[str, ...]:
    """What sources call a column: its own name, the standard layout's others, those of systems."""
    others = CALLED.get(dataset.id, {}).get(column.name, ())
    return (column.name, *column.aliases, *others)


def _alike(header: str, words: str) -> float:
    one, other = _words(header), _words(words)
    if one == other:
        return 100.0
    return 0.5 * fuzz.token_sort_ratio(one, other) + 0.45 * fuzz.token_set_ratio(one, other)


def _words(text: str) -> str:
    """Only its letters and digits, words apart: also those of `DateOfBirth` and `date_of_birth`."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return " ".join(re.findall(r"[a-z0-9]+", apart.casefold()))


def fit_of(source: SourceColumn, column: Column) -> float | None:
    """The share of filled cells that could be of the column's kind; None where there are too few, or any text is."""
    if source.filled < FEWEST_CELLS or column.kind is Kind.TEXT:
        return None
    if column.kind is Kind.ID:
        return min(1.0, 0.5 + 0.5 * (1 - sum(map(is_date, source.cells)) / len(source.cells)))
    cells = [(cell, count) for cell, count in source.cells.items() if not means_blank(cell[1])][:LOOKED_AT]
    if not cells:
        return None
    fitting = sum(count for (kind, text), count in cells if _fits(kind, text, column))
    return fitting / sum(count for _, count in cells)


def _fits(kind: str, text: str, column: Column) -> bool:
    match column.kind:
        case Kind.CODE:
            assert column.codes is not None
            return column.codes.parse(text) is not None
        case Kind.DATE | Kind.INSTANT | Kind.MONTH:
            return is_date((kind, text)) or (kind != NUMBER and is_written_date(text)) or is_of_a_form((kind, text))
        case Kind.NUMBER | Kind.COUNT:
            return kind == NUMBER or is_number(text)
    return True


def means_blank(text: str) -> bool:
    """Whether a text looks as if it stood for nothing: only a person knows."""
    return as_compared(text) in MEAN_BLANK
