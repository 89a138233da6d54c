"""What an extract looks like: its file, sheet and title, and the local columns with what stands in them."""

from __future__ import annotations

from dataclasses import dataclass

from perfpipe.dates.months import Month
from perfpipe_sample import cells


@dataclass(frozen=True)
class BookColumn:
    """One column: its header, the field it shows and how it is written. No field: an empty column."""

    header: str
    field: str | None
    style: cells.Style = cells.plain

    def value_of(self, row: object) -> cells.Cell:
        """What the row has in that column."""
        value: cells.Cell = getattr(row, self.field) if self.field else None
        return value


@dataclass(frozen=True)
class ExtractBook:
    """One extract: the file's name, its sheet by month, its title and columns."""

    file: str
    sheets: tuple[tuple[Month, str], ...]  # each from a month on
    title: str
    columns: tuple[BookColumn, ...]
    added: tuple[tuple[Month, str], ...] = ()  # headers of columns that came later
    changed: tuple[tuple[Month, BookColumn], ...] = ()  # columns that look otherwise from a month on, by their field
    unreadable: str | None = None  # the field in which a date may be nonsense

    def file_name(self, month: Month) -> str:
        """`workforce_201704.xlsx`."""
        return f"{self.file}_{month.year}{month.number:02d}.xlsx"

    def sheet(self, month: Month) -> str:
        """The name of the sheet in a month."""
        return next(name for since, name in reversed(self.sheets) if since <= month)

    def columns_in(self, month: Month) -> tuple[BookColumn, ...]:
        """The columns in a month."""
        changed = {column.field: column for since, column in self.changed if since <= month}
        added = tuple(BookColumn(header, None) for since, header in self.added if since <= month)
        return tuple(changed.get(column.field, column) for column in self.columns) + added


ALWAYS = Month(1900, 1)
