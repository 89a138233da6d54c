"""Unique words planted as the values of cells reach no terminal, log, exception, ledger or board pack."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from openpyxl import load_workbook

from perfpipe.check.check import check_workspace
from perfpipe.cli.main import main
from perfpipe.dates.months import Month
from perfpipe.measures import MEASURES
from perfpipe.run import StoppingFaults, run_month
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace
from tests import planted

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("_runs_of_a_year")]  # whole runs


def call(workspace: Workspace, *arguments: str) -> int:
    with pytest.raises(SystemExit) as done:
        main([*arguments, "--workspace", str(workspace.root)])
    assert isinstance(done.value.code, int)
    return done.value.code


@pytest.fixture(autouse=True)
def _every_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


def said(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> bytes:
    heard = capfd.readouterr()
    return f"{heard.out}\n{heard.err}\n{caplog.text}".encode()


@pytest.mark.soak
def test_of_what_can_be_read_values_stand_only_with_the_analyst(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    workspace, planter = planted.plant_readable(tmp_path / "workspace")
    assert len(planter.words) >= 200
    assert len(set(planter.words)) == len(planter.words)
    assert call(workspace, "check", "--details") == 0
    assert call(workspace, "check", planted.SECOND) == 0
    assert call(workspace, "run", planted.FIRST) == 0
    assert call(workspace, "run", planted.SECOND) == 0
    assert call(workspace, "run", planted.SECOND) == 0
    explained = {(m.basis.dataset.id, m.counts.unit, m.counts.statistic, m.shown.table is None): m for m in MEASURES}
    for measure in explained.values():  # one of each kind
        assert call(workspace, "explain", measure.id, planted.SECOND) == 0
    for options in (["--format", "csv"], ["--format", "json"]):
        assert call(workspace, "figures", *options) == 0
    heard = said(capfd, caplog)
    assert b"not_followed_up" in heard
    assert b"time_unreadable" in heard
    assert planted.holds(heard, planter) == []
    assert planted.leaks(workspace, planter) == []
    shown = b""
    for month in (planted.FIRST, planted.SECOND):
        book = load_workbook(workspace.reports / month / "analyst" / "1" / "faults.xlsx")
        shown += "\n".join(str(cell) for row in book["Faults"].iter_rows(values_only=True) for cell in row).encode()
    listed = b""
    for sheet in load_workbook(workspace.reports / planted.SECOND / "analyst" / "1" / "lists.xlsx").worksheets:
        listed += "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row).encode()
    assert planted.holds(listed, planter)  # the lists name children, and stand where they may
    there = set(planted.holds(shown, planter))
    assert [word for word in planter.in_faults if word not in there] == []  # the test finds what is there


@pytest.mark.soak
def test_of_what_cannot_be_read_nothing_is_repeated(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    workspace, planter = planted.plant_unreadable(tmp_path / "workspace")
    assert call(workspace, "check") == 1
    assert call(workspace, "check", "--details") == 1
    assert call(workspace, "run", planted.FIRST) == 1
    assert call(workspace, "explain", MEASURES[0].id, planted.FIRST) == 1
    heard = said(capfd, caplog)
    for rule in (
        b"header_missing",
        b"row_ragged",
        b"encoding",
        b"file_incomplete",
        b"csv_damaged",
        b"correction_no_record",
    ):
        assert rule in heard
    assert planted.holds(heard, planter) == []
    assert planted.leaks(workspace, planter) == []
    with pytest.raises(StoppingFaults) as stopped:
        run_month(workspace, Month.parse(planted.FIRST))
    faults = check_workspace(workspace, None, lambda _: None).faults
    assert planted.holds(f"{stopped.value!r}{stopped.value.faults}{faults}".encode(), planter) == []


def test_of_corrections_that_are_wrong_nothing_is_repeated(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    workspace, planter = planted.plant_wrong_corrections(tmp_path / "workspace")
    for command in (["check"], ["run", planted.FIRST]):
        assert call(workspace, *command) == 2
    heard = said(capfd, caplog)
    assert heard.count(b"corrections.toml, line") >= 2 * 4
    assert planted.holds(heard, planter) == []
    with pytest.raises(SettingsError) as raised:
        workspace.settings()
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None  # whose text would hold values
    assert planted.holds(repr(raised.value).encode(), planter) == []


def test_a_failure_inside_repeats_nothing(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workspace, planter = planted.plant_readable(tmp_path / "workspace")

    def broken(*given: object, **_: object) -> None:
        raise ValueError(f"cannot use {planter.words}")

    monkeypatch.setattr("perfpipe.frames.frame.Frame.checked", broken)
    assert call(workspace, "check") == 3
    assert call(workspace, "run", planted.FIRST) == 3
    heard = said(capfd, caplog)
    assert b"internal error: ValueError" in heard
    assert planted.holds(heard, planter) == []
    assert planted.leaks(workspace, planter) == []
