"""How a source writes dates and numbers that are text, where a key of the layout must say so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from perfpipe.datasets.definition import Kind
from perfpipe.dates.date_formats import DateFormat
from perfpipe.draft_layout.source_table import SourceColumn, is_written_date
from perfpipe.read.raw_cells import NUMBER, TEXT, Cell

DATES = (Kind.DATE, Kind.INSTANT, Kind.MONTH)
NUMBERS = (Kind.NUMBER, Kind.COUNT)
FORMS = tuple(
    DateFormat.parse(text)
    for text in ("dd/mm/yy", "mm/dd/yy", "dd.mm.yy", "dd-mm-yy", "yyyy/mm/dd", "yyyymmdd", "ddmmyyyy", "mmddyyyy")
)
PLAIN_NUMBER = re.compile(r"\s*-?\d*\.?\d+\s*", re.ASCII)
DECIMALS = {  # the sign that `decimal` must name, by how such a number looks; 1,204 alone could be either
    ",": re.compile(r"\s*-?(?:\d{1,3}(?:[. ]\d{3})*|\d+),(?:\d{1,2}|\d{4,})\s*", re.ASCII),
    ".": re.compile(r"\s*-?\d{1,3}(?:,\d{3}\.\d+|(?:,\d{3}){2,}(?:\.\d+)?)\s*", re.ASCII),
}


def is_of_a_form(cell: Cell) -> bool:
    """Whether a cell could be a date in one of the forms that must be declared."""
    return cell[0] in (TEXT, NUMBER) and any(_is_date(form, cell[1]) for form in FORMS)


def date_forms(column: SourceColumn, means_blank: Callable[[str], bool]) -> list[DateFormat]:
    """The forms by which every text of a column is a date, the likeliest first; none where most need none."""
    cells = [cell for cell in column.cells if cell[0] in (TEXT, NUMBER) and not means_blank(cell[1])]
    if not cells or any(kind == TEXT and is_written_date(text) for kind, text in cells):
        return []
    return [form for form in FORMS if all(_is_date(form, text) for _, text in cells)]


def _is_date(form: DateFormat, text: str) -> bool:
    found = form.match(" ".join(text.split()))
    if found is None:
        return False
    part = found.groupdict()
    plausible = len(part["y"]) == 2 or 1900 <= int(part["y"]) < 2100
    return plausible and 1 <= int(part["m"]) <= 12 and 1 <= int(part["d"]) <= 31


def decimal_sign(texts: Iterable[str]) -> str | None:
    """The sign that stands before decimals, where a number among the texts shows it and none contradicts it."""
    unread = [text for text in texts if not PLAIN_NUMBER.fullmatch(text)]
    numbers = [text for text in unread if any(pattern.fullmatch(text) for pattern in DECIMALS.values())]
    fitting = [sign for sign, pattern in DECIMALS.items() if numbers and all(map(pattern.fullmatch, numbers))]
    return fitting[0] if len(fitting) == 1 else None


def is_number(text: str) -> bool:
    """Whether a text is a number in any of these forms."""
    return any(pattern.fullmatch(text) for pattern in (PLAIN_NUMBER, *DECIMALS.values()))
