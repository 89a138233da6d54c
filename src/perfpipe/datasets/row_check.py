"""How a rule is looked for in the typed rows of an extract."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from perfpipe.dates.months import local_day
from perfpipe.rules.rule import EXCLUDE, INFO, STOP, WARN, Defect, Rule, Scope, Severity

if TYPE_CHECKING:
    import pandas as pd

Finder = Callable[["pd.DataFrame"], "pd.Series[bool]"]
OtherRow = Callable[["pd.DataFrame", "pd.Series[bool]"], "pd.Series[int]"]


@dataclass(frozen=True)
class RowCheck:
    """A rule, the column that its faults point to, and how the rows that break it are found.

    `finds` takes the typed rows (with `as_at`, the extract's time, and what `Dataset.context` adds) and returns
    True where the rule is broken. Rules are dated, like codes: a row is judged only if its date in `dated_by` (the
    record's start, unless said otherwise; where blank, the day of the extract) lies from `valid_from` to `valid_to`,
    both included. `lacking`: the column without which some figures cannot have the row, where it is blank: of a rule
    that marks a defect its own column, unless said otherwise. With `mistaken`, also where it is filled: what stands
    there cannot be, and the row may belong wherever another value would put it; without a defect it counts as blank.
    `against`: the other columns with which the rule compares its own: where one of these cells is wrong by itself, that
    is told in place of the rule. `after_extract`: it finds such cells, of days after the extract was made.
    `other_row`: the source row of the record that each row which breaks the rule is compared with, blank for none.
    """

    rule: Rule
    column: str
    finds: Finder
    reference: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    dated_by: str = ""
    lacking: str = ""
    mistaken: bool = False
    against: tuple[str, ...] = ()
    after_extract: bool = False
    other_row: OtherRow | None = None

    @property
    def dates(self) -> str:
        """When the rule holds, in words: ` from 2023-04-01`, ` to 2023-03-31`, or nothing."""
        start = f" from {self.valid_from}" if self.valid_from else ""
        return start + (f" to {self.valid_to}" if self.valid_to else "")


def row_check(
    id_: str,
    column: str,
    expected: str,
    what_to_do: str,
    finds: Finder,
    reference: str = "",
    *,
    marks: Defect | None = None,
    severity: Severity = WARN,
    valid_from: date | None = None,
    valid_to: date | None = None,
    dated_by: str = "",
    lacking: str = "",
    mistaken: bool = False,
    against: tuple[str, ...] = (),
    after_extract: bool = False,
    other_row: OtherRow | None = None,
) -> RowCheck:
    """A check of rows with its rule: one that `marks` a defect leaves rows out, another reports them as `severity`."""
    rule = rule_of_rows(id_, Scope.READING, EXCLUDE if marks else severity, expected, what_to_do, marks)
    lacking = lacking or (column if marks else "")
    return RowCheck(
        rule,
        column,
        finds,
        reference,
        valid_from,
        valid_to,
        dated_by,
        lacking,
        mistaken,
        against,
        after_extract,
        other_row,
    )


def day_after_extract(
    id_: str,
    column: str,
    expected: str,
    what_to_do: str,
    reference: str = "",
    *,
    marks: Defect | None = None,
) -> RowCheck:
    """A check of days that had not come when the extract was made."""

    def finds(rows: pd.DataFrame) -> pd.Series[bool]:
        moments = rows[column]
        found: pd.Series[bool] = moments > (rows["as_at"] if moments.dt.tz else local_day(rows["as_at"]))
        return found.fillna(False)

    return row_check(id_, column, expected, what_to_do, finds, reference, marks=marks, after_extract=True)


def rule_of_rows(
    id_: str, scope: Scope, severity: Severity, expected: str, what_to_do: str, marks: Defect | None = None
) -> Rule:
    """A rule about records of datasets. One that leaves rows out belongs to the figures: it cannot be loosened."""
    loosened = (STOP,) if severity is EXCLUDE else tuple(s for s in (STOP, WARN, INFO) if s is not severity)
    return Rule(id_, scope, severity, loosened, f"not {expected}", expected, what_to_do, marks)
