"""The frames of figures that the ledger takes and gives, apart from its tables: stating them loads no library."""

from __future__ import annotations

from dataclasses import replace

from perfpipe.frames.frame import Frame, FrameColumn
from perfpipe.measures.figure import FIGURES, STATUS, TARGET

KNOWN_AT = FrameColumn(
    "known_at", "datetime64[us, UTC]", "when the last extract it could come from arrived", blanks=True
)
FIGURE_COLUMNS = (*FIGURES.columns, TARGET, STATUS, KNOWN_AT)
RUN_ID = FrameColumn("run_id", "int64", "the run that wrote it")
RETRACTED = FrameColumn("retracted", "bool", "whether there is no such figure any more, though there was one")
KNOWN_FIGURES = Frame("figures known", (*FIGURE_COLUMNS, RUN_ID), FIGURES.key)
CHANGED_FIGURES = Frame(
    "changed figures",
    (*(replace(c, blanks=c.name not in FIGURES.key, least=None) for c in FIGURE_COLUMNS), RETRACTED),
    FIGURES.key,
)
