"""What is said of a figure, and in which words: one table each for units, polarities, states, statuses and the rest.

The values of the enums are what ledger, plan and files store. The words are what readers see: packs, charts, commands
and generated pages take them from here. Words are those of the middle of a sentence; `capital` begins a cell with them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Polarity


class State(StrEnum):
    """Whether there is a figure; and if there is none, why."""

    OK = "ok"
    NOT_AVAILABLE = "not_available"
    NOT_APPLICABLE = "not_applicable"
    SUPPRESSED = "suppressed"


class Status(StrEnum):
    """What a figure comes to against its target."""

    MET = "met"
    NEAR = "near"
    MISSED = "missed"
    NO_TARGET = "no_target"
    NO_DATA = "no_data"
    NOT_DECIDED = "not_decided"  # records left out by faults could change it


JUDGED = (Status.MET, Status.NEAR, Status.MISSED)  # there are both a figure and a target


class Movement(StrEnum):
    """What a measure has done, as tests allow it to be said (definitions 7.7).

    BETTER and WORSE are said by polarity, of a signal or at 99%. HIGHER and LOWER are said where neither way is better,
    and of a difference that is only clear at 95%. NO_CLEAR_CHANGE is said of a test that was made, else NOT_TESTED.
    """

    BETTER = "better"
    WORSE = "worse"
    HIGHER = "higher"
    LOWER = "lower"
    NO_CLEAR_CHANGE = "no clear change"
    NOT_TESTED = "not tested"


class MovementBy(StrEnum):
    """By what a movement was found; NONE: it was not tested."""

    LIMITS = "limits"
    RUN = "run"
    STEP = "step"
    YEAR = "year"
    NONE = "none"


class Variation(StrEnum):
    """Whether a figure is common or special cause variation, what it means and on which side; NONE: not said."""

    COMMON = "common"
    IMPROVEMENT_HIGH = "improvement_high"
    IMPROVEMENT_LOW = "improvement_low"
    CONCERN_HIGH = "concern_high"
    CONCERN_LOW = "concern_low"
    NEUTRAL_HIGH = "neutral_high"
    NEUTRAL_LOW = "neutral_low"
    NONE = "none"


class Assurance(StrEnum):
    """Whether the process, as its limits say, can be relied on to meet a target; NONE: not said."""

    PASSES = "passes"
    FAILS = "fails"
    HIT_AND_MISS = "hit_and_miss"
    NONE = "none"


class UnitWords(NamedTuple):
    """A unit by its name, what stands behind a number of it, and behind a difference of two numbers."""

    name: str
    many: str
    one: str
    difference: str
    difference_of_one: str


UNIT_WORDS = {
    Unit.PERCENT: UnitWords("percentage", "%", "%", " percentage points", " percentage point"),
    Unit.COUNT: UnitWords("number", "", "", "", ""),
    Unit.HOURS: UnitWords("hours", " hours", " hour", " hours", " hour"),
    Unit.PER_10_000: UnitWords("per 10,000 children", *[" per 10,000"] * 4),
    Unit.CASES: UnitWords("cases for each full-time equivalent", " cases", " case", " cases", " case"),
}
GOOD_IS = {
    Polarity.HIGHER_IS_BETTER: "high",
    Polarity.LOWER_IS_BETTER: "low",
    Polarity.RANGE_IS_BEST: "in a range",
    Polarity.NEITHER: "neither",
}
STATE_WORDS = {
    State.NOT_AVAILABLE: "not available",
    State.NOT_APPLICABLE: "not applicable",
    State.SUPPRESSED: "suppressed",
}
MARKERS = {State.NOT_AVAILABLE: "[x]", State.NOT_APPLICABLE: "[z]", State.SUPPRESSED: "[c]"}
NOT_AVAILABLE, NOTHING = MARKERS[State.NOT_AVAILABLE], MARKERS[State.NOT_APPLICABLE]
STATUS_WORDS = {
    Status.MET: "met",
    Status.NEAR: "near",
    Status.MISSED: "missed",
    Status.NO_TARGET: "no target",
    Status.NO_DATA: "no data",
    Status.NOT_DECIDED: "not decided",
}


class VariationWords(NamedTuple):
    """What variation is called: its icon, what it is, and its side (empty for common causes)."""

    icon: str
    kind: str
    side: str = ""


VARIATION_WORDS = {
    Variation.COMMON: VariationWords("\u25cf", "normal variation"),
    Variation.IMPROVEMENT_HIGH: VariationWords("\u25c6", "improvement", "high"),
    Variation.IMPROVEMENT_LOW: VariationWords("\u25c6", "improvement", "low"),
    Variation.CONCERN_HIGH: VariationWords("\u25a0", "concern", "high"),
    Variation.CONCERN_LOW: VariationWords("\u25a0", "concern", "low"),
    Variation.NEUTRAL_HIGH: VariationWords("\u25b2", "change", "high"),
    Variation.NEUTRAL_LOW: VariationWords("\u25bc", "change", "low"),
}
ASSURANCE_WORDS = {
    Assurance.PASSES: "P Can be expected to meet the target",
    Assurance.FAILS: "F Will not meet the target without a change",
    Assurance.HIT_AND_MISS: "? May or may not meet the target in any month",
}


def capital(words: str) -> str:
    """The words with a capital letter at the beginning."""
    return f"{words[:1].upper()}{words[1:]}"
