"""Damaged extracts, class by class: detected or read right, and no wrong figure; and valid ones are let through.

`pytest -m soak tests/mutations -s` prints the table.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from perfpipe import run
from perfpipe.dates.months import month_range
from tests.mutations import cell_damage, table_damage
from tests.mutations.cases import FORMS, MONTH, PARTS, Case, cases, deliver, empty_workspace, true_rows
from tests.mutations.cell_damage import CELL_CLASSES
from tests.mutations.file_damage import FILE_CLASSES
from tests.mutations.harness import Bench, MutationClass, Outcome, judge_class, table_of
from tests.mutations.table_damage import TABLE_CLASSES
from tests.soaks import picked

CLASSES = (*CELL_CLASSES, *TABLE_CLASSES, *FILE_CLASSES)
BEYOND_NOTICE = (*cell_damage.BEYOND_NOTICE, *table_damage.BEYOND_NOTICE)
MUTANTS, LISTED = range(50), range(20)
BAD = ("MISSED", "WRONG")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("mutations"))


@pytest.fixture(scope="module")
def every_case() -> list[Case]:
    return list(cases(2))


def names(mutation: MutationClass) -> str:
    return mutation.name


def told(name: str, outcomes: list[Outcome]) -> str:
    bad = [outcome for outcome in outcomes if outcome.kind in BAD]
    lines = [f"{o.kind}: {o.case}: {o.what}: {o.why} {' '.join(o.rules)}" for o in bad]
    return "\n".join([table_of({name: outcomes}), *lines])


@pytest.mark.parametrize("mutation", CLASSES, ids=names)
@pytest.mark.soak
def test_damage_is_told_or_read_right(mutation: MutationClass, bench: Bench, every_case: list[Case]) -> None:
    outcomes = judge_class(bench, mutation, every_case, picked(mutation.name, MUTANTS, 4))
    print(f"\n{told(mutation.name, outcomes)}")
    assert not [outcome for outcome in outcomes if outcome.kind in BAD], told(mutation.name, outcomes)


@pytest.mark.parametrize("mutation", BEYOND_NOTICE, ids=names)
@pytest.mark.soak
def test_what_cannot_be_noticed_is_listed(mutation: MutationClass, bench: Bench, every_case: list[Case]) -> None:
    """Counted and printed: nothing here can be asserted but that the reason is given and nothing dies."""
    outcomes = judge_class(bench, mutation, every_case, picked(mutation.name, LISTED, 2))
    print(f"\n{table_of({mutation.name: outcomes})}\n    {mutation.cannot_be_noticed}")
    assert mutation.cannot_be_noticed


@pytest.mark.soak
def test_valid_extracts_are_let_through(bench: Bench, tmp_path: Path) -> None:
    """Twelve months of four datasets in every form, from several parts of the authority: at most 1% blocked."""
    blocked, seen = [], 0
    every = [(form, part) for form in FORMS for part in (2, 3)]
    chosen = picked("valid extracts", every, 2)
    for form, part in chosen:
        workspace = empty_workspace(tmp_path / f"{form}{part}", form)
        for month in month_range(MONTH - 11, MONTH):
            for dataset in PARTS:
                deliver(workspace, dataset, form, month, part)
            seen += len(PARTS)
            with run.open_job(workspace, month) as job:
                try:
                    run.sources_of(job, run.receive_files(job))
                except run.StoppingFaults as stopped:
                    blocked += [f"{form} {part} {month}: {fault.file}: {fault.rule}" for fault in stopped.faults]
    print(f"\n{seen} valid extracts, {len(blocked)} blocked", *blocked, sep="\n")
    assert seen >= 200 * len(chosen) / len(every)
    assert len(blocked) <= 0.01 * seen, blocked


@pytest.mark.soak
@pytest.mark.parametrize("part", [0, 1])
def test_valid_extracts_are_read_as_the_records_say(part: int, bench: Bench, every_case: list[Case]) -> None:
    """The rows that mutants are compared with are those of the records, worked out without perfpipe's parsers."""
    of_part = [case for case in every_case if case.records and case.id.endswith(str(part))]
    for case in picked("read as the records say", of_part, 3):
        _, valid = bench.template(case)
        assert valid.rows is not None
        truth = true_rows(case)
        rows = valid.rows.sort_values("source_row").reset_index(drop=True)
        assert len(rows) == len(truth), case.id
        for name in truth:
            read = rows[name].astype("object").where(rows[name].notna(), None).tolist()
            assert read == truth[name].astype("object").where(truth[name].notna(), None).tolist(), (case.id, name)


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.parametrize("mutation", CLASSES[::3], ids=names)
def test_a_few_of_some_classes(mutation: MutationClass, bench: Bench) -> None:
    """A slice of the soak for every day."""
    outcomes = judge_class(bench, mutation, list(cases(1)), range(2))
    assert not [outcome for outcome in outcomes if outcome.kind in BAD], told(mutation.name, outcomes)
