"""How rules are tested: hand-worked rows that break a rule, and rows that come nearest and do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from perfpipe.datasets import BY_ID
from perfpipe.datasets.row_check import RowCheck
from perfpipe.read.raw_table import RawTable
from perfpipe.rules.rule import UNUSABLE
from perfpipe.validate.validate import ValidationResult, validate
from tests.builders import AS_AT, RECORD, headers_of, standard

Changes = Mapping[str, object]
LATE = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """Records as changes to a faultless one. `breaks` gives faults in `rows` (2 is the first); each of `keeps` none."""

    breaks: list[Changes]
    keeps: list[list[Changes]]
    rows: list[int] = field(default_factory=lambda: [2])
    as_at: datetime = AS_AT


def judged(dataset: str, records: list[Changes], as_at: datetime, rule: str = "") -> ValidationResult:
    """Validate records, given as changes to a faultless one, as if they had been read from a sheet of text cells.

    `rule`: with the one check alone that finds it, and those before it that take rows out.
    """
    full = [RECORD[dataset] | dict(changes) for changes in records]
    names = headers_of(full)
    cells = {
        name: [("t", str(r[name])) if r.get(name) not in (None, "") else ("-", "") for r in full] for name in names
    }
    needed = tuple(each for each in checks_of(dataset) if each.rule.id == rule or each.rule.defect is UNUSABLE)
    return validate(
        RawTable(
            file="extract.csv",
            sheet="",
            rows=list(range(2, len(full) + 2)),
            columns=cells,
            headers={name: name for name in names},
            letters=dict.fromkeys(names, "A"),
            faults=[],
        ),
        replace(BY_ID[dataset], checks=needed) if rule else BY_ID[dataset],
        standard(dataset),
        as_at,
    )


def rows_found(dataset: str, rule: str, records: list[Changes], as_at: datetime) -> list[int]:
    """The source rows that break a rule, as `validate` tells them."""
    return [fault.row for fault in judged(dataset, records, as_at, rule).faults if fault.rule == rule]


def assert_case(dataset: str, check: RowCheck, case: Case) -> None:
    """The rows that break the rule do, told as the rule says; those that come nearest do not."""
    rule, found = check.rule, judged(dataset, case.breaks, case.as_at)
    faults = [fault for fault in found.faults if fault.rule == rule.id]
    assert [fault.row for fault in faults] == case.rows
    told = {(f.severity, f.expected, f.what_to_do, f.defect) for f in faults}
    assert told == {(rule.severity, rule.expected, rule.what_to_do, rule.defect.id if rule.defect else "")}
    assert len(found.rows) == len(case.breaks) - (len(case.rows) if rule.defect is UNUSABLE else 0)
    for number, records in enumerate(case.keeps):
        assert rows_found(dataset, rule.id, records, case.as_at) == [], f"keeps {number}"


def checks_of(dataset: str) -> tuple[RowCheck, ...]:
    """The checks of a dataset's rows."""
    return BY_ID[dataset].checks
