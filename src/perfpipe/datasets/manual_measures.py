"""Measures typed by hand: one row for the numbers of one measure, or of one of its groups, in a month (`docs/plan.md`).

Which measures there are, in what unit, over which period and by which groups stands in `plan.toml`, which can change
after a sheet was read: what the plan asks of the rows is looked at in every run (`typed_sheets.py`).
"""

from __future__ import annotations

from perfpipe.datasets.definition import Column, Dataset, Kind
from perfpipe.datasets.row_check import row_check
from perfpipe.rules.rule import UNUSABLE

MANUAL_CHECKS = (
    row_check(
        "numerator_above_denominator",
        "numerator",
        "at most the denominator",
        "Correct one of the two numbers: a part cannot be more than the whole.",
        lambda rows: rows["numerator"] > rows["denominator"],
        marks=UNUSABLE,
    ),
    row_check(
        "typed_by_nobody",
        "entered_by",
        "who typed the numbers",
        "Enter who can answer questions about the numbers. The row counts as it is.",
        lambda rows: rows["entered_by"].isna(),
    ),
)

MANUAL_MEASURES = Dataset(
    id="manual_measures",
    title="Measures typed by hand",
    one_row_is="the numbers of one measure, or of one group of it, for one month",
    key=("measure_id", "month", "group"),
    start="month",
    end=None,
    goes_back_by="month",
    person=None,
    optional=True,
    refused_whole=True,
    columns=(
        Column("measure_id", Kind.ID, "the id of the manual measure in the plan", True, True, aliases=("measure",)),
        Column("month", Kind.MONTH, "the month; of a quarterly measure the one that ends the quarter", True, True),
        Column("group", Kind.TEXT, "one of the measure's groups; blank if it has none", vital=True),
        Column("numerator", Kind.COUNT, "how many; of a percentage, the part", True, True, aliases=("number",)),
        Column("denominator", Kind.COUNT, "of how many; blank for a count", vital=True),
        Column("source", Kind.TEXT, "where the numbers come from"),
        Column("entered_by", Kind.TEXT, "who typed them"),
    ),
    checks=MANUAL_CHECKS,
)
