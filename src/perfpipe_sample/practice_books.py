"""What the extracts about practice look like: assessments, audits, adopters, numbers typed by hand, actions."""

from __future__ import annotations

from perfpipe.datasets.audits import GRADE
from perfpipe_sample import cells
from perfpipe_sample.book import ALWAYS, BookColumn, ExtractBook

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

ASSESSMENTS = ExtractBook(
    "assessments_list",
    ((ALWAYS, "Assessments"),),
    "Exampleshire Council: social work assessments open in the last three months",
    (
        BookColumn("Assessment no.", "assessment_id"),
        BookColumn("Person ID", "child_id"),
        BookColumn("DOB / EDD", "born_on", cells.day),
        BookColumn("Referral received", "referral_on", cells.day),
        BookColumn("Assessment started", "started_on", cells.day),
        BookColumn("Child seen?", "child_seen", YES_NO),
        BookColumn("First seen", "seen_on", cells.day),
        BookColumn("Authorised by manager", "authorised_on", cells.day),
        BookColumn("Outcome", "outcome", cells.worded(OUTCOMES)),
        BookColumn("Team", "team"),
        BookColumn("Worker notes", "notes"),
    ),
    unreadable="seen_on",
)
AUDITS = ExtractBook(
    "case_audits",
    ((ALWAYS, "Audit log"),),
    "Exampleshire Council: case file audits",
    (
        BookColumn("Audit ref", "audit_id"),
        BookColumn("Person ID", "child_id"),
        BookColumn("Audit date", "audited_on", cells.day),
        BookColumn("Overall judgement", "overall", GRADES),
        BookColumn("Chronology", "chronology", GRADES),
        BookColumn("Risk", "risk", GRADES),
        BookColumn("Plan", "plan", GRADES),
        BookColumn("Assessment", "assessment", GRADES),
        BookColumn("Risk stated clearly in plan?", "risk_statement", YES_NO),
        BookColumn("Moderated?", "moderated", YES_NO),
        BookColumn("Moderated judgement", "moderated_grade", GRADES),
        BookColumn("Re-audit of", "audit_before"),
        BookColumn("Judgement then", "grade_before", GRADES),
    ),
)
ADOPTERS = ExtractBook(
    "adopter_tracker",
    ((ALWAYS, "Tracker"),),
    "Exampleshire Council: prospective adopters",
    (
        BookColumn("Household", "household_id"),
        BookColumn("Stage 1 start (ROI accepted)", "registered_on", cells.day),
        BookColumn("Fast track?", "fast_track", YES_NO),
        BookColumn("Stage 1 end", "stage_1_ended_on", cells.day),
        BookColumn("Stage 2 start", "stage_2_started_on", cells.day),
        BookColumn("ADM approval", "approved_on", cells.day),
        BookColumn("ADM match", "matched_on", cells.day),
        BookColumn("Withdrawn", "withdrawn_on", cells.day),
        BookColumn("Reason", "withdrawal_reason"),
    ),
)
TYPED_NUMBERS = ExtractBook(
    "typed_numbers",
    ((ALWAYS, "Numbers"),),
    "Exampleshire Council: numbers counted by hand, last 12 months",
    (
        BookColumn("Measure", "measure_id"),
        BookColumn("Month (quarter: its last)", "month_end", cells.month_end),
        BookColumn("From / by", "group"),
        BookColumn("In time", "numerator"),
        BookColumn("Of", "denominator"),
        BookColumn("Counted from", "source"),
        BookColumn("Typed by", "entered_by"),
    ),
)
ACTIONS = ExtractBook(
    "action_log",
    ((ALWAYS, "Actions"),),
    "Exampleshire Council: Improvement Plan, what owners report",
    (
        BookColumn("Action", "action_id"),
        BookColumn(
            "RAG", "status", cells.worded({"blue": "Done", "green": "On track", "amber": "At risk", "red": "Off track"})
        ),
        BookColumn("Reported on", "reported_on", cells.day),
        BookColumn("In the owner's words", "note"),
    ),
)
