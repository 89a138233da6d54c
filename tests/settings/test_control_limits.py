"""Rebases and baselines in `perfpipe.toml`: what is refused, on which line, and that a run checks the measures."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfpipe.dates.months import Month
from perfpipe.job.job import open_job
from perfpipe.settings.control_limits import ControlLimits
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace
from perfpipe_sample import PLAN_FILE

HEAD = '[authority]\nname = "Our Council"\n'  # two lines


def load(folder: Path, text: str) -> ControlLimits:
    (folder / "perfpipe.toml").write_text(HEAD + text, encoding="utf-8")
    return Workspace(folder).settings().control_limits


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(folder, text)
    return [problem.removeprefix(str(folder / "perfpipe.toml")) for problem in caught.value.problems]


def rebase(measure: str, month: str) -> str:
    return f'[[rebases]]\nmeasure = "{measure}"\nfrom = "{month}"\nreason = "A new team"\n'


def baseline(measure: str, first: str, last: str) -> str:
    return f'[[baselines]]\nmeasure = "{measure}"\nfrom = "{first}"\nto = "{last}"\nreason = "Before the change"\n'


def test_without_them_limits_are_of_the_first_months_and_of_20_cases(tmp_path: Path) -> None:
    assert load(tmp_path, "") == ControlLimits((), (), 20)


def test_a_rebase_and_a_baseline(tmp_path: Path) -> None:
    text = rebase("rhi_within_72h", "2017-06") + baseline("rhi_within_72h", "2016-01", "2017-05")
    (tmp_path / "perfpipe.toml").write_text("least_cases_for_limits = 12\n" + HEAD + text, encoding="utf-8")
    found = Workspace(tmp_path).settings().control_limits
    assert (found.rebases[0].measure, found.rebases[0].from_month) == ("rhi_within_72h", "2017-06")
    assert (found.baselines[0].from_month, found.baselines[0].to_month) == ("2016-01", "2017-05")
    assert found.least_cases == 12


def test_every_rebase_is_dated_and_has_a_reason(tmp_path: Path) -> None:
    text = '[[rebases]]\nmeasure = "a"\nfrom = "June"\nreason = ""\n[[rebases]]\nmeasure = "a"\n'
    assert problems(tmp_path, text) == [
        ", line 5: rebases.0.from: 'June' is not a month; expected YYYY-MM, for example 2017-04; found 'June'",
        ", line 6: rebases.0.reason: String should have at least 1 character; found ''",
        ", line 7: rebases.1.from: is missing",
        ", line 7: rebases.1.reason: is missing",
    ]


def test_what_is_twice_there_or_overlaps_is_refused_on_its_line(tmp_path: Path) -> None:
    text = rebase("a", "2017-06") + rebase("a", "2017-06") + rebase("b", "2017-06")
    assert problems(tmp_path, text) == [", line 9: rebases.1.from: 'a' is already rebased from 2017-06"]
    text = baseline("a", "2016-01", "2016-12") + baseline("b", "2016-06", "2016-12")
    load(tmp_path, text + baseline("a", "2017-01", "2017-12"))
    found = problems(tmp_path, text + baseline("a", "2016-12", "2017-12"))
    assert found == [", line 15: baselines.2.from: overlaps the baseline of 'a' from 2016-01 to 2016-12"]


def test_a_baseline_does_not_go_on_over_a_rebase(tmp_path: Path) -> None:
    load(tmp_path, rebase("a", "2017-06") + baseline("a", "2016-01", "2017-05") + baseline("a", "2017-06", "2018-05"))
    found = problems(tmp_path, rebase("a", "2017-06") + baseline("a", "2016-01", "2017-06"))
    what = "'2017-06' is after the rebase from 2017-06; expected an earlier month"
    assert found == [f", line 10: baselines.0.to: {what}"]


def test_a_baseline_ends_no_earlier_than_it_begins(tmp_path: Path) -> None:
    load(tmp_path, baseline("a", "2017-06", "2017-06"))
    (found,) = problems(tmp_path, baseline("a", "2017-06", "2017-05"))
    assert found == ", line 3: baselines.0: expected `to` to be no earlier than `from`; found 2017-05"


def test_a_run_refuses_a_measure_that_there_is_not(tmp_path: Path) -> None:
    load(
        tmp_path,
        rebase("rhi_within_72h", "2017-06") + rebase("rhi_72h", "2017-06") + baseline("x", "2016-01", "2016-12"),
    )
    (tmp_path / "plan.toml").write_bytes(PLAN_FILE.read_bytes())
    with pytest.raises(SettingsError) as caught, open_job(Workspace(tmp_path), Month(2017, 8)):
        pass
    at = tmp_path / "perfpipe.toml"
    near, other = caught.value.problems
    assert near.startswith(f"{at}, line 8: rebases.1.measure: no measure 'rhi_72h'; did you mean rhi_within_72h or ")
    assert other == f"{at}, line 12: baselines.0.measure: no measure 'x'; `perfpipe measures` lists them"
