"""A fault: one thing wrong with one cell, row or file, reported to the person who must correct it.

A fault never carries a cell's value, only its shape: values about children stay in the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields

from perfpipe.rules.rule import Defect, Rule, Severity


@dataclass(frozen=True)
class Address:
    """Where a fault is: `row` is the source's own row number, 0 for a whole file; a file without sheets has no name."""

    dataset: str
    file: str
    sheet: str = ""
    row: int = 0
    column: str = ""


@dataclass(frozen=True)
class Fault:
    """Where (file, sheet, row, column), which rule, how serious, what was found and expected, what to do next.

    Made by `fault_of`. `defect`: what is wrong with the row, if that takes it out of figures (`*`: out of all); several
    are separated by blanks.
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
    defect: str = ""
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


def fault_of(rule: Rule, at: Address, found: str, marks: Defect | None = None, /, **fields: object) -> Fault:
    """A fault of a rule; `fields` fill in its templates.

    `marks`: the defect, where the rule itself does not say, as a cell may be needed or not. Raises ValueError for a
    field that the rule does not name, and for one that is missing.
    """
    if fields.keys() != rule.fields:
        raise ValueError(f"rule {rule.id} asks for {sorted(rule.fields)}, and is given {sorted(fields)}")
    defect = marks or rule.defect
    return Fault(
        at.dataset,
        at.file,
        at.sheet,
        at.row,
        at.column,
        rule.id,
        Severity.EXCLUDE if defect else rule.severity,
        found,
        rule.expected.format(rule=rule.id, **fields),
        rule.what_to_do.format(rule=rule.id, **fields),
        defect.id if defect else "",
    )


COMPARED = "; compared with "  # in what was found, before the other record


FAULT_COLUMNS = tuple(field.name for field in fields(Fault))


SHAPES_EXPLAINED = "In what was found, 9 stands for any digit and A for any letter: values are not shown."
_SHAPE = re.compile(r"[A9][A9 /:.,_+#()'-]*, (text|number|date|time|true or false)")


def shows_shapes(faults: Iterable[Fault]) -> bool:
    """Whether what was found is told of any of them by the shape of a cell, which `SHAPES_EXPLAINED` explains."""
    return any(_SHAPE.search(fault.found) for fault in faults)


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
