"""Actions of the Improvement Plan as their owners report them: one row per status of an action (definitions 8.4).

The extract adds to the histories in `plan.toml`; what the actions are, whose and due when is in the plan alone.
"""

from __future__ import annotations

from perfpipe.datasets.compared_rows import row_in
from perfpipe.datasets.definition import Code, CodeList, Column, Dataset, Kind
from perfpipe.datasets.row_check import day_after_extract, row_check
from perfpipe.dates.months import local_day
from perfpipe.frames.libraries import pd

ACTION_STATUS = CodeList(
    "action_status",
    (
        Code("blue", "Done, and its effect can be shown"),
        Code("green", "On track to be done by its due date"),
        Code("amber", "At risk of not being done by its due date"),
        Code("red", "Off track, will not be done by its due date or was not"),
    ),
    {"b": "blue", "g": "green", "a": "amber", "r": "red"}
    | {"done": "blue", "complete": "blue", "completed": "blue", "on track": "green", "at risk": "amber"}
    | {"off track": "red", "overdue": "red"},
)


def with_status_before(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with `today` of the extract, and the status of the same action before (`status_before`) with its row."""
    ordered = rows[["action_id", "status_on", "status", "source_row"]].assign(status=rows["status"].astype("str"))
    ordered = ordered.sort_values(["action_id", "status_on"], kind="stable")
    return rows.assign(
        today=local_day(rows["as_at"]),
        status_before=ordered.groupby("action_id")["status"].shift(1),
        row_before=ordered.groupby("action_id")["source_row"].shift(1),
    )


def _poor_without_note(rows: pd.DataFrame) -> pd.Series[bool]:
    """Amber or red, and not a word why."""
    found: pd.Series[bool] = rows["status"].isin(["amber", "red"]) & rows["note"].isna()
    return found


def _begun_again(rows: pd.DataFrame) -> pd.Series[bool]:
    """Done before, and not done now."""
    found: pd.Series[bool] = (rows["status_before"] == "blue") & (rows["status"] != "blue")
    return found


ACTION_CHECKS = (
    day_after_extract(
        "status_after_extract",
        "status_on",
        "the day of the extract or earlier",
        "Correct the day, or leave out statuses that are only expected. It counts from the day recorded.",
    ),
    row_check(
        "poor_status_without_note",
        "note",
        "a note that says why, where the status is amber or red",
        "Ask the owner what is in the way and what is being done about it.",
        _poor_without_note,
    ),
    row_check(
        "done_and_begun_again",
        "status",
        "an action that stays blue once it is blue",
        "Ask the owner whether the action was done. The later status counts.",
        _begun_again,
        other_row=row_in("row_before"),
    ),
)

ACTIONS = Dataset(
    id="actions",
    title="Actions of the Improvement Plan",
    one_row_is="one status of one action from a day on",
    key=("action_id", "status_on"),
    start="status_on",
    end=None,
    goes_back_by="start",
    person=None,
    optional=True,
    context=with_status_before,
    columns=(
        Column("action_id", Kind.ID, "the id of the action in the plan", True, True, aliases=("action",)),
        Column("status", Kind.CODE, "its status from that day on", True, True, codes=ACTION_STATUS),
        Column("status_on", Kind.DATE, "the day from which it has that status", True, True, aliases=("on",)),
        Column("note", Kind.TEXT, "what was done, or what is in the way"),
    ),
    checks=ACTION_CHECKS,
)
