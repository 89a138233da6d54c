"""A made-up authority to try perfpipe on: workbooks as councils export them, with the true figures."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from perfpipe.dates.months import Month, month_range
from perfpipe_sample.commentary import write_commentary
from perfpipe_sample.extracts import write_deliveries
from perfpipe_sample.knowledge import deliveries
from perfpipe_sample.parameters import RESTATED_MONTH
from perfpipe_sample.simulated_authority import simulate
from perfpipe_sample.truth.figures import TrueFigure
from perfpipe_sample.truth.truth import truth_of

HERE = Path(__file__).parent
SETTINGS_FILE = HERE / "perfpipe.toml"
PLAN_FILE = HERE / "plan.toml"
COMPARATORS_FILE = HERE / "comparators.csv"  # made up, as all else
COMPARATORS_PLACE = Path("data") / "comparators" / "illustrative.csv"  # where the settings look for it
EARLIER_PACK = Path("data") / "earlier_packs" / "board_july_2017.csv"
IN_EARLIER_PACK = ("missing_episodes", "rhi_offered", "rhi_within_72h")
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
    """Fill a workspace: so many months of deliveries, settings, a plan, comparators, owners' words and `truth.json`.

    Existing settings, plan and comparators stay. The same seed always gives the same bytes.
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
    write_earlier_pack(root, facts["figures_first_reported"])
    write_commentary(root, facts["figures_first_reported"], reported, PLAN_FILE)
    (root / "truth.json").write_text(json.dumps(facts, indent=1, default=vars) + "\n", encoding="utf-8")


def write_earlier_pack(root: Path, first_reported: Sequence[TrueFigure]) -> None:
    """What the Board was shown of the restated month before this program, in a spreadsheet of July 2017.

    Without a line where the sample has no deliveries for that month.
    """
    shown = {
        each.measure_id: f"{percent_of(each.numerator or 0, each.denominator)}%"
        if each.denominator
        else f"{each.numerator:,}"
        for each in first_reported
        if (each.month, each.period, each.breakdown) == (str(RESTATED_MONTH), "month", "all")
        and each.measure_id in IN_EARLIER_PACK
    }
    lines = [f"{name},{RESTATED_MONTH},{shown[name]}" for name in IN_EARLIER_PACK if name in shown]
    path = root / EARLIER_PACK
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["measure,month,shown", *lines, ""]), encoding="utf-8")


def percent_of(numerator: float, denominator: float) -> int:
    """A share as a whole percentage, half up."""
    return int((200 * numerator + denominator) // (2 * denominator))


def write_settings(root: Path) -> None:
    """Put the sample's settings, plan and comparators into a workspace; existing ones stay."""
    places = ((SETTINGS_FILE, SETTINGS_FILE.name), (PLAN_FILE, PLAN_FILE.name), (COMPARATORS_FILE, COMPARATORS_PLACE))
    for template, place in places:
        target = root / place
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(template, target)
