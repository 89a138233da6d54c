"""The steps of figures that one run had shown, from what was seen to what is known now (definitions 1.11)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from perfpipe.datasets.definition import Dataset
from perfpipe.dates.months import Month
from perfpipe.history.input_figures import InputFigures
from perfpipe.history.inputs import Inputs, ReadingMaker
from perfpipe.history.records_behind import RecordsBehind
from perfpipe.history.revision import (
    OF_RECORDS,
    Cause,
    CauseCount,
    FigureKey,
    KnownFigure,
    RecordChange,
    RevisionStep,
)
from perfpipe.history.steps import changes_between
from perfpipe.measures.definition import Measure
from perfpipe.measures.words import State, Status

Known = Mapping[FigureKey, KnownFigure]
COMPARED = (Cause.WITHDRAWN, Cause.ARRIVED)  # by the records behind
NO_FIGURE = KnownFigure(State.NOT_AVAILABLE, None, Status.NO_DATA)


class Reasons(NamedTuple):
    """The steps of a figure, what they come down to, and the records that made the difference."""

    steps: list[RevisionStep]
    causes: list[CauseCount]
    records: list[RecordChange]


class Waypoint(NamedTuple):
    """What has changed, and what figures are made from with it."""

    cause: Cause
    about: str
    source: InputFigures


@dataclass(frozen=True)
class Chain:
    """Figures of measures of one dataset that one run had shown, and are otherwise now.

    `first`: whose change the first step is, from what was seen to the same inputs by today's program; None where that
    is the program that showed it. `ends_today`: `now` are figures of today's program.
    """

    maker: ReadingMaker
    dataset: Dataset
    measures: Sequence[Measure]
    seen: Known
    now: Known
    first: Cause | None
    ends_today: bool
    redefined: frozenset[str]  # measures with a new version of their definition since
    rounding: Mapping[FigureKey, Fraction] = field(default_factory=dict)  # how far an older pack may have rounded

    def reasons(self, then: Inputs, present: Inputs) -> dict[FigureKey, Reasons]:
        """Of each figure why. Raises ErasedError."""
        points = self._points(then, present)
        steps: dict[FigureKey, list[RevisionStep]] = {key: [] for key in self.seen}
        at: dict[FigureKey, KnownFigure] = dict(self.seen)
        for number, point in enumerate(points):
            if number == 0 and self.first is None:
                continue
            is_now = number == len(points) - 1 and self.ends_today and number > 0
            self._take(steps, at, point, self.now if is_now else point.source.figures(self.seen))
        self._take(steps, at, Waypoint(Cause.PROGRAM, "", points[-1].source), self.now)
        behind = [(cause, RecordsBehind(self.dataset, old, new)) for cause, old, new in _spans(points)]
        by_month = sorted(self.seen, key=lambda key: key[1])  # those of one month look at the same extracts
        return {key: self._reasons(key, steps[key], behind) for key in by_month}

    def _points(self, then: Inputs, present: Inputs) -> list[Waypoint]:
        """What was seen, and each change that can make a difference."""
        months = sorted({Month.parse(key[1]) for key in self.seen})
        asked = {m.id: frozenset(key[3] for key in self.seen if key[0] == m.id) for m in self.measures}
        base = InputFigures(self.maker, then, asked, months)
        points = [Waypoint(self.first or Cause.PROGRAM, "", base)]
        for cause, about, inputs in changes_between(self.maker, then, present, base.datasets):
            source = replace(base, inputs=inputs)
            before = points[-1].source
            if source.decided_by != before.decided_by or (cause is Cause.COUNTING and inputs.plan != then.plan):
                points.append(Waypoint(cause, about, source))
        return points

    def _take(
        self,
        steps: dict[FigureKey, list[RevisionStep]],
        at: dict[FigureKey, KnownFigure],
        point: Waypoint,
        found: Known,
    ) -> None:
        for key, before in at.items():
            after = found.get(key, NO_FIGURE)
            if point.cause is Cause.OTHER_PACK and self._is_as_shown(key, before, after):
                at[key] = after
            elif after != before:
                steps[key].append(
                    RevisionStep(self._cause(point.cause, key, before, after), point.about, before, after)
                )
                at[key] = after

    def _is_as_shown(self, key: FigureKey, shown: KnownFigure, found: KnownFigure) -> bool:
        """Whether an older pack would have shown what was found, which it rounded and may not have judged."""
        if shown.state != found.state or shown.status not in ("", found.status):
            return False
        if shown.value is None or found.value is None:
            return shown.value is found.value
        return abs(shown.value - found.value) <= self.rounding.get(key, Fraction(0))

    def _cause(self, cause: Cause, key: FigureKey, before: KnownFigure, after: KnownFigure) -> Cause:
        if cause is Cause.COUNTING and (before.state, before.value) == (after.state, after.value):
            return Cause.TARGET
        return Cause.DEFINITION if cause is Cause.PROGRAM and key[0] in self.redefined else cause

    def _reasons(
        self, key: FigureKey, steps: list[RevisionStep], behind: Sequence[tuple[Cause, RecordsBehind]]
    ) -> Reasons:
        causes: list[CauseCount] = []
        records: list[RecordChange] = []
        for cause in dict.fromkeys(step.cause for step in steps):
            compared = [each for of, each in behind if of is cause]
            found = [change for each in compared for change in each.changes(key)]
            if cause is Cause.WITHDRAWN:
                found = [replace(each, cause=cause) for each in found]
            counted = Counter(each.cause for each in found)
            if cause is not Cause.ARRIVED or any(each.gained(key) for each in compared):
                causes.append(CauseCount(cause, counted[cause]))
            else:
                causes += [CauseCount(each, counted[each]) for each in OF_RECORDS if counted[each]]
                causes += [] if found else [CauseCount(Cause.UNREADABLE)]
            records += found
        return Reasons(steps, causes, records)


def _spans(points: Sequence[Waypoint]) -> Iterator[tuple[Cause, InputFigures, InputFigures]]:
    """The inputs before and after each change whose records are compared; of those that follow each other as one."""
    for cause, part in groupby(range(1, len(points)), key=lambda number: points[number].cause):
        numbers = list(part)
        if cause in COMPARED:
            yield cause, points[numbers[0] - 1].source, points[numbers[-1]].source
