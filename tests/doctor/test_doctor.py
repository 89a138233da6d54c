"""The doctor: each line is good where all is well, and says what to do where it is not."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath, PureWindowsPath
from types import SimpleNamespace

import pytest

from perfpipe.cli.main import main
from perfpipe.doctor.finding import Finding, Health
from perfpipe.doctor.machine import (
    child_finding,
    clock_finding,
    installed_versions,
    locked_versions,
    packages_finding,
    python_finding,
    terminal_finding,
    zone_finding,
)
from perfpipe.doctor.places import cloud_finding, path_finding, share_finding, synchronised_finding
from perfpipe.doctor.workspace_findings import (
    disk_finding,
    ledger_finding,
    lock_finding,
    newest_entry,
    open_finding,
    rights_finding,
    settings_finding,
    workspace_findings,
)
from perfpipe.ledger.hold import locked
from perfpipe.ledger.ledger import Ledger
from perfpipe.settings.workspace import Workspace
from tests.workspaces import new_workspace

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
MOUNTS = (
    "21 1 254:0 / / rw - ext4 /dev/vda rw\n"
    "30 21 0:40 / /mnt/team\\040share rw,relatime shared:1 - cifs //server/team rw\n"
)  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return new_workspace(tmp_path / "w")


def told(finding: Finding, health: Health, *words: str) -> None:
    assert finding.health is health, finding
    assert (finding.what_to_do == "") == (health is Health.GOOD)
    assert [word for word in words if word not in f"{finding.found} {finding.what_to_do}"] == []


def test_this_machine_is_fit() -> None:
    for finding in (python_finding(), zone_finding(), clock_finding(NOW, None), terminal_finding("utf-8"),
                    child_finding([sys.executable, "-c", ""])):  # fmt: skip
        told(finding, Health.GOOD)
    locked_here = locked_versions()
    assert locked_here["pandas"]
    assert "pywin32" not in locked_here or sys.platform == "win32"  # of the lock only what this system needs


def test_packages_that_are_others_than_tested_are_named() -> None:
    installed = installed_versions()
    assert installed["pandas"]
    told(packages_finding({"pandas": installed["pandas"]}, installed), Health.GOOD, "all 1")
    told(packages_finding({"Py_Arrow": "1", "x": "2"}, {"py-arrow": "3"}), Health.CAUTION, "Py_Arrow 3 in place of 1",
         "x is missing", "uv pip sync")  # fmt: skip
    told(packages_finding({}, installed), Health.UNKNOWN, "pip check")


def test_a_machine_that_is_not_fit_is_told_what_to_do() -> None:
    told(child_finding([sys.executable, "-c", "raise SystemExit(3)"]), Health.BAD, "ended with 3", "Ask IT")
    told(child_finding(["/nowhere/python"]), Health.BAD, "cannot be started", "Ask IT")
    told(clock_finding(datetime(2001, 1, 1, tzinfo=UTC), None), Health.BAD, "Set the clock")
    told(clock_finding(NOW, datetime(2026, 6, 1, tzinfo=UTC)), Health.BAD, "2026-06-01 00:00", "Set the clock")
    told(terminal_finding("cp1252"), Health.CAUTION, "PYTHONUTF8")


@pytest.mark.parametrize(
    ("root", "environment", "health"),
    [
        (PureWindowsPath("C:/Users/a/OneDrive - Exampleshire/perf"), {}, Health.BAD),
        (PureWindowsPath("C:/Users/a/Exampleshire SharePoint/perf"), {}, Health.BAD),
        (PureWindowsPath("D:/cloud/perf"), {"OneDriveCommercial": "D:/cloud"}, Health.BAD),
        (PureWindowsPath("C:/perfpipe"), {"OneDrive": "C:/Users/a/OneDrive"}, Health.GOOD),
        (PurePosixPath("/Users/a/Library/Mobile Documents/perf"), {}, Health.BAD),
        (PurePosixPath("/home/a/Dropbox/perf"), {}, Health.BAD),
        (PurePosixPath("/srv/perfpipe"), {}, Health.GOOD),
    ],
)  # fmt: skip
def test_a_synchronised_folder_is_named(
    root: PurePosixPath | PureWindowsPath, environment: dict[str, str], health: Health
) -> None:
    told(synchronised_finding(root, environment), health, *(["Move the workspace"] if health is Health.BAD else []))


def test_a_network_share_is_named_by_the_mount_it_lies_on() -> None:
    told(share_finding(Path("/mnt/team share/perf"), MOUNTS), Health.CAUTION, "cifs", "local disk")
    told(share_finding(Path("/srv/perf"), MOUNTS), Health.GOOD)
    if sys.platform != "win32":
        told(share_finding(Path("/srv/perf"), "nonsense"), Health.GOOD)


def test_files_only_in_the_cloud_and_long_paths() -> None:
    here, away = (SimpleNamespace(name=f"{n}.xlsx", stat=lambda n=n: SimpleNamespace(st_file_attributes=n))
                  for n in (0x20, 0x400020))  # fmt: skip
    told(cloud_finding([here]), Health.GOOD)  # type: ignore[list-item]
    told(cloud_finding([here, away]), Health.BAD, "1 delivered", "Always keep on this device")  # type: ignore[list-item]
    told(path_finding(Path("C:/x"), 300, windows=True), Health.CAUTION, "300 letters", "C:\\perfpipe")
    told(path_finding(Path("/x"), 300, windows=False), Health.GOOD)


def test_settings_that_cannot_be_read_are_told_with_their_line(workspace: Workspace) -> None:
    told(settings_finding(workspace), Health.GOOD)
    with open(workspace.settings_file, "a", encoding="utf-8") as settings:
        settings.write("\ncolour = 1\n")
    told(settings_finding(workspace), Health.BAD, "perfpipe.toml, line ", "unknown key")


def test_rights_lock_disk_and_open_files(workspace: Workspace) -> None:
    told(rights_finding(workspace), Health.GOOD)
    workspace.processed.mkdir(parents=True, exist_ok=True)
    told(lock_finding(workspace), Health.GOOD)
    with locked(workspace):
        told(lock_finding(workspace), Health.CAUTION, "in progress")
    told(disk_finding(10**8, 0), Health.CAUTION, "0.1 GB free")
    told(disk_finding(10**11, 10**9), Health.GOOD)
    told(open_finding(workspace), Health.GOOD)
    (workspace.raw / "2018-05").mkdir(parents=True)
    (workspace.raw / "2018-05" / "~$interviews.xlsx").write_bytes(b"x")
    told(open_finding(workspace), Health.CAUTION, "data/raw/2018-05/~$interviews.xlsx", "Close it")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_a_folder_that_may_not_be_written_to_is_named(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("perfpipe.doctor.workspace_findings.os.replace", refused)
    told(rights_finding(workspace), Health.BAD, "Permission denied", str(workspace.root))


def test_a_ledger_that_is_damaged_or_from_the_future_is_told(workspace: Workspace) -> None:
    told(ledger_finding(workspace), Health.GOOD, "none yet")
    assert newest_entry(workspace) is None
    Ledger.open(workspace.processed).close()
    told(ledger_finding(workspace), Health.GOOD, "whole")
    path = workspace.processed / "ledger.db"
    with sqlite3.connect(path) as database:
        database.execute("insert into events values (1, '2031-01-02T03:04:05', 'r', 'l', 'released', null, 'a', 'w')")
    database.close()
    assert newest_entry(workspace) == datetime(2031, 1, 2, 3, 4, 5, tzinfo=UTC)
    path.write_bytes(b"not a database at all" * 100)
    told(ledger_finding(workspace), Health.BAD, "cannot be read", "backup")


def test_the_command_ends_with_1_where_something_is_wrong(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    for root, code in ((workspace.root, 0), (workspace.root / "elsewhere", 1)):
        with pytest.raises(SystemExit) as ended:
            main(["doctor", "--workspace", str(root), "--format", "json"])
        found = json.loads(capsys.readouterr().out)
        assert ended.value.code == code
        assert all(each["found"] and (each["what_to_do"] or each["health"] == "good") for each in found)
    (only,) = workspace_findings(Workspace(Path("nowhere")))
    assert only.name == "Workspace"
    shutil.rmtree(workspace.root)
