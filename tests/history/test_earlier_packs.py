"""Figures of a pack from before this program: taken in once, compared with, and refused with their place."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from perfpipe.cli.main import main
from perfpipe.dates.months import Month
from perfpipe.history.earlier_packs import cells_of
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import PackAudience
from perfpipe.measures import MEASURES
from perfpipe.questions.queries import figures_known
from perfpipe.run import open_job, run_month
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace
from tests.workspaces import deliver, episode, new_workspace, one

MAY = Month(2018, 5)
ENTRY = """
[[earlier_packs]]
file = "old.csv"
seen_on = 2018-06-13
note = "Board pack of June, made in a spreadsheet"
"""


def declared(root: Path, figures: str) -> Workspace:
    workspace = new_workspace(root)
    with workspace.settings_file.open("a", encoding="utf-8") as file:
        file.write(ENTRY)
    (root / "old.csv").write_text(figures, encoding="utf-8")
    return workspace


def rows(text: str) -> list[tuple[str, ...]]:
    return list(cells_of(Path("old.csv"), text.encode(), MEASURES).itertuples(index=False, name=None))


def test_what_was_shown_is_read_with_its_number_and_its_marker() -> None:
    text = 'measure,month,shown,status\nRHI-06,2018-05,36%,missed\nRHI-01,2018-05,"1,204",\nPL-01,2018-05,[x],\n'
    assert rows(text) == [
        ("rhi_within_72h", "2018-05", "month", "all", "all", "ok", "missed", "36", "36%"),
        ("missing_episodes", "2018-05", "month", "all", "all", "ok", "", "1204", "1,204"),
        ("children_looked_after", "2018-05", "month_end", "all", "all", "not_available", "", "", "[x]"),
    ]


def test_all_that_is_wrong_is_said_with_its_row_and_column() -> None:
    text = (
        "measure,month,shown,period\n"
        "RHI-99,2018-05,36%,\n"
        "RHI-06,May 2018,36,\n"
        "RHI-06,2018-05,36%,fortnight\n"
        "RHI-01,2018-05,1,204,\n"
    )
    with pytest.raises(SettingsError) as error:
        cells_of(Path("old.csv"), text.encode(), MEASURES)
    said = str(error.value)
    assert "old.csv, row 2: column measure: no measure 'RHI-99'" in said
    assert "old.csv, row 3: column month:" in said
    assert "old.csv, row 3: column shown: '36'; expected a number as it was shown, such as 36%, or [x]" in said
    assert "old.csv, row 4: column period: 'fortnight'; expected one of month" in said
    assert "old.csv, row 5: has more cells than the header" in said
    with pytest.raises(SettingsError, match="row 1: no column shown"):
        rows("measure,month\n")
    with pytest.raises(SettingsError, match="stands there twice"):
        rows("measure,month,shown\nRHI-06,2018-05,36%\nrhi_within_72h,2018-05,37%\n")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    workspace = declared(tmp_path, "")
    (tmp_path / "old.csv").unlink()
    with pytest.raises(SettingsError, match=r"old.csv: cannot be read; `earlier_packs` in perfpipe.toml names it"):
        run_month(workspace, MAY)


def test_it_is_taken_in_once_and_counts_from_its_day(tmp_path: Path) -> None:
    workspace = declared(tmp_path, "measure,month,shown\nRHI-06,2018-05,36%\n")
    for day, seen in (("2018-06-12", 0), ("2018-06-13", 1), ("2018-06-14", 1)):
        at = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)
        with open_job(workspace, MAY, started_at=at) as job:
            assert len(job.seen) == seen
    ledger = Ledger.open(workspace.processed)
    try:
        assert [each.month for each in ledger.imported()] == [MAY]
        (release,) = ledger.releases(PackAudience.BOARD)
        assert release.released_on == date(2018, 6, 13)
    finally:
        ledger.close()


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.usefixtures("_runs_of_a_year")
def test_a_first_run_marks_what_differs_from_it(tmp_path: Path) -> None:
    workspace = declared(tmp_path, "measure,month,shown\nRHI-06,2018-05,36%\nRHI-01,2018-05,1\n")
    row = episode(1, returned_at="02/05/2018 10:00", interview_at="03/05/2018 10:00")
    deliver(workspace, "2018-05", "return_home_interviews", [row])
    run_month(workspace, MAY)
    known = figures_known(workspace, MAY)
    assert one(known, "RHI-06", "2018-05")["revised"]
    assert not one(known, "RHI-01", "2018-05")["revised"]
    assert not one(known, "RHI-03", "2018-05")["revised"]  # it was not shown


@pytest.mark.soak
@pytest.mark.usefixtures("_runs_of_a_year")
def test_what_differs_from_it_is_explained_by_the_records_that_came_since(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It rounded 1 of 3 to 33%; the second interview came after it was shown, and nothing else changed."""
    workspace = declared(tmp_path, "measure,month,shown\nRHI-06,2018-05,33%\n")
    done = episode(1, returned_at="02/05/2018 10:00", interview_at="03/05/2018 10:00")
    open_, never = (episode(n, returned_at=f"0{n}/05/2018 10:00") for n in (3, 4))
    late = {**open_, "interview_at": "04/05/2018 09:00"}
    for month, day, rows in (
        ("2018-05", "2018-06-06", [done, open_, never]),
        ("2018-06", "2018-07-06", [done, late, never]),
    ):
        deliver(workspace, month, "return_home_interviews", rows)
        (workspace.raw / month / "delivery.toml").write_text(f"delivered_on = {day}\n")
    run_month(workspace, MAY + 1)
    with pytest.raises(SystemExit):
        main(["revisions", "2018-06", "--workspace", str(workspace.root)])
    said = capsys.readouterr().out
    assert "May 2018 rises from 33% to 67%: 1 interview was entered late.\n" in said
    assert "counted otherwise" not in said
    assert "->" not in said  # it did not say a status
