"""Placement measures: the snapshot and the groups of definitions 4.5 and 4.4, by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfpipe.datasets.placements import PLACEMENTS
from perfpipe.measures.placement_distance import far_and_outside
from perfpipe.measures.placement_groups import children, in_supported, run_by_authority
from tests.care import Row, stay, value
from tests.care import figures as care_figures
from tests.measure_rows import typed as typed_rows
from tests.workspaces import counts, deliver, figures_of, new_workspace, one, placement

M = "2017-03"


def snapshot(root: Path, *rows, month: str = M):
    workspace = new_workspace(root)
    deliver(workspace, month, "placements", rows)
    return figures_of(workspace, month)


@pytest.mark.parametrize(
    ("miles", "location", "unaccompanied", "far"),
    [
        (20.0, "OUT", None, False),
        (20.04, "OUT", "N", False),
        (20.1, "OUT", None, True),
        (35.0, "OUT", "N", True),
        (35.0, "IN", None, False),
        (35.0, None, None, False),
        (35.0, "OUT", "Y", False),
        (999.9, "OUT", None, False),
        (None, "OUT", None, False),
    ],
)
def test_far_from_home(miles: float | None, location: str | None, unaccompanied: str | None, far: bool) -> None:
    texts = {
        "settled_location": pd.Series([location], dtype="str"),
        "unaccompanied": pd.Series([unaccompanied], dtype="str"),
    }
    rows = pd.DataFrame({"settled_distance_miles": pd.Series([miles], dtype="float64"), **texts})
    assert far_and_outside(rows).tolist() == [far]


@pytest.mark.parametrize(
    ("code", "month", "there"),
    [
        ("P2", "2017-03", True),
        ("H5", "2017-03", True),
        ("P2", "2030-03", False),
        ("H5", "2030-03", True),
        ("U6", "2017-03", False),
    ],
)
def test_independent_living_is_supported_while_it_was_on_the_list(code: str, month: str, there: bool) -> None:
    assert in_supported(pd.DataFrame({"settled_placement_code": [code], "month": [month]})).tolist() == [there]


def test_what_children_are_split_by() -> None:
    records = [
        {"child_id": f"C{n}", "started_on": date(2016, 5, 1), "placement_code": "U6", "provider_code": provider,
         "location": location, "unaccompanied": flag}
        for n, (provider, location, flag) in enumerate([("PR1", "IN", "Y"), ("PR4", "OUT", "N"), (None, None, None)])
    ]  # fmt: skip
    rows = typed_rows(PLACEMENTS, records)
    found = children(rows).set_index("child_id")[["area", "run_by", "is_unaccompanied"]].sort_index()
    assert found.astype(object).where(found.notna(), None).values.tolist() == [
        ["in", "own", "yes"], ["out", "external", "no"], [None, None, None],
    ]  # fmt: skip
    assert run_by_authority(rows).tolist() == [True, False, False]


@pytest.mark.slow
def test_in_care_at_the_end_of_the_last_day(tmp_path: Path) -> None:
    figures = snapshot(
        tmp_path,
        placement("open", "01/05/2015"),
        placement("starts on the day", "31/03/2017"),
        placement("starts the day after", "01/04/2017"),
        placement("ceases on the day", "01/05/2015", "31/03/2017"),
        placement("ceases the day after", "01/05/2015", "01/04/2017"),
    )
    assert one(figures, "PL-01", M)["value"] == 3


@pytest.mark.slow
def test_a_handover_on_the_day_picks_the_new_episode(tmp_path: Path) -> None:
    figures = snapshot(tmp_path, placement("C", "01/05/2015", "31/03/2017"), placement("C", "31/03/2017", PLACE="K2"))
    assert counts(figures, "PL-05", M) == (1, 1)


@pytest.mark.slow
@pytest.mark.parametrize(("legal_status", "counted"), [("V3", 0), ("V4", 0), ("V2", 1), ("C1", 1), ("", 1)])
def test_series_of_short_breaks_are_left_out(tmp_path: Path, legal_status: str, counted: int) -> None:
    figures = snapshot(tmp_path, placement("A", "01/05/2015"), placement("B", "01/05/2016", LS=legal_status))
    assert one(figures, "PL-01", M)["value"] == 1 + counted


@pytest.mark.slow
def test_overlapping_open_episodes_count_once_in_the_later(tmp_path: Path) -> None:
    figures = snapshot(tmp_path, placement("C", "01/06/2016", PLACE="K2"), placement("C", "01/05/2015"))
    assert counts(figures, "PL-05", M) == (1, 1)
    assert counts(figures, "PL-02", M) == (0, 1)


@pytest.mark.slow
def test_a_temporary_placement_counts_as_the_one_it_interrupts(tmp_path: Path) -> None:
    figures = snapshot(
        tmp_path,
        placement("C", "01/05/2015", "20/03/2017", PLACE="K2", PLACE_PROVIDER="PR4"),
        placement("C", "20/03/2017", "25/03/2017", PLACE="T4", PLACE_PROVIDER=""),
        placement("C", "25/03/2017", PLACE="T3", PLACE_PROVIDER=""),
        placement("D", "25/03/2017", PLACE="T3", PLACE_PROVIDER=""),
        placement("E", "01/05/2015", "01/06/2015", PLACE="K2"),
        placement("E", "25/03/2017", PLACE="T3", PLACE_PROVIDER=""),
    )
    assert counts(figures, "PL-05", M) == (1, 3)
    assert one(figures, "PL-01g", M, "temporary")["value"] == 2  # none before it in the same period of care


GROUPS = {
    "foster_connected": [("U1", "PR1"), ("U2", "PR4"), ("U3", "")],
    "foster_inhouse": [("U4", "PR1"), ("U6", "PR1")],
    "foster_ifa": [("U4", "PR4"), ("U5", "PR5")],
    "foster_other_la": [("U6", "PR2")],
    "foster_unknown": [("U6", ""), ("U5", "PR3")],
    "childrens_home": [("K1", "PR1"), ("K2", "PR4")],
    "residential_other": [("R1", "PR4"), ("R2", "PR3"), ("R3", "PR4"), ("R5", "PR3"), ("S1", "PR4")],
    "supported_semi_independent": [("H5", "PR4"), ("P2", "PR5"), ("K3", "PR4")],
    "with_parents": [("P1", "PR0")],
    "adoption": [("A3", "PR1"), ("A4", "PR1"), ("A5", "PR1"), ("A6", "PR1")],
    "other": [("P3", "PR4"), ("Z1", "")],
    "not_known": [("", "PR1"), ("Q9", "PR1")],
}  # fmt: skip


@pytest.mark.slow
def test_every_code_has_its_group_and_groups_add_up(tmp_path: Path) -> None:
    pairs = [pair for group in GROUPS.values() for pair in group]
    figures = snapshot(
        tmp_path, *(placement(f"C{n}", "01/05/2016", PLACE=p, PLACE_PROVIDER=r) for n, (p, r) in enumerate(pairs))
    )
    found = {group: one(figures, "PL-01g", M, group)["value"] for group in GROUPS}
    assert found == {group: len(pairs) for group, pairs in GROUPS.items()}
    assert one(figures, "PL-01g", M)["value"] == len(pairs)
    readable = len(pairs) - 1  # Q9 is on no list, and could be any
    assert counts(figures, "PL-02", M) == (10, readable)
    assert counts(figures, "PL-06", M) == (3, readable)


@pytest.mark.slow
def test_independent_living_is_supported_until_it_left_the_list(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    rows = [placement("A", "01/05/2022", PLACE="P2"), placement("B", "01/05/2022", "20/08/2023")]
    deliver(workspace, "2023-10", "placements", rows)
    figures = figures_of(workspace, "2023-10")
    assert [counts(figures, "PL-06", m)[0] for m in ("2023-09", "2023-10")] == [1, 0]
    assert one(figures, "PL-01g", "2023-10", "other")["value"] == 1


@pytest.mark.slow
def test_a_month_before_the_first_end_is_not_available_as_only_survivors_are_there(tmp_path: Path) -> None:
    figures = snapshot(tmp_path, placement("A", "01/05/2010"), placement("B", "01/05/2010", "15/02/2017"))
    assert [one(figures, "PL-01", m)["state"] for m in ("2017-01", "2017-02", M)] == ["not_available", "ok", "ok"]


@pytest.mark.soak
@pytest.mark.slow
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(range(6)))
def test_the_order_of_rows_does_not_matter(tmp_path_factory: pytest.TempPathFactory, order: list[int]) -> None:
    rows = [
        placement("A", "01/05/2016"),
        placement("B", "01/05/2016", PLACE="K2"),
        placement("A", "01/05/2016", PLACE="K2"),
        placement("C", "01/05/2016", "01/03/2017"),
        placement("C", "01/03/2017", PLACE="T1"),
        placement("D", "01/05/2016", PLACE="H5"),
    ]
    figures = snapshot(tmp_path_factory.mktemp("order"), *(rows[n] for n in order))
    shares = [counts(figures, code, M) for code in ("PL-02", "PL-05", "PL-06")]
    assert shares == [(2, 4), (1, 4), (1, 4)]  # A's two episodes start together: the later code of the two is taken


# --- Shares and numbers by kind of placement (definitions 4.9) ---


@pytest.mark.slow
def test_own_carers_are_published_twice(tmp_path: Path) -> None:
    kinds = {("U6", "PR1"): 3, ("U4", "PR4"): 2, ("U5", "PR2"): 1, ("U6", ""): 1, ("U1", "PR1"): 2, ("U3", "PR4"): 1,
             ("K2", "PR1"): 4}  # fmt: skip
    pairs = [pair for pair, many in kinds.items() for _ in range(many)]
    figures = snapshot(
        tmp_path, *(placement(f"C{n}", "01/05/2016", PLACE=p, PLACE_PROVIDER=r) for n, (p, r) in enumerate(pairs))
    )
    assert counts(figures, "PL-03", M) == (3, 7)  # own among own, agency and other carers
    assert counts(figures, "PL-03c", M) == (6, 10)  # own and connected among all fostered
    assert counts(figures, "PL-04", M) == (3, 14)
    assert counts(figures, "PL-05", M) == (4, 14)


@pytest.mark.slow
def test_childrens_homes_and_supported_accommodation_are_numbers_too(tmp_path: Path) -> None:
    homes = [("K1", "PR1"), ("K2", "PR1"), ("K2", "PR4"), ("K2", "PR2"), ("K2", "PR5"), ("K2", ""), ("U6", "PR4")]
    supported = [("H5", "PR4"), ("P2", "PR1"), ("K3", "PR5")]
    rows = [
        placement(f"C{n}", "01/05/2016", PLACE=p, PLACE_PROVIDER=r) for n, (p, r) in enumerate([*homes, *supported])
    ]
    figures = snapshot(tmp_path, *rows)
    found = {group: one(figures, "PL-05n", M, group)["value"] for group in ("all", "own", "external", "not_known")}
    assert found == {"all": 6, "own": 2, "external": 3, "not_known": 1}
    assert one(figures, "PL-06n", M)["value"] == 3


@pytest.mark.slow
def test_unaccompanied_children_are_shown_apart(tmp_path: Path) -> None:
    flags = ["Y", "yes", "N", "0", ""]
    rows = [placement(f"C{n}", "01/05/2016") | {"UASC": flag} for n, flag in enumerate(flags)]
    figures = snapshot(tmp_path, *rows)
    assert one(figures, "PL-01u", M)["value"] == 2
    split = figures[(figures["code"] == "PL-01") & (figures["breakdown"] == "is_unaccompanied")]
    assert split[split["month"] == M].set_index("group")["value"].to_dict() == {"yes": 2, "no": 2, "not_known": 1}


@pytest.mark.slow
def test_without_a_column_that_says_so_nobody_knows_who_is_unaccompanied(tmp_path: Path) -> None:
    figure = one(snapshot(tmp_path, placement("A", "01/05/2016")), "PL-01u", M)
    assert (figure["state"], figure["state_reason"]) == ("not_available", "the extract has no unaccompanied")


# --- What begins and ends in a month, and what is not recorded (definitions 4.2, 4.6, 4.9) ---

REASONS = {
    "ALLEG": 1, "STAND": 1, "APPRR": 1, "CREQB": 1, "CREQO": 1, "CHILD": 1, "LAREQ": 1,
    "CLOSE": 0, "CARPL": 0, "PLACE": 0, "OTHER": 0, None: 0,
}  # fmt: skip


@pytest.mark.parametrize(("reason", "unplanned"), REASONS.items())
def test_unplanned_endings_are_those_that_somebody_asked_for_or_forced(reason: str | None, unplanned: int) -> None:
    ended = {"change_reason_code": reason}
    rows = [stay("2016-01-01", "2017-03-10", **ended), stay("2017-03-10", new_episode_reason_code="P")]
    other = stay("2016-01-01", "2017-02-10", child_id="C2", change_reason_code="CARPL")
    found = care_figures([("2016-04", M, [*rows, other])], M, M)
    assert value(found, "PL-11", M, "all", "month")[0] == unplanned
    assert value(found, "PL-11", M, "foster_inhouse", "month")[0] == unplanned


def test_placements_of_a_period_are_those_of_its_months() -> None:
    def moved(day: str, child: str) -> list[Row]:
        before = stay("2016-01-01", day, child_id=child, change_reason_code="CHILD")
        return [before, stay(day, child_id=child, new_episode_reason_code="P", placement_code="K2")]

    on = {"a": "2016-03-31", "b": "2016-04-01", "c": "2016-12-31", "d": "2017-01-01", "e": "2017-03-31"}
    rows = [row for child, day in on.items() for row in moved(day, child)]
    found = care_figures([("2016-01", "2017-03", rows)], "2017-02", M)
    periods = {"month": 1, "quarter": 2, "year_to_date": 4, "rolling_12": 4}
    for code in ("PL-11", "PL-12"):
        assert {period: value(found, code, M, "all", period)[0] for period in periods} == periods
    assert value(found, "PL-12", M, "childrens_home", "rolling_12")[0] == 4
    assert value(found, "PL-12", "2017-02", "all", "rolling_12")[0] == 4  # from March 2016
    assert found[(found["month"] == "2017-02") & (found["period"] == "quarter")].empty


@pytest.mark.parametrize(
    ("reason", "place", "postcode", "new"),
    [
        ("P", "U6", "ZZ1 1AA", 0),  # back to the same home: definitions 4.6
        ("P", "U6", "ZZ1 1AB", 1),
        ("P", "K2", "ZZ1 1AA", 1),
        ("L", "U6", "ZZ1 1AB", 0),
        ("S", "U6", "ZZ1 1AA", 1),
    ],
)
def test_a_return_from_a_temporary_placement_is_not_new(reason: str, place: str, postcode: str, new: int) -> None:
    rows = [
        stay("2016-01-01", "2017-03-10"),
        stay("2017-03-10", "2017-03-20", new_episode_reason_code="P", placement_code="T3"),
        stay("2017-03-20", new_episode_reason_code=reason, placement_code=place, placement_postcode=postcode),
    ]
    found = care_figures([("2016-04", M, rows)], M, M)
    assert value(found, "PL-12", M, "all", "month")[0] == new


def test_new_placements_are_those_with_a_new_carer_that_lasted_a_day() -> None:
    rows = [
        *(stay("2016-01-01", "2017-03-10", child_id=reason) for reason in "SPBLTU"),
        *(stay("2017-03-10", child_id=reason, new_episode_reason_code=reason) for reason in "SPBLTU"),
        stay("2017-03-10", "2017-03-10", child_id="hours"),
        stay("2017-03-10", "2017-03-11", child_id="a day", placement_code="K2"),
        stay("2017-03-10", child_id="breaks", legal_status_code="V3"),
    ]
    found = care_figures([("2016-04", M, rows)], M, M)
    assert value(found, "PL-12", M, "all", "month")[0] == 4
    assert value(found, "PL-12", M, "childrens_home", "month")[0] == 1


def test_what_is_not_recorded_is_counted() -> None:
    ended = {"change_reason_code": None}
    moved = {"new_episode_reason_code": "P"}
    rows = [
        stay("2016-01-01", "2017-03-10", **ended), stay("2017-03-10", **moved, provider_code=None),
        stay("2016-01-01", "2017-03-10", child_id="T", **ended),
        stay("2017-03-10", "2017-03-20", child_id="T", placement_code="T3", provider_code=None, **moved),
        stay("2017-03-20", child_id="T", **moved),
        stay("2016-01-01", "2017-03-10", child_id="L", **ended),
        stay("2017-03-10", child_id="L", new_episode_reason_code="L", placement_postcode="ZZ99"),
        stay("2016-01-01", "2017-03-10", child_id="home", cease_reason_code="E4A", change_reason_code="OTHER"),
        stay("2016-01-01", child_id="Z", placement_code="Z1", provider_code=None),
        stay("2016-01-01", child_id="none", placement_code=None, provider_code=None, placement_postcode=None),
    ]  # fmt: skip
    found = care_figures([("2016-04", M, rows)], M, M)
    assert [value(found, code, M)[0] for code in ("PL-13a", "PL-13b", "PL-13c")] == [1, 2, 1]
