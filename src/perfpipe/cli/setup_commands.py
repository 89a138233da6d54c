"""The commands that set a workspace up, and those that say what its files must hold."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Literal

from perfpipe.cli.words import DONE, Where, at, exporting, say


def datasets(dataset: str | None = None) -> int:
    """Print each dataset's columns, types, codes and rules, as a file in the standard layout must have them.

    Parameters
    ----------
    dataset
        Only this dataset.
    """
    from perfpipe.cli.dataset_guide import dataset_lines

    print("\n".join(dataset_lines(dataset)))
    return DONE


def rules(rule: str | None = None, *, format: Literal["text", "json"] = "text") -> int:
    """List every rule: its id, its severity, what perfpipe.toml may set it to, and what it means.

    Parameters
    ----------
    rule
        Only this rule: what it finds, what it expects, and what to do.
    format
        text or json.
    """
    from perfpipe.faults.rule_catalogue import rule_data, rule_lines, rule_named

    chosen = rule_named(rule) if rule else None
    if format == "json":
        print(json.dumps(rule_data(chosen), indent=1, ensure_ascii=False))
    else:
        print("\n".join(rule_lines(chosen)))
    return DONE


def template(dataset: str, *, workspace: Where = Path(), to: Path | None = None) -> int:
    """Write an empty workbook of a dataset in the standard layout, to be filled in.

    The one for manual_measures lists the measures that the workspace's plan declares.

    Parameters
    ----------
    dataset
        The dataset's name, as `perfpipe datasets` prints it.
    to
        The file to write; without it `<dataset>.xlsx` in the current folder. An existing file is not overwritten.
    """
    from perfpipe.cli.dataset_guide import write_template
    from perfpipe.measures import MEASURES
    from perfpipe.plan import load_plan
    from perfpipe.settings.workspace import Workspace

    plan_file = Workspace(at(workspace)).plan_file
    plan = load_plan(plan_file, MEASURES) if dataset == "manual_measures" and plan_file.exists() else None
    with exporting(workspace):
        print(write_template(dataset, to, plan))
    return DONE


def sample(directory: Path, *, months: int = 36, seed: int = 1) -> int:
    """Make a workspace of a made-up authority: settings, plan, monthly extracts, and the true figures.

    Parameters
    ----------
    directory
        The folder to write into; it is created if it does not exist.
    months
        How many months of extracts to write, the last being March 2018.
    seed
        A different number makes a different authority; the same number always makes the same one.
    """
    from perfpipe.settings.settings import SettingsError
    from perfpipe_sample import write_sample

    if not 1 <= months <= 60:
        raise SettingsError([f"--months {months}: expected 1 to 60"])
    if any(path for path in (directory / "data" / "raw").glob("[!.]*")):
        raise SettingsError([f"{directory / 'data' / 'raw'} is not empty; choose another folder, or `make clean`"])
    write_sample(directory, months=months, seed=seed, progress=say)
    print(directory.resolve())
    return DONE


def init(directory: Path, *, source: Literal["local", "ssda903"] = "local", datasets: str = "") -> int:
    """Make an empty workspace: settings with comments, and a bare plan, whose recommendations and target are examples.

    Parameters
    ----------
    directory
        The folder to write into; it is created if it does not exist. Existing settings are not overwritten.
    source
        local: monthly folders of workbooks. ssda903: yearly folders of the national files, as they are.
    datasets
        What will be sent each month, as `perfpipe datasets` names it, with commas: placements,social_workers. Packs
        then show these alone. Without it you are asked, at a terminal.
    """
    from perfpipe.cli.new_workspace import datasets_named, write_workspace

    chosen = re.split(r"[\s,;]+", (datasets or _asked_datasets(source)).strip(" ,;\t"))
    for line in write_workspace(directory, source, datasets_named([name for name in chosen if name])):
        print(line)
    return DONE


def _asked_datasets(source: str) -> str:
    """What somebody at a terminal answers; nothing elsewhere, and for national files, which name their own."""
    if source != "local" or not sys.stdin.isatty():
        return ""
    from perfpipe.datasets import DATASETS

    for each in DATASETS:
        say(f"  {each.id}: {each.title}")
    return input("Which of these will be sent each month? With commas; empty if you do not know yet: ")
