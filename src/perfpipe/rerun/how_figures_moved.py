"""What the ledger and the extracts say of how figures moved after they were first known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from perfpipe.dates.months import Month
from perfpipe.history.first_figures import MeanRevision, mean_revisions, triangle
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Measure
from perfpipe.measures.shown_numbers import show_plain
from perfpipe.measures.words import MARKERS, NOT_AVAILABLE, State
from perfpipe.packs.wording.sentences import later_moves
from perfpipe.questions.known_on_a_day import job_as_known
from perfpipe.questions.named_measures import measure_named
from perfpipe.questions.queries import figures_known
from perfpipe.run import keep_what_was_known
from perfpipe.settings.workspace import Workspace

EVERY = 10_000  # months: all there are


@dataclass(frozen=True)
class FirstFigures:
    """How figures moved: of each measure and period on average, and of one measure the triangle."""

    measures: Mapping[str, Measure]
    moves: Mapping[tuple[str, str], MeanRevision]
    triangle: pd.DataFrame

    def averages(self) -> list[dict[str, object]]:
        """A row for each measure and period of which something can be said."""
        return [
            {"measure_id": name, "period": period, "mean_revision": float(moved.by), "months": moved.months}
            for (name, period), moved in self.moves.items()
        ]

    def sentences(self) -> list[str]:
        """The same in words."""
        return [
            f"{self.measures[name].code} {name}, {period}: "
            + later_moves(moved.by, moved.months, self.measures[name].counts.unit)
            for (name, period), moved in self.moves.items()
        ]


def first_figures_known(
    workspace: Workspace, measure: str | None = None, progress: Callable[[str], None] = lambda _: None
) -> FirstFigures:
    """First figures of one measure or all, after those that are missing have been worked out and kept.

    Raises SettingsError, StoppingFaults.
    """
    chosen = measure_named(workspace, measure).id if measure else ""
    known = figures_known(workspace)
    with job_as_known(workspace, None, Month.parse(str(known["month"].max()))) as (job, sources):
        keep_what_was_known(job, sources, EVERY, progress)
        kept = job.ledger.first_figures()
        measures = {each.id: each for each in job.measures}
    moves = {
        series: moved
        for series, moved in mean_revisions(kept, known).items()
        if series[0] in measures and chosen in ("", series[0])
    }
    return FirstFigures(measures, moves, _triangle_of(measures[chosen], kept) if chosen else pd.DataFrame())


def _triangle_of(measure: Measure, kept: pd.DataFrame) -> pd.DataFrame:
    parts = [triangle(kept, measure.id, period.value).assign(period=period.value) for period in measure.periods]
    cells = pd.concat(parts, ignore_index=True)
    texts = [
        show_plain(float(value), Unit(unit)) if state == State.OK else MARKERS.get(State(state), NOT_AVAILABLE)
        for value, unit, state in zip(cells["value"], cells["unit"], cells["state"], strict=True)
    ]
    return cells.assign(shown=pd.Series(texts, index=cells.index, dtype="str"))
