"""Rules about numbers typed by hand, against the plan that declares their measures."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from perfpipe.rules.rule import INFO, STOP, WARN, Rule, Scope

_refuses = partial(Rule, scope=Scope.BETWEEN, severity=STOP, may_also_be=())

TYPED_MEASURE_UNKNOWN = _refuses(
    id="typed_measure_unknown",
    meaning="a number typed for a measure that the plan does not declare",
    expected="{declared}",
    what_to_do="Correct the id, or declare the measure in plan.toml. While a sheet names it, it must stay declared.",
)
TYPED_MEASURE_MISSPELT = replace(
    TYPED_MEASURE_UNKNOWN, what_to_do=f"Did you mean {{near}}? {TYPED_MEASURE_UNKNOWN.what_to_do}"
)
TYPED_GROUP_UNKNOWN = _refuses(
    id="typed_group_unknown",
    meaning="a number typed for a group that its measure does not have, or without its group",
    expected="{groups}",
    what_to_do="Correct the cell, or the groups of the measure in plan.toml. The whole is the sum of its groups.",
)
TYPED_MONTH_ENDS_NO_QUARTER = _refuses(
    id="typed_month_ends_no_quarter",
    meaning="a number for a quarterly measure in a month that does not end a quarter",
    expected="the month in which a quarter ends: March, June, September or December",
    what_to_do="Correct the month: {measure} is given once for each quarter.",
)
TYPED_MONTH_IN_FUTURE = _refuses(
    id="typed_month_in_future",
    meaning="a number typed for a month after that of its folder",
    expected="{last}, the month of the folder, or an earlier one",
    what_to_do="Correct the month, or put the sheet in the folder of its month.",
)
TYPED_DENOMINATOR_MISSING = _refuses(
    id="typed_denominator_missing",
    meaning="a percentage without its denominator",
    expected="a whole number of at least 0",
    what_to_do="Enter the denominator: {measure} is a percentage. If there were none, type 0 in both cells.",
)
TYPED_DENOMINATOR_OF_COUNT = _refuses(
    id="typed_denominator_of_count",
    meaning="a count with a denominator",
    expected="a blank cell",
    what_to_do="Clear the cell: {measure} is a count.",
)
TYPED_NUMBER_GONE = Rule(
    id="typed_number_gone",
    scope=Scope.BETWEEN,
    severity=WARN,
    may_also_be=(STOP, INFO),
    meaning="a typed number that the next sheet for its month no longer has",
    expected="every number for the months from the first to the last in the sheet",
    what_to_do="Copy the row into the newest sheet, unless it was removed on purpose. Otherwise its month has "
    "no figure.",
)

TYPED_NUMBER_RULES = (
    TYPED_MEASURE_UNKNOWN, TYPED_GROUP_UNKNOWN, TYPED_MONTH_ENDS_NO_QUARTER, TYPED_MONTH_IN_FUTURE,
    TYPED_DENOMINATOR_MISSING, TYPED_DENOMINATOR_OF_COUNT, TYPED_NUMBER_GONE,
)  # fmt: skip
