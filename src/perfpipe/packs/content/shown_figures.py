"""What an edition shows: every figure that stands anywhere in its content, found there and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache

import pandas as pd

from perfpipe.history.last_meeting import as_cells
from perfpipe.ledger.history_tables import CELLS
from perfpipe.measures.counts import Unit
from perfpipe.measures.figure import KEY
from perfpipe.measures.shown_numbers import rounded
from perfpipe.packs.content.keys_on_pages import keys_in
from perfpipe.packs.models.chart import Figure
from perfpipe.packs.models.pack import PackContent

PLAIN = (str, int, float, bool, type(None))


def shown_cells(content: PackContent, assessed: pd.DataFrame) -> pd.DataFrame:
    """`CELLS` of an edition: its figures with state and status as assessed, and the number as it is shown.

    What stands in its pictures alone, as a group's months, is taken from `assessed`.
    """
    rows: dict[tuple[str, ...], tuple[str, ...]] = {}
    for figure in figures_in(content):
        unit = Unit.PERCENT if figure.percent else Unit.COUNT
        number = "" if figure.exact is None else str(rounded(figure.exact, unit, figure.decimals))
        rows.setdefault(figure.key, (*figure.key, number, figure.shown))
    shown = pd.DataFrame(list(rows.values()), columns=[*KEY, "number", "shown"])
    judged = shown.merge(assessed[[*KEY, "state", "status"]], on=KEY, how="inner")
    cells = CELLS.checked(judged[CELLS.names].astype(CELLS.dtypes))
    on_pages = {key for page in content.board_pages for block in page.blocks for key in keys_in(block)}
    others = pd.DataFrame(sorted(on_pages - set(rows)), columns=KEY)
    if others.empty:
        return cells
    return CELLS.checked(pd.concat([cells, as_cells(assessed.merge(others, on=KEY))], ignore_index=True))


def figures_in(content: object) -> Iterator[Figure]:
    """Every figure in a content, those of charts too; each as often as it stands there."""
    if isinstance(content, Figure):
        yield content
    elif isinstance(content, tuple):
        for each in content:
            if not isinstance(each, PLAIN):
                yield from figures_in(each)
    elif is_dataclass(content) and not isinstance(content, type):
        for name in _names_of(type(content)):
            each = getattr(content, name)
            if not isinstance(each, PLAIN):
                yield from figures_in(each)


@cache
def _names_of(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
