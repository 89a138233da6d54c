"""The parts of an extract that comes as several files or sheets, and the numbers of their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ROWS_OF_A_PART = 2**21  # more than a sheet can have: row 5 of the second part has the number ROWS_OF_A_PART + 5


@dataclass(frozen=True)
class ExtractPart:
    """One file or sheet of an extract in parts: where it is, and the address of each canonical column in it."""

    file: str
    sheet: str
    columns: dict[str, str]


def part_and_row(parts: Sequence[ExtractPart], number: int) -> tuple[ExtractPart | None, int]:
    """The part that a row is in, and its number there; an extract in one piece has no parts."""
    if not parts:
        return None, number
    position, row = divmod(number, ROWS_OF_A_PART)
    return parts[position], row
