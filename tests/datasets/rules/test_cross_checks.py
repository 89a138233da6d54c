"""Cross checks: what two extracts say of the same child, with the address of the row to mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfpipe.check.check import check_workspace
from perfpipe.datasets.cross_checks import CROSS_CHECKS
from perfpipe.dates.months import Month, month_range
from perfpipe.faults.fault import Fault
from perfpipe.ledger.ledger import Ledger
from perfpipe.read.read_file import Parser
from perfpipe.reconcile.cross_checks import cross_check_faults
from perfpipe.reconcile.speaks_for import speaks_for_each
from perfpipe.rules.rule import Severity
from perfpipe.settings.workspace import Workspace
from perfpipe.validate.reading import Reading
from perfpipe.validate.reading_cache import read_and_validate
from tests.builders import Records, deliver, episode, make_workspace, placement, receive_now

pytestmark = pytest.mark.slow

MAY = Month(2017, 5)


def between(workspace: Workspace, month: Month = MAY, **extracts: Records) -> list[Fault]:
    """The cross check faults of a month, of extracts named by dataset and month (`placements_2017_05`)."""
    for name, records in extracts.items():
        dataset, year, number = name.rsplit("_", 2)
        deliver(workspace, f"{year}-{number}", dataset, records)
    receive_now(workspace)
    ledger = Ledger.open(workspace.processed)
    try:
        with Parser() as parser:
            known = ledger.extracts_known(None)
            made = [read_and_validate(workspace, workspace.settings(), ledger, parser, x, {}, {}) for x in known]
    finally:
        ledger.close()
    readings = [reading for reading in made if isinstance(reading, Reading)]
    assert len(readings) == len(made)
    months = month_range(Month(2016, 1), Month(2017, 12))
    return cross_check_faults(speaks_for_each(readings, months), readings, month, workspace.settings().authority.names)


CARE = {"started_on": "01/04/2017"}
OVER = {"started_on": "01/04/2017", "ceased_on": "30/04/2017", "cease_reason_code": "E4A"}
MOVED = {"started_on": "01/04/2017", "ceased_on": "05/05/2017", "cease_reason_code": "X1"}
FLAGGED = {"looked_after_flag": "Y"}
AWAY = FLAGGED | {"returned_at": "", "interview_at": "", "outcome": "", "offered": ""}
TURNS_18 = {"dob": "02/05/1999"}  # the day of the return
WITHOUT_A_PLACEMENT = ("missing_child_not_in_placements", "missing_outside_care", "missing_after_care")
# rule: (episode, placements), (row, column); then those that come nearest and break nothing
CASES: dict[str, tuple[tuple[Records, Records], str, list[tuple[Records, Records]]]] = {
    "missing_child_not_in_placements": (
        ([episode(**FLAGGED)], [placement(child_id="C2", **CARE)]), "child_id",
        [
            ([episode(**FLAGGED)], [placement(**CARE)]),
            ([episode()], [placement(child_id="C2", **CARE)]),
            ([episode(responsible_la="Elsewhere", **FLAGGED)], [placement(child_id="C2", **CARE)]),
        ],
    ),
    "missing_outside_care": (
        ([episode(**FLAGGED)], [placement(**OVER), placement(started_on="02/05/2017")]), "missing_from",
        [([episode(**FLAGGED)], [placement(**OVER), placement(started_on="01/05/2017")])],
    ),
    "missing_after_care": (
        ([episode(**FLAGGED)], [placement(**OVER)]), "missing_from",
        [([episode(**FLAGGED)], [placement(**OVER | {"ceased_on": "01/05/2017"})])],
    ),
    "missing_beyond_care": (
        ([episode(**FLAGGED)], [placement(**OVER | {"ceased_on": "01/05/2017"})]), "returned_at",
        [([episode(**FLAGGED)], [placement(**OVER | {"ceased_on": "02/05/2017"})])],
    ),
    "missing_beyond_placement": (
        ([episode(**AWAY)], [placement(**MOVED), placement(started_on="05/05/2017")]), "returned_at",
        [
            ([episode(**FLAGGED)], [placement(**MOVED), placement(started_on="05/05/2017")]),
            ([episode(**AWAY)], [placement(**CARE)]),
            ([episode(**AWAY)], [placement(**OVER | {"ceased_on": "05/05/2017"})]),  # missing_beyond_care tells it
        ],
    ),
    "looked_after_not_flagged": (
        ([episode(looked_after_flag="N")], [placement(**CARE)]), "looked_after_flag",
        [
            ([episode(looked_after_flag="N")], [placement(legal_status_code="V4", **CARE)]),
            ([episode(looked_after_flag="N")], [placement(**OVER | {"ceased_on": "01/05/2017"})]),
            ([episode(looked_after_flag="N")], [placement(started_on="02/05/2017")]),
        ],
    ),
    "area_differs_from_placement": (
        ([episode(placed_or_living_in_la="IN", **FLAGGED)], [placement(location="OUT", **CARE)]),
        "placed_or_living_in_la",
        [
            ([episode(placed_or_living_in_la="IN", **FLAGGED)], [placement(location="IN", **CARE)]),
            ([episode(**FLAGGED)], [placement(location="OUT", **CARE)]),
        ],
    ),
    "birth_date_differs_from_placement": (
        ([episode(dob="02/06/2005")], [placement(**CARE)]), "dob",
        [
            ([episode(dob="01/06/2005")], [placement(**CARE)]),
            ([episode()], [placement(**CARE)]),
            ([episode(dob="02/06/2005")], [placement(**CARE | {"dob": ""})]),  # no child has one
            ([episode(dob="02/06/2005")], [placement(**CARE), placement(**CARE | {"dob": "02/06/2005"})]),  # one of two
        ],
    ),
}  # fmt: skip


@pytest.mark.soak
@pytest.mark.parametrize("rule", CASES)
def test_a_rule_between_missing_episodes_and_placements(rule: str, tmp_path: Path) -> None:
    (missing, placed), column, nearest = CASES[rule]
    workspace = make_workspace(tmp_path / "breaks")
    (fault,) = between(workspace, return_home_interviews_2017_05=missing, placements_2017_05=placed)
    assert (fault.rule, fault.severity, fault.row) == (rule, Severity.WARN, 2)
    assert fault.file == "2017-05/return_home_interviews.csv"
    assert fault.column.endswith(f" ({column})")  # with its letter
    beside = "" if rule in WITHOUT_A_PLACEMENT else "compared with 2017-05/placements.csv, row 2"
    assert fault.found.partition("; ")[2] == beside
    for number, (missing, placed) in enumerate(nearest):
        workspace = make_workspace(tmp_path / str(number))
        found = between(workspace, return_home_interviews_2017_05=missing, placements_2017_05=placed)
        assert rule not in [fault.rule for fault in found], number


def test_care_that_ended_on_the_18th_birthday_of_a_missing_child(tmp_path: Path) -> None:
    away = [episode(**FLAGGED, **TURNS_18)]
    for reason, expected in (("E7", [2]), ("E8", [])):
        ended = OVER | TURNS_18 | {"ceased_on": "02/05/2017", "cease_reason_code": reason}
        workspace = make_workspace(tmp_path / reason)
        found = between(workspace, return_home_interviews_2017_05=away, placements_2017_05=[placement(**ended)])
        assert [f.row for f in found if f.rule == "ceased_at_18_while_missing"] == expected


CHANGES: dict[str, tuple[object, object]] = {
    "new_episode_reason_code": ("S", "P"), "legal_status_code": ("C2", "C1"), "need_code": ("N1", "N2"),
    "placement_code": ("U6", "U4"), "provider_code": ("PR1", "PR4"), "urn": ("SC1", "SC2"),
    "distance_miles": ("4.0", "4.3"), "location": ("IN", "OUT"),
}  # fmt: skip


@pytest.mark.parametrize("column", CHANGES)
def test_an_open_episode_that_changed_since_the_extract_before(column: str, tmp_path: Path) -> None:
    before, after = CHANGES[column]
    april = [placement(**CARE, **{column: before}), placement(child_id="C2", **OVER, **{column: before})]
    may = [placement(**CARE, **{column: after}), placement(child_id="C2", **OVER, **{column: after})]
    april, may = ([{**CARE, **record} for record in records] for records in (april, may))
    found = between(make_workspace(tmp_path / "w"), placements_2017_04=april, placements_2017_05=may)
    changed = [fault for fault in found if fault.rule.endswith("_changed")]
    assert [(f.rule, f.row, f.severity) for f in changed] == [(f"{column}_changed", 2, Severity.INFO)]
    assert changed[0].found.endswith("; compared with 2017-04/placements.csv, row 2")


def test_the_same_home_under_a_new_code_and_a_distance_measured_again_have_not_changed(tmp_path: Path) -> None:
    april = [placement(**CARE, placement_code="H5", distance_miles="4.0")]
    may = [placement(**CARE, placement_code="K3", distance_miles="4.1")]
    found = between(make_workspace(tmp_path / "w"), placements_2017_04=april, placements_2017_05=may)
    assert [fault.rule for fault in found if fault.rule.endswith("_changed")] == []


def test_every_cross_check_has_a_case() -> None:
    tested = {*CASES, "ceased_at_18_while_missing", *(f"{column}_changed" for column in CHANGES)}
    assert {check.rule.id for check in CROSS_CHECKS} == tested
    assert len(CROSS_CHECKS) == len(tested)


@pytest.mark.parametrize(
    ("sent", "lacking"),
    [("return_home_interviews", "placements"), ("placements", "return_home_interviews")],
)
def test_a_comparison_that_cannot_be_made_is_told(sent: str, lacking: str, tmp_path: Path) -> None:
    records = {"placements": [placement(**CARE)], "return_home_interviews": [episode(**FLAGGED)]}[sent]
    (fault,) = between(make_workspace(tmp_path / "w"), **{f"{sent}_2017_05": records})
    assert (fault.rule, fault.severity, fault.dataset) == ("cross_checks_not_made", Severity.INFO, lacking)
    assert fault.found == f"no extract of {lacking} that can be used for 2017-05"


def test_nothing_is_told_of_a_month_without_either(tmp_path: Path) -> None:
    assert between(make_workspace(tmp_path / "w"), Month(2017, 9), placements_2017_05=[placement(**CARE)]) == []


def test_episodes_before_the_months_of_the_placements_are_not_compared(tmp_path: Path) -> None:
    earlier = episode(episode_id="E0", missing_from="01/02/2017 20:00", returned_at="02/02/2017 20:00", **FLAGGED)
    placed = [placement(child_id="C2", **OVER), placement(child_id="C3", started_on="01/05/2017")]
    found = between(make_workspace(tmp_path / "w"), return_home_interviews_2017_05=[earlier], placements_2017_05=placed)
    assert found == []


def test_check_tells_cross_checks_too(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "w")
    deliver(workspace, "2017-05", "placements", [placement(child_id="C2", **CARE)])
    deliver(workspace, "2017-05", "return_home_interviews", [episode(**FLAGGED)])
    faults = check_workspace(workspace, MAY, lambda _: None).faults
    assert "missing_child_not_in_placements" in [fault.rule for fault in faults]
