"""Faults opened and cleared, as a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence

from perfpipe.packs.models.blocks import Picture
from perfpipe.packs.models.chart import Axis, Bar
from perfpipe.packs.models.data_quality import ClearanceLine
from perfpipe.packs.models.drawings import BarPairs
from perfpipe.packs.wording.numbers import short_month

FEWEST, MOST = 2, 6  # months
WIDTH, HEIGHT = 184.0, 54.0  # mm
STEPS = (1, 2, 5)
MARKS = 4


def clearance(lines: Sequence[ClearanceLine]) -> Picture | None:
    """Faults that are new and that were cleared, by month; None with fewer than two months."""
    shown = lines[-MOST:]
    if len(shown) < FEWEST:
        return None
    bars = tuple(
        Bar(short_month(line.name), float(line.new), f"{line.new:,}", float(line.cleared), f"{line.cleared:,}")
        for line in shown
    )
    new, cleared = sum(line.new for line in shown), sum(line.cleared for line in shown)
    first, last = bars[0].label, bars[-1].label
    return Picture(
        id="trust-faults",
        heading=_finding(new, cleared),
        caption=f"Faults opened and cleared in each month's extracts, {first} to {last}",
        alt=f"Bars by month, {first} to {last}: {new:,} faults opened and {cleared:,} cleared.",
        description="; ".join(f"{bar.label}: {bar.now_shown} opened, {bar.before_shown} cleared" for bar in bars) + ".",
        drawing=BarPairs(_axis(max(max(line.new, line.cleared) for line in shown)), bars, "Opened", "Cleared"),
        width=WIDTH,
        height=HEIGHT,
    )


def _finding(new: int, cleared: int) -> str:
    if new == cleared:
        return f"As many faults were cleared as opened: {new:,}"
    return f"{'More' if new > cleared else 'Fewer'} faults opened than were cleared: {new:,} and {cleared:,}"


def _axis(highest: int) -> Axis:
    wanted = max(highest, MARKS) / MARKS
    power = 10 ** math.floor(math.log10(wanted))
    step = next((power * each for each in STEPS if power * each >= wanted), power * 10)
    count = math.ceil(max(highest, MARKS) / step)
    return Axis(0.0, float(step * count), tuple(float(step * mark) for mark in range(count + 1)), "Faults", False)
