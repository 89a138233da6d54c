"""What every page of a board pack is made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from perfpipe.compute.staying_curve import StayingPoint
from perfpipe.history.last_meeting import LastMeeting
from perfpipe.measures.definition import Measure, Period
from perfpipe.packs.content.pages.subject import Subject, targeted
from perfpipe.packs.content.series import Scene
from perfpipe.packs.models.pack import PackContent
from perfpipe.packs.models.sources import ExtractUse


@dataclass(frozen=True)
class Material:
    """The pack without its pages, the measures that it shows, and what the Board saw when it last met."""

    scene: Scene
    measures: tuple[Measure, ...]
    content: PackContent
    day: date  # the pack's own: of its meeting, else of its last receipt
    extracts: Sequence[ExtractUse] = ()
    last_meeting: LastMeeting | None = None
    staying: tuple[StayingPoint, ...] = ()  # of new social workers, by months since appointment

    @cached_property
    def targeted(self) -> tuple[Subject, ...]:
        """The measures with a target in the report month, in the order of the pack."""
        return targeted(self.scene, self.measures)

    @cached_property
    def charted(self) -> tuple[Subject, ...]:
        """Every measure that the pack has a chart of, over the periods of the charts."""
        by_id = {each.id: each for each in self.measures}
        every = [
            (by_id[page.measure_id], Period(series.period)) for page in self.content.pages for series in page.series
        ]
        return tuple(Subject(self.scene, measure, period) for measure, period in every)
