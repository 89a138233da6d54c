"""An empty workspace: settings with comments, and a bare plan of one's own, whose examples are comments."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from perfpipe.datasets import BY_ID, DATASETS
from perfpipe.dates.months import LONDON, Month
from perfpipe.measures import MEASURES
from perfpipe.measures.definition import Measure
from perfpipe.phrases.near_names import no_such
from perfpipe.settings.settings import SettingsError

TEMPLATES = Path(__file__).parent / "templates"
OF_SSDA903 = ("placements",)  # what the national files hold


def datasets_named(names: Sequence[str]) -> list[str]:
    """Datasets as they are given, each once and in the order of packs. Raises SettingsError."""
    titles = {each.id: each.title for each in DATASETS}
    if unknown := [name for name in names if name not in BY_ID]:
        raise SettingsError([no_such("dataset", name, BY_ID, titles=titles) for name in unknown])
    return [each.id for each in DATASETS if each.id in names]


def write_workspace(directory: Path, source: str, datasets: Sequence[str] = (), today: date | None = None) -> list[str]:
    """Make an empty workspace; returns lines on what to do next. Raises SettingsError if there is one already.

    `datasets`: those that will be sent; none: not said. `today` decides which month the examples name.
    """
    settings, plan = directory / "perfpipe.toml", directory / "plan.toml"
    there = [str(path) for path in (settings, plan) if path.exists()]
    if there:
        what = "already there; nothing was changed. Name another folder, or edit them"
        raise SettingsError([f"{', '.join(there)}: {what}"])
    chosen = datasets_named(datasets)
    month = Month.of(today or datetime.now(LONDON).date()) - 1
    for folder in ("data/raw", "data/processed", "reports"):
        (directory / folder).mkdir(parents=True, exist_ok=True)
    text = (TEMPLATES / f"{source}.toml").read_text(encoding="utf-8")
    settings.write_text(f"{text}{_expected(chosen)}", encoding="utf-8", newline="\n")
    plan.write_text(bare_plan(), encoding="utf-8", newline="\n")
    start = month.financial_year_start
    folder = f"{start.year}-{(start.year + 1) % 100:02}" if source == "ssda903" else str(month)
    return [
        f"made {directory}",
        f"1. Put your authority's name into {settings}, and your recommendations and targets into {plan}.",
        f"2. Put the files of a month into {directory / 'data' / 'raw' / folder}/, as they came.",
        f"3. perfpipe check --workspace {directory}",
        f"4. perfpipe run {month} --workspace {directory}",
    ]


def _expected(datasets: Sequence[str]) -> str:
    """The datasets that will be sent, for the settings; empty where it is not known."""
    if not datasets:
        return ""
    head = "\n# What will be sent each month, by which working day of the month after, and by whom: put in your own.\n"
    entries = [
        f'\n[[expected]]\ndataset = "{name}"\nby_working_day = 10\nsender = "Owner of {BY_ID[name].title.lower()}"\n'
        for name in datasets
    ]
    return head + "".join(entries)


def bare_plan() -> str:
    """A plan without recommendations and targets: every measure is listed as standing under none.

    Without the marks of its comments it is a plan with two recommendations and a target.
    """
    text = (TEMPLATES / "plan.toml").read_text(encoding="utf-8")
    return text.replace("{measures}", "\n".join(_listed()))


def _listed() -> list[str]:
    """The ids to list, by dataset: of a table one for all, and none of those that stand beside another."""
    lines, tables = [], set()
    by_dataset: dict[str, list[str]] = {}
    for measure in MEASURES:
        table = measure.shown.table
        if measure.shown.placed_with or (table and table.id in tables):
            continue
        if table:
            tables.add(table.id)
        by_dataset.setdefault(_title(measure), []).append(f'"{measure.id}",')
    for title, names in by_dataset.items():
        lines.append(f"    # {title}")
        lines += textwrap.wrap(" ".join(names), 116, initial_indent="    ", subsequent_indent="    ")
    return lines


def _title(measure: Measure) -> str:
    return measure.basis.dataset.title
