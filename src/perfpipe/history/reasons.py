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
