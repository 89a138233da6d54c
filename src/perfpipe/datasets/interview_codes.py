"""The code lists of missing episodes and return home interviews (definitions 3.2, 3.4, 3.5 and 3.16)."""

from __future__ import annotations

from perfpipe.datasets.definition import Code, CodeList

CATEGORY = CodeList(
    "category",
    (Code("M", "Missing"), Code("A", "Away from placement without authorisation")),
    {"Away": "A", "Absent": "A"},
)
YES_NO = CodeList(
    "yes_no",
    (Code("Y", "Yes"), Code("N", "No")),
    {"1": "Y", "0": "N", "True": "Y", "False": "N"},
)
YES_NO_NA = CodeList(
    "yes_no_na",
    (*YES_NO.codes, Code("NA", "Not applicable")),
    {**YES_NO.synonyms, "N/A": "NA"},
)
AREA = CodeList(
    "area",
    (Code("IN", "In the authority's area"), Code("OUT", "Out of the authority's area")),
    {"In area": "IN", "Out of area": "OUT", "Y": "IN", "Yes": "IN", "1": "IN", "True": "IN"}
    | {"N": "OUT", "No": "OUT", "0": "OUT", "False": "OUT"},
)
PRECISION = CodeList("precision", (Code("minute", "Date and time"), Code("date", "Date only")))
NOT_REQUIRED_REASON = CodeList(
    "not_required_reason",
    (
        Code("aged_18", "Aged 18"),
        Code("died", "Died"),
        Code("not_our_child", "Not our child"),
        Code("recorded_in_error", "Recorded in error"),
        Code("not_missing", "Not missing after all"),
        Code("other", "Other reason"),
    ),
)
OTHER_REASON = "other"
OUTCOME = CodeList(
    "outcome",
    (
        Code("accepted", "Accepted"),
        Code("declined_child", "Declined by child"),
        Code("declined_parent", "Declined by parent"),
        Code("unable", "Unable to complete"),
        Code("missing_again", "Missing again"),
        Code("pending", "Pending"),
    ),
    not_yet=("pending",),
)
STATED_REASONS = tuple(code for code in NOT_REQUIRED_REASON.by_code if code != OTHER_REASON)
INTERVIEWS_SETTLE_DAYS = 28  # interviews keep coming for as long (definitions 3.10), unless the plan says otherwise
