"""A fault: one thing wrong with one cell, row or file, told to the person who must mend it.

A fault never carries a cell's value, only its shape: values about children stay in the source.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

from perfpipe.datasets.definition import Severity

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Fault:
    """Where (file, sheet, row, column), which rule, how grave, what was found and expected, what to do next.

    `row` is the source's own row number, 0 for a whole file; `excludes_from` names measures, `*` is all.
    `identity` names the same fault of the same record in every extract (a keyed hash, `fault_identity.py`), and
    `held_until` the last month (YYYY-MM) of which an extract must hold the record: empty when that is not known.
    """

    dataset: str
    file: str
    sheet: str
    row: int
    column: str
    rule: str
    severity: Severity
    found: str
    expected: str
    what_to_do: str
    excludes_from: str = ""
    identity: str = ""
    held_until: str = ""

    @property
    def address(self) -> str:
        """Where it is, as one reads it: `Missing.xlsx, sheet Episodes, row 12, column H (Returned)`."""
        parts = [self.file or self.dataset]
        parts += [f"sheet {self.sheet}"] if self.sheet else []
        parts += [f"row {self.row}"] if self.row else []
        parts += [f"column {self.column}"] if self.column else []
        return ", ".join(parts)


FAULT_COLUMNS = tuple(field.name for field in fields(Fault))


def shape_of(kind: str, text: str) -> str:
    """The shape of a cell for messages: digits as 9, letters as A, and the kind of cell: `99/99/9999, text`."""
    names = {"t": "text", "n": "number", "d": "date", "D": "date and time", "T": "time", "b": "true or false"}
    if kind == "-":
        return "blank"
    if kind == "e":
        return "an Excel error such as #REF! or #N/A"
    if kind == "f":
        return "a formula without a value"
    shape = re.sub(r"[^A9 /:.,_+#()'-]", "A", re.sub(r"\d", "9", text))  # any other letter or sign
    return f"{shape[:19]}{'...' if len(shape) > 19 else ''}, {names[kind]}"


def fault_frame(faults: list[Fault]) -> pd.DataFrame:
    """Faults as a frame, one row each, with the columns of `Fault`."""
    import pandas as pd

    frame = pd.DataFrame([asdict(fault) for fault in faults], columns=list(FAULT_COLUMNS))
    return frame.astype({name: "int64" if name == "row" else "str" for name in FAULT_COLUMNS})
