"""Layouts drafted from exports: forty headers of councils' systems, and a draft that becomes a layout."""

from __future__ import annotations

import stat
from pathlib import Path

import openpyxl
import pytest

from perfpipe.cli.main import main
from perfpipe.datasets import BY_ID
from perfpipe.draft_layout.draft import dataset_for, draft_layout
from perfpipe.draft_layout.match_columns import match_columns
from perfpipe.draft_layout.source_table import source_table
from perfpipe.draft_layout.written_forms import decimal_sign
from perfpipe.settings.settings import FileLimits, SettingsError
from tests.builders import write_sheets
from tests.workspaces import counts, figures_of, new_workspace

DAYS = ("01/05/2017", "12/05/2017", "23/05/2017")
TIMES = tuple(f"{day} 10:30" for day in DAYS)
YES_NO = ("Yes", "No", "Yes")
HEADERS = {  # dataset: header as the export has it, cells, and the column that it is (empty: none)
    "return_home_interviews": [
        ("LCS ID", ("100", "200", "300"), "child_id"),
        ("Missing Episode ID", ("M1", "M2", "M3"), "episode_id"),
        ("D.O.B.", DAYS, "dob"),
        ("Missing/Away", ("Missing", "Away", "Missing"), "category"),
        ("Is LAC?", YES_NO, "looked_after_flag"),
        ("Placing Authority", ("Us", "Them", "Us"), "responsible_la"),
        ("Date/Time Missing", TIMES, "missing_from"),
        ("Date/Time Located", TIMES, "found_at"),
        ("Date/Time Returned", TIMES, "returned_at"),
        ("Return Interview Offered", YES_NO, "offered"),
        ("Date RHI Offered", TIMES, "offered_at"),
        ("Return Interview Outcome", ("Accepted", "Accepted", "Pending"), "outcome"),
        ("Date of Return Interview", TIMES, "interview_at"),
        ("Completed By", ("A", "B", "C"), "interviewer_role"),
        ("Case Notes", ("x", "y", "z"), ""),
    ],
    "placements": [
        ("ClientID", ("100", "200", "300"), "child_id"),
        ("DateOfBirth", DAYS, "dob"),
        ("Placement Start Date", DAYS, "started_on"),
        ("Placement End Date", ("", "", "23/06/2017"), "ceased_on"),
        ("Legal Status Code", ("C2", "V2", "C2"), "legal_status_code"),
        ("Type of Placement", ("U6", "U4", "K1"), "placement_code"),
        ("Provider Type", ("PR1", "PR4", "PR1"), "provider_code"),
        ("Reason Episode Ceased", ("", "", "X1"), "cease_reason_code"),
        ("Home Post Code", ("ZZ1 1ZZ", "ZZ1 1ZY", "ZZ1 1ZX"), "home_postcode"),
        ("Ofsted URN", ("SC1", "SC2", "SC3"), "urn"),
        ("Distance from home", ("1.5", "20", "3"), "distance_miles"),
        ("UASC", YES_NO, "unaccompanied"),
        ("Allocated Worker", ("A", "B", "C"), ""),
    ],
    "social_workers": [
        ("Employee Number", ("1", "2", "3"), "worker_id"),
        ("Post Title", ("SW", "SW", "ASW"), "role"),
        ("Cost Centre", ("A1", "A2", "A3"), "team"),
        ("Contract Type", ("Permanent", "Agency", "Permanent"), "contract"),
        ("FTE Value", ("1", "0.6", "1"), "fte"),
        ("Latest Start", DAYS, "started_on"),
        ("Termination Date", ("", "23/06/2017", ""), "left_on"),
        ("NQSW/ASYE", YES_NO, "newly_qualified"),
        ("Caseload", ("12", "0", "15"), "cases_count"),
        ("Ethnicity", ("A", "B", "C"), ""),
    ],
    "assessments": [
        ("C&F ID", ("A1", "A2", "A3"), "assessment_id"),
        ("Assessment Completion Date", DAYS, "authorised_on"),
    ],
}


def export(path: Path, columns: list[tuple[str, tuple[str, ...], str]], above: int = 0) -> Path:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Export"
    for _ in range(above):
        sheet.append(["Exampleshire"])
    for row in ([header for header, _, _ in columns], *zip(*(cells for _, cells, _ in columns), strict=True)):
        sheet.append(list(row))
    workbook.save(path)
    return path


