"""Frames that one stage hands to the next: what their columns hold, and by what each row is named.

The room that hands a frame over states it as a `Frame`, every column once, and passes it through `checked`. A frame
that does not fit is our own defect: the error names columns and checks, and no value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa


@dataclass(frozen=True)
class FrameColumn:
    """One column: its name, the dtype of pandas, and what it holds."""

    name: str
    dtype: str
    meaning: str
    blanks: bool = False  # whether a row may have none
    words: tuple[str, ...] = ()  # all that it may hold, where these are a few words or codes
    least: float | None = None  # the smallest number it may hold


@dataclass(frozen=True)
class Frame:
    """A kind of frame: what its rows are, its columns in order, and the columns that together name one row."""

    rows: str
    columns: tuple[FrameColumn, ...]
    key: tuple[str, ...]

    @cached_property
    def dtypes(self) -> dict[str, str]:
        """Column names and dtypes, in order."""
        return {column.name: column.dtype for column in self.columns}

    @property
    def names(self) -> list[str]:
        """Column names, in order."""
        return list(self.dtypes)

    def column(self, name: str) -> FrameColumn:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    def only(self, names: Iterable[str]) -> Frame:
        """The frame with its key and some other columns, in the order of this one."""
        wanted = {*self.key, *names}
        return Frame(self.rows, tuple(column for column in self.columns if column.name in wanted), self.key)

    def empty(self) -> pd.DataFrame:
        """A frame of these columns and dtypes without rows."""
        return _empty(self).copy()

    def schema(self) -> pa.DataFrameSchema:
        """The pandera schema: `strict=True, coerce=False`, unique by key; dtypes are compared by `checked`."""
        return _schema(self)

    def checked(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame itself, which fits the schema. Raises AssertionError, with the columns and checks that fail."""
        import pandera.errors

        # pandera does not tell datetime64[ns] from datetime64[us], and is three times slower when it looks as well
        wrong = [name for name, dtype in self.dtypes.items() if name in frame and str(frame[name].dtype) != dtype]
        if wrong:
            raise AssertionError(f"{self.rows} do not fit their schema: dtype of {', '.join(wrong)}")
        broken: list[str] = []
        try:
            self.schema().validate(frame, lazy=True)
        except pandera.errors.SchemaErrors as errors:
            cases = errors.failure_cases[["column", "check"]].drop_duplicates().to_numpy().tolist()
            broken = sorted(f"{column} {check}" for column, check in cases)
        if broken:  # out of reach of pandera's own error, which holds values
            raise AssertionError(f"{self.rows} do not fit their schema: {', '.join(broken)}")
        return frame


@cache
def _empty(frame: Frame) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({name: pd.Series([], dtype=dtype) for name, dtype in frame.dtypes.items()})


@cache
def _schema(frame: Frame) -> pa.DataFrameSchema:
    import pandera.pandas as pa

    columns = {}
    for column in frame.columns:
        checks = [pa.Check.isin(list(column.words))] if column.words else []
        checks += [pa.Check.ge(column.least)] if column.least is not None else []
        columns[column.name] = pa.Column(None, checks, nullable=column.blanks, description=column.meaning)
    return pa.DataFrameSchema(columns, strict=True, coerce=False, unique=list(frame.key), name=frame.rows)
