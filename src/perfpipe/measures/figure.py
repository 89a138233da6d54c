"""What a figure is: the columns of every frame of figures, and what names one of them."""

from __future__ import annotations

from perfpipe.frames.frame import Frame, FrameColumn
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Period
from perfpipe.measures.words import State, Status

STATES, STATUSES, PERIODS, UNITS = (tuple(each.value for each in words) for words in (State, Status, Period, Unit))

FIGURES = Frame(
    "figures",
    (
        FrameColumn("measure_id", "str", "the measure"),
        FrameColumn("code", "str", "its code, as RHI-06"),
        FrameColumn("month", "str", "the month it is of, YYYY-MM"),
        FrameColumn("period", "str", "the time up to the end of that month over which it counts", words=PERIODS),
        FrameColumn("breakdown", "str", "the way the measure is split, or all"),
        FrameColumn("group", "str", "the group it is of, or all"),
        FrameColumn("numerator", "float64", "what is counted; of a median nothing", blanks=True),
        FrameColumn("denominator", "float64", "of how many; of a count nothing", blanks=True),
        FrameColumn("value", "float64", "unrounded; shares from 0 to 1", blanks=True),
        FrameColumn("lower", "float64", "the lower end of its 95% interval", blanks=True),
        FrameColumn("upper", "float64", "the upper end", blanks=True),
        FrameColumn("state", "str", "whether there is a value", words=STATES),
        FrameColumn("state_reason", "str", "why there is none; empty where there is"),
        FrameColumn("unit", "str", "what the value is of", words=UNITS),
        FrameColumn("provisional", "bool", "whether it was made before its events had matured"),
        FrameColumn("definition_version", "int64", "of the measure", least=1),
        FrameColumn("left_out", "int64", "how many records faults keep out of it", least=0),
        FrameColumn("left_out_of", "int64", "of how many, these included; 0 where there are none", least=0),
        FrameColumn("left_out_why", "str", "what is wrong with most of them; empty where there are none"),
        FrameColumn(
            "design_effect",
            "float64",
            "of a share, how much more it varies as events hang together by child",
            blanks=True,
            least=1,
        ),
        FrameColumn(
            "spread",
            "float64",
            "of a count or ratio, the variance of its numerator, each child a unit",
            blanks=True,
            least=0,
        ),
    ),
    key=("measure_id", "month", "period", "breakdown", "group"),
)
CHANCE = ("design_effect", "spread")  # what comparisons need; no reader sees them
KEY = list(FIGURES.key)
TARGET = FrameColumn("target", "str", "of that month as the plan has it, a range as low..high", blanks=True)
STATUS = FrameColumn("status", "str", "how the value stands to its target", words=STATUSES)
