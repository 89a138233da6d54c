"""What every page of a board pack is made from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from perfpipe.history.last_meeting import LastMeeting
from perfpipe.measures.definition import Measure, Period
from perfpipe.packs.content.pages.subject import Subject, targeted
from perfpipe.packs.content.series import Scene
from perfpipe.packs.models.pack import PackContent


@dataclass(frozen=True)
class Material:
    """The pack without its pages, the measures that it shows, and what the Board saw when it last met."""

    scene: Scene
    measures: tuple[Measure, ...]
    content: PackContent
    last_meeting: LastMeeting | None = None

    @cached_property
    def targeted(self) -> tuple[Subject, ...]:
        """The measures with a target in the report month, in the order of the pack."""
        return targeted(self.scene, self.measures)

    def subject(self, measure_id: str, period: Period | None = None) -> Subject | None:
        """A measure over a period, its first unless another is named; None where the pack does not show it."""
        measure = next((each for each in self.measures if each.id == measure_id), None)
        over = measure and (period or measure.periods[0])
        return Subject(self.scene, measure, over) if measure and over in measure.periods else None
