"""Which faults are the same from one extract to the next, and what stood in the cells they are about.

Rows move, files are renamed and columns change their letters. A fault is the same fault when dataset, rule, record and
column are the same; the record is known by the columns that name it from one extract to the next, as they read
when typed. As those are about children, the ledger keeps a keyed hash, whose key stands in the store of the
delivered files, beside the values that it hides.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from perfpipe.datasets.definition import Dataset, Selects
from perfpipe.dates.months import LONDON
from perfpipe.faults.fault import Fault
from perfpipe.frames.frame import Frame, FrameColumn
from perfpipe.read.raw_cells import NOTHING, Cell
from perfpipe.read.raw_table import RawTable
from perfpipe.rules.rule import Rule
from perfpipe.settings.layouts import Layout
from perfpipe.settings.workspace import Workspace
from perfpipe.storage.failures import MachineFailure, storing
from perfpipe.storage.files import write_whole
from perfpipe.validate.cell_parsers import Parsed, parse_cell, parser_of

if TYPE_CHECKING:
    import pandas as pd

ALWAYS = "9999-12"  # held by every later extract: the record is open, or the fault is of the whole file
BLANK_CELL = (None, None)
KEY_FILE, KEY_BYTES = "identity.key", 32
RESTORE_KEY = (
    "Restore it from the last backup. Where there is none, move it away: a run makes a new one, and the history of "
    "faults starts again."
)
LETTERS = 16  # of an identity, in hexadecimal


def identity_key(workspace: Workspace) -> bytes:
    """The workspace's own key for hashes of records; made when it is first needed."""
    path = workspace.store / KEY_FILE
    if not path.exists():
        write_whole(path, secrets.token_bytes(KEY_BYTES))
    with storing(path, "read"):
        key = path.read_bytes()
    if len(key) != KEY_BYTES:
        found = f"it is damaged: {len(key)} bytes, {KEY_BYTES} expected"
        raise MachineFailure(f"{path} could not be used: {found}. {RESTORE_KEY} Then run the command again.")
    return key


def keyed_hash(key: bytes, *parts: str) -> str:
    """A short hash of some texts that cannot be guessed without the key."""
    return hmac.digest(key, json.dumps(parts).encode(), "sha256").hex()[:LETTERS]


FAULT_VALUES = Frame(
    "values of faults",
    (
        FrameColumn("identity", "str", "of the fault"),
        FrameColumn("record", "str", "the record's own names; empty for a fault of no row"),
        FrameColumn("found", "str", "the text of the cell"),
    ),
    key=("identity",),
)


@dataclass(frozen=True)
class FaultIdentities:
    """Faults with their identities, and for each the record's own names and the text of the cell: values."""

    faults: list[Fault]
    records: list[str]
    found: list[str]

    def frame(self) -> pd.DataFrame:
        """`FAULT_VALUES`, which are about children."""
        import pandas as pd

        columns = {"identity": [fault.identity for fault in self.faults], "record": self.records, "found": self.found}
        return FAULT_VALUES.checked(pd.DataFrame(columns, dtype="str"))


def identified(
    faults: Sequence[Fault], table: RawTable, dataset: Dataset, layout: Layout, key: bytes
) -> FaultIdentities:
    """The faults of one extract with `identity` and `held_until`, unique within it."""
    records = _Records(table, dataset, layout)
    seen: Counter[tuple[str, ...]] = Counter()
    made = FaultIdentities([], [], [])
    for fault in faults:
        position = records.positions.get(fault.row)
        column = records.columns.get(fault.column, fault.column)
        name: tuple[str, ...] = (dataset.id, fault.rule, column)
        if position is None:
            name, held_until, shown, found = (*name, fault.sheet), ALWAYS, "", ""
        else:
            name, held_until = (*name, "", *records.record(position)), records.held_until(position)
            shown, found = records.shown(position), records.cell(column, position)[1]
        seen[name] += 1
        identity = keyed_hash(key, *name, str(seen[name]))
        made.faults.append(replace(fault, identity=identity, held_until=held_until))
        made.records.append(shown)
        made.found.append(found)
    return made


class _Records:
    """The records of one table: what names them, and until when an extract must hold them. A cell is parsed once."""

    def __init__(self, table: RawTable, dataset: Dataset, layout: Layout) -> None:
        self.positions = {row: position for position, row in enumerate(table.rows)}
        addressed = {f"{table.letters.get(n)} ({header})": n for n, header in table.headers.items() if header}
        self.columns = addressed | {name: name for name in dataset.by_name}
        self._cells = table.columns
        self._names = dataset.follow_by or dataset.key
        self._start = dataset.start
        started = layout.covers is not None and layout.covers.selects_by is Selects.STARTED
        ends = [name for name in (dataset.end, dataset.end_fallback) if name is not None]
        self._ends = [] if started else ends
        self._parsers = {name: parser_of(column, layout) for name, column in dataset.by_name.items()}
        self._parsed: dict[tuple[str, Cell], tuple[Parsed, Rule | None]] = {}
        self._months: dict[tuple[str, Cell], str] = {}

    def cell(self, column: str, position: int) -> Cell:
        cells = self._cells.get(column)
        return cells[position] if cells is not None else NOTHING

    def _read(self, name: str, cell: Cell) -> tuple[Parsed, Rule | None]:
        """A cell's value, None when it is blank or cannot be read; and then the rule that it breaks."""
        if (name, cell) not in self._parsed:
            self._parsed[name, cell] = parse_cell(self._parsers[name], *cell)
        return self._parsed[name, cell]

    def record(self, position: int) -> tuple[str, ...]:
        """What names the record; all its cells when part of its name is blank or cannot be read."""
        values = [self._read(name, self.cell(name, position))[0] for name in self._names]
        if None not in values:
            return tuple(map(str, values))
        return ("every cell", *(self.cell(name, position)[1] for name in sorted(self._cells)))

    def shown(self, position: int) -> str:
        """The record's names as they are in the file."""
        return ", ".join([f"{name} {self.cell(name, position)[1].strip() or '(blank)'}" for name in self._names])

    def held_until(self, position: int) -> str:
        """The last month whose extract must hold the record: where an end cannot be read, that of its start."""
        start = self._month(self._start, self.cell(self._start, position))
        for name in self._ends:
            cell = self.cell(name, position)
            if self._read(name, cell) != BLANK_CELL:
                return self._month(name, cell) or start
        return ALWAYS if self._ends else start

    def _month(self, name: str, cell: Cell) -> str:
        """The month of a cell, YYYY-MM; empty when it is blank or cannot be read."""
        if (name, cell) not in self._months:
            value, _ = self._read(name, cell)
            moment = value[0].astimezone(LONDON) if isinstance(value, tuple) else value
            self._months[name, cell] = moment if isinstance(moment, str) else f"{moment:%Y-%m}" if moment else ""
        return self._months[name, cell]
