"""What a backfill would do, before it publishes: the grid of months and counts of changed figures, as an artifact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

from prefect.artifacts import create_markdown_artifact

from flows.stages import run_stage, say
from perfpipe.dates.months import Month
from perfpipe.measures import MEASURES
from perfpipe.phrases.counted_nouns import count_of
from perfpipe.rerun.backfill import MonthStands, chosen, compared, months_grid
from perfpipe.rerun.compare import ChangeCounts, FigureChange, counts_of
from perfpipe.settings.workspace import Workspace
from perfpipe.validate.fault_identity import identity_key, keyed_hash

COUNTED = ("Figures changed", "as they are shown", "in their status", "New", "Differ from what the board saw")


@dataclass(frozen=True)
class Comparison:
    """How each month stands, which are to be run, and what that would change."""

    grid: Sequence[MonthStands]
    months: Sequence[Month]
    changes: Sequence[FigureChange]

    @classmethod
    def of(cls, workspace: Workspace, span: tuple[Month, Month], only: str) -> Comparison:
        """Receives, reads and computes, each as a task; publishes nothing. Raises what they raise."""
        grid = run_stage("months", f"{span[0]} to {span[1]}", lambda: months_grid(workspace, *span, say))
        months = chosen(grid, only)
        changes = run_stage("compare", count_of(len(months), "month"), lambda: compared(workspace, grid, months, say))
        return cls(grid, months, changes)

    def digest(self, workspace: Workspace) -> str:
        """What tells this comparison from another: keyed, as a figure of few children could be guessed from a hash."""
        told = [repr(astuple(each)) for each in (*self.grid, *self.changes)]
        return keyed_hash(identity_key(workspace), *map(str, self.months), *told)

    def keep(self, key: str) -> None:
        """Keep it on the page of the run: the months, and for each measure how many figures would change."""
        told = "\n".join([self.told(), "", *self._of_measures()])
        create_markdown_artifact(told, key=key, description="How months stand, and what would change, in counts")

    def told(self) -> str:
        """The sentence and the grid of months."""
        lines = ["| Month | Stands | Why | To be run |", "| --- | --- | --- | --- |"]
        lines += [
            f"| {each.month} | {each.state} | {each.why} | {'yes' if each.month in self.months else 'no'} |"
            for each in self.grid
        ]
        return "\n".join([f"{self.in_short()}\n", *lines])

    def in_short(self) -> str:
        """In a sentence."""
        if not self.months:
            return "No month is to be run."
        return f"{len(self.months)} of {count_of(len(self.grid), 'month')} are to be run. {counts_of(self.changes)}."

    def _of_measures(self) -> list[str]:
        names = {measure.id: f"{measure.code} {measure.title}" for measure in MEASURES}
        places = {name: place for place, name in enumerate(names)}
        found: dict[str, list[FigureChange]] = {}
        for each in self.changes:
            found.setdefault(each.measure_id, []).append(each)
        if not found:
            return ["No figure would change."]
        rows = [
            f"| {names.get(each, each)} | {' | '.join(map(str, astuple(ChangeCounts.of(found[each]))))} |"
            for each in sorted(found, key=lambda name: places.get(name, len(places)))
        ]
        return [f"| Measure | {' | '.join(COUNTED)} |", f"| --- |{' ---: |' * len(COUNTED)}", *rows]
