"""Parse: one raw cell into one typed value, by its column's kind. No value is guessed: it is read, blank or Bad."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Set
from datetime import UTC, date, datetime

from perfpipe.datasets.definition import Column, Kind, spellings
from perfpipe.dates.months import LONDON
from perfpipe.dates.written_dates import MIDNIGHT, WrittenDate, written_date, written_month
from perfpipe.read.raw_cells import BLANK, DATE, DATETIME, ERROR, FORMULA, NUMBER, TEXT
from perfpipe.rules.cells import (
    CODE_UNKNOWN,
    DATE_OUT_OF_BOUNDS,
    DATE_UNREADABLE,
    ERROR_CELL,
    ERROR_TEXT,
    FORMULA_WITHOUT_VALUE,
    IDENTIFIER_INEXACT,
    IDENTIFIER_ODD,
    IDENTIFIER_UNREADABLE,
    MONTH_UNREADABLE,
    NO_SUCH_DATE,
    NUMBER_NOT_WHOLE,
    NUMBER_TOO_SMALL,
    NUMBER_UNREADABLE,
    TIME_DOES_NOT_EXIST,
    TIME_UNREADABLE,
)
from perfpipe.rules.rule import Rule
from perfpipe.settings.layouts import Layout, as_compared

BLANK_WORDS = ("", "null", "none", "n/k")
EARLIEST = date(1900, 3, 1)  # Excel's calendar is wrong before
LATEST = date(2099, 12, 31)  # later ones stand for "no date"; of an end they mean that there is none yet
LARGEST_COUNT = 10**12
NUMBER_TEXT = re.compile(r"-?(?:\d{1,15}(?:\.\d+)?|\.\d+)(?:e[+-]?\d{1,2})?", re.ASCII)
GROUPED = {  # by the sign before decimals: thousands with a sign between them
    ".": re.compile(r"-?\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?", re.ASCII),
    ",": re.compile(r"-?\d{1,3}(?:[. ]\d{3})+(?:,\d+)?", re.ASCII),
}


class Bad(Exception):
    """A cell that cannot be read as its column's kind. Carries the rule that it breaks, never the value."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule.id)
        self.rule = rule


Instant = tuple[datetime, str]  # in UTC, and its precision
Parsed = str | float | int | datetime | Instant | None
CellParser = Callable[[str, str], Parsed]
DateReader = Callable[[str], WrittenDate | None]  # of a text; raises ValueError where there is no such date


def parse_cell(parse: CellParser, kind: str, text: str) -> tuple[Parsed, Rule | None]:
    """The value of a cell (None: blank or unreadable), and the rule that it breaks, if it does."""
    text = text.replace("\u00a0", " ").strip()
    if kind == BLANK or (kind == TEXT and text.casefold() in BLANK_WORDS):
        return None, None
    if kind == ERROR or (kind == TEXT and ERROR_TEXT.fullmatch(text)):
        return None, ERROR_CELL
    if kind == FORMULA:
        return None, FORMULA_WITHOUT_VALUE
    try:
        return parse(kind, text), None
    except Bad as bad:
        return None, bad.rule


def parser_of(column: Column, layout: Layout) -> CellParser:
    """The parser of a column's cells, with the layout's own words for blank, spellings, forms and precision."""
    parse, blank = _parser_of_kind(column, layout), layout.blank_words(column.name)
    if not blank or column.kind is Kind.CODE:
        return parse
    return lambda kind, text: None if kind in (TEXT, NUMBER) and as_compared(text) in blank else parse(kind, text)


def _parser_of_kind(column: Column, layout: Layout) -> CellParser:
    read = date_reader(column.name, layout)
    match column.kind:
        case Kind.CODE:
            local = {as_compared(text): code for text, code in layout.values.get(column.name, {}).items()}
            blank = layout.blank_words(column.name)
            return lambda kind, text: _code(column, local, blank, text)
        case Kind.DATE:
            return lambda kind, text: local_time(kind, text, DATE_UNREADABLE, read).day
        case Kind.INSTANT:
            date_only = column.name in layout.date_only
            return lambda kind, text: _instant(kind, text, read, date_only, column.last_reading)
        case Kind.NUMBER:
            decimal = layout.decimal_of(column.name)
            return lambda kind, text: _number(kind, text, column.least, decimal)
        case Kind.COUNT:
            decimal = layout.decimal_of(column.name)
            return lambda kind, text: _count(kind, text, decimal)
        case Kind.MONTH:
            return lambda kind, text: _month(kind, text, read)
        case Kind.ID:
            return _identifier
        case Kind.TEXT:
            return lambda kind, text: text


def _code(column: Column, local: Mapping[str, str], blank: Set[str], text: str) -> str | None:
    """The code of a text: as the layout maps it, as its list knows it, or None for a word that means blank."""
    for spelling in spellings(text):
        code = local.get(spelling)
        if code is None and column.codes is not None:
            code = column.codes.by_spelling.get(spelling)
        if code is not None:
            return code or None
    if as_compared(text) in blank:
        return None
    raise Bad(CODE_UNKNOWN)


