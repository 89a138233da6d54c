"""Placement measures: the snapshot rules of domain.md 2.5 and the groups of 2.4, by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workspaces import counts, deliver, figures_of, new_workspace, one, placement

M = "2017-03"


def snapshot(root: Path, *rows, month: str = M):
    workspace = new_workspace(root)
    deliver(workspace, month, "placements", rows)
    return figures_of(workspace, month)


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


def test_a_handover_on_the_day_picks_the_new_episode(tmp_path: Path) -> None:
    figures = snapshot(tmp_path, placement("C", "01/05/2015", "31/03/2017"), placement("C", "31/03/2017", PLACE="K2"))
    assert counts(figures, "PL-05", M) == (1, 1)


@pytest.mark.parametrize(("legal_status", "counted"), [("V3", 0), ("V4", 0), ("V2", 1), ("C1", 1), ("", 1)])
def test_series_of_short_breaks_are_left_out(tmp_path: Path, legal_status: str, counted: int) -> None:
    figures = snapshot(tmp_path, placement("A", "01/05/2015"), placement("B", "01/05/2016", LS=legal_status))
    assert one(figures, "PL-01", M)["value"] == 1 + counted


def test_overlapping_open_episodes_count_once_in_the_later(tmp_path: Path) -> None:
    figures = snapshot(tmp_path, placement("C", "01/06/2016", PLACE="K2"), placement("C", "01/05/2015"))
    assert counts(figures, "PL-05", M) == (1, 1)
    assert counts(figures, "PL-02", M) == (0, 1)


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


def test_every_code_has_its_group_and_groups_add_up(tmp_path: Path) -> None:
    pairs = [pair for group in GROUPS.values() for pair in group]
    figures = snapshot(
        tmp_path, *(placement(f"C{n}", "01/05/2016", PLACE=p, PLACE_PROVIDER=r) for n, (p, r) in enumerate(pairs))
    )
    found = {group: one(figures, "PL-01g", M, group)["value"] for group in GROUPS}
    assert found == {group: len(pairs) for group, pairs in GROUPS.items()}
    assert one(figures, "PL-01g", M)["value"] == len(pairs)
    assert counts(figures, "PL-02", M) == (10, len(pairs))
    assert counts(figures, "PL-06", M) == (3, len(pairs))


def test_independent_living_is_supported_until_it_left_the_list(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    rows = [placement("A", "01/05/2022", PLACE="P2"), placement("B", "01/05/2022", "20/08/2023")]
    deliver(workspace, "2023-10", "placements", rows)
    figures = figures_of(workspace, "2023-10")
    assert [counts(figures, "PL-06", m)[0] for m in ("2023-09", "2023-10")] == [1, 0]
    assert one(figures, "PL-01g", "2023-10", "other")["value"] == 1


def test_a_month_before_the_first_end_is_not_available_as_only_survivors_are_there(tmp_path: Path) -> None:
    figures = snapshot(tmp_path, placement("A", "01/05/2010"), placement("B", "01/05/2010", "15/02/2017"))
    assert [one(figures, "PL-01", m)["state"] for m in ("2017-01", "2017-02", M)] == ["not_available", "ok", "ok"]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