def test_forty_headers_are_proposed_right_or_marked_unsure(tmp_path: Path) -> None:
    right = wrong_and_sure = proposed = 0
    for dataset, columns in HEADERS.items():
        table = source_table(export(tmp_path / f"{dataset}.xlsx", columns, above=3), FileLimits())
        assert (table.header_row, table.rows) == (4, 3)
        found = {match.source.header: match for match in match_columns(table, BY_ID[dataset])}
        for header, _, column in columns:
            match = found.get(header)
            proposed += match is not None
            right += (match.column.name if match else "") == column
            wrong_and_sure += match is not None and match.column.name != column and match.is_sure
    total = sum(map(len, HEADERS.values()))
    assert (total, wrong_and_sure) == (40, 0)
    assert right >= 38


@pytest.mark.parametrize("dataset", ["return_home_interviews", "placements", "social_workers"])
def test_the_dataset_is_found_by_its_columns(tmp_path: Path, dataset: str) -> None:
    table = source_table(export(tmp_path / "export.xlsx", HEADERS[dataset]), FileLimits())
    assert dataset_for(table).id == dataset


def test_no_dataset_no_table_and_no_file_are_said_in_a_line(tmp_path: Path) -> None:
    other = export(tmp_path / "other.xlsx", [("Colour", ("red",), ""), ("Size", ("big",), "")])
    with pytest.raises(SettingsError, match="looks like no dataset"):
        dataset_for(source_table(other, FileLimits()))
    with pytest.raises(SettingsError, match="found no table"):
        source_table(export(tmp_path / "empty.xlsx", []), FileLimits())
    with pytest.raises(SettingsError, match="no such file"):
        source_table(tmp_path / "nowhere.xlsx", FileLimits())
    with pytest.raises(SettingsError, match="expected a file that ends in"):
        source_table(Path(__file__), FileLimits())


def test_what_the_cells_say_of_dates_blanks_and_words(tmp_path: Path) -> None:
    rows = "\n".join(
        [
            "Ref;Person ID;Type;Date missing;Date returned;RHI date;RHI offered;RHI outcome",
            "E1;1;Missing;5/13/2017 10:00;5/14/2017 10:00;5/15/2017 9:00;Yes;Accepted",
            "E2;2;Missing;5/20/2017 10:00;5/21/2017 10:00;N/A;Yes;Declined by the child",
            "E3;3;Missing;5/22/2017 10:00;5/23/2017 10:00;N/A;No;Not known to us",
        ]
    )
    (tmp_path / "rhi_may_2017.csv").write_text(rows, encoding="utf-8")
    text = draft_layout(source_table(tmp_path / "rhi_may_2017.csv", FileLimits()), BY_ID["return_home_interviews"]).text
    assert 'files = ["rhi_*.csv"]' in text
    assert 'date_order = "month_first"  # 7 dates' in text
    assert 'blank = ["N/A"]  # UNSURE: do these mean blank? N/A twice' in text
    assert '"Declined by the child" = "declined_child"  # UNSURE' in text
    assert '# "Not known to us" = ""  # UNSURE: which code? Once' in text
    assert "header_row" not in text
    assert "extracted_at" not in text
    assert "totals_row" not in text


def test_dates_and_numbers_that_need_a_key_get_it_and_the_total_is_no_value(tmp_path: Path) -> None:
    rows = ["Worker ID;Contract;FTE;Start date;End date;Qualified on"]
    rows += [f"W{n};Permanent;0,{n};{n:02}.05.16;{n:02}/06/17;2015{n:02}13" for n in range(3, 10)]
    (tmp_path / "staff.csv").write_text("\n".join([*rows, "Total;;4,2;7;;", ""]), encoding="utf-8")
    draft = draft_layout(source_table(tmp_path / "staff.csv", FileLimits()), BY_ID["social_workers"])
    assert 'decimal = { fte = "," }\n' in draft.text
    declared = 'date_format = { started_on = "dd.mm.yy", left_on = "dd/mm/yy", qualified_on = "yyyymmdd" }'
    assert f"{declared}  # UNSURE: no day is above 12, so the file does not say which comes first\n" in draft.text
    assert "date_order" not in draft.text
    assert {match.column.name: match.is_sure for match in draft.matches}["started_on"]


@pytest.mark.parametrize(
    ("texts", "sign"),
    [
        (("1.5", "2"), None), (("1,5", "2"), ","), (("1,204", "2"), None), (("1,204.5", "2"), "."),
        (("1.204,5", "12"), ","), (("1,5", "1,204.5"), None), (("n/a",), None), (("1,204,000",), "."),
    ],
)  # fmt: skip
def test_the_decimal_sign_is_proposed_where_the_numbers_show_it(texts: tuple[str, ...], sign: str | None) -> None:
    assert decimal_sign(texts) == sign


