"""`perfpipe comparators`: a published file as it is downloaded becomes settings that runs read, whole or not at all."""

from __future__ import annotations

import io
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from perfpipe.assess.comparators import comparison_of, load_comparators
from perfpipe.cli.main import main
from perfpipe.dates.months import Month
from perfpipe.declare_comparators.national_keys import NATIONAL_MATCHES
from perfpipe.measures import BY_ID, MEASURES
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Period
from perfpipe.settings.workspace import Workspace
from tests.conftest import REAL_DATA
from tests.workspaces import new_workspace

HEADER = "short,measure,polarity,year_type,year,Our Town,West Midlands,England,SN2021_mean,SN_n\r\n"
ROWS = (
    "Work_Force_TO_Rate,Percentage rate of turnover,Low,Annual (end of Sept),2016,17.8,15.4,15.1,16.41,10",
    "Work_Force_TO_Rate,Percentage rate of turnover,Low,Annual (end of Sept),2017,13.9,14,13.4,13.87,9",
    'LACnum,"Number of Children, looked after",-,Annual,2017,620,9490,72610,566.9,10',
    "LACDental%,Dental Checks,High,Financial Year,2017,c,x,-,-,-",
)
OPTIONS = ("--released", "2026-04-08", "--yes")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return new_workspace(tmp_path / "w", "Our Town City Council")


def downloaded(tmp_path: Path, *rows: str, header: str = HEADER, name: str = "LAIT export.csv") -> Path:
    path = tmp_path / name
    path.write_bytes("\N{BOM}".encode() + (header + "\r\n".join(rows or ROWS) + "\r\n").encode())
    return path


def call(workspace: Workspace, file: Path, *options: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["comparators", str(file), "--workspace", str(workspace.root), *options])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def declared(workspace: Workspace) -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads(workspace.settings_file.read_text(encoding="utf-8"))["comparators"]
    return table


def turnover(workspace: Workspace, month: Month, known: date) -> list[Decimal | None]:
    loaded = load_comparators(workspace, workspace.settings(), MEASURES)
    assert loaded is not None
    found = comparison_of(loaded, BY_ID["turnover_12_months"], Period.ROLLING_12, month, known, "Our Town")
    return [each.value for each in found.values] if found else []


def test_a_download_becomes_settings_whose_values_are_the_files(workspace: Workspace, tmp_path: Path) -> None:
    before = workspace.settings_file.read_text(encoding="utf-8")
    file = downloaded(tmp_path)
    assert call(workspace, file, *OPTIONS) == 0
    table = declared(workspace)
    assert table["columns"] | {"own": "Our Town", "areas": ["England", "West Midlands"]} == table["columns"]
    assert table["neighbours"] == [{"name": "Statistical neighbours of 2021", "mean": "SN2021_mean", "count": "SN_n"}]
    assert {each["measure"]: each.get("show") for each in table["match"]} == {
        "turnover_12_months": None, "children_looked_after": ["own"],
    }  # fmt: skip
    assert [(x["year_type"], x["year"]) for x in table["releases"]] == [
        ("Annual", 2017), ("Annual (end of Sept)", 2016), ("Annual (end of Sept)", 2017),
    ]  # fmt: skip
    assert table["vintage"] == "April 2026"
    assert (workspace.root / table["file"]).read_bytes() == file.read_bytes()
    assert workspace.settings_file.read_text(encoding="utf-8").startswith(before.rstrip())
    # England, West Midlands, the neighbours' mean, our own, as proportions
    expected = [Decimal("0.134"), Decimal("0.14"), Decimal("0.1387"), Decimal("0.139")]
    assert turnover(workspace, Month(2018, 3), date(2026, 4, 8)) == expected
    assert all(value is None for value in turnover(workspace, Month(2018, 3), date(2026, 4, 7)))


