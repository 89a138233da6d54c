"""The notes of a pack: what its symbols, states and words mean."""

from __future__ import annotations

from perfpipe.measures.words import (
    MARKERS,
    STATE_WORDS,
    STATUS_WORDS,
    VARIATION_WORDS,
    State,
    Status,
    Variation,
    capital,
)
from perfpipe.packs.models.chart import INCOMPLETE, PROVISIONAL, REVISED, UNRELIABLE
from perfpipe.packs.models.pack import Note
from perfpipe.packs.wording.signals import MARKS
from perfpipe.plan.tables import OVERDUE_MEANS, STATUS_MEANS

_STATES = {state: capital(words) for state, words in STATE_WORDS.items()}
_STATUSES = {status: capital(words) for status, words in STATUS_WORDS.items()}
NOTES = (
    Note("0 or 0%", "A true zero: the data were there, and the count was nil."),
    Note(
        MARKERS[State.NOT_AVAILABLE],
        f"{_STATES[State.NOT_AVAILABLE]}: data were missing or incomplete. Never zero, never last month's value.",
    ),
    Note(
        MARKERS[State.NOT_APPLICABLE],
        f"{_STATES[State.NOT_APPLICABLE]}: nothing could be counted, for example a percentage of no children.",
    ),
    Note(MARKERS[State.SUPPRESSED], f"{_STATES[State.SUPPRESSED]}: withheld, because a child could be recognised."),
    Note(PROVISIONAL, "Provisional: too little time has passed; the figure can still change. Drawn hollow."),
    Note(REVISED, "Revised: the shown value or status has changed since this audience last saw it."),
    Note(UNRELIABLE, "Unreliable for its low base: see 'Low base'."),
    Note(
        INCOMPLETE,
        "Incomplete: data faults keep more than 2% of its records out (at least two), or more than 20. With more than "
        "10% (at least three) there is no figure.",
    ),
    Note(
        "Low base",
        "A percentage of fewer than {low_base}: one case moves it much. Read it with its interval.",
    ),
    Note(_STATUSES[Status.MET], "The target of the month is reached, or passed in the good direction."),
    Note(
        _STATUSES[Status.NEAR], "The target is not reached, but the value is within the tolerance agreed in the plan."
    ),
    Note(_STATUSES[Status.MISSED], "The target is not reached, and the value is outside the tolerance."),
    Note(_STATUSES[Status.NO_TARGET], "The plan has no target for the measure in that month."),
    Note(_STATUSES[Status.NO_DATA], "There is no figure to compare with the target."),
    Note(
        _STATUSES[Status.NOT_DECIDED],
        "The records that data faults keep out could change the status: it would differ if they all met the measure.",
    ),
    Note(
        "Blue, green, amber, red",
        "The status that the owner of an action reports. "
        + " ".join(f"{status.capitalize()}: {means[0].lower()}{means[1:]}." for status, means in STATUS_MEANS.items())
        + f" {OVERDUE_MEANS}.",
    ),
    Note("Good is", "Whether a high or a low value is good, a value within a range, or neither."),
    Note(
        "Better, worse, no clear change",
        "Compared over equal periods: months and rolling 12 months with a month earlier, a quarter with the quarter "
        "before, a financial year to date with the same time a year earlier. Changes that chance explains are "
        "'no clear change'. Measures of which neither high nor low is good only go up or down.",
    ),
    Note(
        "Normal variation",
        "Months differ by chance. Limits at the mean plus and minus 2.66 times the average move from one month to "
        "the next hold nearly all of it (XmR, as in NHS Making Data Count), made from the first 24 months shown. "
        "Outside it: beyond a limit; seven months in a row on one side of the mean; seven rising or falling; two of "
        "three near one limit. Provisional months, and those of few cases, are not judged.",
    ),
    Note(
        "Signals: {icons}",
        "Improvement, concern, a change of which neither way is better (up, down), and normal variation. High and "
        "low say on which side of the mean, or rising and falling.",
    ),
    Note(
        "P, F and ?",
        "Assurance. P: the limits lie within the target, so it can be expected to be met. F: they lie outside it. "
        "?: the target is between them, so that chance decides.",
    ),
    Note("Trial limits", "Limits made from fewer than 12 figures: they still move with each new one."),
    Note(
        "Not judged, and the median",
        "Limits would mislead where neighbouring points overlap (rolling 12 months), at month ends, for "
        "percentages of few cases, with fewer than 6 figures or where a series is not stable. Then the chart has "
        "the median in place of limits, and percentages their interval.",
    ),
    Note(
        "Limits recalculated",
        "Limits never change by themselves. From a month that the settings name with a reason, or with a new "
        "definition, they are made from the figures since then.",
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
        "Command to trace the figures",
        "`perfpipe explain` and the id and month of a measure: lists the file, sheet and rows behind each figure; with "
        "`--group` of one group, with `--rows` every row. `perfpipe measures` lists the ids.",
    ),
    Note(
        "Fingerprint",
        "Identifies the extracts, settings, plan, definitions and code behind the pack: the same "
        "fingerprint always gives the same figures.",
    ),
)


def notes(low_base: int) -> tuple[Note, ...]:
    """Every term and symbol that a pack may use."""
    icons = " ".join(dict.fromkeys(VARIATION_WORDS[each].icon for each in (*MARKS, Variation.COMMON)))
    return tuple(Note(note.term.format(icons=icons), note.meaning.format(low_base=low_base)) for note in NOTES)
