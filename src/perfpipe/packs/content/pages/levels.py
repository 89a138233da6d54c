"""What a measure comes to, in one sentence: its level against the target, its direction, and since when."""

from __future__ import annotations

from perfpipe.dates.months import Month
from perfpipe.measures.definition import Polarity
from perfpipe.measures.shown_numbers import agreed, target_ends, with_unit
from perfpipe.measures.words import JUDGED, Movement, Status, capital
from perfpipe.packs.content.pages.cells import counts_of
from perfpipe.packs.content.pages.signs import doubt
from perfpipe.packs.content.pages.subject import Subject
from perfpipe.packs.models.blocks import Words
from perfpipe.packs.models.chart import Figure
from perfpipe.packs.wording.numbers import show_target
from perfpipe.packs.wording.sentences import MARKER_WORDS

AT_OR_PAST = {Polarity.HIGHER_IS_BETTER: "at or above", Polarity.LOWER_IS_BETTER: "at or below"}
UNDECIDED = "whether the target is met depends on records left out"
NOT_MET = "records left out decide how far"
AT_95 = (Movement.HIGHER, Movement.LOWER)  # where one way is good, these are said at 95% only


def target_name(subject: Subject) -> str:
    """`the 60% target`, `the target of 18 cases`, `the planned 580 to 630`."""
    bare = bare_target(subject)
    if not _is_single(subject):
        return f"the planned {bare}"
    return f"the target of {bare}" if " " in bare else f"the {bare} target"


def bare_target(subject: Subject) -> str:
    """`60%`, `580 to 630`; `No target` where there is none."""
    row, unit = subject.row, subject.measure.counts.unit
    if row.target and _is_single(subject):
        return with_unit(agreed(target_ends(row.target)[0], unit), unit)
    return show_target(row.target, unit, subject.measure.shown.polarity)


def _is_single(subject: Subject) -> bool:
    low, high = target_ends(subject.row.target)
    return low == high and subject.measure.shown.polarity is not Polarity.RANGE_IS_BEST


def against(subject: Subject, *, since: bool = True) -> str:
    """On which side of the target, and since when: `below the 75% target since July 2017`; empty unless judged."""
    row = subject.row
    if row.status not in JUDGED or row.value is None:
        return ""
    told = f"{_side(subject)} {target_name(subject)}"
    if not since or row.status_since in ("", row.month):
        return told
    month = Month.parse(row.status_since).label
    if {each.target for each in subject.rows if each.month >= row.status_since and each.target} <= {row.target}:
        return f"{told} since {month}"
    return f"{_side(subject)} target (now {bare_target(subject)}) since {month}"


def undecided(subject: Subject) -> str:
    """What records left out decide, where they do: `below the 75% target: records left out decide how far`."""
    if subject.row.status is not Status.NOT_DECIDED or subject.figure.value is None:
        return ""
    could_be = subject.possible_statuses
    if not could_be or Status.MET in could_be:
        return UNDECIDED
    return f"{_side(subject)} {target_name(subject)}: {NOT_MET}"


def _side(subject: Subject) -> str:
    row = subject.row
    if row.status is Status.MET:
        return AT_OR_PAST.get(subject.measure.shown.polarity, "within")
    side = "below" if row.value is not None and row.value < float(target_ends(row.target)[0]) else "above"
    return f"just {side}" if row.status is Status.NEAR else side


def a_year_ago(subject: Subject) -> str:
    """`a year ago 86%`, and what the test against it says where that is another thing; empty without a figure."""
    row, then = subject.row, subject.year_ago
    if then.value is None:
        return ""
    apart = Month.parse(row.month).index - Month.parse(then.key[1]).index
    time = "a year ago" if apart == 12 else f"in {Month.parse(then.key[1]).label}"
    said = "" if row.year_movement in (row.movement, Movement.NOT_TESTED) else f": {row.year_movement}"
    two_ways = subject.measure.shown.polarity in AT_OR_PAST
    chance = ", which could be chance" if said and two_ways and row.year_movement in AT_95 else ""
    return f"{time} {then.shown}{said}{chance}"


def with_counts(subject: Subject) -> str:
    """The figure with what is behind it and what is to be doubted: `23% (14 of 62, provisional)`; why there is none."""
    figure = subject.figure
    if figure.value is None:
        return f"{MARKER_WORDS[figure.marker]} ({figure.reason})" if figure.reason else MARKER_WORDS[figure.marker]
    inside = ", ".join(filter(None, (counts_of(figure, subject.measure), doubt(subject))))
    return f"{figure.shown} ({inside})" if inside else figure.shown


def sentences(subject: Subject) -> str:
    """What stands beside a figure: `Below the 75% target since August 2017. A year ago 86%.`

    A figure that is provisional or of few cases is never said to be on a side of its target without that word.
    """
    if subject.figure.value is None:
        return f"No figure: {subject.figure.reason or MARKER_WORDS[subject.figure.marker]}."
    told = against(subject) or undecided(subject)
    if told and doubt(subject):
        told = f"{doubt(subject)}: {told}"
    parts = [capital(part) for part in (told, a_year_ago(subject)) if part]
    return " ".join(f"{part}." for part in parts)


def figures_before(subject: Subject) -> tuple[Figure, ...]:
    """The figure that `a_year_ago`, and so `sentences`, says; none where there is none."""
    return (subject.year_ago,) if subject.figure.value is not None and subject.year_ago.value is not None else ()


def evidence(subject: Subject) -> Words:
    """As evidence: `Interviews: 23% (14 of 62), below the 60% target.`"""
    level = ", ".join(filter(None, (with_counts(subject), against(subject, since=False))))
    return Words(f"{subject.title}: {level}.", figures=_own(subject))


def whole(subject: Subject) -> Words:
    """`in_one` with the figures that it says."""
    then = (subject.year_ago,) if subject.year_ago.value is not None else ()
    return Words(in_one(subject), figures=(*_own(subject), *then))


def _own(subject: Subject) -> tuple[Figure, ...]:
    return (subject.figure,) if subject.figure.value is not None else ()


def in_one(subject: Subject) -> str:
    """The measure in one sentence: `Interviews: 23% (14 of 62), below the 60% target since July; a year ago 45%.`"""
    open_ = undecided(subject)
    between = "; " if open_ == UNDECIDED else ", "
    level = between.join(filter(None, (with_counts(subject), against(subject) or open_)))
    return f"{subject.title}: " + "; ".join(filter(None, (level, a_year_ago(subject)))) + "."
