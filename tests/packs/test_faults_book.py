"""The analyst's workbook of faults: each with its place, value, owner and effect; never in the board's pack."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl import Workbook

from perfpipe.datasets import DATASETS
from perfpipe.dates.months import Month
from perfpipe.packs.models.faults import FaultRow, FaultsBook, FaultTotal
from perfpipe.packs.workbooks.faults_book import LISTED, write_faults_book
from perfpipe.publish.fault_totals import fault_totals
from perfpipe.publish.owner_books import owner_books
from perfpipe.run import run_month
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace
from tests.builders import write_xlsx
from tests.runs import runs_of_a_year
from tests.settings.test_corrections import CORRECTION
from tests.workspaces import Row, deliver, episode, new_workspace

MAY = Month(2018, 5)
OWNERS = '\n[owners]\nreturn_home_interviews = "Missing Children team"\nsettings = "Data desk"\n'


def rows_of(workbook: Workbook, sheet: str = "Faults") -> list[dict[str, object]]:
    lines = list(workbook[sheet].iter_rows(values_only=True))
    return [dict(zip(map(str, lines[0]), line, strict=True)) for line in lines[1:]]


def fault(number: int = 1, **changes: object) -> FaultRow:
    usual: dict[str, object] = {
        "owner": "Team", "severity": "warn", "dataset": "Interviews", "rule": "rule", "file": "2018-05/x y.xlsx",
        "sheet": "Mrs O'Neill", "row": number, "column": "H (Returned)", "letter": "H", "link": "../x%20y.xlsx",
        "record": "episode_id E1", "found": "31/02/2018", "expected": "a date", "what_to_do": "Correct it.",
        "left_out_of": "", "state": "New", "first_seen": "May 2018", "months_open": 0, "identity": "f" * 16,
    }  # fmt: skip
    return FaultRow(**(usual | changes))  # type: ignore[arg-type]


def book(*faults: FaultRow) -> FaultsBook:
    by_owner = fault_totals(faults, lambda each: (each.owner,))
    by_rule = fault_totals(faults, lambda each: (each.owner, each.rule))
    names = ("Exampleshire", "May 2018", "Performance team: restricted", "f1")
    return FaultsBook(*names, faults, by_owner, by_rule, (), (), ())


def written(tmp_path: Path, *faults: FaultRow) -> Workbook:
    write_faults_book(book(*faults), tmp_path / "faults.xlsx")
    return openpyxl.load_workbook(tmp_path / "faults.xlsx")


def test_faults_are_added_up_by_owner() -> None:
    out = {"left_out_of": "RHI-01", "months_open": 3}
    faults = [fault(1, **out), fault(1, **out), fault(2, severity="info"), fault(3, owner="Other", months_open=None)]
    assert fault_totals(faults, lambda each: (each.owner,)) == (
        FaultTotal(("Other",), faults=1, to_correct=1, rows_left_out=0, new=0, months_open=0),
        FaultTotal(("Team",), faults=3, to_correct=2, rows_left_out=1, new=1, months_open=3),
    )


def test_an_address_links_to_the_cell_of_the_delivered_file(tmp_path: Path) -> None:
    cell = written(tmp_path, fault(12))["Faults"]["B2"]
    assert cell.value == "2018-05/x y.xlsx, Mrs O'Neill, H12"
    assert (cell.hyperlink.target, cell.hyperlink.location) == ("../x%20y.xlsx", "'Mrs O''Neill'!H12")


@pytest.mark.parametrize("text", ["=1+1", "+44", "-1", "@x", "#REF!", "=cmd|' /C calc'!A0", "bell\x07", "x" * 40_000])
def test_a_value_stays_text_whatever_it_says(text: str, tmp_path: Path) -> None:
    cell = written(tmp_path, fault(found=text))["Faults"]["D2"]
    assert (cell.data_type, cell.value) == ("s", text.replace("\x07", "")[:32767])
    assert cell.quotePrefix == text.startswith(("=", "+", "-", "@"))


def test_the_list_is_by_owner_then_gravity_with_a_frozen_header_and_a_filter(tmp_path: Path) -> None:
    faults = [fault(3, severity="info"), fault(2, owner="A team"), fault(1, severity="exclude")]
    workbook = written(tmp_path, *faults)
    sheet = workbook["Faults"]
    assert [(row["Owner"], row["Severity"]) for row in rows_of(workbook)] == [
        ("A team", "warn"), ("Team", "exclude"),
    ]  # fmt: skip
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C2", "A1:O3")
    assert all(sheet.column_dimensions[letter].width >= 10 for letter in "ABCDEFGHIJKLMNO")


@pytest.mark.soak
@pytest.mark.slow
def test_of_one_rule_no_more_are_listed_than_can_be_worked_through(tmp_path: Path) -> None:
    workbook = written(tmp_path, *(fault(number) for number in range(1, LISTED + 8)), fault(1, rule="other"))
    assert len(rows_of(workbook)) == LISTED + 1
    said = [cell.value for row in workbook["Read me"].iter_rows() for cell in row]
    words = "7 faults are counted here and not listed: those for information, and of each rule all but the first 5,000."
    assert words in said
    assert LISTED + 8 in said


@pytest.mark.soak
@pytest.mark.slow
def test_the_same_book_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.packs import test_faults_book as b\n"
        "b.write_faults_book(b.book(b.fault(1), b.fault(2, found='=x')), Path(sys.argv[1]))"
    )
    root = Path(__file__).parents[2]
    environment = {"PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}", "PYTHONHASHSEED": "7"}
    made = [tmp_path / "one.xlsx", tmp_path / "two.xlsx"]
    write_faults_book(book(fault(1), fault(2, found="=x")), made[0])
    subprocess.run([sys.executable, "-c", script, str(made[1])], check=True, env=environment)
    assert made[0].read_bytes() == made[1].read_bytes()


# whole runs


def full(number: int, **values: object) -> Row:
    return dict(episode(number)) | {"offered_at": "", "outcome": ""} | values  # type: ignore[return-value]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """April: E2's and E6's time of offer cannot be read, E4 ends before it began. May: E6 is mended, E5 is new."""
    made = new_workspace(tmp_path_factory.mktemp("book") / "workspace")
    with open(made.settings_file, "a", encoding="utf-8") as settings:
        settings.write(OWNERS)
    (made.root / "corrections.toml").write_text(CORRECTION, encoding="utf-8")
    april = [
        full(
            2, missing_from=datetime(2018, 4, 1, 20), returned_at=datetime(2018, 4, 2, 10), offered_at="Easter Monday"
        ),
        full(4, missing_from=datetime(2018, 4, 9), returned_at=datetime(2018, 4, 8, 9, 30)),
        full(6, missing_from=datetime(2018, 4, 9), returned_at=datetime(2018, 4, 9, 9), offered_at="SOON"),
    ]
    may = [
        full(
            1,
            missing_from=datetime(2018, 5, 1),
            returned_at="02/05/2018 10:00",
            interview_at="03/05/2081 10:00",
            outcome="accepted",
        ),
        *april[:2],
        dict(april[2]) | {"offered_at": ""},
        full(5, missing_from=datetime(2018, 5, 9), returned_at="31/02/2018 10:00"),
    ]
    write_xlsx(made.raw / "2018-04" / "return_home_interviews.xlsx", april, sheet="Episodes")
    write_xlsx(made.raw / "2018-05" / "return_home_interviews.xlsx", may, sheet="Episodes")
    with runs_of_a_year():
        run_month(made, MAY)
    return made


@pytest.fixture(scope="module")
def analyst(workspace: Workspace) -> Workbook:
    return openpyxl.load_workbook(workspace.reports / "2018-05" / "analyst" / "1" / "faults.xlsx")


@pytest.mark.soak
@pytest.mark.slow
def test_each_fault_has_its_value_record_age_and_effect(analyst: Workbook) -> None:
    faults = {(row["Rule"], row["Record"]): row for row in rows_of(analyst)}
    offer = faults["time_unreadable", "episode_id E2"]
    assert offer["Found"] == "Easter Monday"
    assert (offer["State"], offer["First seen"], offer["Months open"]) == ("Open for 1 month", "Apr 2018", 1)
    assert offer["Address"] == "2018-05/return_home_interviews.xlsx, Episodes, O3"
    assert (offer["Owner"], offer["Rows left out of"]) == ("Missing Children team", "RHI-08")
    early = faults["return_before_missing", "episode_id E4"]
    assert (early["Found"], early["Rows left out of"]) == (
        "2018-04-08 09:30:00",
        "RHI-06, RHI-06a, RHI-06d, RHI-03, RHI-08, RHI-04, RHI-05, RHI-07, RHI-09, RHI-09p, RHI-09d, RHI-10, RHI-11b, "
        "RHI-11d",
    )
    never = faults["no_such_date", "episode_id E5"]
    assert (never["Found"], never["State"]) == ("31/02/2018 10:00", "New")
    assert str(never["Rows left out of"]).startswith("RHI-01, RHI-01c, RHI-02")  # every measure of the dataset
    assert "RHI-F" not in str(never["Rows left out of"])  # but the steps of tables


@pytest.mark.soak
def test_links_lead_to_files_that_are_there(workspace: Workspace, analyst: Workbook) -> None:
    folder = workspace.reports / "2018-05" / "analyst" / "1"
    links = [row[1].hyperlink.target for row in analyst["Faults"].iter_rows(min_row=2) if row[1].hyperlink]
    delivered = workspace.raw / "2018-05" / "return_home_interviews.xlsx"
    assert {(folder / link).resolve() for link in links} == {delivered.resolve()}


@pytest.mark.slow
def test_each_owner_has_a_workbook_of_their_own_faults_alone(workspace: Workspace, analyst: Workbook) -> None:
    folder = workspace.reports / "2018-05" / "analyst" / "1" / "owners"
    delivered = workspace.raw / "2018-05" / "return_home_interviews.xlsx"
    listed = []
    for path in sorted(folder.iterdir()):
        own = openpyxl.load_workbook(path)
        assert own.sheetnames == ["Read me", "Faults"]
        rows = rows_of(own)
        assert len({row["Owner"] for row in rows}) == 1
        links = [row[1].hyperlink.target for row in own["Faults"].iter_rows(min_row=2) if row[1].hyperlink]
        assert {(folder / link).resolve() for link in links} <= {delivered.resolve()}
        listed += rows
    by_fault = [sorted(str(row["Fault"]) + str(row["Address"]) for row in rows) for rows in (listed, rows_of(analyst))]
    assert by_fault[0] == by_fault[1]


def test_owners_whose_names_come_to_the_same_have_files_of_their_own() -> None:
    books = owner_books(book(fault(owner="Team A/B"), fault(owner="team a-b"), fault(owner="Nobody", severity="info")))
    assert {path: each.of_owner for path, each in books.items()} == {
        "owners/faults-team-a-b.xlsx": "Team A/B", "owners/faults-team-a-b-2.xlsx": "team a-b",
    }  # fmt: skip


@pytest.mark.slow
def test_the_front_counts_rows_left_out_what_was_cleared_and_says_for_whom(analyst: Workbook) -> None:
    sheet = analyst["Read me"]
    said = {row[0]: row for row in sheet.iter_rows(values_only=True)}
    assert said["For"][1] == "Performance team: restricted"
    assert said["Return home interviews completed within 72 hours"][1:3] == ("RHI-06", 2)  # E4 and E5
    assert said["Missing episodes starting in the month"][1:3] == ("RHI-01", 1)  # E5 alone
    assert said["Return home interviews"][1:3] == ("time_unreadable", 1)  # E6 was mended


@pytest.mark.slow
def test_a_correction_is_in_full_for_the_analyst_and_without_the_child_for_the_board(
    workspace: Workspace, analyst: Workbook
) -> None:
    line = next(row for row in analyst["Corrections"].iter_rows(values_only=True) if row[0] == "Return home interviews")
    assert line[1:5] == ("episode_id E1", "interview_at", "03/05/2081 10:00", "03/05/2018 10:00")
    board = openpyxl.load_workbook(workspace.reports / "2018-05" / "board" / "1" / "board_pack.xlsx")
    sheet = board["Data quality"]
    (_, shown) = sheet[sheet.tables["Corrections"].ref]
    assert [cell.value for cell in shown] == [
        "Return home interviews", "interview_at", 1, 1, "Year typed the wrong way round", "A. Analyst", "2018-06-07",
    ]  # fmt: skip


@pytest.mark.slow
def test_the_board_sees_what_was_opened_and_cleared_and_no_child(workspace: Workspace) -> None:
    edition = workspace.reports / "2018-05" / "board" / "1"
    packs = {f"board_pack.{kind}" for kind in ("pdf", "html", "xlsx")}
    assert {path.name for path in edition.iterdir()} == {*packs, "to_send", "charts", "manifest.json"}
    sheet = openpyxl.load_workbook(edition / "board_pack.xlsx")["Data quality"]
    months = [[cell.value for cell in row] for row in sheet[sheet.tables["Faults_by_month"].ref]]
    wanted = [dataset.title for dataset in DATASETS if not dataset.optional and dataset.id != "return_home_interviews"]
    others = f"{', '.join(wanted[:-1])} and {wanted[-1]}"
    # open, new, cleared, no longer covered, open over three months, rows left out
    assert months[1:] == [
        [datetime(2018, 4, 1), others, 3, 3, 0, 0, 0, 3],
        [datetime(2018, 5, 1), others, 4, 2, 1, 0, 0, 3],
    ]
    rules = [[cell.value for cell in row][1:5] for row in sheet[sheet.tables["Faults_by_rule"].ref]]
    assert rules[1:] == [
        ["dates_mixed", 1, 1, 0],
        ["no_such_date", 1, 1, 0],
        ["return_before_missing", 1, 0, 0],
        ["time_unreadable", 1, 0, 1],
    ]
    with ZipFile(edition / "board_pack.xlsx") as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
    assert not [value for value in (b"Easter Monday", b"E4<", b"2081", b"31/02") if value in content]


@pytest.mark.slow
def test_the_manifest_says_for_whom_and_proves_the_workbook(workspace: Workspace) -> None:
    folder = workspace.reports / "2018-05" / "analyst" / "1"
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["audience"], manifest["edition"]) == ("analyst", 1)
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*.xlsx")]
    assert {"faults.xlsx", "lists.xlsx", "revisions.xlsx", "owners/faults-missing-children-team.xlsx"} <= set(names)
    assert manifest["outputs"] == {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.usefixtures("_runs_of_a_year")
def test_both_packs_have_one_number_and_come_back_when_lost(tmp_path: Path) -> None:
    import shutil

    made = new_workspace(tmp_path / "workspace")
    deliver(made, "2018-05", "return_home_interviews", [episode(1, returned_at="02/05/2018 10:00")])
    assert run_month(made, MAY).changed
    assert not run_month(made, MAY).changed
    shutil.rmtree(made.reports / "2018-05" / "analyst")
    outcome = run_month(made, MAY)
    assert (outcome.pack.parent.name, outcome.faults_book.parent.name) == ("2", "2")
    assert outcome.faults_book == made.reports / "2018-05" / "analyst" / "2" / "faults.xlsx"


def test_owners_are_of_datasets_that_exist(tmp_path: Path) -> None:
    made = new_workspace(tmp_path / "workspace")
    with open(made.settings_file, "a", encoding="utf-8") as settings:
        settings.write(OWNERS + 'foster_homes = "Nobody"\n')
    with pytest.raises(SettingsError, match=r"owners\.foster_homes: no dataset 'foster_homes'"):
        made.settings()
