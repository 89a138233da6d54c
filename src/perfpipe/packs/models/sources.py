"""What a pack is given about the extracts that it is made from, and about their faults."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from perfpipe.dates.months import Month


@dataclass(frozen=True)
class ExtractUse:
    """Of one dataset the extract that speaks for the month of the pack; without `extracted_at` it is missing.

    `months`: the first and the last that the extract speaks for. `last_month`: the last for which any extract of the
    dataset does; `owner`: who sends it and corrects its faults, where the settings name one.
    """

    dataset: str
    extracted_at: datetime | None
    months: tuple[Month, Month] | None
    files: tuple[str, ...]
    rows: int | None
    last_month: Month | None = None
    owner: str = ""


@dataclass(frozen=True)
class FaultCount:
    """How many faults are alike but for their addresses and the shapes of their cells: see `Fault`."""

    dataset: str
    rule: str
    severity: str
    expected: str
    what_to_do: str
    defect: str
    rows: int
