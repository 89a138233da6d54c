"""What `perfpipe explain` says of a figure: as packs print it, then what it is made of."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from perfpipe.cli.explain_text import lines_of
from perfpipe.dates.months import Month
from perfpipe.measures import BY_ID
from perfpipe.questions.explain_figure import Explanation

NONE = math.nan


def line_of(measure_id: str, unit: str, value: float, numerator: float, denominator: float, **said: object) -> str:
    """The line of the whole of a figure."""
    measure = BY_ID[measure_id]
    row = {
        "breakdown": "all", "group": "all", "numerator": numerator, "denominator": denominator, "value": value,
        "unit": unit, "state": "ok", "state_reason": "", "target": None, "status": "no_target", "provisional": False,
        "left_out": 0, "left_out_of": 0, "left_out_why": "",
    } | said  # fmt: skip
    told = lines_of(Explanation(measure, Month(2018, 3), measure.periods[0], pd.DataFrame([row]), ()))
    (line,) = [each for each in told if each.startswith("All ")]
    return line.removeprefix("All ").strip()


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ({"target": "0.60", "status": "missed"}, "23% (18 of 80; unrounded 0.225000), target at least 60%: missed"),
        ({"target": "0.225", "status": "met"}, "22.5% (18 of 80; unrounded 0.225000), target at least 22.5%: met"),
        ({}, "23% (18 of 80; unrounded 0.225000)"),
        ({"provisional": True, "left_out": 2, "left_out_of": 82, "left_out_why": "interview time unreadable"},
         "23% (18 of 80; unrounded 0.225000) provisional; 2 of 82 records left out: interview time unreadable"),
        ({"state": "not_available", "state_reason": "extract missing"}, "not available: extract missing"),
    ],
)  # fmt: skip
def test_a_share_is_said_as_packs_print_it_then_unrounded(said: dict[str, object], line: str) -> None:
    assert line_of("rhi_within_72h", "percent", 0.225, 18, 80, **said) == line


def test_other_units_are_said_with_what_they_are_of() -> None:
    assert line_of("children_looked_after", "count", 1204, 1204, NONE) == "1,204"
    assert line_of("average_caseload", "cases", 97 / 4.6, 97, 4.6) == "21.1 cases (97 for 4.6 FTE; unrounded 21.086957)"
    assert line_of("average_caseload", "hours", 45.25, NONE, 31) == "45.3 hours (of 31; unrounded 45.250000)"
    assert line_of("children_looked_after", "count", 24, 24, NONE, target="20..30", status="met") == (
        "24, target 20 to 30: met"
    )
