"""What the extracts about practice look like: assessments, audits, adopters, numbers typed by hand, actions."""

from __future__ import annotations

from perfpipe.datasets.audits import GRADE
from perfpipe_sample import cells
from perfpipe_sample.book import ALWAYS, Book, Shown

OUTCOMES = {
    "section_47": "S47 enquiry",
    "child_in_need": "CIN plan",
    "looked_after": "Accommodated",
    "ongoing": "Existing plan continues",
    "early_help": "Step down to EH",
    "other_agency": "Refer on",
    "no_further_action": "NFA",
}
STATUSES = {"blue": "Done", "green": "On track", "amber": "At risk", "red": "Off track"}
YES_NO = cells.one_of(cells.YES_NO)
GRADES = cells.one_of({code.code: (code.label, code.label, code.label.upper()) for code in GRADE.codes})

ASSESSMENTS = Book(
    "assessments_list",
    ((ALWAYS, "Assessments"),),
    "Exampleshire Council: social work assessments open in the last three months",
    (
        Shown("Assessment no.", "assessment_id"),
        Shown("Person ID", "child_id"),
        Shown("DOB / EDD", "born_on", cells.day),
        Shown("Referral received", "referral_on", cells.day),
        Shown("Assessment started", "started_on", cells.day),
        Shown("Child seen?", "child_seen", YES_NO),
        Shown("First seen", "seen_on", cells.day),
        Shown("Authorised by manager", "authorised_on", cells.day),
        Shown("Outcome", "outcome", cells.worded(OUTCOMES)),
        Shown("Team", "team"),
        Shown("Worker notes", "notes"),
    ),
    unreadable="seen_on",
)
AUDITS = Book(
    "case_audits",
    ((ALWAYS, "Audit log"),),
    "Exampleshire Council: case file audits",
    (
        Shown("Audit ref", "audit_id"),
        Shown("Person ID", "child_id"),
        Shown("Audit date", "audited_on", cells.day),
        Shown("Overall judgement", "overall", GRADES),
        Shown("Chronology", "chronology", GRADES),
        Shown("Risk", "risk", GRADES),
        Shown("Plan", "plan", GRADES),
        Shown("Assessment", "assessment", GRADES),
        Shown("Risk stated clearly in plan?", "risk_statement", YES_NO),
        Shown("Moderated?", "moderated", YES_NO),
        Shown("Moderated judgement", "moderated_grade", GRADES),
        Shown("Re-audit of", "audit_before"),
        Shown("Judgement then", "grade_before", GRADES),
    ),
)
ADOPTERS = Book(
    "adopter_tracker",
    ((ALWAYS, "Tracker"),),
    "Exampleshire Council: prospective adopters",
    (
        Shown("Household", "household_id"),
        Shown("Stage 1 start (ROI accepted)", "registered_on", cells.day),
        Shown("Fast track?", "fast_track", YES_NO),
        Shown("Stage 1 end", "stage_1_ended_on", cells.day),
        Shown("Stage 2 start", "stage_2_started_on", cells.day),
        Shown("ADM approval", "approved_on", cells.day),
        Shown("ADM match", "matched_on", cells.day),
        Shown("Withdrawn", "withdrawn_on", cells.day),
        Shown("Reason", "withdrawal_reason"),
    ),
)
TYPED_NUMBERS = Book(
    "typed_numbers",
    ((ALWAYS, "Numbers"),),
    "Exampleshire Council: numbers counted by hand, last 12 months",
    (
        Shown("Measure", "measure_id"),
        Shown("Month (quarter: its last)", "month_end", cells.month_end),
        Shown("From / by", "group"),
        Shown("In time", "numerator"),
        Shown("Of", "denominator"),
        Shown("Counted from", "source"),
        Shown("Typed by", "entered_by"),
    ),
)
ACTIONS = Book(
    "action_log",
    ((ALWAYS, "Actions"),),
    "Exampleshire Council: Improvement Plan, what owners report",
    (
        Shown("Action", "action_id"),
        Shown(
            "RAG", "status", cells.worded({"blue": "Done", "green": "On track", "amber": "At risk", "red": "Off track"})
        ),
        Shown("Reported on", "reported_on", cells.day),
        Shown("In the owner's words", "note"),
    ),
)
