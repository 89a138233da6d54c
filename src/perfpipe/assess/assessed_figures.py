"""Assessed figures: what packs, queries and the quarterly return are made of."""

from __future__ import annotations

from perfpipe.frames import Frame, FrameColumn
from perfpipe.measures.figure import FIGURES, STATUS, TARGET
from perfpipe.measures.words import Assurance, Change, Variation

VARIATIONS, ASSURANCES = (("", *(each.value for each in words)) for words in (Variation, Assurance))
CHANGES = tuple(each.value for each in Change)
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
ASSESSED = Frame(
    "assessed figures",
    (
        *FIGURES.columns,
        TARGET,
        STATUS,
        FrameColumn("variance", "float64", "value less target, or how far it is outside a range", blanks=True),
        *VARIATION,
        FrameColumn("previous", "float64", "the value of the equal period before", blanks=True),
        FrameColumn("direction", "str", "the change since then by the measure's polarity", words=CHANGES),
        FrameColumn("revised", "bool", "whether its audience last saw another value or status"),
    ),
    FIGURES.key,
)
