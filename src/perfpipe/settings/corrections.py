"""Corrections declared in `corrections.toml`: one cell of one record that the source has wrong, and what it should be.

The file holds values about children, so no message repeats anything in it but names of keys and columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date as Day
from pathlib import Path

from pydantic import Field, field_validator

from perfpipe.datasets import BY_ID
from perfpipe.dates.months import Month
from perfpipe.toml_files.models import Problem, Strict, load_toml, raise_problems

FILE = "corrections.toml"


class Correction(Strict):
    """In the record of a dataset with this key, the column says `from` and should say `to`.

    It applies to extracts delivered for `since` to `until` (YYYY-MM, both included; without them, to all). `reason`
    and `by` are shown to the board.
    """

    dataset: str
    key: dict[str, str] = Field(min_length=1)
    column: str
    wrong: str = Field(alias="from")
    right: str = Field(alias="to")
    reason: str = Field(min_length=1)
    by: str = Field(min_length=1)
    date: Day
    since: str = "1900-01"
    until: str = "9999-12"

    @field_validator("since", "until")
    @classmethod
    def _month(cls, month: str) -> str:
        try:
            return str(Month.parse(month))
        except ValueError:
            raise ValueError("expected a month, YYYY-MM") from None

    def applies_to(self, folder_month: Month) -> bool:
        """True for an extract whose delivery folder ends with this month."""
        return self.since <= str(folder_month) <= self.until


class _File(Strict):
    corrections: tuple[Correction, ...] = ()


def load_corrections(path: Path) -> tuple[Correction, ...]:
    """The declared corrections in the order of the file; none without a file. Raises SettingsError, without values."""
    if not path.exists():
        return ()
    corrections = load_toml(path, _File, secret=True).corrections
    raise_problems(path, _problems(corrections))
    return corrections


def _problems(corrections: Sequence[Correction]) -> list[Problem]:
    problems: list[Problem] = []
    for number, correction in enumerate(corrections):
        at = ["corrections", str(number)]
        problems += [([*at, key], what) for key, what in _problems_of(correction)]
        if any(_same_cell(correction, other) for other in corrections[:number]):
            what = "corrects the same cell as an earlier entry; keep one, or separate them by `until` and `since`"
            problems.append((at, what))
    return problems


def _problems_of(correction: Correction) -> list[tuple[str, str]]:
    dataset = BY_ID.get(correction.dataset)
    if dataset is None:
        return [("dataset", f"no such dataset; expected one of {', '.join(BY_ID)}")]
    problems = []
    needed, allowed = set(dataset.follow_by or dataset.key), set(dataset.follow_by + dataset.key)
    if not needed <= set(correction.key) <= allowed:
        more = sorted(allowed - needed)
        also = f", and where that is not enough {', '.join(more)}" if more else ""
        problems.append(("key", f"expected the value of {', '.join(dataset.follow_by or dataset.key)}{also}"))
    if correction.column not in dataset.by_name:
        problems.append(("column", f"no such column; expected one of {', '.join(dataset.by_name)}"))
    if correction.wrong.strip() == correction.right.strip():
        problems.append(("to", "is the same as `from`"))
    if correction.since > correction.until:
        problems.append(("until", "is before `since`"))
    words = {word.strip(".,;:()'\"") for word in f"{correction.reason} {correction.by}".casefold().split()}
    if any(value.strip().casefold() in words for value in correction.key.values()):
        problems.append(("reason", "contains the record's key, and the board sees it: say it without the key"))
    return problems


def _same_cell(one: Correction, other: Correction) -> bool:
    alike = (one.dataset, one.column) == (other.dataset, other.column)
    shared = set(one.key) & set(other.key)
    same = all(one.key[name].strip() == other.key[name].strip() for name in shared)
    return alike and same and one.since <= other.until and other.since <= one.until
