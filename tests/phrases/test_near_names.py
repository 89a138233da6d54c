"""Names that are mistyped: what is proposed, and what is not."""

from __future__ import annotations

import pytest

from perfpipe.datasets import BY_ID
from perfpipe.faults.rule_catalogue import RULES
from perfpipe.measures import MEASURES
from perfpipe.phrases.near_names import near_names, no_such

TITLES = {each.id: each.title for each in MEASURES}
CODES = [each.code for each in MEASURES]


@pytest.mark.parametrize(
    ("typed", "proposed"),
    [("rhi_72h", "rhi_within_72h"), ("rhi_witin_72h", "rhi_within_72h"), ("caseload", "average_caseload"),
     ("Children looked after", "children_looked_after"), ("turnover", "turnover_12_months")],
)  # fmt: skip
def test_a_measure_is_proposed_by_its_id_or_its_title(typed: str, proposed: str) -> None:
    assert proposed in near_names(typed, TITLES, TITLES)


@pytest.mark.parametrize(
    ("typed", "known", "proposed"),
    [("RHI-5", CODES, "RHI-05"), ("rhi5", CODES, "RHI-05"), ("PL-1", CODES, "PL-01"), ("SW-6b", CODES, "SW-06b"),
     ("RH1-05", CODES, "RHI-05"), ("pl01", CODES, "PL-01"), ("placement", BY_ID, "placements"),
     ("assesments", BY_ID, "assessments"), ("row_repeatd", RULES, "row_repeated")],
)  # fmt: skip
def test_codes_datasets_and_rules(typed: str, known: list[str], proposed: str) -> None:
    assert near_names(typed, known)[0] == proposed


@pytest.mark.parametrize("typed", ["zebra", "", "?", "xyz"])
def test_what_looks_like_nothing_has_no_proposal(typed: str) -> None:
    assert near_names(typed, TITLES, TITLES) == []


def test_every_name_is_nearest_to_itself_and_few_are_listed() -> None:
    assert [name for name in TITLES if near_names(name, TITLES)[0] != name] == []
    assert no_such("colour", "gren", ["green", "red"]) == (
        "no colour 'gren'; did you mean green? expected one of green, red"
    )
    many = no_such("measure", "zebra", TITLES, "`perfpipe measures` lists them")
    assert many == "no measure 'zebra'; `perfpipe measures` lists them"
    assert no_such("role", "x", []) == "no role 'x'; none is declared"
