"""What the authority's systems record: one frozen row per fact of interest, as the extracts show it.

Times are local (Europe/London) without a zone, as a council's systems hold them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class MissingEpisode:
    """One missing or away episode, with its return home interview where there was one."""

    episode_id: str
    child_id: str
    born_on: date
    category: str
    looked_after: str | None
    responsible_la: str | None
    area: str | None
    missing_from: datetime
    found_at: datetime | None = None
    returned_at: datetime | None = None
    rhi_required: str | None = None
    not_required_reason: str | None = None
    offered: str | None = None
    offered_at: datetime | None = None
    outcome: str | None = None
    interview_id: str | None = None
    interview_at: datetime | None = None
    independent: str | None = None
    method: str | None = None
    notes: str | None = None
    copies: int = 1  # the police may notify twice: the same row, twice

    @property
    def return_at(self) -> datetime | None:
        """When the 72 hours start."""
        return self.returned_at or self.found_at


@dataclass(frozen=True)
class CareEpisode:
    """One episode of care: a child under one legal status in one placement."""

    child_id: str
    born_on: date
    need: str
    started_on: date
    new_episode_reason: str
    legal_status: str
    place: str
    provider: str | None
    home_postcode: str
    postcode: str | None
    urn: str | None
    distance_miles: float | None
    location: str | None
    ceased_on: date | None = None
    cease_reason: str | None = None
    change_reason: str | None = None
    unaccompanied: str | None = None
    notes: str | None = None


@dataclass(frozen=True)
class PostHeld:
    """One employment spell: a social worker in one post under one contract."""

    worker_id: str
    role: str
    team: str  # a key of `parameters.TEAMS`: the name shown depends on when the extract was made
    contract: str
    fte: float | None
    started_on: date
    newly_qualified: str | None = None
    qualified_on: date | None = None
    cases: int | None = None
    left_on: date | None = None
    leaving_reason: str | None = None
    destination: str | None = None
    notes: str | None = None


@dataclass(frozen=True)
class WorkforceMonth:
    """The authority's workforce totals at the end of one month."""

    month_end: date
    vacancies_fte: float
    agency_fte: float
    agency_heads: int
    agency_covering_fte: float
    days_lost: float


@dataclass(frozen=True)
class Assessment:
    """One social work assessment of one child."""

    assessment_id: str
    child_id: str
    born_on: date | None
    referral_on: date | None
    started_on: date
    team: str  # a key of `parameters.TEAMS`
    authorised_on: date | None = None
    child_seen: str | None = None
    seen_on: date | None = None
    outcome: str | None = None
    notes: str | None = None
    copies: int = 1


@dataclass(frozen=True)
class Audit:
    """One audit of one case."""

    audit_id: str
    child_id: str
    audited_on: date
    overall: str | None
    chronology: str | None
    risk: str | None
    plan: str | None
    assessment: str | None
    risk_statement: str | None
    moderated: str | None = None
    moderated_grade: str | None = None
    audit_before: str | None = None
    grade_before: str | None = None


@dataclass(frozen=True)
class Household:
    """One household of prospective adopters."""

    household_id: str
    registered_on: date
    fast_track: str | None
    stage_1_ended_on: date | None = None
    stage_2_started_on: date | None = None
    approved_on: date | None = None
    matched_on: date | None = None
    withdrawn_on: date | None = None
    withdrawal_reason: str | None = None

    @property
    def ended_on(self) -> date | None:
        """When the household left the process: by a match, or by itself."""
        return self.matched_on or self.withdrawn_on


@dataclass(frozen=True)
class TypedNumber:
    """What was typed for one measure, and one of its groups, in one month or in the quarter that ends with it."""

    measure_id: str
    month_end: date
    group: str | None
    numerator: int
    denominator: int
    source: str
    entered_by: str


@dataclass(frozen=True)
class ActionReport:
    """How one action of the plan stands from a day on, as its owner says."""

    action_id: str
    reported_on: date
    status: str
    note: str
