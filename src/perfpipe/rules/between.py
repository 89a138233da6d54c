"""Rules between extracts: two of one dataset, an extract and the plan or the corrections, and figures that must agree.

Those that compare the rows of two datasets are in `datasets/cross_checks.py`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from perfpipe.rules.rule import INFO, OFF, STOP, WARN, Rule, Scope

ACCEPT = 'accept it under [[accepted]] in perfpipe.toml, with extract = "{extract}", rule = "{rule}" and a reason'
WITHDRAW = "run `perfpipe withdraw {extract} --reason ...`"

_between = partial(Rule, scope=Scope.BETWEEN)
_stops = partial(_between, severity=STOP, may_also_be=(WARN, INFO))
_always_stops = partial(_between, severity=STOP, may_also_be=())
_warns = partial(_between, severity=WARN, may_also_be=(STOP, INFO))

EQUAL_CLAIM = _always_stops(
    id="equal_claim",
    meaning="two extracts made at the same time for the same month",
    expected="one latest extract for each month",
    what_to_do="Withdraw the one that is wrong, or the earlier if the later corrects it: `perfpipe withdraw "
    '{extract} --reason "..."`. If they are parts of one extract, such as one for each team, name them in the '
    "layout's `parts`.",
)
EQUAL_CLAIM_REPLACED = replace(
    EQUAL_CLAIM,
    what_to_do="If the new file corrects the old one, withdraw the old one, then run again: `perfpipe withdraw "
    '{extract} --reason "..."`. If the new file is wrong, withdraw {later}. To have the next corrected file used at '
    "once, write in the folder's `delivery.toml` when the source made it: `extracted_at = 2018-04-14T09:30:00`.",
)
HISTORY_VANISHED = _between(
    id="history_vanished",
    severity=STOP,
    may_also_be=(WARN,),
    meaning="many ended records of the previous extract are missing from this one",
    expected="an extract that holds every record of the months it is used for",
    what_to_do="If the extract covers fewer months, declare so in its layout (`covers`). If records are missing, "
    f"{WITHDRAW}.",
)
NOT_FOLLOWED_UP = _warns(
    id="not_followed_up",
    meaning="a record open in one extract and missing from the next",
    expected="each record that was open in one extract also in the next, open or ended",
    what_to_do="Ask the source whether the record was deleted. It is in no figure from then on.",
)
OVERLAPS_LATER_EXTRACT = _warns(
    id="overlaps_later_extract",
    meaning="an ended episode of one extract overlaps an episode of the same child in a later extract",
    expected="episodes of a child that follow each other, or the same start in each version of an episode",
    what_to_do="Ask the source which is right. If the start was corrected, ask for an extract that covers the month in "
    "which the episode ended. Until then both episodes count in figures that look back.",
)
MOVE_WITHOUT_NEXT_SPELL = _warns(
    id="move_without_next_spell",
    meaning="an internal move after which no spell of the worker is listed",
    expected="a next spell within 28 days of a move or promotion within children's social work",
    what_to_do="Add the next spell, or correct the reason for leaving. Until then the worker counts as retained and is "
    "not a leaver.",
)
SAME_RECORDS = _stops(
    id="same_records",
    meaning="the same records as another extract, under another name or saved again",
    expected="different records in each extract",
    what_to_do=f"Ask the source for the extract for {{folder}}. To withdraw this one, {WITHDRAW}. If nothing has "
    f"changed at the source, {ACCEPT}.",
)
SAME_RECORDS_IN_FOLDER = replace(SAME_RECORDS, what_to_do=f"Withdraw one of the two. To withdraw this one, {WITHDRAW}.")
NOTHING_CHANGED = _warns(
    id="nothing_changed",
    meaning="the same records in two extracts that state different times, or in two short lists",
    expected="records that change from month to month",
    what_to_do="Ask the source whether anything has changed. If not, there is nothing to do.",
)
LEADING_ZEROS_LOST_SINCE = _stops(
    id="leading_zeros_lost_since",
    meaning="identifiers that have lost the leading zeros they had in the previous extract",
    expected="identifiers written as in the previous extract",
    what_to_do="Format the column as text at source, so that leading zeros stay, and export it again.",
)
COLUMN_EMPTIED = _stops(
    id="column_emptied",
    meaning="a column that most records filled in the previous extract and none fills now",
    expected="values in the columns that had them in the previous extract",
    what_to_do=f"Export the file again with these columns, and {WITHDRAW}. If the source no longer has them, "
    f"{ACCEPT}: they then count as blank in figures and breakdowns.",
)
FILE_CUT_SHORT = _stops(
    id="file_cut_short",
    meaning="a CSV file without the line break at its end that the previous extract had",
    expected="a complete file, with a line break at its end",
    what_to_do=f"Copy or export the file again, and {WITHDRAW}. If it is complete, {ACCEPT}.",
)
ROW_COUNT_MOVED = _stops(
    id="row_count_moved",
    meaning="many more or fewer records than the month before",
    expected="a number of records within {share} of the month before",
    what_to_do=f"Check the export's filter. If the file is wrong, {WITHDRAW} and send it again under another "
    f"name. If it is right, {ACCEPT}.",
)
_column_changed = partial(
    _warns,
    expected="the columns of {before}",
    what_to_do="Ask the source whether the change is intended, and check that `columns` and `ignore` in the layout "
    "still fit.",
)
COLUMN_ADDED = _column_changed(id="column_added", meaning="a column that the previous extract did not have")
COLUMN_DROPPED = _column_changed(id="column_dropped", meaning="a column of the previous extract that is missing now")
COLUMN_RENAMED = _column_changed(
    id="column_renamed", meaning="a column with a different header from the previous extract"
)
COLUMN_MOVED = _column_changed(
    id="column_moved",
    severity=INFO,
    may_also_be=(STOP, WARN, OFF),
    meaning="columns in a different order from the previous extract",
)
COLUMN_RETYPED = _column_changed(
    id="column_retyped", meaning="a column whose cells are of a different kind from the previous extract"
)
ACTION_NOT_IN_PLAN = _warns(
    id="action_not_in_plan",
    meaning="a reported status of an action that is not in the plan; not used",
    expected="the id of an action in plan.toml, exactly as written there",
    what_to_do="Correct the id at source, or add the action to the plan. Until then the row is not used.",
)
CROSS_CHECKS_NOT_MADE = _between(
    id="cross_checks_not_made",
    severity=INFO,
    may_also_be=(STOP, WARN, OFF),
    meaning="two datasets could not be compared, as an extract is missing or incomplete",
    expected="extracts of {lacking} and {other} that can be compared for {month}",
    what_to_do="Send the extract, if one is due, or correct what stops it. Until then what the two say about the same "
    "child is not compared.",
)
CORRECTION_NOT_NEEDED = _always_stops(
    id="correction_not_needed",
    meaning="a declared correction of something the source has since corrected",
    expected="a correction of something still wrong in the newest extract",
    what_to_do="Remove the entry.",
)
CORRECTION_NEEDED_BEFORE = replace(
    CORRECTION_NOT_NEEDED,
    what_to_do='Remove the entry, or, if earlier months still need it, add `until = "{until}"` to it.',
)
CORRECTION_NO_RECORD = _always_stops(
    id="correction_no_record",
    meaning="a declared correction of a record that is in no extract",
    expected="the key of one record, in at least one extract",
    what_to_do="Compare `key`, `since` and `until` with the extract, or remove the entry.",
)
CORRECTION_SEVERAL = _always_stops(
    id="correction_several",
    meaning="a declared correction that matches several records",
    expected="the key of one record",
    what_to_do="Add the value of {columns} to `key`.",
)
CORRECTION_OF_REPEATED_RECORD = replace(CORRECTION_SEVERAL, what_to_do="Ask the source to remove the repeated record.")
_figures_disagree = partial(
    _always_stops,
    expected="{expected}",
    what_to_do="Nothing was published. Compare `perfpipe explain` for both measures in one of these months, and report "
    "the fault: the two definitions use different rows.",
)
TOTALS_DIFFER = _figures_disagree(
    id="totals_differ",
    meaning="two measures in the same pack count different children where they must count the same ones",
)
TABLE_DOES_NOT_ADD_UP = _figures_disagree(
    id="table_does_not_add_up", meaning="the parts of a table do not add up to its total"
)

BETWEEN_RULES = (
    EQUAL_CLAIM, HISTORY_VANISHED, NOT_FOLLOWED_UP, OVERLAPS_LATER_EXTRACT, MOVE_WITHOUT_NEXT_SPELL,
    SAME_RECORDS, NOTHING_CHANGED,
    LEADING_ZEROS_LOST_SINCE, COLUMN_EMPTIED, FILE_CUT_SHORT, ROW_COUNT_MOVED, COLUMN_ADDED, COLUMN_DROPPED,
    COLUMN_RENAMED, COLUMN_MOVED, COLUMN_RETYPED, ACTION_NOT_IN_PLAN, CROSS_CHECKS_NOT_MADE, CORRECTION_NOT_NEEDED,
    CORRECTION_NO_RECORD, CORRECTION_SEVERAL, TOTALS_DIFFER, TABLE_DOES_NOT_ADD_UP,
)  # fmt: skip
