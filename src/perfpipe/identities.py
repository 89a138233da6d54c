"""Which faults are the same from one extract to the next, and what stood in the cells they are about.

Rows move, files are renamed and columns change their letters. A fault is the same fault when dataset, rule, record and
column are the same; the record is known by the columns that name it from one extract to the next, as they read
when typed. As those are about children, the ledger keeps a keyed hash, whose key stands in the store of the
delivered files, beside the values that it hides.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from perfpipe.datasets.definition import Column, Dataset, Selects
from perfpipe.faults import Fault
from perfpipe.months import LONDON
from perfpipe.parse import CellParser, Parsed, parse_cell, parser_of
from perfpipe.rawcells import NOTHING, Cell
from perfpipe.read import RawTable
from perfpipe.settings import Layout, Workspace

if TYPE_CHECKING:
    import pandas as pd

ALWAYS = "9999-12"  # held by every later extract: the record is open, or the fault is of the whole file
LETTERS = 16  # of an identity, in hexadecimal


def identity_key(workspace: Workspace) -> bytes:
    """The workspace's own key for hashes of records; made when it is first needed."""
    path = workspace.store / "identity.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{os.getpid()}.part")
        beside.touch(mode=0o600)
        beside.write_bytes(secrets.token_bytes(32))
        os.replace(beside, path)
    return path.read_bytes()


def keyed_hash(key: bytes, *parts: str) -> str:
    """A short hash of some texts that cannot be guessed without the key."""
    return hmac.digest(key, json.dumps(parts).encode(), "sha256").hex()[:LETTERS]


@dataclass(frozen=True)
class Identified:
    """Faults with their identities, and for each the record's own names and the text of the cell: values."""

    faults: list[Fault]
    records: list[str]
    found: list[str]

    def frame(self) -> pd.DataFrame:
        """`identity`, `record` and `found`, one row a fault: it holds values about children."""
        import pandas as pd

        columns = {"identity": [fault.identity for fault in self.faults], "record": self.records, "found": self.found}
        return pd.DataFrame(columns, dtype="str")


def identified(faults: Sequence[Fault], table: RawTable, dataset: Dataset, layout: Layout, key: bytes) -> Identified:
    """The faults of one extract with `identity` and `held_until`, unique within it."""
    records = _Records(table, dataset, layout)
    seen: Counter[tuple[str, ...]] = Counter()
    made = Identified([], [], [])
    for fault in faults:
        position = records.positions.get(fault.row)
        column = records.columns.get(fault.column, fault.column)
        record = () if position is None else records.record(position)
        sheet = fault.sheet if position is None else ""
        name = (dataset.id, fault.rule, column, sheet, *record)
        seen[name] += 1
        held_until = ALWAYS if position is None else records.held_until(position)
        identity = keyed_hash(key, *name, str(seen[name]))
        made.faults.append(replace(fault, identity=identity, held_until=held_until))
        made.records.append("" if position is None else records.shown(position))
        made.found.append("" if position is None else records.cell(column, position)[1])
    return made


@dataclass
class _Records:
    """The records of one table: what names them, and until when an extract must hold them."""

    table: RawTable
    dataset: Dataset
    layout: Layout
    positions: dict[int, int] = field(init=False)
    columns: dict[str, str] = field(init=False)
    _parsers: dict[str, CellParser] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.positions = {row: position for position, row in enumerate(self.table.rows)}
        addressed = {f"{self.table.letters.get(n)} ({header})": n for n, header in self.table.headers.items() if header}
        self.columns = addressed | {name: name for name in self.dataset.by_name}

    @property
    def _names(self) -> tuple[str, ...]:
        return self.dataset.follow_by or self.dataset.key

    def cell(self, column: str, position: int) -> Cell:
        cells = self.table.columns.get(column)
        return cells[position] if cells is not None else NOTHING

    def _value(self, column: Column, position: int) -> Parsed:
        if column.name not in self._parsers:
            self._parsers[column.name] = parser_of(column, self.layout)
        return parse_cell(self._parsers[column.name], *self.cell(column.name, position))[0]

    def record(self, position: int) -> tuple[str, ...]:
        """What names the record; all its cells when part of its name is blank or cannot be read."""
        values = [self._value(self.dataset.by_name[name], position) for name in self._names]
        if all(value is not None for value in values):
            return tuple(str(value) for value in values)
        return ("every cell", *(self.cell(name, position)[1] for name in sorted(self.table.columns)))

    def shown(self, position: int) -> str:
        """The record's names as they stand in the file."""
        return ", ".join(f"{name} {self.cell(name, position)[1].strip() or '(blank)'}" for name in self._names)

    def held_until(self, position: int) -> str:
        """The last month whose extract must hold the record: where an end cannot be read, that of its start."""
        covers = self.layout.covers
        start = self._month(self.dataset.start, position)
        if self.dataset.end is None or (covers is not None and covers.selects_by is Selects.STARTED):
            return start
        for name in (self.dataset.end, self.dataset.end_fallback):
            if name is not None and (end := self._month(name, position)):
                return end
            if name is not None and self.cell(name, position)[1].strip():
                return start
        return ALWAYS

    def _month(self, name: str, position: int) -> str:
        value = self._value(self.dataset.by_name[name], position)
        moment = value[0].astimezone(LONDON) if isinstance(value, tuple) else value
        return moment if isinstance(moment, str) else "" if moment is None else f"{moment:%Y-%m}"
