"""Figures as the ledger takes and gives them: what makes rows of `figure_frames`, and these of rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import TYPE_CHECKING

import sqlalchemy as sa

from perfpipe.dates.months import Month
from perfpipe.frames.frame import Frame
from perfpipe.ledger.tables import figures
from perfpipe.measures.figure import FIGURES

if TYPE_CHECKING:
    import pandas as pd


def newest_figures(run_id: int, first: Month, last: Month, wanted: Frame) -> sa.Select[*tuple[object, ...]]:
    """The query for what was known after a run: for each key the newest row up to it, and whether it is `retracted`."""
    span = (figures.c.month >= str(first)) & (figures.c.month <= str(last))
    # SQLite takes the other columns from the row that has the maximum: half the time of a window function
    newest = sa.func.max(figures.c.run_id).label("run_id")
    columns = [figures.c[name] for name in (*wanted.names, "retracted") if name != "run_id"]
    query = sa.select(*columns, newest).where(span & (figures.c.run_id <= run_id))
    return query.group_by(*(figures.c[name] for name in FIGURES.key))


def figures_from(rows: Sequence[sa.Row[*tuple[object, ...]]], wanted: Frame) -> pd.DataFrame:
    """Those rows of `newest_figures` that are not retracted, as the frame."""
    import pandas as pd

    names = [*(name for name in wanted.names if name != "run_id"), "retracted", "run_id"]
    frame = pd.DataFrame([tuple(row) for row in rows], columns=names)
    frame = frame.loc[~frame["retracted"].astype(bool), wanted.names]
    return wanted.checked(frame.astype(wanted.dtypes).reset_index(drop=True))


def figure_rows(changed: pd.DataFrame, run_id: int) -> list[dict[str, object]]:
    """Changed figures as rows of the table."""
    plain = changed.astype(object).where(changed.notna(), None)
    names = [*plain.columns, "run_id"]
    columns = (plain[name].tolist() for name in plain.columns)
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, repeat(run_id, len(plain)), strict=True)]
