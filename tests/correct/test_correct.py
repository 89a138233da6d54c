"""`perfpipe correct`: asked at the prompt, written as a run reads it, and never a value where it is not shown."""

from __future__ import annotations

import io
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from perfpipe.cli.main import main
from perfpipe.correct.effects import FigureMove, due_at_source, moves_between
from perfpipe.correct.entry import add_entry
from perfpipe.correct.find_cell import find_record, problem_of
from perfpipe.datasets import BY_ID
from perfpipe.dates.months import Month
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace
from tests.builders import write_xlsx
from tests.workspaces import deliver, episode, new_workspace

INTERVIEWS = BY_ID["return_home_interviews"]
SECRET = "Zebedee-42"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = new_workspace(tmp_path / "w")
    with open(made.plan_file, "a", encoding="utf-8") as plan:
        plan.write('\n[[owners]]\nid = "head"\nrole = "Head of Service"\n')
    rows = [
        episode(1, child_id=SECRET, returned_at="02/05/2018 10:00", interview_at="03/05/2081 10:00"),
        episode(2, child_id=SECRET, returned_at="04/05/2018 10:00"),
    ]
    deliver(made, "2018-04", "return_home_interviews", [episode(9, returned_at="04/04/2018 10:00")])
    deliver(made, "2018-05", "return_home_interviews", rows)
    return made


def answer(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{each}\n" for each in answers)))


def call(workspace: Workspace) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["correct", "--workspace", str(workspace.root)])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def entries(workspace: Workspace) -> list[dict[str, object]]:
    path = workspace.root / "corrections.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))["corrections"] if path.exists() else []


ASKED = ("return_home_interviews", "E1", "interview_at", "03/05/2018 10:00", "Year typed wrong", "head", "yes")


@pytest.mark.slow
def test_the_entry_is_written_and_what_moves_is_said(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("perfpipe.questions.known_on_a_day.MONTHS_SHOWN", 2)
    answer(monkeypatch, *ASKED)
    assert call(workspace) == 0
    (entry,) = entries(workspace)
    assert entry | {"date": ""} == {
        "dataset": "return_home_interviews", "key": {"episode_id": "E1"}, "column": "interview_at",
        "from": "03/05/2081 10:00", "to": "03/05/2018 10:00", "reason": "Year typed wrong", "by": "head", "date": "",
    }  # fmt: skip
    said = capsys.readouterr()
    assert "found: 2018-05/return_home_interviews.csv, row 2" in said.err
    assert "RHI-05 2018-05 month: not available becomes 1 of 1 = 1" in said.out
    assert "must have it by the extract of 2018-06" in said.out
    for value in (SECRET, "03/05/2081", "03/05/2018"):
        assert value not in said.out + said.err  # what is printed into a file has forms alone
    assert "99/99/9999 99:99, text becomes 99/99/9999 99:99, text" in said.out


@pytest.mark.slow
def test_wrong_answers_are_asked_again_and_no_writes_nothing(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(
        monkeypatch, "interviews", "return_home_interviews", "E77", "E1", "interviewed", "interview_at", "soonish",
        "03/05/2018 10:00", "", "Year typed wrong", "haed", "head", "maybe", "no",
    )  # fmt: skip
    assert call(workspace) == 0
    said = capsys.readouterr().err
    for words in ("did you mean return_home_interviews?", "no record (of 2 extracts", "did you mean interview_at",
                  "that cannot be read", "a reason is needed", "did you mean head?", "answer yes or no",
                  "nothing was written"):  # fmt: skip
        assert words in said
    assert "soonish" not in said
    assert "E77" not in said
    assert "interviewed" not in said
    assert entries(workspace) == []
    answer(monkeypatch, "return_home_interviews")
    assert call(workspace) == 2
    assert "nothing was written" in capsys.readouterr().err


@pytest.mark.slow
def test_a_record_is_found_in_the_newest_extract_that_has_it(workspace: Workspace) -> None:
    (row,) = find_record(workspace, INTERVIEWS, {"episode_id": "E9"}).rows
    assert (row.place, row.month) == ("2018-04/return_home_interviews.csv, row 2", Month(2018, 4))
    none = find_record(workspace, INTERVIEWS, {"episode_id": "E5"})
    assert (list(none.rows), none.looked) == ([], 2)


def test_a_date_cell_of_a_workbook_is_found_as_it_is_written_there(workspace: Workspace) -> None:
    rows = [dict(episode(3, returned_at="02/06/2018 10:00"))]
    rows[0]["interview_at"] = pd.Timestamp("2081-06-03 10:00").to_pydatetime()  # type: ignore[assignment]
    write_xlsx(workspace.raw / "2018-06" / "return_home_interviews.xlsx", rows)
    (row,) = find_record(workspace, INTERVIEWS, {"episode_id": "E3"}).rows
    assert problem_of(row, INTERVIEWS, "interview_at", "03/06/2081 10:00") == "that is what the extract says already"
    assert problem_of(row, INTERVIEWS, "interview_at", "03/06/2018 10:00") == ""
    assert problem_of(row, INTERVIEWS, "interview_at", "") == ""


def test_an_entry_that_the_file_cannot_have_is_refused_and_the_file_is_as_it_was(workspace: Workspace) -> None:
    path = workspace.root / "corrections.toml"
    path.write_text("# ours\n", encoding="utf-8")
    given = {"dataset": "return_home_interviews", "key": {"episode_id": "E1"}, "column": "interview_at",
             "from": "a", "to": "b", "reason": f"{SECRET} E1 was wrong", "by": "head",
             "date": pd.Timestamp("2018-06-01").date()}  # fmt: skip
    with pytest.raises(SettingsError) as refused:
        add_entry(workspace, given)
    assert "contains the record's key" in str(refused.value.problems)
    assert SECRET not in str(refused.value.problems)
    assert path.read_text(encoding="utf-8") == "# ours\n"
    add_entry(workspace, given | {"reason": "Mistyped"})
    add_entry(workspace, given | {"reason": "Mistyped", "column": "outcome"})
    assert path.read_text(encoding="utf-8").startswith("# ours\n\n[[corrections]]\n")
    assert [each["column"] for each in entries(workspace)] == ["interview_at", "outcome"]


def test_moves_are_those_of_figures_that_differ_and_the_source_has_until_the_next_extract(workspace: Workspace) -> None:
    usual = {
        "measure_id": "a", "code": "A-1", "month": "2018-05", "period": "month", "breakdown": "all", "group": "all",
        "numerator": 1.0, "denominator": 2.0, "value": 0.5, "state": "ok", "unit": "percent", "target": "",
        "status": "no_target",
    }  # fmt: skip
    count = {"measure_id": "b", "code": "B-1", "unit": "count", "denominator": None}
    old = usual | count | {"numerator": None, "value": None, "state": "not_available"}
    new = usual | count | {"numerator": 3.0, "value": 3.0}
    share = {"measure_id": "c", "code": "C-1", "month": "2018-04", "denominator": 12.0}
    then, now = ({"numerator": top, "value": top / 12} for top in (4.0, 5.0))
    before = pd.DataFrame([usual, old, usual | share | then])
    after = pd.DataFrame([usual, new, usual | share | now])
    assert moves_between(before, after) == [
        FigureMove("B-1", "2018-05", "month", "all", "all", "not available", "3"),
        FigureMove("C-1", "2018-04", "month", "all", "all", "4 of 12 = 33%", "5 of 12 = 42%"),
    ]
    assert due_at_source(workspace.settings(), "placements", Month(2018, 5)) == (
        Month(2018, 6), None, "Owner of the extract 'Placements of children looked after'",
    )  # fmt: skip
