"""How rules are tested: hand-worked rows that break a rule, and rows that come nearest and do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from perfpipe.datasets import BY_ID
from perfpipe.datasets.definition import Rule
from tests.builders import RECORD, checked, write_csv

Changes = Mapping[str, object]
LATE = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """Records as changes to a faultless one. `breaks` gives faults in `rows` (2 is the first); each of `keeps` none."""

    breaks: list[Changes]
    keeps: list[list[Changes]]
    rows: list[int] = field(default_factory=lambda: [2])
    as_at: datetime = datetime(2017, 7, 31, 22, 59, 59, tzinfo=UTC)


def rows_found(dataset: str, rule: str, records: list[Changes], folder: Path, as_at: datetime) -> list[int]:
    """The source rows that break a rule, as `validate` tells them."""
    path = write_csv(folder / f"{dataset}.csv", [RECORD[dataset] | dict(changes) for changes in records])
    return [fault.row for fault in checked(path, dataset, as_at=as_at).faults if fault.rule == rule]


def assert_case(dataset: str, rule: Rule, case: Case, folder: Path) -> None:
    """The rows that break the rule do, told as the rule says; those that come nearest do not."""
    path = write_csv(folder / f"{dataset}.csv", [RECORD[dataset] | dict(changes) for changes in case.breaks])
    found = checked(path, dataset, as_at=case.as_at)
    faults = [fault for fault in found.faults if fault.rule == rule.id]
    assert [fault.row for fault in faults] == case.rows
    told = {(f.severity, f.expected, f.what_to_do, f.excludes_from) for f in faults}
    assert told == {(rule.severity, rule.expected, rule.what_to_do, " ".join(rule.excludes_from))}
    assert len(found.rows) == len(case.breaks) - (len(case.rows) if "*" in rule.excludes_from else 0)
    for number, records in enumerate(case.keeps):
        assert rows_found(dataset, rule.id, records, folder, case.as_at) == [], f"keeps {number}"


def rules_of(dataset: str) -> tuple[Rule, ...]:
    """The rules of a dataset."""
    return BY_ID[dataset].rules