def test_when_the_export_was_made_and_its_total_are_proposed(tmp_path: Path) -> None:
    table = "Ref,Person ID,Type,Date missing\nE1,1,Missing,13/05/2017 10:00\nE2,2,Missing,14/05/2017 10:00\n"
    above = {"Missing episodes\nRun on,06/06/2017 08:40\n": "B2", "From,01/05/2017,to,31/05/2017\n": ""}
    for rows, cell in above.items():
        (tmp_path / "export.csv").write_text(f"{rows}\n{table}\nTotal: 2\n", encoding="utf-8")
        found = source_table(tmp_path / "export.csv", FileLimits())
        assert (found.rows, found.dated_cell, found.totals) == (2, cell, "Total")
        text = draft_layout(found, BY_ID["return_home_interviews"]).text
        assert 'totals_row = "Total"  # ' in text
        assert ('extracted_at = { cell = "B2" }  # UNSURE: ' in text) == bool(cell)


@pytest.mark.slow
def test_an_accepted_draft_is_a_layout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = new_workspace(tmp_path / "workspace")
    folder = workspace.raw / "2018-05"
    folder.mkdir(parents=True)
    columns = [
        ("Missing Ref", ("E1", "E2"), ""), ("Person ID", ("1", "2"), ""), ("Missing or absent", ("M", "M"), ""),
        ("Date missing", ("01/05/2018 10:00", "13/05/2018 10:00"), ""),
        ("Date returned", ("02/05/2018 10:00", "14/05/2018 10:00"), ""), ("RHI offered?", ("Yes", "Yes"), ""),
        ("RHI outcome", ("Accepted", "Young person said no"), ""), ("RHI date", ("03/05/2018 10:00", "-"), ""),
        ("Notes", ("a", "b"), ""),
    ]  # fmt: skip
    export(folder / "export_may.xlsx", columns, above=2)
    to = tmp_path / "draft.toml"

    for code in (0, 2):  # the second time the draft is there
        with pytest.raises(SystemExit) as ended:
            main(["layout", str(folder / "export_may.xlsx"), "--to", str(to)])
        assert ended.value.code == code
    said = capsys.readouterr()
    assert "Young person" not in said.out + said.err  # words of the export are in the draft alone
    assert stat.S_IMODE(to.stat().st_mode) == 0o600

    draft = to.read_text(encoding="utf-8").replace(
        '# "Young person said no" = ""', '"Young person said no" = "declined_child"'
    )
    with workspace.settings_file.open("a", encoding="utf-8") as settings:
        settings.write(f"\n{draft}")
    assert counts(figures_of(workspace, "2018-05", codes=["RHI-06"]), "RHI-06", "2018-05") == (1, 2)


def test_a_file_without_headers_shows_nothing_of_its_first_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "Alice Surname,Secret Street,V2\nBob Surname,Other Street,C2\nC,D,V2\n"
    (tmp_path / "export.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["layout", str(tmp_path / "export.csv"), "--dataset", "placements", "--to", str(tmp_path / "draft.toml")])
    said = "".join(capsys.readouterr())
    assert "must be there" in said
    assert not [word for word in ("Alice", "Surname", "Secret", "Street", "Bob") if word in said]


def test_sheets_with_the_same_headers_are_said_and_read_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A month a sheet: the draft of the first alone would lose the others without a word."""
    head = ["Ref", "Child ID", "Category", "LAC", "Date missing", "Date returned", "RHI required", "RHI offered"]
    book: dict[str, list[list[object]]] = {}
    for number, name in enumerate(("Feb 2017", "Mar 2017", "Apr 2017"), 2):
        day = f"0{number}/2017"
        book[name] = [head, *([f"E{number}{n}", f"N{n}", "M", "Y", f"0{n}/{day}", f"0{n + 1}/{day}", "Y", "Y"]
                              for n in range(1, 9))]  # fmt: skip
    path = write_sheets(tmp_path / "log.xlsx", {**book, "Notes": [["x", "y"], ["a", "b"]]})
    table = source_table(path, FileLimits())
    assert (table.sheet, table.alike) == ("Feb 2017", ("Mar 2017", "Apr 2017"))
    text = draft_layout(table, dataset_for(table)).text
    together = 'sheet_parts = { "Feb 2017" = "Feb 2017", "Mar 2017" = "Mar 2017", "Apr 2017" = "Apr 2017" }'
    assert f"# {together}" in text
    with pytest.raises(SystemExit):
        main(["layout", str(path), "--to", str(tmp_path / "draft.toml")])
    assert "other sheets with the same headers: 2" in capsys.readouterr().err
