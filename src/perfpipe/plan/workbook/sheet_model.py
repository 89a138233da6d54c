"""What a sheet of the plan's workbook and a column of it are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CellContent(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    DAY = "a day"
    MONTH = "a month, YYYY-MM"
    NUMBER = "a number; of a percentage 0.80 for 80%"
    WHOLE = "a whole number"
    YES_NO = "yes or no"
    LIST = "text; several with a line break between them (Alt+Enter)"


@dataclass(frozen=True)
class PlanColumn:
    """A column: its key in `plan.toml`, its header, what its cells hold, and a sentence for who fills it."""

    key: str
    title: str
    cells: CellContent = CellContent.TEXT
    help: str = ""
    choices: tuple[str, ...] = ()
    names_of: str = ""  # the table whose entries the cell names
    width: int = 24


@dataclass(frozen=True)
class PlanSheet:
    """A sheet and the table of the plan that it holds.

    `steps` is the list within an entry that the rows belong to: then the first column names the entry. `single`: the
    table is one row. An empty table is the plan's own line of title and day.
    """

    title: str
    table: str
    about: str
    columns: tuple[PlanColumn, ...]
    steps: str = ""
    single: bool = False
