"""The measures as an authority counts: by its own reasons and limits, and with its groups of placements."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial

from perfpipe.measures import (
    MEASURES,
    caseloads,
    interview_funnel,
    interviews_done,
    missing_episodes,
    placement_changes,
)
from perfpipe.measures.definition import Measure, View
from perfpipe.measures.interview_view import episodes, of_other_authorities, with_away
from perfpipe.measures.local_choices import Counting, PlacementGroup
from perfpipe.measures.placement_groups import PLACEMENT_GROUP, children, grouped_by
from perfpipe.measures.placement_stock import steps

BY_THE_AUTHORITY = (missing_episodes, interviews_done, interview_funnel, placement_changes, caseloads)
OF_INTERVIEWS: tuple[View, ...] = (episodes, with_away, of_other_authorities, missing_episodes.stock)
OF_PLACEMENTS: tuple[View, ...] = (children, placement_changes.changes, steps)


@cache
def measures_in_force(counting: Counting, groups: tuple[PlacementGroup, ...]) -> tuple[Measure, ...]:
    """`MEASURES`, in the same order, each with the wording, rows and breakdowns that the authority's choices give it.

    The same choices give the same measures, so that what is kept by measure or by view is found again.
    """
    decided = {measure.id: measure for module in BY_THE_AUTHORITY for measure in module.counted_by(counting)}
    views: dict[View | None, View] = {view: partial(view, counting=counting) for view in OF_INTERVIEWS}
    views |= {view: partial(view, groups=groups) for view in OF_PLACEMENTS}
    grouped = grouped_by(groups)
    in_force = []
    for measure in MEASURES:
        one = decided.get(measure.id, measure)
        basis, shown = one.basis, one.shown
        breakdowns = tuple(grouped if each is PLACEMENT_GROUP else each for each in shown.breakdowns)
        basis = replace(basis, rows=views.get(basis.rows, basis.rows))
        in_force.append(replace(one, basis=basis, shown=replace(shown, breakdowns=breakdowns)))
    return tuple(in_force)
