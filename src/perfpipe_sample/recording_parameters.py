"""When the made-up authority comes to know things, what it records wrongly, and its workbooks, as numbers.

Shares are 0 to 1. All are the project's own judgement.
"""

from __future__ import annotations

# --- When things come to be known ---------------------------------------------------------------------------

EXTRACTION_DAY = 5  # of the next month, early in the morning; delivered the day after
EPISODE_LAGS = (90, 7, 2, 1)  # % first seen in the same month, one, two, three or more months later
INTERVIEW_LAGS = (80, 13, 4, 3)
PLACEMENT_LAGS = (96, 3, 1, 0)
APPOINTMENT_LAGS = (97, 3, 0, 0)
LEAVER_LAGS = (90, 10, 0, 0)
ASSESSMENT_LAGS = (96, 3, 1, 0)
AUTHORISATION_LAGS = (91, 7, 2, 0)
AUDIT_LAGS = (85, 12, 3, 0)
ADOPTER_LAGS = (88, 10, 2, 0)
TYPED_LAGS = (95, 4, 1)
TYPED_WRONG = 0.05  # of numbers typed, at first
CORRECTED = 0.015  # of records
DELETED = 0.003

# --- What is recorded wrongly -------------------------------------------------------------------------------

MIDNIGHT = 0.20
OFFERED_BLANK = 0.08
OFFERED_LATE = 0.15  # of offers not followed by an early interview: more than 72 hours after the return
OFFER_DATE_BLANK = 0.03
OFFERED_TOO_EARLY = 0.006
NOT_OFFERED_AS_NA = 0.05
OUTCOME_BLANK = 0.03  # of offers without an interview
NOTIFIED_TWICE = 0.04
INTERVIEW_TOO_EARLY = 0.01
RETURN_BEFORE_MISSING = 0.006
FLAG_BLANK = 0.03
OVERLAPPING = 0.007
PROVIDER_BLANK = 0.015
POSTCODE_BAD = 0.03
CHANGE_REASON_BLANK = 0.05
FTE_BLANK = 0.02
TWO_POSTS = 0.02
REFERRAL_BLANK = 0.03
REFERRAL_AFTER_START = 0.005
AUTHORISED_BEFORE_START = 0.004
SEEN_BLANK = 0.02
ASSESSMENT_OUTCOME_BLANK = 0.01
ENTERED_TWICE = 0.005
AUDIT_NOT_GRADED = 0.015
GRADE_BEFORE_GIVEN = 0.6  # of re-audits
AUDIT_BEFORE_UNKNOWN = 0.06  # of re-audits: a number that no audit has
STAGE_1_END_BLANK = 0.06
ADOPTER_DATE_WRONG = 0.03

# --- The workbooks ------------------------------------------------------------------------------------------

TEXT_DATE = 0.15  # date cells that hold text
HIDDEN_ROW = 0.01
UNREADABLE_EVERY = 5  # months: every fifth has a few cells that no one can read
UNREADABLE_CELLS = 3
MONTHS_BEFORE_END = {  # which extracts never come; a year's last placements extract always does
    "return_home_interviews": 28,
    "workforce_monthly": 19,
    "placements": 6,
}
LATE_DATASET, LATE_MONTHS_BEFORE_END, LATE_DAYS = "social_workers", 11, 9
