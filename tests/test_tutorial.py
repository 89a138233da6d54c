"""The tutorial is followed word for word, and the site of the docs has no broken link."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from perfpipe.cli.main import main

ROOT = Path(__file__).parents[1]
TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^```sh\n(.*?)^```", TUTORIAL, re.DOTALL | re.MULTILINE)
(WORDS,) = re.findall(r"^```toml\n(.*?)^```", TUTORIAL, re.DOTALL | re.MULTILINE)


def follow(command: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Type one line in a folder; the folder in which the next one is typed."""
    name, *arguments = command.split()
    if name == "cd":
        return folder / arguments[0]
    if name != "perfpipe":
        subprocess.run(command, shell=True, cwd=folder, check=True)
        return folder
    monkeypatch.chdir(folder)
    with pytest.raises(SystemExit) as done:
        main(arguments)
    assert done.value.code == 0, command
    return folder


def in_time_of_due(export: Path) -> str:
    """Of the returns of April 2017 those with an interview within 72 hours, counted from the export alone."""
    with export.open(encoding="utf-8") as file:
        rows = [row for row in csv.reader(file) if len(row) > 7 and row[2] == "Missing" and "/04/2017 " in row[4]]
    readable = [row for row in rows if not row[7].startswith("31/04")]
    hours = [moment(row[7]) - moment(row[4]) for row in readable if row[7]]
    return f"{sum(each <= timedelta(hours=72) for each in hours)} of {len(readable)}"


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M")


@pytest.mark.slow
@pytest.mark.usefixtures("_runs_of_a_year")
def test_the_tutorial_leads_from_the_export_to_a_pack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    said, folder = {}, tmp_path
    for command in "".join(COMMANDS).splitlines():
        folder = follow(command, folder, monkeypatch)
        said[command] = "".join(capsys.readouterr())
        if command.startswith("perfpipe layout"):
            draft = folder / "layout-draft.toml"
            above, header, _ = draft.read_text(encoding="utf-8").partition(WORDS.splitlines()[0])
            assert header
            draft.write_text(above + WORDS, encoding="utf-8")

    (faults,) = re.findall(r"There are (\d+) faults", TUTORIAL)
    assert f"{faults} faults: 0 stop the run, 1 leave" in said["perfpipe check 2017-04"]
    pack = Path(said["perfpipe run 2017-04"].splitlines()[0])
    assert {"board_pack.xlsx", "board_pack.pdf", "board_pack.html", "to_send"} <= {
        p.name for p in pack.parent.iterdir()
    }
    (figure,) = re.findall(r"\d+ of \d+", TUTORIAL)
    assert figure == in_time_of_due(folder / "missing_episodes.csv")
    assert figure in said["perfpipe explain rhi_within_72h 2017-04"]


@pytest.mark.slow
def test_the_site_has_no_broken_link(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copy(ROOT / "zensical.toml", tmp_path)
    command = [Path(sys.executable).with_name("zensical"), "build", "--strict"]
    built = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout
    pages = {page.stem for page in (ROOT / "docs").glob("*.md")}
    assert pages <= {page.stem for page in (tmp_path / "build" / "site").glob("*.html")}
    outside = [
        page.name for page in (tmp_path / "build" / "site").glob("*.html") if 'src="http' in page.read_text("utf-8")
    ]
    assert outside == []
    nav = (ROOT / "zensical.toml").read_text(encoding="utf-8")
    assert [page for page in pages if f'"{page}.md"' not in nav] == []
