"""The true figures on assessments, audits, adopters and what is typed by hand, from what delivered extracts hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import attrgetter

from perfpipe_sample.knowledge import Extract
from perfpipe_sample.simulated_authority import SimulatedAuthority
from perfpipe_sample.truth.adopters import adopter_figures
from perfpipe_sample.truth.assessments import assessment_figures
from perfpipe_sample.truth.audits import audit_figures
from perfpipe_sample.truth.dates import CalendarMonth
from perfpipe_sample.truth.events import DeliveredExtracts, Row
from perfpipe_sample.truth.figures import NONE_OFF, Off, TrueFigure
from perfpipe_sample.truth.typed import typed_figures

ExtractFor = Callable[[str, CalendarMonth], Extract | None]  # the extract of a dataset that speaks for a month


def practice_figures(
    authority: SimulatedAuthority, speaks_for: ExtractFor, month: CalendarMonth, off: Off = NONE_OFF
) -> Iterator[TrueFigure]:
    """All figures of a month."""

    def known(dataset: str, rows_of: Callable[[Extract], Sequence[Row]], name: str, end: str) -> DeliveredExtracts[Row]:
        return DeliveredExtracts(
            partial(speaks_for, dataset), rows_of, attrgetter(name), attrgetter(end), off, authority.worked_out
        )

    assessments = known("assessments", authority.assessments_in, "assessment_id", "authorised_on")
    yield from assessment_figures(assessments, month, off)
    yield from audit_figures(known("audits", authority.audits_in, "audit_id", "audited_on"), month, off)
    sheet = speaks_for("manual_measures", month)
    yield from typed_figures(authority.typed_in(sheet) if sheet else (), month)
    yield from adopter_figures(known("adopters", authority.adopters_in, "household_id", "ended_on"), month, off)
