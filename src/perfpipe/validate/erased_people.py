"""Rows of people whose records were erased: known by a keyed hash, left out wherever they come again, and reported.

Ids are compared without blanks and whatever the case, as sources write one id in several ways.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

import numpy as np

from perfpipe.datasets.definition import Dataset, PersonKind
from perfpipe.faults.fault import Address, Fault, fault_of
from perfpipe.read.raw_cells import BLANK, Cell, ColumnCells, Mask
from perfpipe.read.raw_table import RawTable
from perfpipe.rules.extracts import ERASED_PERSON
from perfpipe.settings.layouts import Layout
from perfpipe.validate.cell_parsers import parse_cell, parser_of
from perfpipe.validate.fault_identity import keyed_hash

WORDS = re.compile(r"[^\W_]+")
LEAST_LETTERS, LEAST_DIGITS = 4, 5  # of an id that is looked for in texts: a shorter one is like other words there
MOST_WORDS = 4  # of an id with signs in it, as X-12/3


def as_id(text: str) -> str:
    """An id as ids are compared."""
    return "".join(text.split()).casefold()


def can_be_named(text: str) -> bool:
    """Whether an id is long enough to be told from other words and numbers in a text."""
    plain = as_id(text)
    return len(plain) >= (LEAST_DIGITS if plain.isdecimal() else LEAST_LETTERS)


def person_hash(key: bytes, kind: PersonKind, text: str) -> str:
    """The keyed hash by which a person is known after their records were erased."""
    return keyed_hash(key, "person", kind, as_id(text))


@dataclass(frozen=True)
class People:
    """Some people by their keyed hashes, and the key."""

    hashes: Collection[str]
    key: bytes

    def ids_in(self, cells: ColumnCells, dataset: Dataset, layout: Layout) -> Mask:
        """True where a cell is the id of one of them; `cells`: the column of ids of a dataset."""
        assert dataset.person is not None
        kind, name = dataset.person
        parser = parser_of(dataset.by_name[name], layout)
        found = [self._is_id(kind, cell, str(parse_cell(parser, *cell)[0] or "")) for cell in cells.distinct]
        return np.array(found, dtype=np.bool_)[cells.numbers]

    def _is_id(self, kind: PersonKind, cell: Cell, parsed: str) -> bool:
        if cell[0] == BLANK:
            return False
        return any(person_hash(self.key, kind, text) in self.hashes for text in {as_id(parsed), as_id(cell[1])})

    def spans_in(self, text: str) -> Iterator[tuple[int, int]]:
        """Where a text names one of them: the id as a word by itself, or as several with signs between them."""
        words = [(match.start(), match.end()) for match in WORDS.finditer(text)]
        end = 0
        for number, (start, _) in enumerate(words):
            for _, stop in reversed(words[number : number + MOST_WORDS]):
                if start >= end and self._names(text[start:stop]):
                    yield start, stop
                    end = stop
                    break

    def _names(self, text: str) -> bool:
        return can_be_named(text) and self.has_id(text)

    def has_id(self, text: str) -> bool:
        """Whether a whole text is the id of one of them, or the same number of somebody or something else."""
        return any(person_hash(self.key, kind, text) in self.hashes for kind in PersonKind)

    def without(self, text: str) -> str:
        """A text in which nobody of them is named."""
        for start, stop in reversed(list(self.spans_in(text))):
            text = f"{text[:start]}(erased){text[stop:]}"
        return text


def without_people(table: RawTable, dataset: Dataset, layout: Layout, people: People) -> tuple[RawTable, list[Fault]]:
    """A table without the rows of some people, and a fault for each row that is left out."""
    if dataset.person is None or dataset.person[1] not in table.columns or not people.hashes:
        return table, []
    column = dataset.person[1]
    gone = people.ids_in(ColumnCells.of(table.columns[column]), dataset, layout)
    if not gone.any():
        return table, []
    rows, stay = np.array(table.rows), np.flatnonzero(~gone)
    left_out = set(rows[gone].tolist())
    kept = replace(
        table,
        rows=rows[stay].tolist(),
        columns={name: ColumnCells.of(cells).take(stay) for name, cells in table.columns.items()},
        faults=[fault for fault in table.faults if fault.row not in left_out],
    )
    at = Address(dataset.id, table.file, table.sheet, column=table.address_of(column))
    return kept, [
        fault_of(ERASED_PERSON, replace(at, row=row), "a record of somebody whose records were erased")
        for row in sorted(left_out)
    ]
