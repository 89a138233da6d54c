"""Readings come from the cache as long as nothing that decides them has changed, and not a moment longer."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfpipe.dates.months import Month
from perfpipe.run import open_job, receive_files, sources_of
from perfpipe.settings.workspace import Workspace
from perfpipe.validate import make_reading
from perfpipe.validate.reading import Reading
from tests.source_copy import SourceCopy
from tests.workspaces import deliver, episode, new_workspace, placement

pytestmark = pytest.mark.slow

MAY = Month(2018, 5)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = new_workspace(tmp_path / "workspace")
    deliver(made, "2018-05", "placements", [placement("A", "01/05/2016"), placement("B", "01/05/2016")])
    deliver(made, "2018-05", "return_home_interviews", [episode(1, returned_at="02/05/2018 10:00")])
    return made


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The datasets of the extracts that are read, as they are read."""
    datasets: list[str] = []
    make = make_reading.make_reading

    def spy(basis, *others):
        datasets.append(basis.extract.dataset)
        return make(basis, *others)

    monkeypatch.setattr(make_reading, "make_reading", spy)
    return datasets


def readings(workspace: Workspace, month: Month = MAY) -> dict[str, Reading]:
    """The readings of a run of a month, by dataset."""
    with open_job(workspace, month) as job:
        return {reading.dataset.id: reading for reading in sources_of(job, receive_files(job)).readings}


def declare(workspace: Workspace, text: str, ahead: bool = False) -> None:
    settings = workspace.settings_file.read_text(encoding="utf-8")
    workspace.settings_file.write_text(f"{text}\n{settings}" if ahead else f"{settings}\n{text}\n", encoding="utf-8")


BOTH = ["placements", "return_home_interviews"]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("validate/months_covered.py", r"last_(\d+)_months", r"last_(\d\d?)_months"),
        ("validate/make_reading.py", "def make_reading(", "UNUSED = 1\n\n\ndef make_reading("),  # imported when needed
        ("read/formats/worker.py", "limit, limit", "limit, limit + 1"),  # another process
        ("faults/severity.py", "def judged(", "UNUSED = 1\n\n\ndef judged("),
    ],
)
def test_changed_code_reads_every_extract_again(
    workspace: Workspace, source: SourceCopy, made: list[str], file: str, old: str, new: str
) -> None:
    before = readings(workspace)
    assert sorted(made) == BOTH
    source.edit(file, old, new)
    after = readings(workspace)
    assert sorted(made) == sorted(2 * BOTH)
    assert {each.id for each in before.values()}.isdisjoint(each.id for each in after.values())


def test_other_code_and_words_for_readers_read_nothing_again(
    workspace: Workspace, source: SourceCopy, made: list[str]
) -> None:
    before = readings(workspace)
    source.edit("validate/months_covered.py", '"""Which months', '"""The months that')
    source.edit("validate/make_reading.py", "def make_reading(", "# of one extract\ndef make_reading(")
    source.edit("measures/interview_view.py", "INTERVIEW_HOURS = 72", "INTERVIEW_HOURS = 71")
    source.edit("packs/wording/numbers.py", '"at most"', '"up to"')
    assert {name: each.id for name, each in readings(workspace).items()} == {
        name: each.id for name, each in before.items()
    }
    assert sorted(made) == BOTH


def test_folders_named_for_other_months_are_read_again(tmp_path: Path) -> None:
    """2011-12 is a month, and where folders are for financial years the year to March 2012."""
    workspace = new_workspace(tmp_path / "workspace")
    deliver(workspace, "2011-12", "placements", [placement("A", "01/05/2010"), placement("B", "01/12/2011")])
    assert readings(workspace, Month(2011, 12))["placements"].last_month == Month(2011, 12)
    declare(workspace, 'folders = "financial_year"', ahead=True)
    assert readings(workspace, Month(2012, 3))["placements"].last_month == Month(2012, 3)


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ('[severities]\nrow_repeated = "info"', BOTH),
        ('[severities]\ncross_checks_not_made = "warn"', []),  # between extracts: no reading holds it
        ('[arrivals]\nmay_be_empty = ["placements"]', ["placements"]),
        ("[arrivals]\nrow_count_share = 0.5", []),
        ("[limits]\nseconds = 40", []),
        ('[owners]\nplacements = "Placements team"', []),
    ],
)
def test_settings_read_again_what_they_decide(
    workspace: Workspace, made: list[str], text: str, again: list[str]
) -> None:
    readings(workspace)
    del made[:]
    declare(workspace, text)
    readings(workspace)
    assert sorted(made) == again


@pytest.mark.parametrize(("rule", "again"), [("column_unreadable", ["placements"]), ("row_count_moved", [])])
def test_an_accepted_fault_reads_its_own_extract_again(
    workspace: Workspace, made: list[str], rule: str, again: list[str]
) -> None:
    extract = readings(workspace)["placements"].extract_id
    del made[:]
    declare(workspace, f'[[accepted]]\nextract = "{extract[:12]}"\nrule = "{rule}"\nreason = "Looked at"')
    readings(workspace)
    assert made == again
