"""Declared corrections: applied before parsing, shown without a child's name, failing once the source is mended."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from perfpipe.check.check import check_workspace
from perfpipe.cli.explain_text import lines_of
from perfpipe.dates.months import Month
from perfpipe.questions.explain_figure import explain
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace
from tests import builders, workspaces
from tests.builders import write_xlsx
from tests.workspaces import deliver, episode, figures_of, new_workspace, one

MAY = Month(2018, 5)
RIGHT, WRONG = "03/05/2018 10:00", "03/05/2081 10:00"
CORRECTION = """
[[corrections]]
dataset = "return_home_interviews"
key = { episode_id = "E1" }
column = "interview_at"
from = "03/05/2081 10:00"
to = "03/05/2018 10:00"
reason = "Year typed the wrong way round"
by = "A. Analyst"
date = 2018-06-07
"""
LAYOUT = """
[[layouts.return_home_interviews]]
name = "monthly"
date_order = "day_first"
files = "monthly.csv"
covers = { span = "month", selects_by = "overlap" }
[layouts.return_home_interviews.columns]"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Two returns in May; the first interview, a day later, has its year mistyped, so that it is no interview yet."""
    made = new_workspace(tmp_path / "workspace")
    deliver(made, "2018-05", "return_home_interviews", returns(WRONG))
    return made


def returns(interview_at: str) -> list[workspaces.Row]:
    return [
        episode(1, returned_at="02/05/2018 10:00", interview_at=interview_at),
        episode(2, returned_at="04/05/2018 10:00"),
    ]


def declare(workspace: Workspace, text: str = CORRECTION, **changes: str) -> None:
    for name, value in changes.items():
        lines = [line for line in text.splitlines() if not line.startswith(f"{name} =")]
        text = "\n".join([*lines, f"{name} = {value}"])
    (workspace.root / "corrections.toml").write_text(text, encoding="utf-8")


def in_time(workspace: Workspace) -> float:
    return float(one(figures_of(workspace, "2018-05", codes=["RHI-06"]), "RHI-06", "2018-05")["numerator"])


def rules(workspace: Workspace) -> list[str]:
    faults = check_workspace(workspace, None, lambda _: None).faults
    return [fault.rule for fault in faults if fault.severity == "stop"]


def problems(workspace: Workspace) -> str:
    with pytest.raises(SettingsError) as raised:
        workspace.settings()
    return "\n".join(raised.value.problems)


@pytest.mark.soak
@pytest.mark.slow
def test_the_cell_is_corrected_before_it_is_parsed(workspace: Workspace) -> None:
    assert in_time(workspace) == 0
    declare(workspace)
    assert in_time(workspace) == 1
    (workspace.root / "corrections.toml").unlink()
    assert in_time(workspace) == 0


@pytest.mark.slow
def test_what_it_becomes_is_parsed_like_any_other_cell(workspace: Workspace) -> None:
    declare(workspace, to='"the third of May"')
    faults = check_workspace(workspace, None, lambda _: None).faults
    (fault,) = [fault for fault in faults if fault.rule == "time_unreadable"]
    assert (fault.row, fault.found) == (2, "AAA AAAAA AA AAA, text")


@pytest.mark.slow
def test_a_date_cell_says_the_same_as_the_date_in_text(tmp_path: Path) -> None:
    made = new_workspace(tmp_path / "workspace")
    rows = [dict(row) for row in returns(RIGHT)]
    rows[0]["interview_at"] = pd.Timestamp("2081-05-03 10:00").to_pydatetime()  # type: ignore[assignment]
    write_xlsx(made.raw / "2018-05" / "return_home_interviews.xlsx", rows)
    declare(made)
    assert in_time(made) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("bounds", "applied"),
    [
        ({"since": '"2018-05"', "until": '"2018-05"'}, True),
        ({"since": '"2018-06"'}, False),
        ({"until": '"2018-04"'}, False),
    ],
)
def test_a_correction_applies_from_its_first_to_its_last_month(
    bounds: dict[str, str], applied: bool, workspace: Workspace
) -> None:
    declare(workspace, **bounds)
    assert rules(workspace) == ([] if applied else ["correction_no_record"])


@pytest.mark.soak
@pytest.mark.slow
def test_a_blank_is_found_and_written_as_nothing_between_quotes(workspace: Workspace) -> None:
    declare(workspace, to='""')
    assert rules(workspace) == []
    declare(workspace, CORRECTION.replace('"E1"', '"E2"'), **{"from": '""', "to": '"05/05/2018 09:00"'})
    assert in_time(workspace) == 1  # the second child's, the first is still mistyped


@pytest.mark.slow
def test_it_fails_once_the_source_has_been_mended(workspace: Workspace) -> None:
    declare(workspace)
    deliver(workspace, "2018-06", "return_home_interviews", returns(RIGHT))
    faults = check_workspace(workspace, None, lambda _: None).faults
    (fault,) = [fault for fault in faults if fault.severity == "stop"]
    assert (fault.rule, fault.file) == ("correction_not_needed", "corrections.toml, entry 1")
    assert "2018-06/return_home_interviews.csv does not have the value in `from`" in fault.found
    assert fault.what_to_do.endswith('add `until = "2018-05"` to it.')
    assert "2081" not in f"{fault}"


