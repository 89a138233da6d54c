"""What a pack says of the data behind its figures: extracts, faults and corrections, in counts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FaultLine:
    """One rule that the report month's extracts broke, and how often."""

    dataset: str
    rule: str
    severity: str
    rows: int
    expected: str
    what_to_do: str
    effect: str


@dataclass(frozen=True)
class ClearanceLine:
    """How many faults are open, and what became of those of the extract before: of a rule, or of a month's extracts."""

    dataset: str  # of a rule; of a month, the datasets without an extract sent for it
    name: str  # the rule, or the month as YYYY-MM
    open: int
    new: int
    cleared: int
    unseen: int
    long_open: int
    rows_left_out: int


@dataclass(frozen=True)
class CorrectionLine:
    """Corrections of one column for one reason; no record is named."""

    dataset: str
    column: str
    records: int
    extracts: int
    reason: str
    by: str
    date: str


@dataclass(frozen=True)
class ExtractLine:
    """The extract that speaks for the report month, of one dataset."""

    dataset: str
    state: str
    extracted_at: str
    months: str
    files: str
    rows: int | None
