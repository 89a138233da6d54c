"""What a newcomer asks for: the datasets in words, an empty workbook to fill in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from perfpipe.datasets import BY_ID, DATASETS
from perfpipe.datasets.cross_checks import CROSS_CHECKS
from perfpipe.datasets.definition import Column, Dataset
from perfpipe.datasets.manual_measures import MANUAL_MEASURES
from perfpipe.measures import MEASURES
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Period
from perfpipe.phrases.counted_nouns import count_of
from perfpipe.phrases.near_names import no_such
from perfpipe.plan import Plan
from perfpipe.rules.rule import UNUSABLE, Defect, Severity
from perfpipe.settings.settings import SettingsError

EFFECT = {
    Severity.STOP: "Stop the run",
    Severity.EXCLUDE: "Leave a row out of figures",
    Severity.WARN: "To be corrected at source; the row counts as it is",
    Severity.INFO: "For information",
}


def dataset_of(name: str) -> Dataset:
    """The dataset of that name. Raises SettingsError."""
    if name not in BY_ID:
        raise SettingsError([no_such("dataset", name, BY_ID, titles={each.id: each.title for each in DATASETS})])
    return BY_ID[name]


def dataset_lines(name: str | None) -> list[str]:
    """Columns, types, codes and rules of one dataset or of all, as plain text."""
    chosen = [dataset_of(name)] if name else list(DATASETS)
    return [line for dataset in chosen for line in _lines(dataset)]


def _lines(dataset: Dataset) -> Iterator[str]:
    yield f"{dataset.id}: {dataset.title}"
    yield f"  One row is {dataset.one_row_is}. One row for each: {', '.join(dataset.key)}."
    yield f"  Standard layout: {dataset.id}.xlsx or {dataset.id}.csv in data/raw/<month>/, headers in the first row."
    yield "  Columns (* must be there, ! must be filled in every row):"
    for column in dataset.columns:
        yield from _column_lines(column)
    for severity in Severity:
        checks = [check for check in dataset.checks if check.rule.severity is severity]
        if checks:
            yield f"  {EFFECT[severity]} ({count_of(len(checks), 'rule')}):"
        for check in checks:
            rule, source = check.rule, f" [{check.reference}{check.dates}]" if check.reference else ""
            yield f"    {rule.id}: {check.column}: expected {rule.expected}.{_left_out(dataset, rule.defect)}{source}"
    compared = [check for check in CROSS_CHECKS if check.of == dataset.id]
    if dataset.refused_whole:
        yield "  Typed by hand: a row that could not be used refuses its whole file, cell by cell."
    if compared:
        yield f"  Compared with another extract; no figure changes ({count_of(len(compared), 'rule')}):"
    for cross in compared:
        yield f"    {cross.rule.id}: {cross.column}: expected {cross.rule.expected}. [{cross.reference}]"
    yield ""


def _left_out(dataset: Dataset, defect: Defect | None) -> str:
    """Which figures are without a row that has a defect."""
    if defect is None:
        return ""
    if defect is UNUSABLE:
        return " Left out of every figure."
    measures = ", ".join(measure.id for measure in MEASURES if measure.leaves_out(dataset.id, defect.id))
    return f" As {defect.id} left out of {measures or 'no figure'}."


def _column_lines(column: Column) -> Iterator[str]:
    marks = ("*" if column.required else "") + ("!" if column.filled else "")
    other = f" (also {', '.join(column.aliases)})" if column.aliases else ""
    yield f"    {column.name + marks:28} {column.kind:8} {column.meaning}{other}"
    if column.codes:
        for code in column.codes.codes:
            dates = f" from {code.valid_from}" if code.valid_from else ""
            dates += f" to {code.valid_to}" if code.valid_to else ""
            yield f"      {code.code:16} {code.label}{dates}"


def write_template(name: str, to: Path | None, plan: Plan | None = None) -> Path:
    """Write an empty workbook with a dataset's headers and a sheet that explains them. Raises SettingsError.

    One for measures typed by hand lists those that a plan declares.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    from perfpipe.stable_workbooks import save_workbook

    dataset = dataset_of(name)
    path = to or Path(f"{dataset.id}.xlsx")
    if path.exists():
        raise SettingsError([f"{path} already exists; name another file with --to"])
    workbook = Workbook()
    table, guide = workbook.active, workbook.create_sheet("Guide")
    assert table is not None
    table.title = "Records"
    for number, column in enumerate(dataset.columns, 1):
        table.cell(1, number, column.name).font = Font(bold=True)
        table.column_dimensions[get_column_letter(number)].width = max(12, len(column.name) + 2)
    guide.append(["Column", "Must be there", "Must be filled", "Holds", "Meaning"])
    for column in dataset.columns:
        must = ["yes" if flag else "no" for flag in (column.required, column.filled)]
        guide.append([column.name, *must, column.expected, column.meaning])
    for letter, width in zip("ABCDE", (28, 14, 14, 60, 60), strict=True):
        guide.column_dimensions[letter].width = width
    if dataset is MANUAL_MEASURES and plan is not None:
        listed = workbook.create_sheet("Measures")
        listed.append(["Id", "Code", "Title", "Typed as", "For each", "Groups", "What is counted"])
        for each in plan.manual_measures:
            typed = "numerator and denominator" if each.unit is Unit.PERCENT else "numerator alone"
            period = "quarter, in its last month" if each.period is Period.QUARTER else "month"
            groups = ", ".join(each.groups) or "none: leave blank"
            listed.append([each.id, each.code, each.title, typed, period, groups, each.definition])
        for letter, width in zip("ABCDEFG", (28, 10, 50, 26, 26, 36, 80), strict=True):
            listed.column_dimensions[letter].width = width
    save_workbook(workbook, path)
    return path
