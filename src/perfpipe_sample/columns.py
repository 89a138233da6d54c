"""What the extracts look like: file, sheet and title, and the local columns with what stands in them.

`perfpipe.toml` beside this module is the other half: it says how perfpipe reads these columns.
"""

from __future__ import annotations

from collections.abc import Mapping

from perfpipe.datasets.placements import LEGAL_STATUS, LOCATION, NEW_EPISODE_REASON, PLACEMENT, PROVIDER
from perfpipe.dates.months import Month
from perfpipe_sample import cells
from perfpipe_sample.book import ALWAYS, Book, Shown
from perfpipe_sample.practice_books import ACTIONS, ADOPTERS, ASSESSMENTS, AUDITS, TYPED_NUMBERS

OUTCOMES = {
    "accepted": "Accepted",
    "declined_child": "Young person declined",
    "declined_parent": "Parent or carer declined",
    "unable": "Could not be completed",
    "missing_again": "Went missing again",
    "pending": "Awaiting response",
}
NOT_REQUIRED = {
    "aged_18": "Turned 18",
    "died": "Deceased",
    "not_our_child": "Not an Exampleshire child",
    "recorded_in_error": "Recorded in error",
    "not_missing": "Found not to be missing",
    "other": "Other",
}
CONTRACTS = {"permanent": "Perm", "agency": "Agency worker"}
LEAVING = {
    "resignation": "Resigned",
    "retired": "Retired",
    "dismissed": "Dismissal",
    "moved_within_la": "To adult services",
    "internal_move": "Internal move",
    "career_break": "Career break",
    "other": "Other",
}
DESTINATIONS = {
    "other_la": "Another council",
    "agency": "Agency work",
    "not_known": "Not recorded",
    "other_social_work": "Charity or health",
    "not_social_care": "Left social care",
}
YES_NO, AREA = cells.one_of(cells.YES_NO), cells.one_of(cells.AREA)


MISSING = Book(
    "missing_rhi",
    ((ALWAYS, "Missing episodes"), (Month(2016, 10), "Missing and RHI")),
    "Exampleshire Council: missing episodes and return home interviews",
    (
        Shown("Episode ref", "episode_id"),
        Shown("Person ID", "child_id"),
        Shown("DOB", "born_on", cells.day),
        Shown("Category", "category", cells.one_of(cells.CATEGORY)),
        Shown("CLA at start?", "looked_after", YES_NO),
        Shown("Responsible authority", "responsible_la"),
        Shown("Living in Exampleshire?", "area", AREA),
        Shown("Missing from", "missing_from", cells.instant),
        Shown("Found", "found_at", cells.instant),
        Shown("Returned", "returned_at", cells.instant),
        Shown("RHI required?", "rhi_required", YES_NO),
        Shown("Reason not required", "not_required_reason", cells.worded(NOT_REQUIRED)),
        Shown("RHI offered?", "offered", YES_NO),
        Shown("Date offered", "offered_at", cells.instant),
        Shown("RHI outcome", "outcome", cells.worded(OUTCOMES)),
        Shown("Interview ref", "interview_id"),
        Shown("RHI started", "interview_at", cells.instant),
        Shown("Independent?", "independent", YES_NO),
        Shown("Method", "method"),
        Shown("Worker notes", "notes"),
    ),
    added=((Month(2017, 4), "Push and pull factors"),),
    unreadable="born_on",
)
PLACEMENTS = Book(
    "children_placements",
    ((ALWAYS, "Episodes"),),
    "Exampleshire Council: children looked after, episodes of care",
    (
        Shown("Child ID", "child_id"),
        Shown("Date of birth", "born_on", cells.day),
        Shown("Episode start", "started_on", cells.day),
        Shown("Reason for new episode", "new_episode_reason", cells.coded(NEW_EPISODE_REASON, "a")),
        Shown("Legal status", "legal_status", cells.coded(LEGAL_STATUS, "b")),
        Shown("Category of need", "need"),
        Shown("Placement type", "place", cells.coded(PLACEMENT, "f")),
        Shown("Placement provider", "provider", cells.coded(PROVIDER, "e")),
        Shown("Episode end", "ceased_on", cells.day),
        Shown("Reason ceased", "cease_reason"),
        Shown("Reason for change", "change_reason"),
        Shown("Home postcode", "home_postcode"),
        Shown("Placement postcode", "postcode"),
        Shown("URN", "urn"),
        Shown("Distance (miles)", "distance_miles"),
        Shown("In or out of area", "location", cells.coded(LOCATION, "c")),
        Shown("Unaccompanied?", "unaccompanied", YES_NO),
        Shown("Manager comments", "notes"),
    ),
    added=((Month(2016, 4), "Permanence plan"),),
)
SOCIAL_WORKERS = Book(
    "workforce",
    ((ALWAYS, "Staff list"),),
    "Exampleshire Council: children's social workers",
    (
        Shown("Staff no.", "worker_id"),
        Shown("Job title", "role"),
        Shown("Team", "team"),
        Shown("Contract", "contract", cells.worded(CONTRACTS)),
        Shown("FTE", "fte"),
        Shown("Start date", "started_on", cells.day),
        Shown("Last day worked", "left_on", cells.day),
        Shown("Reason for leaving", "leaving_reason", cells.worded(LEAVING)),
        Shown("Destination", "destination", cells.worded(DESTINATIONS)),
        Shown("NQSW at start?", "newly_qualified", YES_NO),
        Shown("Date qualified", "qualified_on", cells.day),
        Shown("Cases", "cases"),
        Shown("HR notes", "notes"),
    ),
    added=((Month(2018, 4), "Registration checked"),),
    unreadable="qualified_on",
)
WORKFORCE_MONTHLY = Book(
    "establishment",
    ((ALWAYS, "Establishment"),),
    "Exampleshire Council: social work establishment at month end",
    (
        Shown("Month ending", "month_end", cells.month_end),
        Shown("Vacancies (FTE)", "vacancies_fte"),
        Shown("Agency (FTE)", "agency_fte"),
        Shown("Agency (heads)", "agency_heads"),
        Shown("Agency covering vacancies (FTE)", "agency_covering_fte"),
        Shown("Working days lost", "days_lost"),
    ),
)
BOOKS: Mapping[str, Book] = {
    "return_home_interviews": MISSING,
    "placements": PLACEMENTS,
    "social_workers": SOCIAL_WORKERS,
    "workforce_monthly": WORKFORCE_MONTHLY,
    "assessments": ASSESSMENTS,
    "audits": AUDITS,
    "adopters": ADOPTERS,
    "manual_measures": TYPED_NUMBERS,
    "actions": ACTIONS,
}
