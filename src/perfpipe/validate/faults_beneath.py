"""What is wrong with the rows of an extract that something else keeps out: whoever mends that mends these, too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from perfpipe.datasets.definition import Column, Dataset
from perfpipe.datasets.row_check import RowCheck
from perfpipe.faults.fault import Fault
from perfpipe.read.raw_table import RawTable
from perfpipe.rules.rule import Severity
from perfpipe.settings.layouts import Layout
from perfpipe.validate.validate import validate

if TYPE_CHECKING:
    import pandas as pd


def faults_beneath(tables: Sequence[RawTable], dataset: Dataset, layout: Layout, as_at: datetime) -> Iterator[Fault]:
    """Faults of the cells and records of tables that are not used, as far as the columns that can be read tell.

    A column that is missing or there twice, or that a fault stops as a whole, is not looked at, nor is any rule made
    that reads it. What is wrong with a table itself is told only of an unused one: its reader knows it of the others.
    """
    for table in tables:
        read = table.unused or table
        if not read.columns:
            continue
        stopped = {fault.column for fault in read.faults if fault.severity is Severity.STOP and fault.column}
        unsure = read.unsure | {name for name in read.columns if read.address_of(name) in stopped}
        yield from read.faults if table.unused else ()
        yield from _without(read, dataset, layout, as_at, unsure)


def _without(
    table: RawTable, dataset: Dataset, layout: Layout, as_at: datetime, unsure: frozenset[str]
) -> Iterator[Fault]:
    known = without_columns(dataset, unsure)
    columns = {name: cells for name, cells in table.columns.items() if name not in unsure}
    yield from validate(replace(table, columns=columns, faults=[]), known, layout, as_at).faults


def without_columns(dataset: Dataset, unsure: frozenset[str]) -> Dataset:
    """The dataset as far as a table without some of its columns tells: without these, and the rules that read them."""
    if not unsure:
        return dataset
    columns = tuple(_by_itself(column) for column in dataset.columns if column.name not in unsure)
    known = replace(
        dataset,
        columns=columns,
        key=dataset.key if unsure.isdisjoint(dataset.key) else ("source_row",),  # no record is another's double
        in_order=tuple(pair for pair in dataset.in_order if unsure.isdisjoint(pair)),
        checks=(),
        context=None,
    )
    if dataset.context and _can_be_made(dataset.context, known.empty()):
        known = replace(known, context=dataset.context)
    seen = known.as_rules_see(known.empty())
    return replace(known, checks=tuple(check for check in dataset.checks if _can_be_checked(check, dataset, seen)))


def _by_itself(column: Column) -> Column:
    """A column that asks no other one what its cells mean."""
    return replace(column, precision_from=None, decides=None)


def _can_be_checked(check: RowCheck, dataset: Dataset, rows: pd.DataFrame) -> bool:
    dated = check.valid_from is not None or check.valid_to is not None
    named = [check.column, check.lacking, (check.dated_by or dataset.start) if dated else ""]
    return set(filter(None, named)) <= set(rows.columns) and _can_be_made(check.finds, rows)


def _can_be_made(asks: Callable[[pd.DataFrame], object], rows: pd.DataFrame) -> bool:
    """Whether all that it asks rows for is there."""
    try:
        asks(rows)
    except KeyError:
        return False
    return True
