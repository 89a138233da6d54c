"""The restricted workbook of a check: values in it alone, and the words of coded columns with what maps them."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import openpyxl
import pytest

from perfpipe.check.faults_to_correct import words_to_map
from perfpipe.cli.main import main
from perfpipe.settings.workspace import Workspace
from perfpipe.validate.delivered_table import CodedWord
from tests.workspaces import deliver, episode, new_workspace

SECRET = "Zebedee-42"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return new_workspace(tmp_path / "w")


def call(workspace: Workspace, *arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--workspace", str(workspace.root)])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def sheet(workspace: Workspace, name: str) -> list[list[object]]:
    book = openpyxl.load_workbook(workspace.faults_to_correct)
    return [list(row) for row in book[name].iter_rows(values_only=True)]


@pytest.mark.slow
def test_check_writes_it_with_values_and_the_words_to_map(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    back = {"returned_at": "02/05/2018 10:00", "child_id": SECRET}
    rows = [episode(n, **back, outcome="Agreed" if n < 3 else "accepted") for n in range(1, 20)]
    deliver(workspace, "2018-05", "return_home_interviews", rows)
    assert call(workspace, "check") == 0
    said = capsys.readouterr()
    assert str(workspace.faults_to_correct) in said.err
    assert "1 word without a code" in said.err
    assert "Agreed" not in said.out + said.err
    assert SECRET not in said.out + said.err
    faults = sheet(workspace, "Faults")
    found = faults[0].index("Found")
    assert [row[found] for row in faults if row[faults[0].index("Rule")] == "code_unknown"] == ["Agreed", "Agreed"]
    words = [row for row in sheet(workspace, "Words to map") if row[0] == "return_home_interviews"]
    assert [row[1:5] for row in words] == [
        ["outcome", "Agreed", 2, "no code: map it"],
        ["outcome", "accepted", 17, "accepted: Interview accepted"],
    ] or words[0][1:4] == ["outcome", "Agreed", 2]
    assert "declined_child" in str(words[0][5])
    assert str(words[0][6]).startswith('"Agreed" = "')
    if sys.platform != "win32":
        assert stat.S_IMODE(workspace.faults_to_correct.stat().st_mode) == 0o600


@pytest.mark.slow
def test_a_run_that_faults_stop_writes_it_too(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [episode(n, returned_at="02/05/2018 10:00", outcome="Agreed", child_id=SECRET) for n in range(1, 20)]
    deliver(workspace, "2018-05", "return_home_interviews", rows)
    assert call(workspace, "run", "2018-05") == 1
    said = capsys.readouterr().err
    assert "faults with what was found, for the performance team only" in said
    assert SECRET not in said
    (word, *_) = [row for row in sheet(workspace, "Words to map") if row[1] == "outcome"]
    assert word[2:4] == ["Agreed", 19]


def test_a_word_without_a_code_has_a_line_and_the_likeliest_code_one_with_a_code_has_none() -> None:
    outcome = ("return_home_interviews", "outcome")
    accept, known = words_to_map(
        [CodedWord(*outcome, 'Acceptd "x"', 3, None), CodedWord(*outcome, "accepted", 9, "accepted")]
    )
    assert accept.line == r'"Acceptd \"x\"" = "accepted"'
    assert (known.line, known.read_as.partition(":")[0]) == ("", "accepted")
    assert len(words_to_map([CodedWord(*outcome, str(n), 1, None) for n in range(300)])) == 200
