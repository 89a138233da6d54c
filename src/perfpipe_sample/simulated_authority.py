"""The simulated authority: its log of everything recorded, and what each extract holds of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

from perfpipe.dates.months import Month, month_range
from perfpipe_sample import parameters as p
from perfpipe_sample.action_reports import action_reports
from perfpipe_sample.adopters import record_adopters, simulate_adopters
from perfpipe_sample.assessments import record_assessments, simulate_assessments
from perfpipe_sample.audits import record_audits, simulate_audits
from perfpipe_sample.children import simulate_children
from perfpipe_sample.knowledge import Extract, RecordHistory, snapshot
from perfpipe_sample.missing import simulate_missing
from perfpipe_sample.recording import record_care, record_posts
from perfpipe_sample.recording_missing import record_missing
from perfpipe_sample.records import (
    ActionReport,
    Assessment,
    Audit,
    CareEpisode,
    Household,
    MissingEpisode,
    PostHeld,
    TypedNumber,
    WorkforceMonth,
)
from perfpipe_sample.short_breaks import simulate_short_breaks
from perfpipe_sample.typed_numbers import record_typed_numbers, simulate_typed_numbers
from perfpipe_sample.workers import simulate_posts, workforce_months

T = TypeVar("T")
DAYS_BEYOND = timedelta(days=10)  # life goes on between the month's end and its extracts


@dataclass
class SimulatedAuthority:
    """Everything the authority recorded, with when it was known."""

    missing: list[RecordHistory[MissingEpisode]]
    care: list[RecordHistory[CareEpisode]]
    posts: list[RecordHistory[PostHeld]]
    workforce: list[WorkforceMonth]
    assessments: list[RecordHistory[Assessment]]
    audits: list[RecordHistory[Audit]]
    adopters: list[RecordHistory[Household]]
    typed: list[RecordHistory[TypedNumber]]
    actions: list[RecordHistory[ActionReport]]
    worked_out: dict[object, Any] = field(default_factory=dict, repr=False)  # by the truth, for several months
    _held: dict[Extract, list[Any]] = field(default_factory=dict, repr=False)  # worked out once

    def missing_in(self, extract: Extract) -> list[MissingEpisode]:
        """The missing episodes of an extract: known when it was made, and open on any day of its span."""
        return self._rows_in(extract, self.missing, lambda row: (row.missing_from, row.return_at))

    def care_in(self, extract: Extract) -> list[CareEpisode]:
        """The episodes of care of an extract."""
        return self._rows_in(extract, self.care, lambda row: (row.started_on, row.ceased_on))

    def care_known(self, extract: Extract) -> list[CareEpisode]:
        """Every episode of care in the system when an extract was made, whatever span the extract has."""
        return snapshot(self.care, extract.extracted_at)

    def posts_in(self, extract: Extract) -> list[PostHeld]:
        """The spells of an extract."""
        return self._rows_in(extract, self.posts, lambda row: (row.started_on, row.left_on))

    def workforce_in(self, extract: Extract) -> list[WorkforceMonth]:
        """The monthly totals of an extract."""
        return [row for row in self.workforce if extract.covers(Month.of(row.month_end))]

    def assessments_in(self, extract: Extract) -> list[Assessment]:
        """The assessments of an extract."""
        return self._rows_in(extract, self.assessments, lambda row: (row.started_on, row.authorised_on))

    def audits_in(self, extract: Extract) -> list[Audit]:
        """The audits of an extract."""
        return self._rows_in(extract, self.audits, lambda row: (row.audited_on, row.audited_on))

    def adopters_in(self, extract: Extract) -> list[Household]:
        """The households of an extract."""
        return self._rows_in(extract, self.adopters, lambda row: (row.registered_on, row.ended_on))

    def typed_in(self, extract: Extract) -> list[TypedNumber]:
        """The numbers typed into the sheet of a month."""
        return self._rows_in(extract, self.typed, lambda row: (row.month_end, row.month_end))

    def actions_in(self, extract: Extract) -> list[ActionReport]:
        """The statuses of actions in the list of a month."""
        return self._rows_in(extract, self.actions, lambda row: (row.reported_on, row.reported_on))

    def _rows_in(
        self, extract: Extract, log: Sequence[RecordHistory[T]], span_of: Callable[[T], tuple[date, date | None]]
    ) -> list[T]:
        if extract not in self._held:
            rows = snapshot(log, extract.extracted_at)
            overlaps = _overlaps(extract)
            self._held[extract] = [row for row in rows if overlaps(*span_of(row))]
        return self._held[extract]


def simulate(seed: int, last_month: Month) -> SimulatedAuthority:
    """The authority's history from well before the first extract to the day of the last one."""
    last_day = last_month.last_day + DAYS_BEYOND

    def dice(what: str) -> random.Random:
        return random.Random(f"{seed}/{what}")

    children = simulate_children(dice("children"), last_day)
    absences = simulate_missing(dice("missing"), children, last_day)
    short_breaks = simulate_short_breaks(dice("short breaks"), last_day)
    posts = simulate_posts(dice("posts"), last_day)
    assessments = simulate_assessments(dice("assessments"), last_day)
    audits = simulate_audits(dice("audits"), last_day)
    adopters = simulate_adopters(dice("adopters"), last_day)
    typed = simulate_typed_numbers(dice("typed numbers"), last_month)
    months = month_range(Month.of(p.SIMULATION_START), last_month)
    return SimulatedAuthority(
        record_missing(dice("recording of missing"), dice("recording of offers"), absences),
        record_care(dice("recording of care"), [*children, *short_breaks]),
        record_posts(dice("recording of posts"), posts),
        workforce_months(dice("workforce"), posts, months),
        record_assessments(dice("recording of assessments"), assessments),
        record_audits(dice("recording of audits"), audits),
        record_adopters(dice("recording of adopters"), adopters),
        record_typed_numbers(dice("recording of typed numbers"), typed),
        action_reports(),
    )


def _overlaps(extract: Extract) -> Callable[[date, date | None], bool]:
    """Whether a record was open on any day of an extract's span, by dates or times."""
    first = (extract.first_month.year, extract.first_month.number)
    last = (extract.month.year, extract.month.number)

    def overlaps(start: date, end: date | None) -> bool:
        return (start.year, start.month) <= last and (end is None or (end.year, end.month) >= first)

    return overlaps
