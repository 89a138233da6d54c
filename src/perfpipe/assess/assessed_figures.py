"""Assessed figures: what packs, queries and the quarterly return are made of."""

from __future__ import annotations

from perfpipe.frames.frame import Frame, FrameColumn
from perfpipe.measures.figure import FIGURES, STATUS, TARGET
from perfpipe.measures.words import Assurance, Movement, MovementBy, Variation

VARIATIONS, ASSURANCES = (("", *(each.value for each in words)) for words in (Variation, Assurance))
MOVEMENTS, MOVED_BY = (tuple(each.value for each in words) for words in (Movement, MovementBy))
VARIATION = (
    FrameColumn("variation", "str", "what it is, what it means, on which side; of a group empty", words=VARIATIONS),
    FrameColumn("variation_reason", "str", "the rule that signals, or why nothing is said"),
    FrameColumn("assurance", "str", "whether its target can be relied on; of a group empty", words=ASSURANCES),
    FrameColumn("mean", "float64", "the mean of the series", blanks=True),
    FrameColumn("lower_limit", "float64", "its lower control limit", blanks=True),
    FrameColumn("upper_limit", "float64", "its upper control limit", blanks=True),
    FrameColumn("trial_limits", "bool", "whether the limits are of fewer than 12 figures"),
    FrameColumn("within_since", "str", "the month, YYYY-MM, since when all figures are within the limits"),
    FrameColumn("median", "float64", "of the run chart, where there are no limits", blanks=True),
    FrameColumn("rebased", "str", "why new limits begin in this month"),
)
MOVED = (
    FrameColumn("movement", "str", "what it has done, to be said first", words=MOVEMENTS),
    FrameColumn("movement_by", "str", "by what that was found", words=MOVED_BY),
    FrameColumn("movement_since", "str", "the month, YYYY-MM, since when there are signals or a run; else empty"),
    FrameColumn("movement_is_sure", "bool", "whether by a signal or at 99%"),
    FrameColumn("movement_reason", "str", "why nothing was tested; empty where something was"),
    FrameColumn("movement_month", "str", "of a provisional figure the month of the settled one that it is told of"),
    FrameColumn("year_movement", "str", "what it has done against the figure a year earlier", words=MOVEMENTS),
    FrameColumn("year_month", "str", "the month, YYYY-MM, of that figure; empty where there is none"),
    FrameColumn("year_value", "float64", "its value", blanks=True),
    FrameColumn("year_numerator", "float64", "its numerator", blanks=True),
    FrameColumn("year_denominator", "float64", "its denominator", blanks=True),
    FrameColumn("year_lower", "float64", "the lower end of the 95% interval of value less year_value", blanks=True),
    FrameColumn("year_upper", "float64", "the upper end", blanks=True),
    FrameColumn("year_reason", "str", "why it was not tested against it; empty where it was"),
    FrameColumn("year_is_sure", "bool", "whether the difference is clear at 99%"),
    FrameColumn("status_since", "str", "the month, YYYY-MM, since when every status is on this side of the target"),
    FrameColumn("months_met", "int64", "in how many of the last 12 months the target was met", least=0),
    FrameColumn("months_judged", "int64", "of how many with a status", least=0),
)
ASSESSED = Frame(
    "assessed figures",
    (
        *FIGURES.columns,
        TARGET,
        STATUS,
        FrameColumn("variance", "float64", "value less target, or how far it is outside a range", blanks=True),
        *VARIATION,
        FrameColumn("previous", "float64", "the value of the equal period before", blanks=True),
        FrameColumn("revised", "bool", "whether its audience last saw another value or status"),
        *MOVED,
    ),
    FIGURES.key,
)
