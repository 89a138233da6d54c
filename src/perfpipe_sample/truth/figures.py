"""One true figure, the rules that decide it, and the few ways of putting numbers into one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from perfpipe_sample.truth.dates import CalendarMonth, written

T = TypeVar("T")
WHOLE = ("all", "all")
VALUE, NOT_AVAILABLE, NOT_APPLICABLE = "ok", "not_available", "not_applicable"


class CountingRule(StrEnum):
    """A rule of counting that can be switched off, to see that the data puts it to the test."""

    AWAY_IS_NOT_MISSING = "away_is_not_missing"
    HOSTED_ARE_NOT_OURS = "hosted_are_not_ours"
    LISTED_REASONS_EXCLUDE = "listed_reasons_exclude"
    OTHER_REASONS_STAY_IN = "other_reasons_stay_in"
    SAME_EPISODE_COUNTS_ONCE = "same_episode_counts_once"
    RETURN_NOT_BEFORE_START = "return_not_before_start"
    WRONG_RETURNS_ARE_LOST = "wrong_returns_are_lost"
    INTERVIEW_NOT_BEFORE_FOUND = "interview_not_before_found"
    COMPLETED_MATURES_IN_28_DAYS = "completed_matures_in_28_days"
    MIDNIGHT_IS_NO_TIME = "midnight_is_no_time"
    FOUND_STANDS_IN_FOR_RETURN = "found_stands_in_for_return"
    DAY_OF_RETURN_MUST_PASS = "day_of_return_must_pass"
    DATES_HAVE_NO_HOURS = "dates_have_no_hours"
    BEFORE_RETURN_IS_AT_ONCE = "before_return_is_at_once"
    OFFER_NEEDS_A_DATE = "offer_needs_a_date"
    OFFER_NOT_BEFORE_START = "offer_not_before_start"
    NA_IS_NOT_OFFERED = "na_is_not_offered"
    DECLINED_ARE_NOT_OVERDUE = "declined_are_not_overdue"
    BLANK_IS_NOT_INDEPENDENT = "blank_is_not_independent"
    SHORT_BREAKS_DO_NOT_COUNT = "short_breaks_do_not_count"
    ONE_PLACEMENT_PER_CHILD = "one_placement_per_child"
    TEMPORARY_TAKES_THE_ONE_BEFORE = "temporary_takes_the_one_before"
    TEMPORARY_IS_NO_MOVE = "temporary_is_no_move"
    SAME_CARER_IS_NO_MOVE = "same_carer_is_no_move"
    ADOPTION_JOINS_THE_ONE_BEFORE = "adoption_joins_the_one_before"
    ENDED_BEFORE_IS_LOOKED_UP = "ended_before_is_looked_up"
    FAR_IS_OVER_TWENTY = "far_is_over_twenty"
    FAR_IS_OUTSIDE_TOO = "far_is_outside_too"
    UNKNOWN_IS_NOT_FAR = "unknown_is_not_far"
    CLOSURE_IS_PLANNED = "closure_is_planned"
    AGENCY_WORKERS_DO_NOT_COUNT = "agency_workers_do_not_count"
    SHORT_GAPS_ARE_BRIDGED = "short_gaps_are_bridged"
    PROMOTED_ARE_NOT_LEAVERS = "promoted_are_not_leavers"
    CAME_AND_WENT_ARE_NOT_LEAVERS = "came_and_went_are_not_leavers"
    BLANK_FTE_IS_LEFT_OUT = "blank_fte_is_left_out"
    NEWLY_QUALIFIED_FOR_A_YEAR = "newly_qualified_for_a_year"
    TWO_POSTS_ARE_ONE_PERSON = "two_posts_are_one_person"
    NO_CASES_NO_CASELOAD = "no_cases_no_caseload"
    LEAP_YEARS_HAVE_A_DAY_MORE = "leap_years_have_a_day_more"
    TOO_FEW_AT_RISK = "too_few_at_risk"
    BANK_HOLIDAYS_ARE_NO_WORKING_DAYS = "bank_holidays_are_no_working_days"
    CLOCK_STARTS_AT_REFERRAL = "clock_starts_at_referral"
    REFERRAL_NOT_AFTER_START = "referral_not_after_start"
    AUTHORISED_NOT_BEFORE_START = "authorised_not_before_start"
    OVERDUE_UNFINISHED_COUNT = "overdue_unfinished_count"
    DONE_EARLY_COUNTS_WHEN_DUE = "done_early_counts_when_due"
    BLANK_SEEN_IS_NOT_SEEN = "blank_seen_is_not_seen"
    MODERATED_GRADE_COUNTS = "moderated_grade_counts"
    PREVIOUS_GRADE_STANDS_IN = "previous_grade_stands_in"
    NOT_APPLICABLE_IS_NO_ANSWER = "not_applicable_is_no_answer"
    FAST_TRACK_HAS_NO_STAGE_1 = "fast_track_has_no_stage_1"
    STAGE_2_ENDS_STAGE_1 = "stage_2_ends_stage_1"
    APPROVED_NOT_BEFORE_STAGE_2 = "approved_not_before_stage_2"
    WITHDRAWN_BY_THE_DUE_DAY_ARE_OUT = "withdrawn_by_the_due_day_are_out"


Off = frozenset[CountingRule]
NONE_OFF: Off = frozenset()


@dataclass(frozen=True)
class TrueFigure:
    """One true value: of a measure, for a month, period, breakdown and group."""

    measure_id: str
    month: str
    period: str
    breakdown: str
    group: str
    numerator: float | None
    denominator: float | None
    state: str = VALUE
    value: float | None = None  # where it is not the one over the other

    def without_data(self) -> TrueFigure:
        """The same figure when there is nothing to take it from: neither zero nor anything else."""
        return replace(self, numerator=None, denominator=None, state=NOT_AVAILABLE, value=None)


@dataclass(frozen=True)
class Split:
    """A breakdown: its groups, and which of them a row belongs to."""

    breakdown: str
    groups: tuple[str, ...]
    group_of: Callable[[object], str]

    def parts(self, rows: Sequence[T]) -> Iterator[tuple[str, list[T]]]:
        """Each group with its rows."""
        for group in self.groups:
            yield group, [row for row in rows if self.group_of(row) == group]


def by_value(breakdown: str, groups: Mapping[str | None, str], value_of: Callable[[object], str | None]) -> Split:
    """A breakdown by a recorded value; a blank is not known."""
    known = dict(groups) | {None: "not_known"}
    return Split(breakdown, tuple(known.values()), lambda row: known[value_of(row)])


@dataclass(frozen=True)
class Writer:
    """Figures of one measure, month and period: the whole and each group of its breakdowns."""

    measure_id: str
    month: CalendarMonth
    period: str
    splits: tuple[Split, ...] = ()

    def count(self, rows: Sequence[T], number: Callable[[Sequence[T]], float] = len) -> Iterator[TrueFigure]:
        """How many rows, or what `number` makes of them."""
        for breakdown, group, part in self._parts(rows):
            yield self._figure(breakdown, group, number(part), None)

    def share(
        self, rows: Sequence[T], hit: Callable[[T], bool], not_yet: Callable[[T], bool] = lambda row: False
    ) -> Iterator[TrueFigure]:
        """How many of the rows, leaving out those that cannot be judged yet, are a hit."""
        for breakdown, group, part in self._parts(rows):
            ripe = [row for row in part if not not_yet(row)]
            if part and not ripe:
                yield self._figure(breakdown, group, None, None, NOT_AVAILABLE)
            else:
                hits = sum(hit(row) for row in ripe)
                yield self._figure(breakdown, group, hits, len(ripe), VALUE if ripe else NOT_APPLICABLE)

    def ratio(self, numerator: float, denominator: float) -> Iterator[TrueFigure]:
        """One amount over another, for the whole only."""
        yield self._figure(*WHOLE, numerator, denominator, VALUE if denominator else NOT_APPLICABLE)

    def amounts(
        self, rows: Sequence[T], top: Callable[[Sequence[T]], float], bottom: Callable[[Sequence[T]], float]
    ) -> Iterator[TrueFigure]:
        """One amount of the rows over another."""
        for breakdown, group, part in self._parts(rows):
            below = bottom(part)
            yield self._figure(breakdown, group, top(part), below, VALUE if below else NOT_APPLICABLE)

    def estimate(self, rows: Sequence[T], of: Callable[[Sequence[T]], float | None]) -> Iterator[TrueFigure]:
        """What `of` makes of the rows; None where it makes nothing of them."""
        for breakdown, group, part in self._parts(rows):
            value = of(part)
            state = NOT_APPLICABLE if value is None else VALUE
            yield replace(self._figure(breakdown, group, None, len(part), state), value=value)

    def _parts(self, rows: Sequence[T]) -> Iterator[tuple[str, str, Sequence[T]]]:
        yield *WHOLE, rows
        for split in self.splits:
            for group, part in split.parts(rows):
                yield split.breakdown, group, part

    def _figure(
        self,
        breakdown: str,
        group: str,
        numerator: float | None,
        denominator: float | None,
        state: str = VALUE,
    ) -> TrueFigure:
        return TrueFigure(
            self.measure_id, written(self.month), self.period, breakdown, group, numerator, denominator, state
        )
