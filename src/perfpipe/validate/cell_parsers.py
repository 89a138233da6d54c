"""Parse: one raw cell into one typed value, by its column's kind. No value is guessed: it is read, blank or Bad."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

from perfpipe.datasets.definition import Column, Kind
from perfpipe.dates.months import LONDON
from perfpipe.read.date_text import DATE_TEXT
from perfpipe.read.raw_cells import BLANK, DATE, DATETIME, ERROR, FORMULA, NUMBER, TEXT
from perfpipe.rules.cells import (
    CODE_UNKNOWN,
    DATE_OUT_OF_BOUNDS,
    DATE_UNREADABLE,
    ERROR_CELL,
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
from perfpipe.settings.layouts import DateOrder, Layout

BLANK_WORDS = ("", "null", "none", "n/k")
EARLIEST = date(1900, 3, 1)  # Excel's calendar is wrong before
LATEST = date(2199, 12, 31)  # later ones stand for "no date", and calendars of 9999 overflow
LARGEST_COUNT = 10**12
ERROR_TEXT = re.compile(r"#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)", re.IGNORECASE)


class Bad(Exception):
    """A cell that cannot be read as its column's kind. Carries the rule that it breaks, never the value."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule.id)
        self.rule = rule


Instant = tuple[datetime, str]  # in UTC, and its precision
Parsed = str | float | int | datetime | Instant | None
CellParser = Callable[[str, str], Parsed]


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
    """The parser of a column's cells, with the layout's own spellings and precision."""
    order = (
        layout.order_of(column.name) or "day_first"
    )  # where nothing is declared, `ambiguous_columns.py` has seen to it
    match column.kind:
        case Kind.CODE:
            mapping = layout.values.get(column.name, {})
            local = {" ".join(text.split()).casefold(): code for text, code in mapping.items()}
            return lambda kind, text: _code(column, local, kind, text)
        case Kind.DATE:
            return lambda kind, text: _date(kind, text, order)
        case Kind.INSTANT:
            date_only = column.name in layout.date_only
            return lambda kind, text: _instant(kind, text, order, date_only, column.last_reading)
        case Kind.NUMBER:
            return lambda kind, text: _number(kind, text, column.least)
        case Kind.COUNT:
            return _count
        case Kind.MONTH:
            return lambda kind, text: _month(kind, text, order)
        case Kind.ID:
            return _identifier
        case Kind.TEXT:
            return lambda kind, text: text


def _code(column: Column, local: dict[str, str], kind: str, text: str) -> str:
    code = local.get(" ".join(text.split()).casefold())
    if code is None and column.codes is not None:
        code = column.codes.parse(text)
    if code is None:
        raise Bad(CODE_UNKNOWN)
    return code


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


def local_time(kind: str, text: str, rule: Rule, order: DateOrder = "day_first") -> tuple[datetime, bool]:
    """A naive local time and whether the source gave a time of day. Text in the order given, or ISO; never guessed.

    Raises Bad with `rule`, or because the date is out of all bounds.
    """
    if kind in (DATE, DATETIME):
        moment, timed = datetime.fromisoformat(text), kind == DATETIME
    elif kind == TEXT:
        moment, timed = _local_time_of_text(text, rule, order)
    else:
        raise Bad(rule)
    if not EARLIEST <= moment.date() <= LATEST:
        raise Bad(DATE_OUT_OF_BOUNDS)
    return moment, timed


def _local_time_of_text(text: str, rule: Rule, order: DateOrder) -> tuple[datetime, bool]:
    match = DATE_TEXT.fullmatch(text)
    if not match or (order == "iso" and not match["iy"]):
        raise Bad(rule)
    part = match.groupdict()
    d, m = ("m", "d") if order == "month_first" else ("d", "m")  # of the first and the second number
    year, month, day = (part["y"] or part["iy"], part[m] or part["im"], part[d] or part["id"])
    time = f"{part['H'] or 0:0>2}:{part['M'] or 0:0>2}:{part['S'] or 0:0>2}"
    try:
        return datetime.fromisoformat(f"{year}-{month:0>2}-{day:0>2} {time}"), part["H"] is not None
    except ValueError:
        raise Bad(NO_SUCH_DATE) from None


def _date(kind: str, text: str, order: DateOrder) -> datetime:
    moment, _ = local_time(kind, text, DATE_UNREADABLE, order)
    return datetime.combine(moment.date(), datetime.min.time())


def _instant(kind: str, text: str, order: DateOrder, date_only: bool, last_reading: bool) -> Instant:
    """An instant in UTC and its precision. A time of exactly midnight is date precision (definitions 3.7)."""
    moment, timed = local_time(kind, text, TIME_UNREADABLE, order)
    by_date = date_only or not timed or (moment.hour, moment.minute, moment.second) == (0, 0, 0)
    if by_date:
        moment = datetime.combine(moment.date(), datetime.min.time())
    utc = moment.replace(tzinfo=LONDON, fold=int(last_reading)).astimezone(UTC)
    if utc.astimezone(LONDON).replace(tzinfo=None) != moment:
        raise Bad(TIME_DOES_NOT_EXIST)
    return utc, "date" if by_date else "minute"


def _number(kind: str, text: str, least: float | None) -> float:
    if kind not in (NUMBER, TEXT) or not re.fullmatch(r"-?\d{1,15}(\.\d+)?(e[+-]?\d{1,2})?", text, re.ASCII):
        raise Bad(NUMBER_UNREADABLE)
    value = float(text)
    if least is not None and value < least:
        raise Bad(NUMBER_TOO_SMALL)
    return value


def _count(kind: str, text: str) -> int:
    value = _number(kind, text, 0)
    if not value.is_integer():
        raise Bad(NUMBER_NOT_WHOLE)
    if value > LARGEST_COUNT:
        raise Bad(NUMBER_UNREADABLE)
    return int(value)


def _month(kind: str, text: str, order: DateOrder) -> str:
    match = re.fullmatch(r"(\d{4})-(\d{2})|(\d{1,2})/(\d{4})", text, re.ASCII) if kind == TEXT else None
    if not match:
        return local_time(kind, text, MONTH_UNREADABLE, order)[0].strftime("%Y-%m")
    year, number = int(match[1] or match[4]), int(match[2] or match[3])
    if not 1 <= number <= 12 or not EARLIEST.year < year <= LATEST.year:
        raise Bad(MONTH_UNREADABLE)
    return f"{year:04d}-{number:02d}"
