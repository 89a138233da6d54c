"""What variation and assurance are called, with an icon: never by colour alone (definitions 7.5)."""

from __future__ import annotations

from perfpipe.dates.months import Month
from perfpipe.measures.definition import Period
from perfpipe.packs.models.row import Row

ICONS = {
    "common": "\u25cf",
    "improvement": "\u25c6",
    "concern": "\u25a0",
    "neutral_high": "\u25b2",
    "neutral_low": "\u25bc",
}
KINDS = {"improvement": "improvement", "concern": "concern", "neutral": "change"}
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
ASSURANCES = {
    "passes": "P Can be expected to meet the target",
    "fails": "F Can be expected to miss the target",
    "hit_and_miss": "? Meets or misses the target by chance",
}
TRIAL = " (trial limits)"


def signal_of(row: Row) -> tuple[str, str]:
    """The kind of a special cause and its side, as `concern` and `low`; two empty words where there is none."""
    kind, _, side = row.variation.partition("_")
    return (kind, side) if side else ("", "")


def clause(row: Row, period: Period) -> str:
    """What a sentence says about variation: `within normal variation since May 2016`; empty if it is not judged."""
    kind, _ = signal_of(row)
    trial = TRIAL if row.trial_limits else ""
    if kind:
        article = "an" if kind == "improvement" else "a"
        return f"{article} {KINDS[kind]} outside normal variation, {_rule(row, period)}{trial}"
    if row.variation != "common":
        return ""
    back = "back " if row.within_since == row.month else ""
    return f"{back}within normal variation{_since(row, period)}{trial}"


def _since(row: Row, period: Period) -> str:
    if row.within_since in ("", row.month):
        return ""
    quarter = "the quarter to " if period is Period.QUARTER else ""
    return f" since {quarter}{Month.parse(row.within_since).label}"


def _rule(row: Row, period: Period) -> str:
    rule = RULES[row.variation_reason, signal_of(row)[1]]
    return rule.format(periods="quarters" if period is Period.QUARTER else "months")


def variation(row: Row, period: Period) -> str:
    """Variation as a table shows it: `\u25a0 Concern, low: below the lower limit`; why it is not judged."""
    kind, side = signal_of(row)
    trial = TRIAL if row.trial_limits else ""
    if kind:
        icon = ICONS.get(kind) or ICONS[row.variation]
        return f"{icon} {KINDS[kind].capitalize()}, {side}: {_rule(row, period)}{trial}"
    if row.variation == "common":
        return f"{ICONS['common']} Normal variation{_since(row, period)}{trial}"
    return f"Not judged: {row.variation_reason or 'no figure'}"


def in_month(row: Row) -> str:
    """Variation of one month of many, without what is said once for all: `\u25cf Normal variation`, `Not judged`."""
    kind, side = signal_of(row)
    if kind:
        return f"{ICONS.get(kind) or ICONS[row.variation]} {KINDS[kind].capitalize()}, {side}"
    if row.variation == "common":
        return f"{ICONS['common']} Normal variation"
    return f"Not judged: {row.variation_reason}" if row.mean is not None and row.variation_reason else "Not judged"


def assurance(row: Row) -> str:
    """Assurance as a table shows it: `F Can be expected to miss the target`."""
    if row.assurance in ASSURANCES:
        return ASSURANCES[row.assurance] + (TRIAL if row.trial_limits else "")
    return "No target" if row.mean is not None else "Not judged"
