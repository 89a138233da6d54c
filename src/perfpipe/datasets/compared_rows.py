"""Which other record of its extract a record is compared with by a rule, so that a fault can name both."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Any

from perfpipe.frames.libraries import pd

if TYPE_CHECKING:
    from perfpipe.datasets.row_check import OtherRow

Record = dict[Hashable, Any]
ROW = "source_row"


def row_in(column: str) -> OtherRow:
    """The row whose number a column of the rows has, as `previous_source_row`."""

    def other(rows: pd.DataFrame, broken: pd.Series[bool]) -> pd.Series[int]:
        found: pd.Series[int] = rows.loc[broken, column]
        return found

    return other


def row_that_differs(whose: str, *columns: str) -> OtherRow:
    """The first row of the same child, or of whatever is named alike, with another value in one of the columns."""

    def differs(one: Record, others: list[Record]) -> list[Record]:
        return [each for each in others if any(_are_two(one[name], each[name]) for name in columns)]

    return _chosen([whose], columns, differs)


def row_of_another(whose: str, alike: Sequence[str]) -> OtherRow:
    """The first row of another child that says the same in some columns."""
    return _chosen(alike, (whose,), lambda one, others: [each for each in others if each[whose] != one[whose]])


def row_ended_last(whose: str, start: str, end: str) -> OtherRow:
    """Of the rows of the same child or worker that began earlier, the one that ended last or has not ended."""

    def earlier(one: Record, others: list[Record]) -> list[Record]:
        before = [each for each in others if (each[start], each[ROW]) < (one[start], one[ROW])]
        return sorted(before, key=lambda each: (pd.isna(each[end]), each[end]), reverse=True)

    return _chosen([whose], (start, end), earlier)


def _are_two(one: object, another: object) -> bool:
    return one != another and not any(each is None or each is pd.NaT or each != each for each in (one, another))


def _chosen(
    by: Sequence[str], columns: Sequence[str], choose: Callable[[Record, list[Record]], list[Record]]
) -> OtherRow:
    """The first of those that are chosen among the rows which are the same `by` some columns."""

    def other(rows: pd.DataFrame, broken: pd.Series[bool]) -> pd.Series[int]:
        names = list(by)
        rows = rows[[*names, *columns, ROW]]
        wanted = rows[broken]
        near: dict[object, list[Record]] = {}
        for each in rows.merge(wanted[names].drop_duplicates(), on=names).to_dict("records"):
            near.setdefault(tuple(each[name] for name in names), []).append(each)
        found = []
        for one in wanted.to_dict("records"):
            others = [each for each in near[tuple(one[name] for name in names)] if each[ROW] != one[ROW]]
            found.append(next((each[ROW] for each in choose(one, others)), None))
        return pd.Series(found, index=wanted.index, dtype="Int64")

    return other
