"""Which columns a measure's masks look at, found by trying them on empty rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfpipe.measures.definition import Measure

if TYPE_CHECKING:
    import pandas as pd

    from perfpipe.measures.counts import Mask

SETTLED = "settled_"  # before the name of a column as it is of the placement that a temporary one interrupts


def columns_read(mask: Mask, rows: pd.DataFrame) -> tuple[set[str], Exception | None]:
    """The columns that a mask asks rows for by name, and what it raised, if anything."""
    import pandas as pd

    read: set[str] = set()

    class Recording(pd.DataFrame):
        def __getitem__(self, key: object) -> object:  # type: ignore[override]
            read.update([key] if isinstance(key, str) else key if isinstance(key, list) else ())
            return super().__getitem__(key)

    try:
        mask(Recording(rows))
    except (KeyError, AttributeError, TypeError, ValueError) as error:
        return read, error
    return read, None


def unstated_defects(measure: Measure, read: set[str]) -> list[str]:
    """Problems: columns it looks at whose cells pass for blanks where they cannot be read, without a word of it."""
    if measure.left_out_by is None:
        return []
    stated = {*measure.left_out_by, *measure.counted_all_the_same}
    asked = {name.removeprefix(SETTLED) for name in read}
    return [
        f"it looks at {column.name}: name {column.unreadable.id!r} in left_out_by, or in counted_all_the_same if a row "
        "with a cell that cannot be read counts as if it were blank"
        for dataset in measure.basis.datasets
        for column in dataset.columns
        if column.name in asked and column.unreadable and column.unreadable.id not in stated
    ]