def test_it_shows_what_it_would_write_and_asks(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, file = workspace.settings_file.read_bytes(), downloaded(tmp_path)
    assert call(workspace, file, "--vintage", "April 2026") == 2  # nobody is there to be asked
    said = capsys.readouterr()
    assert "+ children_looked_after (month_end): LACnum, your own value alone\n" in said.out
    assert "! vacancy_rate: the file has no key Work_Force_Vac_Rate\n" in said.out
    assert "keys of the file that no measure is matched with: 1\n" in said.out
    assert "not shown: Annual 2017, Annual (end of Sept) 2016, Annual (end of Sept) 2017; give --released" in said.out
    assert "add --yes" in said.err
    for answer, is_written in (("n\n", False), ("y\n", True)):
        terminal = io.StringIO(answer)
        monkeypatch.setattr(terminal, "isatty", lambda: True)
        monkeypatch.setattr("sys.stdin", terminal)
        assert call(workspace, file, "--vintage", "April 2026") == 0
        assert (workspace.settings_file.read_bytes() != before) is is_written
        assert (workspace.root / "data" / "comparators" / file.name).exists() is is_written


def test_next_years_file_keeps_what_the_settings_say(workspace: Workspace, tmp_path: Path) -> None:
    assert call(workspace, downloaded(tmp_path), *OPTIONS) == 0
    text = workspace.settings_file.read_text(encoding="utf-8")
    text = text.replace('key = "LACnum"\n', 'key = "LACnum"           # agreed with the Board\nnote = "a note"\n')
    workspace.settings_file.write_text(text.replace("2026-04-08", "2018-02-15", 1), encoding="utf-8")
    earlier = declared(workspace)
    assert call(workspace, downloaded(tmp_path), *OPTIONS) == 0  # the same once more changes nothing
    assert declared(workspace) == earlier
    vacancies = "Work_Force_Vac_Rate,Vacancies,Low,Annual (end of Sept),2018,19.6,17,16.5,15,10"
    new = downloaded(tmp_path, *ROWS, ROWS[1].replace("2017", "2018"), vacancies)
    assert call(workspace, new, "--released", "2027-02-25", "--yes") == 0
    table = declared(workspace)
    assert "# agreed with the Board" in workspace.settings_file.read_text(encoding="utf-8")
    assert table["match"][:2] == earlier["match"]
    assert [each["measure"] for each in table["match"][2:]] == ["vacancy_rate"]
    assert table["releases"][:-1] == earlier["releases"]
    assert table["releases"][-1] == {
        "year_type": "Annual (end of Sept)", "year": 2018, "released": date(2027, 2, 25),
    }  # fmt: skip
    assert table["vintage"] == "February 2027"
    # what earlier editions used stays as it is: another content gets another name
    assert table["file"] != earlier["file"]
    assert (workspace.root / earlier["file"]).read_bytes() != (workspace.root / table["file"]).read_bytes()
    assert (workspace.root / table["file"]).read_bytes() == new.read_bytes()


def test_settings_of_notepad_keep_their_line_ends(workspace: Workspace, tmp_path: Path) -> None:
    text = workspace.settings_file.read_text(encoding="utf-8")
    workspace.settings_file.write_bytes("\N{BOM}".encode() + text.replace("\n", "\r\n").encode())
    assert call(workspace, downloaded(tmp_path), *OPTIONS) == 0
    content = workspace.settings_file.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n") > text.count("\n")
    assert workspace.settings().comparators is not None


HEADLESS = HEADER.replace("short", "code")
TWO = HEADER.replace("Our Town", "Here").replace("West Midlands", "There")
IN_WORDS = ROWS[0].replace("17.8", "about 18")
CONTRARY = ROWS[0].replace("Low", "High")


@pytest.mark.parametrize(
    ("header", "rows", "options", "said"),
    [
        (HEADLESS, ROWS, OPTIONS, "LAIT export.csv, row 1: no column 'short'; the columns are code, measure"),
        (TWO, ROWS, OPTIONS, "none of Here, There is named as 'Our Town City Council' is; say which with --own"),
        (HEADER, ROWS, (*OPTIONS, "--own", "Our Twon"), "no column 'Our Twon'; did you mean Our Town?"),
        (HEADER, ROWS, ("--yes",), "when the file was taken is not known; say it with --released DAY"),
        (HEADER, ROWS, ("--released", "2017-09-30", "--yes"), "before it had ended"),
        (HEADER, (IN_WORDS,), OPTIONS, "LAIT export.csv, row 2, column Our Town: found 'about 18'; expected a number"),
        (HEADER, (CONTRARY,), OPTIONS, "the two do not count alike"),
        (HEADER, ROWS[3:], OPTIONS, "holds no key that a measure here is known to match"),
    ],
)
def test_what_cannot_be_taken_in_is_said_and_changes_nothing(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    header: str, rows: tuple[str, ...], options: tuple[str, ...], said: str,
) -> None:  # fmt: skip
    before = workspace.settings_file.read_bytes()
    assert call(workspace, downloaded(tmp_path, *rows, header=header), *options) == 2
    assert said in capsys.readouterr().err
    assert workspace.settings_file.read_bytes() == before
    assert not (workspace.root / "data" / "comparators").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04\xff\xfe\x00", "caf\xe9".encode("latin-1")])
def test_a_file_that_is_no_csv_is_said_so(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    path = tmp_path / "export.xlsx"
    path.write_bytes(content)
    assert call(workspace, path, *OPTIONS) == 2
    assert "is no table in CSV and UTF-8; of a workbook, save the sheet as `CSV UTF-8`" in capsys.readouterr().err
    assert call(workspace, tmp_path / "none.csv", *OPTIONS) == 2


def test_signs_for_no_value_are_taken_in(workspace: Workspace, tmp_path: Path) -> None:
    rows = (ROWS[0].replace("15.4", "c").replace("15.1", "x"), *ROWS[1:])
    assert call(workspace, downloaded(tmp_path, *rows), *OPTIONS) == 0
    assert declared(workspace)["absent"] == ["-", "c", "x"]


def test_columns_are_those_that_are_said(workspace: Workspace, tmp_path: Path) -> None:
    asked = ("--own", "West Midlands", "--area", "Our Town", "--neighbour", "England", "--source", "us")
    assert call(workspace, downloaded(tmp_path), *OPTIONS, *asked) == 0
    table = declared(workspace)
    assert (table["columns"]["own"], table["columns"]["areas"], table["source"]) == (
        "West Midlands",
        ["Our Town"],
        "us",
    )
    assert table["neighbours"] == [{"name": "Statistical neighbours", "members": ["England"]}]
    assert table["columns"]["ignore"] == ["SN2021_mean", "SN_n"]


def test_matches_are_of_measures_periods_and_units_that_there_are() -> None:
    assert len({each.key for each in NATIONAL_MATCHES}) == len(NATIONAL_MATCHES)
    for each in NATIONAL_MATCHES:
        measure = BY_ID[each.measure]
        assert each.period in measure.periods
        assert (measure.counts.unit is Unit.PERCENT) == (each.given_in == "percent")
        assert (measure.counts.unit is Unit.COUNT and each.measure.endswith("looked_after")) <= (each.show == ("own",))


def test_the_published_file_as_it_is(tmp_path: Path) -> None:
    file = REAL_DATA / "published" / "coventry_comparators.csv"
    if not file.is_file():
        pytest.skip(f"no published file at {file}: it is not part of the repository")
    workspace = new_workspace(tmp_path, "Coventry City Council")
    assert call(workspace, file, *OPTIONS) == 0
    assert len(declared(workspace)["match"]) == len(NATIONAL_MATCHES)
    assert turnover(workspace, Month(2018, 3), date(2026, 4, 8))[-1] == Decimal("0.139")
