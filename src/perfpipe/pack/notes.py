"""The notes of a pack: what its symbols, states and words mean."""

from __future__ import annotations

from perfpipe.pack.model import Note

NOTES = (
    Note("0 or 0%", "A true zero: the data were there, and nobody or nothing was counted."),
    Note("[x]", "Not available: data were missing or incomplete. Never zero, never last month's value."),
    Note("[z]", "Not applicable: nothing could be counted, for example a percentage of nobody."),
    Note("[c]", "Suppressed: withheld, because a child could be recognised."),
    Note("[p]", "Provisional: too little time has passed; the figure can still change. Drawn hollow."),
    Note("[r]", "Revised: the shown value or status has changed since this audience last saw it."),
    Note(
        "Low base",
        "A percentage of fewer than {low_base}: one case moves it much. Read it with its interval.",
    ),
    Note("Met", "The target of the month is reached, or passed in the good direction."),
    Note("Near", "The target is not reached, but the value is within the tolerance agreed in the plan."),
    Note("Missed", "The target is not reached, and the value is outside the tolerance."),
    Note("No target", "The plan has no target for the measure in that month."),
    Note("No data", "There is no figure to compare with the target."),
    Note("Good is", "Whether a high or a low value is good, a value within a range, or neither."),
    Note(
        "Better, worse, no clear change",
        "Compared with a month earlier over equal periods. Small changes that chance explains are "
        "'no clear change'. Measures of which neither high nor low is good only go up or down.",
    ),
    Note(
        "95% interval",
        "Wilson score intervals. They describe random variation of the process, not sampling error: "
        "records are a full count. They assume that cases are independent of each other.",
    ),
    Note(
        "Rounding",
        "Status is decided on exact numbers. Percentages are shown whole, rounded half up, with one more "
        "decimal where the whole number would look like the target that was missed.",
    ),
    Note(
        "Compared with others",
        "Published values of the newest year that had ended by the month and was released by the day the pack's last "
        "delivery arrived, only where they are defined as our measure is. They are rounded, and may have been revised "
        "since: the vintage says when they were taken.",
    ),
    Note(
        "Quartile",
        "A, the best quarter, to D: where our own published value lies among the statistical neighbours' published "
        "values of that year. Shown only where enough neighbours have one.",
    ),
    Note("FTE", "Full-time equivalents: a half-time worker counts as 0.5."),
    Note("Illustrative", "A target made up to show how the pack works; it was not agreed by anyone."),
    Note(
        "Month by month",
        "Each month is taken from the latest extract that covers it, so past months change as records "
        "come late or are corrected.",
    ),
    Note(
        "Fingerprint",
        "Identifies the extracts, settings, plan, definitions and code behind the pack: the same "
        "fingerprint always gives the same figures.",
    ),
)


def notes(low_base: int) -> tuple[Note, ...]:
    """Every term and symbol that a pack may use."""
    return tuple(Note(note.term, note.meaning.format(low_base=low_base)) for note in NOTES)
