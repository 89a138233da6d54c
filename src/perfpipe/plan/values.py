"""What the entries of a plan are made of: exact numbers, days, months and plain text."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StringConstraints, ValidationInfo

from perfpipe.dates.months import Month
from perfpipe.measures.placeholders import placeholder_problem, why_problem
from perfpipe.toml_files.models import Strict

EARLIEST = "1900-01-01"  # as of months
OF_ITS_TIME = {"kept": True}  # context of reading a plan that was accepted in its time, and cannot be changed any more
LONGEST = 10_000  # characters of a text; a cell of a workbook holds three times as many


def _exact(value: object) -> Decimal:
    if isinstance(value, float | bool):
        raise ValueError('expected an exact number in quotes, as in "0.80"')
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError('expected a number in quotes, as in "0.80"') from None
    if not number.is_finite():
        raise ValueError("expected a finite number")
    return number


def _month(value: object) -> Month:
    return value if isinstance(value, Month) else Month.parse(str(value))


def _day(value: object) -> str:
    text = value.isoformat() if isinstance(value, date) and not isinstance(value, datetime) else str(value)
    try:
        if date.fromisoformat(text).isoformat() == text and text >= EARLIEST:
            return text
    except ValueError:
        pass
    raise ValueError("expected a day, YYYY-MM-DD, of 1900 or later")


def _plain(text: str) -> str:
    lines = re.sub(r"\r\n?", "\n", text).replace("\t", " ").replace("\u00a0", " ")
    if any(not sign.isprintable() and sign != "\n" for sign in lines):
        raise ValueError("expected text without invisible characters")
    return lines


def plain_text(text: str) -> str:
    """What a source says, as a text of the plan: without signs that cannot be seen, and cut where it is too long."""
    lines = re.sub(r"\r\n?", "\n", text)
    seen = (sign if sign == "\n" or sign.isprintable() else " " if sign.isspace() else "" for sign in lines)
    return "".join(seen).strip()[:LONGEST]


def _filled(text: str) -> str:
    if not text:
        raise ValueError("expected at least 1 character")
    return text


def _said(text: str, read: ValidationInfo) -> str:
    return _unless(placeholder_problem(text) if text else "", text, read)


def _why(text: str, read: ValidationInfo) -> str:
    return _unless(why_problem(text), text, read)


def _unless(problem: str, text: str, read: ValidationInfo) -> str:
    if problem and read.context != OF_ITS_TIME:
        raise ValueError(problem)
    return text


def _one_line(text: str) -> str:
    if "\n" in text:
        raise ValueError("expected one line")
    return text


Exact = Annotated[Decimal, BeforeValidator(_exact)]
PlanDay = Annotated[str, BeforeValidator(_day)]  # YYYY-MM-DD: days in this form compare as they follow each other
PlanMonth = Annotated[Month, BeforeValidator(_month)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST), AfterValidator(_plain)]
Said = Annotated[Text, AfterValidator(_said)]  # text that is no placeholder; may be empty
Words = Annotated[Said, AfterValidator(_filled)]
Title = Annotated[Words, AfterValidator(_one_line)]
Reason = Annotated[Text, AfterValidator(_filled), AfterValidator(_why)]  # why something matters
Name = Annotated[Text, AfterValidator(_filled), AfterValidator(_one_line)]  # an id, or what else names an entry


class PlanEntry(Strict):
    """An entry of the plan: refuses unknown keys."""

    model_config = Strict.model_config | {"arbitrary_types_allowed": True}
