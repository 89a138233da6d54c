"""Sheets of numbers typed by hand: one wrong cell refuses the sheet, by the rules of its dataset or by the plan.

A refused sheet is used for no month: it stops a run until it is corrected under the same name, or withdrawn. What the
plan asks of the rows is looked at in every run and saved nowhere, as the plan can change after a sheet was read.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from perfpipe.datasets.manual_measures import MANUAL_MEASURES
from perfpipe.dates.months import Month, month_range
from perfpipe.faults.fault import Fault, fault_of, shape_of
from perfpipe.faults.severity import judged
from perfpipe.ledger.ledger import Ledger
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Period
from perfpipe.phrases.near_names import near_names
from perfpipe.plan import ManualMeasure, Plan
from perfpipe.rules.rule import Rule, Severity
from perfpipe.rules.typed_numbers import (
    TYPED_DENOMINATOR_MISSING,
    TYPED_DENOMINATOR_OF_COUNT,
    TYPED_GROUP_UNKNOWN,
    TYPED_MEASURE_MISSPELT,
    TYPED_MEASURE_UNKNOWN,
    TYPED_MONTH_ENDS_NO_QUARTER,
    TYPED_MONTH_IN_FUTURE,
    TYPED_NUMBER_GONE,
)
from perfpipe.settings.settings import Settings
from perfpipe.validate.months_covered import folder_months
from perfpipe.validate.reading import Reading, rows_of

MAY_BE_LATER = (TYPED_MEASURE_UNKNOWN.id, TYPED_GROUP_UNKNOWN.id)  # than the plan of its time


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a row: the column of the cell, the rule, and what fills in its words."""

    column: str
    rule: Rule
    fields: Mapping[str, str]


def refusals(
    readings: Sequence[Reading], plan: Plan, ledger: Ledger, settings: Settings, earlier: bool = False
) -> dict[str, list[Fault]]:
    """All faults of each sheet that is refused, by the id of its reading. Extracts of other datasets are not looked at.

    `earlier`: the plan is one of its time, which does not know the measures and groups declared since. Numbers typed
    for them are in no figure of it.
    """
    typed = {reading.id: reading for reading in readings if reading.dataset is MANUAL_MEASURES}
    if not typed:
        return {}
    faulty = {fault.reading_id for fault in ledger.faults_to_follow(list(typed))}
    found: dict[str, list[Fault]] = {name: [] for name in typed}
    for name, fault in _against_plan(typed, plan, settings):
        if not (earlier and fault.rule in MAY_BE_LATER):
            found[name] += judged([fault], settings, typed[name].extract_id)
    told = {name: [*(ledger.faults_of([name]) if name in faulty else []), *found[name]] for name in typed}
    return {name: all_of_it for name, all_of_it in told.items() if any(f.severity is Severity.STOP for f in all_of_it)}


def _against_plan(typed: Mapping[str, Reading], plan: Plan, settings: Settings) -> Iterator[tuple[str, Fault]]:
    declared = {measure.id: measure for measure in plan.manual_measures}
    last = {name: folder_months(reading.folder, settings)[1] for name, reading in typed.items()}
    rows = rows_of(list(typed.values()))
    cells = rows[["measure_id", "month", "group", "numerator", "denominator"]].astype(object)
    records = cells.where(cells.notna(), None).to_dict("records")
    for name, number, row in zip(rows["reading_id"], rows["source_row"], records, strict=True):
        measure = declared.get(row["measure_id"])
        wrong = [_not_declared(row["measure_id"], declared)] if measure is None else []
        wrong += _not_as_declared(row, measure) if measure else []
        wrong += [_in_future(last[name])] if Month.parse(row["month"]) > last[name] else []
        yield from ((name, _fault(typed[name], int(number), row[each.column], each)) for each in wrong)


def _not_declared(name: str, declared: dict[str, ManualMeasure]) -> Wrong:
    expected = f"one of {', '.join(declared)}" if declared else "a manual measure of the plan, which declares none"
    near = near_names(name, declared)
    if near:
        return Wrong("measure_id", TYPED_MEASURE_MISSPELT, {"declared": expected, "near": " or ".join(near)})
    return Wrong("measure_id", TYPED_MEASURE_UNKNOWN, {"declared": expected})


def _in_future(last: Month) -> Wrong:
    return Wrong("month", TYPED_MONTH_IN_FUTURE, {"last": str(last)})


def _not_as_declared(row: Mapping[Hashable, object], measure: ManualMeasure) -> Iterator[Wrong]:
    if measure.period is Period.QUARTER and Month.parse(str(row["month"])).number % 3:
        yield Wrong("month", TYPED_MONTH_ENDS_NO_QUARTER, {"measure": measure.id})
    if row["group"] not in (measure.groups or (None,)):
        expected = f"one of {', '.join(measure.groups)}" if measure.groups else "a blank: the measure has no groups"
        yield Wrong("group", TYPED_GROUP_UNKNOWN, {"groups": expected})
    if measure.unit is Unit.PERCENT and row["denominator"] is None:
        yield Wrong("denominator", TYPED_DENOMINATOR_MISSING, {"measure": measure.id})
    if measure.unit is Unit.COUNT and row["denominator"] is not None:
        yield Wrong("denominator", TYPED_DENOMINATOR_OF_COUNT, {"measure": measure.id})


def _fault(reading: Reading, row: int, value: object, wrong: Wrong) -> Fault:
    kind = "-" if value is None else "n" if isinstance(value, int | float) else "t"
    found = str(value) if wrong.column == "month" else shape_of(kind, "" if value is None else str(value))
    return fault_of(wrong.rule, reading.at(row, wrong.column), found, **wrong.fields)


def numbers_gone(used: Sequence[Reading], readings: Sequence[Reading]) -> Iterator[Fault]:
    """The numbers that the newest of the sheets that speak no longer has, though it speaks for their month.

    Each month is compared with the sheet used for it before, however many sheets ago.
    """
    made = sorted({each.id: each for each in used}.values(), key=lambda each: (each.extracted_at, each.extract_id))
    if not made:
        return
    current = made[-1]
    there = current.rows()[list(current.dataset.key)].assign(there=True)
    left = set(month_range(current.first_month, current.last_month))
    earlier = [r for r in readings if r.dataset is current.dataset and r.extracted_at < current.extracted_at]
    for before in sorted(earlier, key=lambda each: (each.extracted_at, each.extract_id), reverse=True):
        its_own = left.intersection(month_range(before.first_month, before.last_month))
        left -= its_own
        rows = before.rows()
        rows = rows[rows["month"].isin([str(month) for month in its_own])]
        both = rows.merge(there, on=list(current.dataset.key), how="left")
        for row in both.loc[both["there"].isna(), "source_row"]:
            yield _gone(before, current, int(row))


def _gone(before: Reading, current: Reading, row: int) -> Fault:
    found = f"typed here and missing from {current.name}, which is used for its month"
    return fault_of(TYPED_NUMBER_GONE, before.at(row, "measure_id"), found)
