"""A made-up authority to try perfpipe on: workbooks as councils export them, with the true figures."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from perfpipe.dates.months import Month, month_range
from perfpipe_sample.extracts import write_deliveries
from perfpipe_sample.knowledge import deliveries
from perfpipe_sample.simulated_authority import simulate
from perfpipe_sample.truth.truth import truth_of

HERE = Path(__file__).parent
SETTINGS_FILE = HERE / "perfpipe.toml"
PLAN_FILE = HERE / "plan.toml"
COMPARATORS_FILE = HERE / "comparators.csv"  # made up, as all else
COMPARATORS_PLACE = Path("data") / "comparators" / "illustrative.csv"  # where the settings look for it
LAST_MONTH = Month(2018, 3)


def _say_nothing(message: str) -> None:
    pass


def write_sample(
    root: Path,
    *,
    months: int = 36,
    seed: int = 1,
    last_month: Month = LAST_MONTH,
    progress: Callable[[str], None] = _say_nothing,
) -> None:
    """Fill a workspace with so many months of deliveries, settings, a plan, made-up comparators and `truth.json`.

    Settings, plan and comparators that are there already stay. The same seed always gives the same bytes.
    """
    if months < 1:
        raise ValueError(f"months is {months}; expected at least 1")
    root.mkdir(parents=True, exist_ok=True)
    progress("simulating the authority")
    authority = simulate(seed, last_month)
    reported = month_range(last_month - (months - 1), last_month)
    extracts = deliveries(reported[0], last_month)
    write_deliveries(authority, extracts, root / "data" / "raw", seed, progress)
    write_settings(root)
    progress("working out the true figures")
    facts = truth_of(authority, extracts, [(month.year, month.number) for month in reported], seed)
    (root / "truth.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def write_settings(root: Path) -> None:
    """Put the sample's settings, plan and comparators into a workspace; what is there already stays."""
    places = ((SETTINGS_FILE, SETTINGS_FILE.name), (PLAN_FILE, PLAN_FILE.name), (COMPARATORS_FILE, COMPARATORS_PLACE))
    for template, place in places:
        target = root / place
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(template, target)
