"""Continuity: records that one extract held and the next, which should hold them too, does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfpipe.datasets import BY_ID
from perfpipe.dates.months import Month, month_range
from perfpipe.faults.fault import Fault
from perfpipe.ledger.ledger import Ledger
from perfpipe.read.read_file import Parser
from perfpipe.reconcile.speaks_for import speaks_for_months
from perfpipe.reconcile.vanished_records import vanished_record_faults
from perfpipe.rules.rule import Severity
from perfpipe.settings.workspace import Workspace
from perfpipe.validate.reading import Reading
from perfpipe.validate.reading_cache import read_and_validate
from tests.builders import Records, deliver, episode, make_workspace, placement, receive_now, worker


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path / "w")


def between(workspace: Workspace, dataset: str, month: str = "2017-05", **extracts: Records) -> list[Fault]:
    """The continuity faults of a month, when extracts named by month (`m2017_04`) have been delivered."""
    for name, records in extracts.items():
        deliver(workspace, name[1:].replace("_", "-"), dataset, records)
    receive_now(workspace)
    ledger = Ledger.open(workspace.processed)
    try:
        with Parser() as parser:
            settings = workspace.settings()
            made = [
                read_and_validate(workspace, settings, ledger, parser, x, {}, {}) for x in ledger.extracts_known(None)
            ]
    finally:
        ledger.close()
    readings = [reading for reading in made if isinstance(reading, Reading)]
    assert len(readings) == len(made)
    months = month_range(Month(2016, 1), Month(2017, 12))
    return vanished_record_faults(speaks_for_months(BY_ID[dataset], readings, months), readings, Month.parse(month))


ENDED = {"ceased_on": "10/04/2017", "cease_reason_code": "E4A"}


@pytest.mark.slow
def test_a_record_open_in_one_extract_and_absent_from_the_next_was_not_followed_up(workspace: Workspace) -> None:
    april = [
        placement(started_on="01/01/2017"),
        placement(child_id="C2", started_on="01/01/2017"),
        placement(child_id="C3", started_on="01/01/2017"),
    ]
    may = [
        placement(started_on="01/01/2017"),
        placement(child_id="C2", started_on="01/01/2017", ceased_on="09/05/2017", cease_reason_code="E4A"),
    ]
    (fault,) = between(workspace, "placements", m2017_04=april, m2017_05=may)
    assert (fault.rule, fault.severity, fault.row) == ("not_followed_up", Severity.WARN, 4)
    assert fault.file == "2017-04/placements.csv"
    assert fault.found == "open here and missing from 2017-05/placements.csv"


@pytest.mark.slow
def test_an_ended_record_may_leave(workspace: Workspace) -> None:
    april = [placement(started_on="01/01/2017"), placement(child_id="C2", started_on="01/01/2017", **ENDED)]
    assert between(workspace, "placements", m2017_04=april, m2017_05=[placement(started_on="01/01/2017")]) == []


@pytest.mark.slow
def test_a_corrected_code_is_the_same_record(workspace: Workspace) -> None:
    april = [placement(started_on="01/01/2017", placement_code="U6")]
    may = [placement(started_on="01/01/2017", placement_code="U4", legal_status_code="C1")]
    assert between(workspace, "placements", m2017_04=april, m2017_05=may) == []


def test_a_worker_who_changed_team_is_the_same_record(workspace: Workspace) -> None:
    april = [worker(team="North"), worker(worker_id="W2", team="North")]
    may = [worker(team="South"), worker(worker_id="W2", team="North")]
    assert between(workspace, "social_workers", m2017_04=april, m2017_05=may) == []


@pytest.mark.slow
def test_the_time_found_ends_an_episode_too(workspace: Workspace) -> None:
    open_one = episode(missing_from="01/04/2017 20:00", returned_at="", interview_at="", outcome="")
    kept = episode(
        episode_id="E9",
        missing_from="01/04/2017 20:00",
        returned_at="02/04/2017 20:00",
        interview_at="03/04/2017 20:00",
    )
    april = [open_one, open_one | {"episode_id": "E2", "found_at": "02/04/2017 08:00"}, kept]
    (fault,) = between(workspace, "return_home_interviews", m2017_04=april, m2017_05=[kept, episode(episode_id="E10")])
    assert (fault.rule, fault.row) == ("not_followed_up", 2)


def test_a_first_extract_has_nothing_before_it(workspace: Workspace) -> None:
    assert between(workspace, "placements", m2017_05=[placement()]) == []


@pytest.mark.slow
def test_a_month_without_an_extract_has_no_faults(workspace: Workspace) -> None:
    assert between(workspace, "placements", month="2017-06", m2017_05=[placement()]) == []


def history(count: int, gone: int = 0) -> Records:
    """Episodes that ended in April 2017, all but `gone` of them, and an open one; one ended in January."""
    ended = [placement(child_id=f"E{n}", started_on="01/01/2017", **ENDED) for n in range(gone, count)]
    first = placement(child_id="F", started_on="01/12/2016", ceased_on="10/01/2017", cease_reason_code="E4A")
    latest = [placement(child_id="L", started_on="02/05/2017")] if gone else []  # May's extract has something of May
    return [first, placement(child_id="O", started_on="01/01/2017"), *ended, *latest]


@pytest.mark.slow
@pytest.mark.parametrize(("count", "gone", "stops"), [(20, 6, True), (20, 5, False), (40, 8, False), (40, 9, True)])
def test_history_that_vanishes_stops(count: int, gone: int, stops: bool, workspace: Workspace) -> None:
    # more than 5 records, and more than a fifth of the count + 1 that ended in months both speak for
    faults = between(workspace, "placements", m2017_04=history(count), m2017_05=history(count, gone))
    assert [(f.rule, f.severity) for f in faults] == ([("history_vanished", Severity.STOP)] if stops else [])
    if stops:
        assert f"lacks {gone} of {count + 1} records of 2017-04/placements.csv" in faults[0].found
        assert "perfpipe withdraw" in faults[0].what_to_do


@pytest.mark.slow
def test_an_extract_that_no_longer_claims_the_months_may_leave_them_out(workspace: Workspace) -> None:
    may = [placement(child_id="O", started_on="01/01/2017"),
           placement(child_id="N", started_on="01/01/2017", **(ENDED | {"ceased_on": "09/05/2017"}))]  # fmt: skip
    assert between(workspace, "placements", m2017_04=history(20), m2017_05=may) == []


@pytest.mark.slow
def test_a_declared_span_is_believed(tmp_path: Path) -> None:
    columns = "\n".join(f'{name} = "{name}"' for name in (*placement(), "cease_reason_code"))
    layout = (
        '[authority]\nname = "X"\n[[layouts.placements]]\nname = "local"\ndate_order = "day_first"\n'
        'files = ["placements.csv"]\n'
        f'covers = {{ span = "last_12_months", selects_by = "overlap" }}\n[layouts.placements.columns]\n{columns}\n'
    )
    workspace = make_workspace(tmp_path / "w", layout)
    assert between(workspace, "placements", m2017_04=history(20), m2017_05=history(20, 12)) == []


def test_authority_level_rows_have_no_end_and_no_faults(workspace: Workspace) -> None:
    row = {"month": "2017-04", "vacancies_fte": 1, "agency_fte": 1}
    assert between(workspace, "workforce_monthly", m2017_04=[row], m2017_05=[row | {"month": "2017-05"}]) == []
