"""Which extract speaks for which month, as known when, and what a look-back sees (definitions 1.1 to 1.4)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from perfpipe.dates.months import Month
from perfpipe.questions.known_on_a_day import figures_as_known
from perfpipe.run import StoppingFaults, receive_files
from perfpipe.run import open_job as job_of
from perfpipe.settings.workspace import Workspace
from tests.workspaces import counts, deliver, episode, figures_of, new_workspace, one, placement

HEADERS = ("episode_id", "child_id", "category", "missing_from", "returned_at", "offered", "outcome", "interview_at")
SHORT = [{name: row[name] for name in HEADERS} for row in (episode(1, returned_at="02/05/2018 10:00"),)]


def layout(workspace: Workspace, covers: str, extracted: str = "") -> None:
    columns = "\n".join(f'{name} = "{name}"' for name in HEADERS)
    with open(workspace.settings_file, "a", encoding="utf-8") as file:
        file.write(
            '\n[[layouts.return_home_interviews]]\nname = "local"\ndate_order = "day_first"\nfiles = ["rhi*.csv"]\n'
            f"covers = {covers}\n{extracted}\n"
            f"[layouts.return_home_interviews.columns]\n{columns}\n"
        )


def rows(*starts: str) -> list[dict[str, str]]:
    made = [episode(n, child_id=f"C{n}", missing_from=s, returned_at=s) for n, s in enumerate(starts)]
    return [{name: row[name] for name in HEADERS} for row in made]


def note(workspace: Workspace, month: str, text: str) -> None:
    (workspace.raw / month / "delivery.toml").write_text(text, encoding="utf-8")


def missing(figures, *months: str) -> list[float]:
    return [one(figures, "RHI-01", month)["value"] for month in months]


MONTHS = ("2018-04", "2018-05", "2018-06")


@pytest.mark.slow
def test_the_latest_extract_that_covers_a_month_speaks_for_it(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    layout(workspace, '{ span = "last_2_months", selects_by = "overlap" }')
    deliver(workspace, "2018-04", "rhi", rows("03/04/2018 10:00"))
    deliver(workspace, "2018-05", "rhi", rows("03/04/2018 10:00", "04/04/2018 10:00", "05/05/2018 10:00"))
    deliver(workspace, "2018-06", "rhi", rows("05/05/2018 10:00", "06/05/2018 10:00", "07/06/2018 10:00"))
    assert missing(figures_of(workspace, "2018-06", codes=["RHI-01"]), *MONTHS) == [2, 2, 1]


@pytest.mark.soak
@pytest.mark.slow
def test_the_order_of_arrival_does_not_matter(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    layout(workspace, '{ span = "last_2_months", selects_by = "overlap" }')
    deliver(workspace, "2018-06", "rhi", rows("05/05/2018 10:00", "06/05/2018 10:00", "07/06/2018 10:00"))
    figures_of(workspace, "2018-06")
    deliver(workspace, "2018-05", "rhi", rows("03/04/2018 10:00", "05/05/2018 10:00"))
    assert missing(figures_of(workspace, "2018-06", codes=["RHI-01"]), *MONTHS) == [1, 2, 1]


@pytest.mark.slow
def test_a_record_deleted_at_source_disappears_and_one_corrected_counts_once(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    layout(workspace, '{ span = "financial_year_to_date", selects_by = "overlap" }')
    deliver(workspace, "2018-04", "rhi", rows("03/04/2018 10:00", "04/04/2018 10:00"))
    corrected = rows("03/05/2018 10:00")  # the same key, another month
    deliver(workspace, "2018-05", "rhi", corrected)
    assert missing(figures_of(workspace, "2018-05", codes=["RHI-01"]), "2018-04", "2018-05") == [0, 1]


@pytest.mark.soak
@pytest.mark.slow
def test_as_known_on_a_day_uses_what_had_been_received_by_then(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    layout(workspace, '{ span = "last_2_months", selects_by = "overlap" }')
    deliver(workspace, "2018-04", "rhi", rows("03/04/2018 10:00"))
    note(workspace, "2018-04", "delivered_on = 2018-05-06")
    deliver(workspace, "2018-05", "rhi", rows("03/04/2018 10:00", "04/04/2018 10:00"))
    note(workspace, "2018-05", "delivered_on = 2018-06-06")
    figures_of(workspace, "2018-05")
    known = {
        day: one(figures_as_known(workspace, date.fromisoformat(day), Month(2018, 4)), "RHI-01", "2018-04")["value"]
        for day in ("2018-05-06", "2018-06-05", "2018-06-06")
    }
    assert known == {"2018-05-06": 1, "2018-06-05": 1, "2018-06-06": 2}


@pytest.mark.slow
def test_selection_by_start_takes_each_record_from_the_extract_of_the_month_it_started_in(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    layout(workspace, '{ span = "month", selects_by = "started" }')
    april = rows("03/04/2018 10:00")
    april[0]["returned_at"] = "02/05/2018 10:00"
    deliver(workspace, "2018-04", "rhi", april)
    note(workspace, "2018-04", "extracted_at = 2018-05-10")
    deliver(workspace, "2018-05", "rhi", rows("05/05/2018 10:00", "06/05/2018 10:00")[1:])
    figures = figures_of(workspace, "2018-05")
    assert missing(figures, "2018-04", "2018-05") == [1, 1]
    assert counts(figures, "RHI-03", "2018-05")[1] == 2


@pytest.mark.slow
def test_a_snapshot_has_no_events(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    layout(workspace, '{ span = "month", selects_by = "snapshot" }')
    deliver(workspace, "2018-05", "rhi", rows("05/05/2018 10:00"))
    assert (
        one(figures_of(workspace, "2018-05", codes=["RHI-01"]), "RHI-01", "2018-05")["state_reason"]
        == "the extract is a snapshot"
    )


@pytest.mark.slow
def test_two_extracts_with_an_equal_claim_stop_until_one_is_withdrawn(tmp_path: Path) -> None:
    from perfpipe.receive.withdraw import withdraw_extract

    workspace = new_workspace(tmp_path)
    layout(workspace, '{ span = "month", selects_by = "overlap" }')
    deliver(workspace, "2018-05", "rhi", rows("05/05/2018 10:00"), name="rhi_one.csv")
    deliver(workspace, "2018-05", "rhi", rows("05/05/2018 10:00", "06/05/2018 10:00"), name="rhi_two.csv")
    with pytest.raises(StoppingFaults) as stopped:
        figures_of(workspace, "2018-05")
    (fault,) = stopped.value.faults
    assert fault.rule == "equal_claim"
    extract = fault.what_to_do.split("withdraw ")[1].split()[0]
    withdraw_extract(workspace, extract, "sent twice")
    assert missing(figures_of(workspace, "2018-05", codes=["RHI-01"]), "2018-05") in ([1], [2])


@pytest.mark.slow
def test_a_mended_file_under_the_same_name_replaces_one_that_could_not_be_read(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    deliver(workspace, "2018-05", "return_home_interviews", [{"wrong": "header"}])
    with pytest.raises(StoppingFaults):
        figures_of(workspace, "2018-05")
    deliver(workspace, "2018-05", "return_home_interviews", rows("05/05/2018 10:00"))
    assert missing(figures_of(workspace, "2018-05", codes=["RHI-01"]), "2018-05") == [1]


@pytest.mark.slow
def test_the_same_short_list_in_a_later_folder_speaks_for_that_month_too(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    same = [placement("A", "01/01/2018"), placement("B", "01/01/2018", "15/02/2018")]
    for month in ("2018-04", "2018-05"):
        deliver(workspace, month, "placements", same)
    assert [
        one(figures_of(workspace, "2018-05", codes=["PL-01"]), "PL-01", m)["value"] for m in ("2018-04", "2018-05")
    ] == [1, 1]


@pytest.mark.slow
def test_a_dated_file_sent_again_in_a_later_folder_does_not_speak_for_it(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    pattern = r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
    layout(workspace, '{ span = "month", selects_by = "overlap" }', f"extracted_at = {{ file_name = '{pattern}' }}")
    for month in ("2018-04", "2018-05"):
        deliver(workspace, month, "rhi", rows("05/04/2018 10:00"), name="rhi_20180505.csv")
    figures = figures_of(workspace, "2018-05")
    assert one(figures, "RHI-01", "2018-05")["state"] == "not_available"


@pytest.mark.soak
@pytest.mark.slow
def test_a_missing_extract_is_never_last_months_value(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    layout(workspace, '{ span = "month", selects_by = "overlap" }')
    deliver(workspace, "2018-04", "rhi", rows("03/04/2018 10:00"))
    deliver(workspace, "2018-06", "rhi", rows("03/06/2018 10:00"))
    states = [one(figures_of(workspace, "2018-06", codes=["RHI-01"]), "RHI-01", month)["state"] for month in MONTHS]
    assert states == ["ok", "not_available", "ok"]


def test_receiving_twice_is_receiving_once(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    deliver(workspace, "2018-05", "return_home_interviews", SHORT)
    with job_of(workspace, Month(2018, 5)) as job:
        assert [receive_files(job).new_deliveries for _ in range(2)] == [1, 0]