@pytest.mark.soak
@pytest.mark.slow
def test_earlier_months_can_keep_a_correction_that_the_source_has_made_since(workspace: Workspace) -> None:
    columns = "\n".join(f'{name} = "{name}"' for name in workspaces.EPISODE)
    with open(workspace.settings_file, "a", encoding="utf-8") as settings:
        settings.write(f"\n{LAYOUT}\n{columns}\n")
    deliver(workspace, "2018-06", "return_home_interviews", returns(RIGHT))  # speaks for June alone
    (workspace.raw / "2018-06" / "return_home_interviews.csv").rename(workspace.raw / "2018-06" / "monthly.csv")
    (workspace.raw / "2018-05" / "return_home_interviews.csv").rename(workspace.raw / "2018-05" / "monthly.csv")
    declare(workspace)
    assert rules(workspace) == ["correction_not_needed"]
    declare(workspace, until='"2018-05"')
    assert rules(workspace) == []
    assert in_time(workspace) == 1


@pytest.mark.soak
@pytest.mark.slow
def test_a_value_that_the_source_got_wrong_later_is_corrected_from_then(workspace: Workspace) -> None:
    deliver(workspace, "2018-05", "return_home_interviews", returns(RIGHT), "return_home_interviews.csv")
    later = [*returns(WRONG), episode(3, returned_at="02/06/2018 10:00")]
    deliver(workspace, "2018-06", "return_home_interviews", later)
    declare(workspace)
    assert rules(workspace) == []
    assert in_time(workspace) == 1


@pytest.mark.slow
def test_a_key_of_no_record_or_of_several_stops(workspace: Workspace) -> None:
    declare(workspace, key='{ episode_id = "E9" }')
    assert rules(workspace) == ["correction_no_record"]
    declare(workspace)
    deliver(workspace, "2018-06", "return_home_interviews", [*returns(WRONG), *returns(WRONG)])
    assert rules(workspace) == ["correction_several"]


@pytest.mark.slow
def test_a_record_not_yet_received_does_not_stop_what_was_known_before(workspace: Workspace) -> None:
    from datetime import date

    from perfpipe.questions.known_on_a_day import figures_as_known

    declare(workspace, key='{ episode_id = "E9" }')
    assert len(figures_as_known(workspace, date(2018, 1, 1), MAY))


@pytest.mark.soak
@pytest.mark.slow
def test_explain_names_the_corrected_row(workspace: Workspace) -> None:
    declare(workspace)
    assert rules(workspace) == []
    explanation, *longer = explain(workspace, "rhi_within_72h", MAY)
    assert [explanation.period, *(each.period for each in longer)] == ["month", "year_to_date", "rolling_12"]
    assert "    of these, corrected by corrections.toml: 1 row: 2" in lines_of(explanation)


SECRETS = ("SECRET1", "SECRET2", "SECRET3", "SECRET4", "SECRET5")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('dataset = "SECRET1"', "corrections.0.dataset: no such dataset"),
        ('column = "SECRET1"', "corrections.0.column: no such column"),
        ('key = { SECRET1 = "SECRET2" }', "corrections.0.key: expected the value of episode_id"),
        ("key = { episode_id = 5123456 }", "corrections.0.key: expected text in quotes"),
        ('SECRET1 = "SECRET2"', "corrections.0: has an unknown key"),
        ('until = "SECRET1"', "corrections.0.until: expected a month"),
        ('date = "SECRET1"', "corrections.0.date: should be a valid date"),
        ('to = "03/05/2081 10:00"', "corrections.0.to: is the same"),
        ('reason = "Child of E1, typed wrongly"', "corrections.0.reason: contains the record's key"),
        ("to = SECRET1", "not valid TOML: (at line"),
    ],
)
def test_what_is_wrong_in_the_file_is_told_without_its_values(workspace: Workspace, text: str, said: str) -> None:
    name, _, value = text.partition(" = ")
    declare(workspace, **{name: value})
    told = problems(workspace)
    assert said in told
    assert "corrections.toml" in told
    assert not [secret for secret in (*SECRETS, "5123456", "E1", "2081") if secret in told]


def test_one_cell_is_corrected_once(workspace: Workspace) -> None:
    declare(workspace, CORRECTION + CORRECTION)
    assert "corrections.1: corrects the same cell as an earlier entry" in problems(workspace)
    declare(workspace, CORRECTION + 'until = "2018-05"' + CORRECTION + 'since = "2018-06"')
    assert len(workspace.settings().corrections) == 2


def test_they_are_not_settings_that_may_be_shown(tmp_path: Path) -> None:
    settings = '[authority]\nname = "A"\n' + CORRECTION
    workspace = builders.make_workspace(tmp_path, settings)
    told = problems(workspace)
    assert "corrections: unknown key" in told
    assert "2081" not in told
