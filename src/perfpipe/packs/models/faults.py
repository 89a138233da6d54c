"""The content of the analyst's workbook of faults. It holds values about children."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FaultRow:
    """One fault as the workbook lists it. `found` and `record` hold values."""

    owner: str
    severity: str
    dataset: str
    rule: str
    file: str
    sheet: str
    row: int
    column: str
    letter: str
    link: str  # the file, from where the workbook stands; empty: none
    record: str
    found: str
    expected: str
    what_to_do: str
    left_out_of: str
    state: str
    first_seen: str
    months_open: int | None
    identity: str

    @property
    def place(self) -> str:
        """The cell within its sheet, as a link has it; empty where there is none."""
        if not self.sheet or not self.row:
            return ""
        quoted = self.sheet.replace("'", "''")
        return f"'{quoted}'!{self.letter or 'A'}{self.row}"

    @property
    def address(self) -> str:
        """File, sheet and cell as one reads them: `Missing.xlsx, Episodes, H12`."""
        cell = f"{self.letter}{self.row}" if self.letter and self.row else f"row {self.row}" if self.row else ""
        return ", ".join(part for part in (self.file, self.sheet, cell) if part)


@dataclass(frozen=True)
class FaultTotal:
    """The faults of an owner, or of a rule as well."""

    names: tuple[str, ...]
    faults: int
    to_correct: int
    rows_left_out: int
    new: int
    months_open: int  # of the one that has been open longest


@dataclass(frozen=True)
class CorrectedRecords:
    """One declared correction, with its values, and how many extracts it was applied in."""

    dataset: str
    record: str
    column: str
    wrong: str
    right: str
    reason: str
    by: str
    date: str
    extracts: int


@dataclass(frozen=True)
class WordToMap:
    """A word of a coded column, in how many cells it stands, what it is read as now, and the codes that there are.

    `line`: what to write into perfpipe.toml for it; empty for a word that is known.
    """

    dataset: str
    column: str
    word: str
    cells: int
    read_as: str
    codes: str
    line: str


@dataclass(frozen=True)
class FaultsBook:
    """All that the workbook shows. `left_out` has for each measure how many rows it is without.

    `of_owner`: whose part it is; empty for all. A part has no measures, nothing cleared and no corrections.
    `words`: those of the coded columns of extracts in which some word has no code.
    """

    authority: str
    month_label: str
    audience: str
    fingerprint: str
    faults: tuple[FaultRow, ...]
    by_owner: tuple[FaultTotal, ...]
    by_rule: tuple[FaultTotal, ...]
    left_out: tuple[tuple[str, str, int], ...]  # code, title, rows
    cleared: tuple[tuple[str, str, int], ...]  # dataset, rule, faults
    corrections: tuple[CorrectedRecords, ...]
    of_owner: str = ""
    words: tuple[WordToMap, ...] = ()
