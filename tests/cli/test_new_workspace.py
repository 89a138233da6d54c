"""`perfpipe init`: one's own plan, months and datasets, and nobody else's."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from perfpipe.cli.main import main
from perfpipe.cli.new_workspace import write_workspace
from perfpipe.measures import MEASURES
from perfpipe.plan import load_plan
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace
from perfpipe_sample import PLAN_FILE

TODAY = date(2026, 5, 4)


def test_the_plan_is_bare_and_complete(tmp_path: Path) -> None:
    said = write_workspace(tmp_path, "local", today=TODAY)
    plan = load_plan(tmp_path / "plan.toml", MEASURES)
    assert (plan.recommendations, plan.targets, plan.actions, plan.owners) == ((), {}, (), ())
    assert all(map(plan.shows, MEASURES))
    assert "perfpipe run 2026-04" in said[-1]  # the month before
    text = (tmp_path / "plan.toml").read_text(encoding="utf-8")
    others = tomllib.loads(PLAN_FILE.read_text(encoding="utf-8"))["recommendations"]
    assert [each["title"] for each in others if each["title"] in text] == []
    assert max(map(len, text.splitlines())) <= 120


def test_its_examples_are_a_plan_once_the_marks_are_away(tmp_path: Path) -> None:
    write_workspace(tmp_path, "local", today=TODAY)
    path = tmp_path / "plan.toml"
    head, mark, examples = path.read_text(encoding="utf-8").partition("# [[recommendations]]")
    lines = [line.removeprefix("# ") for line in (mark + examples).splitlines()]
    kept = [f"# {line}" if line.startswith("A target") else line for line in lines]
    path.write_text(
        head + "\n".join(line.removeprefix("#") if line == "#" else line for line in kept), encoding="utf-8"
    )
    plan = load_plan(path, MEASURES)
    assert [each.id for each in plan.recommendations] == ["1", "2"]
    assert [str(step.target) for step in plan.targets["rhi_within_72h"].steps] == ["0.80"]


def test_datasets_that_are_named_are_expected(tmp_path: Path) -> None:
    write_workspace(tmp_path, "local", ["social_workers", "placements"], TODAY)
    settings = Workspace(tmp_path).settings()
    assert [each.dataset for each in settings.expected] == ["placements", "social_workers"]
    with pytest.raises(SettingsError, match="no dataset 'workers'; did you mean social_workers"):
        write_workspace(tmp_path / "other", "local", ["workers"], TODAY)
    assert not (tmp_path / "other").exists()


def test_the_command_takes_them_with_commas_and_asks_only_at_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def call(*arguments: str) -> int:
        with pytest.raises(SystemExit) as ended:
            main(["init", *arguments])
        assert isinstance(ended.value.code, int)
        return ended.value.code

    assert call(str(tmp_path / "a"), "--datasets", "placements, audits") == 0
    assert [each.dataset for each in Workspace(tmp_path / "a").settings().expected] == ["placements", "audits"]
    assert call(str(tmp_path / "b")) == 0
    assert Workspace(tmp_path / "b").settings().expected == ()
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: "adopters")
    assert call(str(tmp_path / "c")) == 0
    assert [each.dataset for each in Workspace(tmp_path / "c").settings().expected] == ["adopters"]
    assert "placements: Placements of children looked after" in capsys.readouterr().err
    assert call(str(tmp_path / "c")) == 2


@pytest.mark.parametrize("source", ["local", "ssda903"])
def test_each_source_makes_a_workspace_that_can_be_checked(source: str, tmp_path: Path) -> None:
    said = write_workspace(tmp_path, source, today=TODAY)
    assert Workspace(tmp_path).settings().authority.name == "Our Council"
    assert ("2026-27" if source == "ssda903" else "2026-04") in said[2]
