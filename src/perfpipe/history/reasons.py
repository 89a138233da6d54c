"""Why months are run again: words of a list, as the ledger, Prefect and packs show them."""

from __future__ import annotations

REASONS = {
    "first_load": "the history was loaded",
    "late_records": "records were entered late",
    "correction_at_source": "records were corrected at the source",
    "definition_changed": "a definition changed",
    "layout_changed": "a layout changed",
    "plan_changed": "the plan changed",
    "other": "another reason",
}


def code_of(reason: str) -> str:
    """The code of a reason that is given by its code or its words; empty where it is none of them."""
    return next((code for code, words in REASONS.items() if reason in (code, words)), "")
