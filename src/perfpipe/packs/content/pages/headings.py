"""The finding that stands over a page about a topic."""

from __future__ import annotations

from perfpipe.measures.words import JUDGED, Movement, Status
from perfpipe.packs.content.pages.topic_figures import FigureOf, TopicFigures
from perfpipe.packs.content.pages.topic_words import MOVED, level, month_name, target_name


def headline(figures: TopicFigures, of: FigureOf, name: str) -> str:
    """`Interviews in time: 47%, below the 60% target`: about ten words.

    What has changed is said before what stands against the target; where a figure is provisional or of few cases, that.
    """
    figure, row = figures.figure(of), figures.row(of)
    if not figures.has(of) or figure.value is None:
        return f"{name}: no figure for {figures.month.label}"
    measure = figures.measure(of)
    parts = [f"{name}: {level(figure, measure) if figure.low_base else figure.shown}"]
    if figure.provisional and not figure.low_base:
        parts[0] += " (provisional)"
    if row.status in JUDGED:
        parts.append(_side(row.value, row.status, row.target) + f" {target_name(row, measure)}")
    if row.movement in (Movement.BETTER, Movement.WORSE):
        since = f" since {month_name(row.movement_since)}" if row.movement_since else ""
        parts.append(f"{MOVED[row.movement]}{since}")
    return ", ".join(parts)


def _side(value: float | None, status: Status, target: str) -> str:
    if status is Status.MET:
        return "meeting"
    low = float(target.partition("..")[0])
    side = "below" if value is not None and value < low else "above"
    return f"just {side}" if status is Status.NEAR else side
