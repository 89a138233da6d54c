"""The command line as people and machines use it: words, exit codes, and no value of a cell anywhere."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from openpyxl import load_workbook

from perfpipe.cli.main import main
from perfpipe.ledger.hold import hold
from perfpipe.questions.printed_figures import CONTRACT
from perfpipe.settings.workspace import Workspace
from tests.runs import runs_of_a_year
from tests.workspaces import deliver, episode, new_workspace

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("_runs_of_a_year")]  # each makes whole runs or packs

SECRET = "Zebedee-Secret-42"


def delivered(root: Path) -> Workspace:
    """A workspace with an extract of May, some cells of which are secret."""
    made = new_workspace(root)
    rows = [
        episode(1, child_id=SECRET, returned_at="02/05/2018 10:00", interview_at="03/05/2018 10:00"),
        episode(2, child_id=SECRET, missing_from="01/05/2018 10:00", returned_at=SECRET),
        episode(3, child_id=SECRET, returned_at="04/05/2018 10:00", offered=SECRET),
        episode(3, child_id=SECRET, returned_at="04/05/2018 11:00", offered="N"),
    ]
    deliver(made, "2018-05", "return_home_interviews", rows)
    return made


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return delivered(tmp_path / "workspace")


@pytest.fixture(scope="module")
def after_a_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, str, str]:
    """Such a workspace after `perfpipe run`, and what that wrote to its output and to the terminal."""
    made = delivered(tmp_path_factory.mktemp("after_a_run") / "workspace")
    with runs_of_a_year(), redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        assert call("run", "2018-05", "--workspace", made.root) == 0
    return made, out.getvalue(), err.getvalue()


def call(*arguments: object) -> int:
    with pytest.raises(SystemExit) as done:
        main([str(argument) for argument in arguments])
    assert isinstance(done.value.code, int)
    return done.value.code


def test_a_run_ends_with_the_path_of_the_pack(
    after_a_run: tuple[Workspace, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    workspace, out, err = after_a_run
    assert Path(out.splitlines()[-1]) == workspace.root.resolve() / "reports/2018-05/board/1/board_pack.xlsx"
    assert "missing: there is no extract of placements" in err
    star = workspace.root / "reports" / "powerbi" / "figures.csv"
    assert star.stat().st_mode & 0o077 == 0 or sys.platform == "win32"
    assert star.read_text(encoding="utf-8").count("2018-05") > 100
    assert call("run", "2018-05", "-w", workspace.root) == 0
    assert "unchanged" in capsys.readouterr().err


def test_no_value_of_a_cell_is_ever_shown(
    after_a_run: tuple[Workspace, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    workspace, *of_the_run = after_a_run
    for command in (("check", "--details"), ("figures",), ("explain", "rhi_within_72h", "2018-05")):
        assert call(*command, "--workspace", workspace.root) == 0
    said = capsys.readouterr()
    assert SECRET not in "".join([*of_the_run, said.out, said.err])
    stored = [path for path in workspace.root.rglob("*") if path.is_file() and "raw" not in path.parts]
    packs = [path for path in stored if path.suffix != ".parquet"]
    assert packs
    assert not [path for path in packs if SECRET.encode() in path.read_bytes()]


def test_check_names_the_place_the_rule_and_what_to_do(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("check", "2018-05", "--workspace", workspace.root, "--details") == 0
    lines = capsys.readouterr().out.splitlines()
    (line,) = [line for line in lines if "time_unreadable" in line]
    assert line.startswith("exclude: 2018-05/return_home_interviews.csv, row 3, column I (returned_at)")
    assert "expected a date and time" in line
    assert "Left out of: every figure of the dataset" in line


def test_exit_codes(workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("run", "May", "--workspace", workspace.root) == 2
    assert "expected YYYY-MM" in capsys.readouterr().err
    assert call("run", "2018-05", "--workspace", tmp_path / "nowhere") == 2
    assert "perfpipe init" in capsys.readouterr().err
    assert call("walk") == 2
    assert call("run") == 2
    with hold(workspace):
        assert call("run", "2018-05", "--workspace", workspace.root) == 4
    deliver(workspace, "2018-06", "placements", [{"CHILD": "A", "DECOM": "01/05/2016"}])
    assert call("run", "2018-06", "--workspace", workspace.root) == 1
    said = capsys.readouterr().err
    assert "column_missing" in said
    assert "Traceback" not in said


def test_wrong_settings_are_told_with_file_line_and_key(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = workspace.plan_file.read_text(encoding="utf-8").replace("targets.rhi_offered", "targets.rhi_offerd")
    workspace.plan_file.write_text(plan, encoding="utf-8")
    assert call("run", "2018-05", "--workspace", workspace.root) == 2
    said = capsys.readouterr().err
    line = plan.splitlines().index("[targets.rhi_offerd]") + 1
    assert f"plan.toml, line {line}: targets.rhi_offerd: no measure 'rhi_offerd'" in said


def test_an_internal_error_shows_no_traceback_and_no_value(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError(f"bad value {SECRET}")

    monkeypatch.setattr("perfpipe.run.compute_figures", broken)
    assert call("run", "2018-05", "--workspace", workspace.root) == 3
    said = capsys.readouterr().err
    assert "internal error: ValueError" in said
    assert SECRET not in said
    assert "Traceback" not in said


def test_an_interrupt_is_130(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("perfpipe.run.compute_figures", interrupt)
    assert call("run", "2018-05", "--workspace", workspace.root) == 130
    assert not list(workspace.reports.rglob("*.xlsx"))


def test_figures_as_csv_and_json(after_a_run: tuple[Workspace, str, str], capsys: pytest.CaptureFixture[str]) -> None:
    workspace, _, _ = after_a_run
    common = ("figures", "--workspace", workspace.root, "--month", "2018-05", "--measure", "RHI-06")
    assert call(*common) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert tuple(rows[0]) == CONTRACT
    assert (rows[0]["numerator"], rows[0]["denominator"], rows[0]["value"]) == ("1.0", "2.0", "0.5")
    assert call(*common, "--format", "json") == 0
    first = json.loads(capsys.readouterr().out)[0]
    assert (first["value"], first["state"], first["month"]) == (0.5, "ok", "2018-05")
    assert call(*common, "--as-known", "2018-05-01") == 0
    early = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["state"] for row in early} == {"not_available"}  # nothing had been received by then
    assert call("figures", "--workspace", workspace.root, "--measure", "none") == 2


@pytest.mark.parametrize(
    "command",
    [
        [],
        *(
            [name]
            for name in [
                "run",
                "check",
                "figures",
                "explain",
                "measures",
                "datasets",
                "template",
                "sample",
                "init",
                "withdraw",
                "verify",
                "return",
            ]
        ),
        ["plan", "history"],
    ],
    ids=lambda command: " ".join(command) or "perfpipe",
)
def test_every_command_has_help(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert call(*command, "--help") == 0
    assert "Usage: perfpipe" in capsys.readouterr().out


@pytest.mark.slow
def test_help_does_not_import_what_is_heavy() -> None:
    code = "import sys; from perfpipe.cli.main import _exit_code; _exit_code(['--help']); print(sorted(sys.modules))"
    start = time.perf_counter()
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert time.perf_counter() - start < 10
    loaded = said.splitlines()[-1]
    assert not [name for name in ("pandas", "pandera", "matplotlib", "prefect", "sqlalchemy") if f"'{name}'" in loaded]


def test_templates_and_datasets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "placements.xlsx"
    assert call("template", "placements", "--to", target) == 0
    assert load_workbook(target)["Records"]["A1"].value == "child_id"
    assert call("template", "placements", "--to", target) == 2
    assert call("template", "nothing") == 2
    capsys.readouterr()
    assert call("datasets", "placements") == 0
    said = capsys.readouterr().out
    assert "also DECOM" in said
    assert "U6" in said
    assert call("measures") == 0
    assert "RHI-06" in capsys.readouterr().out


def test_init_twice_changes_nothing(tmp_path: Path) -> None:
    assert call("init", tmp_path / "new") == 0
    assert call("init", tmp_path / "new") == 2


def test_a_filled_template_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = new_workspace(tmp_path / "workspace")
    target = workspace.raw / "2018-05" / "workforce_monthly.xlsx"
    target.parent.mkdir(parents=True)
    call("template", "workforce_monthly", "--to", target)
    workbook = load_workbook(target)
    workbook["Records"].append(["2018-05", 66, 39.8, 40, 38.8, 230])
    workbook.save(target)
    assert call("check", "--workspace", workspace.root) == 0
    assert "0 faults: 0 stop the run" in capsys.readouterr().err