def _identifier(kind: str, text: str) -> str:
    if kind not in (NUMBER, TEXT):
        raise Bad(IDENTIFIER_UNREADABLE)
    if kind == NUMBER and not re.fullmatch(r"-?\d{1,15}", text):  # a number cell holds no more digits
        raise Bad(IDENTIFIER_INEXACT)
    if "+" in text and re.fullmatch(r"\d(?:\.\d+)?[Ee]\+\d+", text, re.ASCII):  # 1.23E+16: as shown, not as it is
        raise Bad(IDENTIFIER_INEXACT)
    if text.endswith("0") and re.fullmatch(r"\d+\.0+", text):  # 123.0: a number where an identifier was
        raise Bad(IDENTIFIER_INEXACT)
    if '"' in text or not (text.isascii() and text.isprintable()):  # two that look alike would be two children
        raise Bad(IDENTIFIER_ODD)
    return text


def date_reader(column: str, layout: Layout) -> DateReader:
    """What reads the dates of a column that are text: in the form or order that the layout declares."""
    order, form = layout.order_of(column), layout.format_of(column)
    if order is None and form is None:
        order = "day_first"  # where nothing is declared, `ambiguous_columns.py` has seen to it
    return lambda text: written_date(text, order, form)


def local_time(kind: str, text: str, rule: Rule, read: DateReader) -> WrittenDate:
    """A naive local time and whether the source gave a time of day. Never guessed.

    Raises Bad with `rule`, because there is no such date, or because it is out of all bounds.
    """
    if kind in (DATE, DATETIME):
        found: WrittenDate | None = WrittenDate(datetime.fromisoformat(text), kind == DATETIME)
    elif kind in (TEXT, NUMBER):
        try:
            found = read(text)
        except (ValueError, OverflowError):
            raise Bad(NO_SUCH_DATE) from None
    else:
        found = None
    if found is None:
        raise Bad(rule)
    if not EARLIEST <= found.moment.date() <= LATEST:
        raise Bad(DATE_OUT_OF_BOUNDS)
    return found


def open_end(kind: str, text: str, column: str, layout: Layout) -> str:
    """The day, dd/mm/yyyy, of an end that means open, as 31/12/9999; empty for any other cell (definitions 1.9)."""
    try:
        read = date_reader(column, layout)
        if kind in (DATE, DATETIME):
            found: WrittenDate | None = WrittenDate(datetime.fromisoformat(text), False)
        else:
            found = read(text) if kind in (TEXT, NUMBER) else None
    except (ValueError, OverflowError):
        return ""
    if found is None:
        return ""
    day = found.moment.date()
    return f"{day:%d/%m/%Y}" if day > LATEST or day in layout.open_ends else ""


def _instant(kind: str, text: str, read: DateReader, date_only: bool, last_reading: bool) -> Instant:
    """An instant in UTC and its precision. Exactly 00:00 is date precision, 24:00 is a time (definitions 3.7)."""
    found = local_time(kind, text, TIME_UNREADABLE, read)
    moment = found.day if date_only else found.moment
    by_date = date_only or not found.timed or (not found.at_24 and moment.time() == MIDNIGHT)
    if found.utc and not date_only:
        return found.utc, "date" if by_date else "minute"
    utc = moment.replace(tzinfo=LONDON, fold=int(last_reading)).astimezone(UTC)
    if utc.astimezone(LONDON).replace(tzinfo=None) != moment:
        raise Bad(TIME_DOES_NOT_EXIST)
    return utc, "date" if by_date else "minute"


def _number(kind: str, text: str, least: float | None, decimal: str | None) -> float:
    if kind == TEXT and decimal is not None:
        text = _with_point(text, decimal)
    if kind not in (NUMBER, TEXT) or not NUMBER_TEXT.fullmatch(text):
        raise Bad(NUMBER_UNREADABLE)
    value = float(text)
    if least is not None and value < least:
        raise Bad(NUMBER_TOO_SMALL)
    return value


def _with_point(text: str, decimal: str) -> str:
    """A number with a point before its decimals and nothing between thousands, or a text that is no number."""
    other = "," if decimal == "." else "."
    if GROUPED[decimal].fullmatch(text):
        text = text.replace(other, "").replace(" ", "")
    return text if decimal == "." else text.replace(".", "?").replace(",", ".")


def _count(kind: str, text: str, decimal: str | None) -> int:
    value = _number(kind, text, 0, decimal)
    if not value.is_integer():
        raise Bad(NUMBER_NOT_WHOLE)
    if value > LARGEST_COUNT:
        raise Bad(NUMBER_UNREADABLE)
    return int(value)


def _month(kind: str, text: str, read: DateReader) -> str:
    match = re.fullmatch(r"(\d{4})-(\d{2})|(\d{1,2})/(\d{4})", text, re.ASCII) if kind == TEXT else None
    if match is None:
        named = written_month(text) if kind == TEXT else None
        return (named or local_time(kind, text, MONTH_UNREADABLE, read).day).strftime("%Y-%m")
    year, number = int(match[1] or match[4]), int(match[2] or match[3])
    if not 1 <= number <= 12 or not EARLIEST.year < year <= LATEST.year:
        raise Bad(MONTH_UNREADABLE)
    return f"{year:04d}-{number:02d}"
