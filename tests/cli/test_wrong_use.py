"""Wrong uses, among them those of somebody at a Windows machine: one line each, which says what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from perfpipe.cli.main import main
from perfpipe.cli.wrong_use import hint_of
from perfpipe.settings.workspace import Workspace
from tests.workspaces import deliver, new_workspace, placement


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = new_workspace(tmp_path_factory.mktemp("our files") / "our workspace")
    return made.root


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The exit code, and all that was said."""
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    said = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    assert "Traceback" not in said.out + said.err
    return ended.value.code, (said.out + said.err).strip()


TYPED = [  # what is typed, W being the workspace, and what the one line says to do
    ("chek -w W", 'Did you mean "check"?'),
    ("check --detail -w W", "Did you mean --details?"),
    ("check -details -w W", "type two hyphens, --details"),
    ("check –details -w W", "as Word types it: type two hyphens, --details"),
    ("check —details -w W", "as Word types it: type two hyphens, --details"),
    ("check /details -w W", "type two hyphens, --details"),
    ("run|March 2018|-w|W", "write the month as 2018-03"),
    ("run March 2018 -w W", "What has a space in it needs quotes"),
    ("run 03/2018 -w W", "write the month as 2018-03"),
    ("run 2018-3 -w W", "write the month as 2018-03"),
    ("run Mar-18 -w W", "write the month as 2018-03"),
    ("run 201803 -w W", "write the month as 2018-03"),
    ("run 31/03/2018 -w W", "write the month as 2018-03"),
    ("run “2018-03” -w W", "write the month as 2018-03"),
    ("run 2018-13 -w W", "expected YYYY-MM, for example 2017-04"),
    ("run -w W", "which month? Give one as YYYY-MM"),
    ("run 2018-03 --due -w W", "give one of them"),
    ("check 2018-04 -w W", "put files into data/raw/YYYY-MM, then check again"),
    ("explain 2018-05 RHI-05 -w W", "the measure comes before the month: `perfpipe explain RHI-05 2018-05"),
    ("explain rhi_72h 2018-05 -w W", "did you mean rhi_within_72h"),
    ("explain RHI-5 2018-05 -w W", "did you mean RHI-05 or "),
    ("explain RHI-05 -w W", "`perfpipe explain --help`"),
    ("figures -w W", "`perfpipe run MONTH"),
    ("figures --format excel -w W", 'Choose from: "csv", "json"'),
    ("figures --as-known 31/03/2018 -w W", "write 31/03/2018 as 2018-03-31"),
    ("template placement", "did you mean placements?"),
    ("rules row_repeat", "did you mean row_repeated?"),
    ("init W", "Name another folder"),
    ("withdraw abc --reason x -w W", "give at least six characters of the extract's id"),
    ("withdraw abcdef -w W", "`perfpipe withdraw --help`"),
    (r"layout C:\Temp\export.xlsx -w W", "no such file; check its name"),
    ("layout W -w W", "no such file; check its name"),
    ("release 2018-05 --by x --note n -w W", "`perfpipe run 2018-05"),
    ("return 2018-Q1 -w W", "`perfpipe run 2018-06"),
    ("check -w W/nowhere", "The workspace is a folder above"),
    ("check -w W/data/raw", "The workspace is a folder above"),
    ("check -w W/..", "There is a workspace below"),
    ("check -w W/perfpipe.toml", "is a file: give the folder that it is in"),
    (r"check|-w|C:\Users\me\our workspace", "That is a path of Windows"),
    ("check -w D:", "That is a path of Windows"),
    ('check|-w|"W"', 'Put a straight " before and after the path'),
    ("check|-w|“W”", 'Put a straight " before and after the path'),
    ('check|-w|W"', "perhaps after a last"),
    ("check SPLIT", 'a path with spaces needs quotes: "'),
]


@pytest.mark.parametrize(("typed", "said"), TYPED, ids=[typed for typed, _ in TYPED])
def test_what_is_typed_wrong_is_answered_in_one_line(
    typed: str, said: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = typed.split("|" if "|" in typed else " ")
    arguments = [word.replace("W", str(root), 1) if "W" in word else word for word in words]
    if typed == "check SPLIT":
        arguments = ["check", "-w", *str(root).split(" ")]
    code, told = answer(capsys, *arguments)
    (line,) = [each for each in told.splitlines() if not each.startswith("access: ")]
    assert code == 2
    assert said in line


def saved_as_txt(workspace: Workspace) -> None:
    workspace.settings_file.rename(workspace.root / "perfpipe.toml.txt")


def without_plan(workspace: Workspace) -> None:
    workspace.plan_file.unlink()


def key_mistyped(workspace: Workspace) -> None:
    with open(workspace.settings_file, "a", encoding="utf-8") as settings:
        settings.write('\n[owner]\nplacements = "x"\n')


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (saved_as_txt, "Notepad added .txt. Rename it to perfpipe.toml"),
        (without_plan, "Put plan.toml back"),
        (key_mistyped, "unknown key; did you mean owners?"),
    ],
)
def test_files_of_settings_that_are_wrong(
    spoil: Callable[[Workspace], None], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = new_workspace(tmp_path)
    spoil(workspace)
    code, told = answer(capsys, "check", "-w", str(tmp_path))
    assert code == 2
    assert said in told
    assert len(told.splitlines()) == 1


def test_a_byte_order_mark_of_notepad_is_no_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = new_workspace(tmp_path)
    text = workspace.settings_file.read_text(encoding="utf-8")
    workspace.settings_file.write_text(text.replace("\n", "\r\n"), encoding="utf-8-sig", newline="")
    assert answer(capsys, "check", "-w", str(tmp_path))[0] == 0


@pytest.mark.parametrize(
    ("folder", "name", "said"),
    [
        ("May 2018", "placements.csv", "folder_name"),
        ("2018-05", "placements.docx", "file_not_recognised"),
        (".", "placements.csv", "folder_name"),
    ],
)
def test_files_in_the_wrong_place_have_a_line_each(
    folder: str, name: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = new_workspace(tmp_path)
    deliver(workspace, folder, "placements", [placement("A", "01/05/2018")], name)
    _, told = answer(capsys, "check", "--details", "-w", str(tmp_path))
    (line,) = [each for each in told.splitlines() if f": {said}: " in each]
    assert "expected" in line


def test_values_that_begin_with_a_hyphen_or_a_path_are_not_taken_for_options() -> None:
    for arguments in (["init", "/srv"], ["run", "2018-05", "--reason", "-late"], ["check", "-w", "."], ["x", "--rows"]):
        assert hint_of(arguments) == ""
