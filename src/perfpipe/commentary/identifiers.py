"""What in a text may identify a child or a worker: ids, dates of birth, numbers of people. Names cannot be known."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date

from perfpipe.dates.date_formats import MONTH_NAME
from perfpipe.dates.written_dates import written_date

LATELY = 24  # months: a day named in words that lies further back may be one of birth
SHORT_NUMBER = 5  # digits: an id of fewer could be a year or a count
MONTH = MONTH_NAME.replace("?P<mon>", "?:")
TOKEN = re.compile(r"[^\s,;:!?()\[\]{}\"'“”‘’]+")
DATE_IN_FIGURES = re.compile(
    r"(?<![\w/.-])(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}[./-]\d{1,2}[./-]\d{1,2})(?![\w])"
)
DATE_IN_WORDS = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTH}\.?,? \d{{4}}|{MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}})\b",
    re.IGNORECASE,
)
OF_BIRTH = re.compile(r"\b(?:d\.?o\.?b\b|dates? of birth\b|born\b(?:\W+\w+){0,2}\W+\d)", re.IGNORECASE)
FORMS = {
    "a telephone or NHS number": r"(?<!\w)(?:\d{3}[ -]\d{3}[ -]\d{4}|\+?\d{2,5}[ -]\d{3,4}[ -]?\d{3,4})(?!\w)",
    "a National Insurance number": r"\b[a-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[a-d]\b",
    "a long number, as ids are": r"(?<![\w.,])\d{6,}(?!\w)",
    "letters and digits, as ids are": r"\b(?!fy\d)[a-z]{1,4}[-/_]?\d{4,}\w*|\b\d{4,}(?!s\b)[a-z]{1,3}\b",
    "an e-mail address": r"[\w.+-]+@\w",
}


def identifiers_in(text: str, known: Collection[str], month_end: date) -> Iterator[str]:
    """What may identify somebody, in words that do not repeat it; each once.

    `known`: ids that the datasets hold. `month_end`: the last day of the report month.
    """
    if any(_is_known(token, known) for token in _tokens(text)):
        yield "the id of a record"
    yield from (words for words, form in FORMS.items() if re.search(form, text, re.IGNORECASE))
    if DATE_IN_FIGURES.search(text):
        yield "a date in figures, which may be one of birth"
    if OF_BIRTH.search(text):
        yield "words about a date of birth"
    elif any(_is_long_ago(found[0], month_end) for found in DATE_IN_WORDS.finditer(text)):
        yield f"a day more than {LATELY} months back, which may be one of birth"


def _tokens(text: str) -> Iterator[str]:
    for token in TOKEN.findall(text):
        yield token.strip(".")
        yield from re.split(r"[./-]", token)


def _is_known(token: str, known: Collection[str]) -> bool:
    short = token.isdecimal() and len(token) < SHORT_NUMBER
    return any(sign.isdigit() for sign in token) and not short and token.casefold() in known


def _is_long_ago(text: str, month_end: date) -> bool:
    try:
        found = written_date(text, "day_first", None)
    except ValueError:
        return False
    return found is not None and _months(month_end) - _months(found.day.date()) > LATELY


def _months(day: date) -> int:
    return day.year * 12 + day.month
