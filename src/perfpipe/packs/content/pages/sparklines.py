"""The last 24 months of a measure as a small line."""

from __future__ import annotations

from perfpipe.dates.months import Month
from perfpipe.measures.counts import Unit
from perfpipe.measures.shown_numbers import scaled, target_ends
from perfpipe.packs.content.pages.signs import tone_of
from perfpipe.packs.content.pages.subject import Subject
from perfpipe.packs.models.drawings import Sparkline
from perfpipe.packs.models.row import Row

MONTHS = 24
FEWEST = 2  # one figure makes no line
POINTS_HIGH = 10.0  # percentage points
SHARE_HIGH = 0.08  # of the greatest, where it is no percentage


def sparkline(subject: Subject) -> Sparkline | None:
    """The line, with its target; None with fewer than two figures."""
    first = str(Month.parse(subject.row.month) - (MONTHS - 1))
    rows = [row for row in subject.rows if row.month >= first]
    values = tuple(subject.scene.figure(row, subject.measure).plotted for row in rows)
    known = [value for value in values if value is not None]
    if len(known) < FEWEST:
        return None
    unit = subject.measure.counts.unit
    return Sparkline(
        values=values,
        targets=tuple(_nearer_end(row, unit) for row in rows),
        least_height=POINTS_HIGH if unit is Unit.PERCENT else SHARE_HIGH * max(abs(value) for value in known),
        tone=tone_of(subject.row),
        hollow=subject.figure.provisional,
    )


def _nearer_end(row: Row, unit: Unit) -> float | None:
    """The target in force; of a range the end that is nearer to the figure, else the lower one."""
    if not row.target:
        return None
    low, high = (float(end) for end in target_ends(row.target))
    nearer = high if row.value is not None and abs(row.value - high) < abs(row.value - low) else low
    return float(scaled(nearer, unit))
