"""The finding that stands over a page about a topic."""

from __future__ import annotations

from perfpipe.measures.words import Movement
from perfpipe.packs.content.pages.levels import against, with_counts
from perfpipe.packs.content.pages.topic_figures import FigureOf, TopicFigures
from perfpipe.packs.content.pages.topic_words import movement


def headline(figures: TopicFigures, of: FigureOf, name: str) -> str:
    """`Interviews in time: 47%, below the 60% target`: about ten words.

    What has changed is said before what stands against the target; where a figure is provisional or of few cases, that.
    """
    figure, row = figures.figure(of), figures.row(of)
    if not figures.has(of) or figure.value is None:
        return f"{name}: no figure for {figures.month.label}"
    subject = figures.subject(of)
    parts = [f"{name}: {with_counts(subject) if figure.low_base else figure.shown}"]
    if figure.provisional and not figure.low_base:
        parts[0] += " (provisional)"
    parts.append(against(subject, since=False))
    if row.movement in (Movement.BETTER, Movement.WORSE):
        parts.append(movement(row))
    return ", ".join(filter(None, parts))
