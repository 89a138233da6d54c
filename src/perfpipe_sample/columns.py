"""What the extracts look like: file, sheet and title, and the local columns with what stands in them.

`perfpipe.toml` beside this module is the other half: it says how perfpipe reads these columns.
"""

from __future__ import annotations

from collections.abc import Mapping

from perfpipe.datasets.placements import LEGAL_STATUS, LOCATION, NEW_EPISODE_REASON, PLACEMENT, PROVIDER
from perfpipe.dates.months import Month
from perfpipe_sample import cells
from perfpipe_sample.book import ALWAYS, BookColumn, ExtractBook
from perfpipe_sample.parameters import RESTATED_MONTH
from perfpipe_sample.practice_books import ACTIONS, ADOPTERS, ASSESSMENTS, AUDITS, TYPED_NUMBERS

OUTCOMES = {
    "accepted": "Accepted",
    "declined_child": "Young person declined",
    "declined_parent": "Parent or carer declined",
    "unable": "Could not be completed",
    "missing_again": "Went missing again",
    "pending": "Awaiting response",
}
OUTCOMES_LATER = OUTCOMES | {"declined_child": "Child or young person declined", "unable": "Not completed"}
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
LAYOUT_CHANGES = RESTATED_MONTH + 1
"""From here on missing episodes are exported otherwise: the restated month's are read by two layouts."""
YES_NO, AREA = cells.one_of(cells.YES_NO), cells.one_of(cells.AREA)


MISSING = ExtractBook(
    "missing_rhi",
    ((ALWAYS, "Missing episodes"), (Month(2016, 10), "Missing and RHI")),
    "Exampleshire Council: missing episodes and return home interviews",
    (
        BookColumn("Episode ref", "episode_id"),
        BookColumn("Person ID", "child_id"),
        BookColumn("DOB", "born_on", cells.day),
        BookColumn("Category", "category", cells.one_of(cells.CATEGORY)),
        BookColumn("CLA at start?", "looked_after", YES_NO),
        BookColumn("Responsible authority", "responsible_la"),
        BookColumn("Living in Exampleshire?", "area", AREA),
        BookColumn("Missing from", "missing_from", cells.instant),
        BookColumn("Found", "found_at", cells.instant),
        BookColumn("Returned", "returned_at", cells.instant),
        BookColumn("RHI required?", "rhi_required", YES_NO),
        BookColumn("Reason not required", "not_required_reason", cells.worded(NOT_REQUIRED)),
        BookColumn("RHI offered?", "offered", YES_NO),
        BookColumn("Date offered", "offered_at", cells.instant),
        BookColumn("RHI outcome", "outcome", cells.worded(OUTCOMES)),
        BookColumn("Interview ref", "interview_id"),
        BookColumn("RHI started", "interview_at", cells.instant),
        BookColumn("Independent?", "independent", YES_NO),
        BookColumn("Method", "method"),
        BookColumn("Worker notes", "notes"),
    ),
    added=((Month(2017, 4), "Push and pull factors"),),
    changed=(
        (LAYOUT_CHANGES, BookColumn("Child ID", "child_id")),
        (LAYOUT_CHANGES, BookColumn("RHI outcome", "outcome", cells.worded(OUTCOMES_LATER))),
        (LAYOUT_CHANGES, BookColumn("Interview started", "interview_at", cells.instant)),
    ),
    unreadable="born_on",
)
PLACEMENTS = ExtractBook(
    "children_placements",
    ((ALWAYS, "Episodes"),),
    "Exampleshire Council: children looked after, episodes of care",
    (
        BookColumn("Child ID", "child_id"),
        BookColumn("Date of birth", "born_on", cells.day),
        BookColumn("Episode start", "started_on", cells.day),
        BookColumn("Reason for new episode", "new_episode_reason", cells.coded(NEW_EPISODE_REASON, "a")),
        BookColumn("Legal status", "legal_status", cells.coded(LEGAL_STATUS, "b")),
        BookColumn("Category of need", "need"),
        BookColumn("Placement type", "place", cells.coded(PLACEMENT, "f")),
        BookColumn("Placement provider", "provider", cells.coded(PROVIDER, "e")),
        BookColumn("Episode end", "ceased_on", cells.day),
        BookColumn("Reason ceased", "cease_reason"),
        BookColumn("Reason for change", "change_reason"),
        BookColumn("Home postcode", "home_postcode"),
        BookColumn("Placement postcode", "postcode"),
        BookColumn("URN", "urn"),
        BookColumn("Distance (miles)", "distance_miles"),
        BookColumn("In or out of area", "location", cells.coded(LOCATION, "c")),
        BookColumn("Unaccompanied?", "unaccompanied", YES_NO),
        BookColumn("Manager comments", "notes"),
    ),
    added=((Month(2016, 4), "Permanence plan"),),
)
SOCIAL_WORKERS = ExtractBook(
    "workforce",
    ((ALWAYS, "Staff list"),),
    "Exampleshire Council: children's social workers",
    (
        BookColumn("Staff no.", "worker_id"),
        BookColumn("Job title", "role"),
        BookColumn("Team", "team"),
        BookColumn("Contract", "contract", cells.worded(CONTRACTS)),
        BookColumn("FTE", "fte"),
        BookColumn("Start date", "started_on", cells.day),
        BookColumn("Last day worked", "left_on", cells.day),
        BookColumn("Reason for leaving", "leaving_reason", cells.worded(LEAVING)),
        BookColumn("Destination", "destination", cells.worded(DESTINATIONS)),
        BookColumn("NQSW at start?", "newly_qualified", YES_NO),
        BookColumn("Date qualified", "qualified_on", cells.day),
        BookColumn("Cases", "cases"),
        BookColumn("HR notes", "notes"),
    ),
    added=((Month(2018, 4), "Registration checked"),),
    unreadable="qualified_on",
)
WORKFORCE_MONTHLY = ExtractBook(
    "establishment",
    ((ALWAYS, "Establishment"),),
    "Exampleshire Council: social work establishment at month end",
    (
        BookColumn("Month ending", "month_end", cells.month_end),
        BookColumn("Vacancies (FTE)", "vacancies_fte"),
        BookColumn("Agency (FTE)", "agency_fte"),
        BookColumn("Agency (heads)", "agency_heads"),
        BookColumn("Agency covering vacancies (FTE)", "agency_covering_fte"),
        BookColumn("Working days lost", "days_lost"),
    ),
)
BOOKS: Mapping[str, ExtractBook] = {
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
