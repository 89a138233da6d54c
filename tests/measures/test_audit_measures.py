"""Audit measures by hand: definitions 6.2."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfpipe.measures.audits import MEASURES
from tests.measure_rows import assert_shares_of_the_rows
from tests.workspaces import counts, deliver, figures_of, figures_of_extract, new_workspace

Row = Mapping[str, str]
NOTHING = dict.fromkeys(
    ("chronology_grade", "risk_grade", "plan_grade", "assessment_grade", "risk_statement", "moderated",
     "moderated_grade", "previous_audit_id", "previous_grade"), ""
)  # fmt: skip


def audit(name: str, audited: str, overall: str, **values: str) -> Row:
    row = {"audit_id": name, "child_id": f"C{name}", "audited_on": audited, "overall_grade": overall} | NOTHING
    assert set(values) <= set(row)
    return row | values


ROWS = [
    audit("OLD", "01/06/2015", "inadequate"),
    # the last day of March and the first of April
    audit("A", "31/03/2018", "good", chronology_grade="outstanding", risk_grade="good", risk_statement="Y"),
    audit("B", "01/04/2018", "outstanding", chronology_grade="good"),
    audit("C", "02/03/2018", "RI", chronology_grade="RI", plan_grade="2", assessment_grade="4", risk_statement="N"),
    audit("D", "02/03/2018", "inadequate", plan_grade="inadequate", assessment_grade="good", risk_statement="NA"),
    # moderated: down from good, and up to good
    audit("E", "05/03/2018", "good", moderated="Y", moderated_grade="RI", chronology_grade="adequate"),
    audit("F", "06/03/2018", "RI", moderated="Y", moderated_grade="good", risk_grade="inadequate"),
    audit("G", "07/03/2018", "", chronology_grade="good", moderated="N"),  # without a grade: not in R1-02
    # re-audits
    audit("H", "10/01/2018", "good", previous_audit_id="OLD"),  # better than inadequate
    audit("I", "10/02/2018", "outstanding", previous_audit_id="H", moderated="Y", moderated_grade="good"),  # the same
    audit("J", "11/02/2018", "RI", previous_audit_id="X", previous_grade="good"),  # worse; the source says than what
    audit("K", "12/02/2018", "good", previous_audit_id="X"),  # than what, nobody says: left out
    audit(
        "L", "13/02/2018", "good", previous_audit_id="E"
    ),  # better than the moderated RI, not than the auditor's good
    audit("M", "14/02/2018", "", previous_audit_id="H"),
]


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    return figures_of_extract(tmp_path_factory.mktemp("audits"), "audits", ROWS)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "month", "period", "expected"),
    [
        ("R1-02", "2018-03", "month", (2, 5)), ("R1-02", "2018-04", "month", (1, 1)),
        ("R1-02", "2018-03", "quarter", (6, 10)), ("R1-02", "2018-04", "year_to_date", (1, 1)),
        ("R1-02", "2018-04", "rolling_12", (7, 11)), ("R1-02", "2017-12", "month", (0, 0)),
        ("R1-02m", "2018-03", "month", (2, 6)),
        ("R1-03", "2018-01", "month", (1, 1)), ("R1-03", "2018-02", "month", (1, 3)),
        ("R1-03", "2018-06", "rolling_12", (2, 4)),
        ("R3-02", "2018-03", "month", (1, 2)), ("R3-02g", "2018-03", "month", (1, 2)),
        ("R4-03", "2018-03", "month", (2, 4)), ("R4-03", "2018-06", "rolling_12", (3, 5)),
        ("R5-03", "2018-03", "month", (1, 2)), ("R5-03p", "2018-03", "month", (1, 2)),
    ],
)  # fmt: skip
def test_by_hand(figures: pd.DataFrame, code: str, month: str, period: str, expected: tuple[int, int]) -> None:
    assert counts(figures, code, month, period=period) == expected


def test_the_words_of_the_audit_grade_are_what_it_counts(tmp_path: Path) -> None:
    """Of six audits in March five have a grade; A is audited twice, and moderation takes B down and C up: 3 of 5."""
    (measure,) = (each for each in MEASURES if each.id == "audits_good")
    assert "with an overall grade, those graded good or outstanding" in measure.definition
    assert "a moderated grade takes the place of the auditor's" in measure.definition
    assert "a case audited twice in the period counts twice" in measure.definition
    rows = [
        audit("A1", "01/03/2018", "good", child_id="A"),
        audit("A2", "31/03/2018", "outstanding", child_id="A", previous_audit_id="A1"),
        audit("B", "05/03/2018", "good", moderated="Y", moderated_grade="RI"),
        audit("C", "05/03/2018", "inadequate", moderated="Y", moderated_grade="good"),
        audit("D", "05/03/2018", "RI"),
        audit("E", "05/03/2018", ""),
    ]
    workspace = new_workspace(tmp_path)
    deliver(workspace, "2018-03", "audits", rows)
    assert counts(figures_of(workspace, "2018-03", codes=["R1-02"]), "R1-02", "2018-03", period="month") == (3, 5)


def test_the_share_of_plans_with_a_risk_statement_is_of_those_that_have_one(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    answers = ("Y", "Y", "N", "NA", "")
    rows = [audit(f"A{n}", "05/03/2018", "good", risk_statement=answer) for n, answer in enumerate(answers)]
    deliver(workspace, "2018-03", "audits", rows)
    assert counts(figures_of(workspace, "2018-03", codes=["R3-02"]), "R3-02", "2018-03", period="month") == (2, 3)


@pytest.mark.parametrize(
    ("before", "now", "better"),
    [
        ("inadequate", "requires_improvement", True),
        ("inadequate", "adequate", True),
        ("requires_improvement", "adequate", False),  # one grade by two names
        ("adequate", "requires_improvement", False),
        ("adequate", "good", True),
        ("requires_improvement", "good", True),
        ("good", "outstanding", True),
        ("good", "good", False),
        ("good", "inadequate", False),
    ],
)
def test_a_better_grade_than_before(before: str, now: str, better: bool) -> None:
    (measure,) = (each for each in MEASURES if each.id == "reaudits_improved")
    assert measure.counts.numerator(pd.DataFrame({"grade_before": [before], "final_grade": [now]})).tolist() == [better]


def test_an_audit_without_themes_in_the_extract_says_nothing_about_them(figures: pd.DataFrame) -> None:
    plans = figures[(figures["code"] == "R5-03p") & (figures["month"] == "2018-04") & (figures["period"] == "month")]
    assert plans["state"].tolist() == ["not_applicable"]


def test_the_grade_before_is_that_of_the_same_extract(tmp_path: Path) -> None:
    """January's extract, which speaks for December, still has E inadequate; February's has it moderated."""
    workspace = new_workspace(tmp_path)
    first = audit("Z", "05/12/2017", "good")
    deliver(workspace, "2018-01", "audits", [first, audit("E", "10/01/2018", "inadequate")])
    moderated = audit("E", "10/01/2018", "inadequate", moderated="Y", moderated_grade="outstanding")
    again = audit("L", "12/02/2018", "good", previous_audit_id="E")
    deliver(workspace, "2018-02", "audits", [moderated, again])
    assert counts(figures_of(workspace, "2018-02", codes=["R1-03"]), "R1-03", "2018-02", period="month") == (0, 1)


GRADES = st.sampled_from(["outstanding", "good", "requires_improvement", "adequate", "inadequate", None])
RECORD = st.fixed_dictionaries(
    {
        "audited_on": st.dates(date(2018, 3, 1), date(2018, 3, 31)),
        "overall_grade": GRADES, "moderated_grade": GRADES, "previous_grade": GRADES, "chronology_grade": GRADES,
        "risk_grade": GRADES, "plan_grade": GRADES, "assessment_grade": GRADES,
        "risk_statement": st.sampled_from(["Y", "N", "NA", None]), "moderated": st.sampled_from(["Y", "N", None]),
        "previous_audit_id": st.sampled_from(["Q0", "Q1", "Q2", None]),
    }
)  # fmt: skip
NUMBERED = st.lists(RECORD, max_size=6).map(
    lambda records: [record | {"audit_id": f"Q{number}"} for number, record in enumerate(records)]
)
RECORDS = NUMBERED.flatmap(lambda records: st.tuples(st.just(records), st.permutations(records)))


@pytest.mark.soak
@pytest.mark.slow
@given(both=RECORDS)
def test_shares_lie_in_0_to_1_and_no_order_changes_them(both: tuple[list[Row], list[Row]]) -> None:
    assert_shares_of_the_rows(MEASURES, *both)
