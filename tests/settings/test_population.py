"""The dated table of children in the area: in force from its month on, in order, and positive."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfpipe.dates.months import Month
from perfpipe.settings.settings import Settings, SettingsError, population_at
from perfpipe.settings.workspace import Workspace
from perfpipe_sample import SETTINGS_FILE
from tests.workspaces import new_workspace

TABLE = """
[[population]]
from = "2016-04"
children = 74800
source = "ONS, mid-2016"

[[population]]
from = "2017-04"
children = 75200
source = "ONS, mid-2017"
"""


def load(root: Path, table: str) -> Settings:
    workspace = new_workspace(root)
    with open(workspace.settings_file, "a", encoding="utf-8") as file:
        file.write(table)
    return workspace.settings()


@pytest.mark.parametrize(
    ("month", "children"), [("2016-03", None), ("2016-04", 74800), ("2017-03", 74800), ("2017-04", 75200)]
)
def test_an_entry_is_in_force_from_its_month_until_the_next(month: str, children: int | None, tmp_path: Path) -> None:
    entry = population_at(load(tmp_path, TABLE), Month.parse(month))
    assert (entry.children if entry else None) == children


def test_without_a_table_nothing_is_known(tmp_path: Path) -> None:
    assert population_at(load(tmp_path, ""), Month(2017, 4)) is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('"2017-04"', '"2016-04"'), "2016-04 does not follow 2016-04; expected the oldest first, each month once"),
        (('"2017-04"', '"2015-04"'), "2015-04 does not follow 2016-04"),
        (('"2017-04"', '"April 2017"'), "'April 2017' is not a month; expected YYYY-MM"),
        (("75200", "0"), "greater than 0; found 0"),
        (("75200", "-1"), "greater than 0; found -1"),
        (("75200", "75.2"), "expected a valid integer; found 75.2"),
        (('source = "ONS, mid-2017"', ""), "population.1.source: is missing"),
    ],
)
def test_a_wrong_table_is_told_with_its_line(change: tuple[str, str], words: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, TABLE.replace(*change))
    (problem,) = caught.value.problems
    assert words in problem
    assert "perfpipe.toml, line " in problem
    assert "population.1." in problem


def test_the_sample_has_about_81_looked_after_children_in_10_000_where_600_are() -> None:
    settings = Workspace(SETTINGS_FILE.parent).settings()
    entry = population_at(settings, Month(2017, 1))
    assert entry is not None
    assert 80 <= 600 / entry.children * 10_000 <= 81.5
    assert all("made up" in each.source.lower() for each in settings.population)
