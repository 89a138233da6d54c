"""Variation and assurance in words, with an icon: never by colour alone (definitions 7.5)."""

from __future__ import annotations

from perfpipe.dates.months import Month
from perfpipe.measures.definition import Period
from perfpipe.measures.words import (
    ASSURANCE_WORDS,
    STATUS_WORDS,
    VARIATION_WORDS,
    Status,
    Variation,
    VariationWords,
    capital,
)
from perfpipe.packs.models.chart import Mark
from perfpipe.packs.models.row import Row

MARKS = {  # outside normal variation
    Variation.IMPROVEMENT_HIGH: Mark.IMPROVEMENT,
    Variation.IMPROVEMENT_LOW: Mark.IMPROVEMENT,
    Variation.CONCERN_HIGH: Mark.CONCERN,
    Variation.CONCERN_LOW: Mark.CONCERN,
    Variation.NEUTRAL_HIGH: Mark.HIGH,
    Variation.NEUTRAL_LOW: Mark.LOW,
}
RULES = {
    ("outside the limits", "high"): "above the upper limit",
    ("outside the limits", "low"): "below the lower limit",
    ("trend", "high"): "at least seven {periods} in a row rising",
    ("trend", "low"): "at least seven {periods} in a row falling",
    ("two of three near a limit", "high"): "two of three {periods} in a row near the upper limit",
    ("two of three near a limit", "low"): "two of three {periods} in a row near the lower limit",
    ("shift", "high"): "at least seven {periods} in a row above the mean",
    ("shift", "low"): "at least seven {periods} in a row below the mean",
}
TRIAL = " (trial limits)"
NOT_JUDGED = "Not judged"


def mark_of(row: Row) -> Mark | None:
    """How a chart marks the figure; None within normal variation and where variation is not judged."""
    return MARKS.get(row.variation)


def clause(row: Row, period: Period) -> str:
    """What a sentence says about variation: `within normal variation since May 2016`; empty if it is not judged."""
    words = VARIATION_WORDS.get(row.variation)
    trial = TRIAL if row.trial_limits else ""
    if words is None:
        return ""
    if words.side:
        article = "an" if words.kind[0] in "aeiou" else "a"
        normal = VARIATION_WORDS[Variation.COMMON].kind
        return f"{article} {words.kind} outside {normal}, {_rule(row, words, period)}{trial}"
    back = "back " if row.within_since == row.month else ""
    return f"{back}within {words.kind}{_since(row, period)}{trial}"


def _since(row: Row, period: Period) -> str:
    if row.within_since in ("", row.month):
        return ""
    quarter = "the quarter to " if period is Period.QUARTER else ""
    return f" since {quarter}{Month.parse(row.within_since).label}"


def _rule(row: Row, words: VariationWords, period: Period) -> str:
    rule = RULES[row.variation_reason, words.side]
    return rule.format(periods="quarters" if period is Period.QUARTER else "months")


def variation(row: Row, period: Period) -> str:
    """Variation as a table shows it: `\u25a0 Concern, low: below the lower limit`; why it is not judged."""
    words = VARIATION_WORDS.get(row.variation)
    if words is None:
        return f"{NOT_JUDGED}: {row.variation_reason or 'no figure'}"
    told = f": {_rule(row, words, period)}" if words.side else _since(row, period)
    return f"{_in_short(words)}{told}{TRIAL if row.trial_limits else ''}"


def _in_short(words: VariationWords) -> str:
    return f"{words.icon} {capital(words.kind)}" + (f", {words.side}" if words.side else "")


def in_month(row: Row) -> str:
    """Variation of one month of many, without what is said once for all: `\u25cf Normal variation`, `Not judged`."""
    words = VARIATION_WORDS.get(row.variation)
    if words:
        return _in_short(words)
    return f"{NOT_JUDGED}: {row.variation_reason}" if row.mean is not None and row.variation_reason else NOT_JUDGED


def assurance(row: Row) -> str:
    """Assurance as a table shows it: `F Will not meet the target without a change`."""
    words = ASSURANCE_WORDS.get(row.assurance)
    if words:
        return words + (TRIAL if row.trial_limits else "")
    return capital(STATUS_WORDS[Status.NO_TARGET]) if row.mean is not None else NOT_JUDGED
