"""The form of dates that are text, as an analyst declares it: `d/m/yyyy h:mm:ss AM`, `dd-mmm-yy`, Oracle's `DD-MON-RR`.

`excel` is the form of dates that are the number of a day, as Excel counts them.

Letters mean what they do in Excel and Oracle, in either case. How many digits a day, a month or an hour has is not
taken to the letter; the order, the separators and the digits of the year are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache

MONTH_NAME = (
    r"(?P<mon>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
HALF = r"(?: ?(?P<half>[ap])\.?m\.?)"  # of the day: AM, pm, p.m.
TIME = rf"(?P<H>\d{{1,2}})[:.](?P<M>\d{{2}})(?:[:.](?P<S>\d{{2}})(?:[.,](?P<F>\d+))?)?{HALF}"
DIGITS = r"(?P<H>\d{2})(?P<M>\d{2})(?P<S>\d{2})?"

TOKENS = {
    "year": r"yyyy|rrrr|yy|rr", "name": r"month|mmmm|mmm|mon", "minute": r"mi", "month": r"mm|m",
    "weekday": r"dddd|ddd", "day": r"dd|d", "hour": r"hh24|hh12|hh|h", "second": r"ss|s",
    "fraction": r"[.,]?x?f+[1-9]?|\.0+", "half": r"am/pm|a/p|a\.m\.|p\.m\.|am|pm|tt", "mark": r"[ ,/.:-]+|t",
}  # fmt: skip
TOKEN = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in TOKENS.items()), re.IGNORECASE)
TIME_TOKENS = ("hour", "minute", "second", "fraction", "half")
EXAMPLES = "d/m/yyyy, dd.mm.yy, dd-mmm-yy, yyyymmdd or m/d/yyyy h:mm:ss AM, or excel for its numbers of days"
Token = tuple[str, str]  # its name and its text
DAY_ZERO = {"excel": datetime(1899, 12, 30), "excel 1904": datetime(1904, 1, 1)}  # noqa: DTZ001 (local)
DAY_NUMBER = re.compile(r"(?:\d{2,5}|2958465)(?:\.\d+)?", re.ASCII)  # the last is 31/12/9999
COUNTED_WRONG = 61  # Excel counts a 29 February 1900: smaller numbers are other days, and no dates of children


@dataclass(frozen=True)
class DateFormat:
    """One form of dates that are text. `text` is how it was declared."""

    text: str
    tokens: tuple[Token, ...]

    @classmethod
    @lru_cache(maxsize=256)
    def parse(cls, text: str) -> DateFormat:
        """The form that a text describes. Raises ValueError with what to write instead."""
        tokens, at = [], 0
        plain = " ".join(text.split())
        if plain.casefold() in DAY_ZERO:
            return cls(text, (("number", plain.casefold()),))
        while at < len(plain):
            match = TOKEN.match(plain, at)
            if match is None:
                raise _not_understood("all of it")
            tokens.append((match.lastgroup or "", match[0].lower()))
            at = match.end()
        found = cls(text, tuple(_with_minutes(tokens)))
        found._check()
        return found

    def _check(self) -> None:
        names = [name for name, _ in self.tokens]
        months = names.count("month") + names.count("name")
        if names.count("year") != 1 or months != 1 or names.count("day") > 1:
            raise _not_understood("it, which must have one day, one month and one year")
        if ("minute" in names) != ("hour" in names) or names.count("hour") > 1:
            raise _not_understood("its time, which must have hours and minutes")
        first = min((names.index(name) for name in TIME_TOKENS if name in names), default=len(names))
        if any(name in ("year", "month", "name", "day") for name in names[first:]):
            raise _not_understood("it, in which the time must follow the date")

    @property
    def is_number(self) -> bool:
        """Whether its dates are Excel's numbers of days."""
        return self.tokens[0][0] == "number"

    def counted(self, text: str) -> datetime | None:
        """The local time that a number of days means, to the second; None for another form, or text that is none."""
        if not self.is_number or not DAY_NUMBER.fullmatch(text) or float(text) < COUNTED_WRONG:
            return None
        return DAY_ZERO[self.tokens[0][1]] + timedelta(seconds=round(float(text) * 86400))

    @property
    def has_day(self) -> bool:
        """False for the form of a month alone, such as mmm-yy."""
        return self.is_number or any(name == "day" for name, _ in self.tokens)

    @property
    def has_time(self) -> bool:
        """Whether it has a time of day."""
        return any(name in TIME_TOKENS for name, _ in self.tokens)

    @property
    def day_first(self) -> bool:
        """Whether the day comes before the month."""
        if self.is_number:
            return True
        names = [name for name, _ in self.tokens if name in ("day", "month", "name")]
        return names[0] == "day"

    @property
    def twelve_hours(self) -> bool:
        """Whether its times are of a 12-hour clock, and mean nothing without AM or PM."""
        return any(name == "half" for name, _ in self.tokens)

    @property
    def digits(self) -> int:
        """How many digits a date of this form has, where it has nothing else: 8 of yyyymmdd; else 0."""
        widths = {"day": 2, "month": 2, "year": len(self._part("year"))}
        names = [name for name, _ in self._date]
        return sum(widths[name] for name in names) if set(names) <= set(widths) else 0

    def match(self, text: str) -> re.Match[str] | None:
        """The parts of a text of this form: d, m or mon, y, H, M, S, F, half. Spaces count as one."""
        if self.is_number:
            return None
        short = self.digits and text.isdecimal() and len(text) == self.digits - 1  # 1052017 was 01052017
        return self._pattern.fullmatch(f"0{text}" if short else text)

    def _part(self, name: str) -> str:
        return next((text for token, text in self.tokens if token == name), "")

    @cached_property
    def _date(self) -> list[Token]:
        """The tokens of the date, up to the mark before the time."""
        names = [name for name, _ in self.tokens]
        first = min((names.index(name) for name in TIME_TOKENS if name in names), default=len(names))
        date = list(self.tokens[:first])
        return date[:-1] if first < len(names) and date[-1][0] == "mark" else date

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        date = "".join(_token_pattern(name, text, bool(self.digits)) for name, text in self._date)
        rest = self.tokens[len(self._date) :]
        names = [name for name, _ in rest]
        mark = rest[0][1] if names and names[0] == "mark" else ""
        times = [text for name, text in rest[bool(mark) :] if name == "mark" and text.strip()]
        time = DIGITS if "hour" in names and not times else TIME + ("" if "half" in names else "?")
        before = re.escape(mark) if names else "[ t]"
        return re.compile(f"{date}(?:{before}{time})?", re.IGNORECASE | re.ASCII)


def _with_minutes(tokens: list[Token]) -> list[Token]:
    """Tokens with `mm` as minutes where it follows an hour or comes before seconds, as in Excel."""
    parts = [(number, name) for number, (name, _) in enumerate(tokens) if name != "mark"]
    found = list(tokens)
    for place, (number, name) in enumerate(parts):
        before = parts[place - 1][1] if place else ""
        after = parts[place + 1][1] if place + 1 < len(parts) else ""
        if name == "month" and (before == "hour" or after == "second"):
            found[number] = ("minute", tokens[number][1])
    return found


def _token_pattern(name: str, text: str, digits_alone: bool) -> str:
    match name:
        case "year":
            return rf"(?P<y>\d{{{len(text)}}})"
        case "name":
            return rf"{MONTH_NAME}\.?"
        case "weekday":
            return WEEKDAY
        case "mark":
            return re.escape(text)
        case _:
            return rf"(?P<{'d' if name == 'day' else 'm'}>\d{{{2 if digits_alone else '1,2'}}})"


def _not_understood(what: str) -> ValueError:
    return ValueError(
        f"cannot read {what}; expected a form such as {EXAMPLES}: d day, m month, mmm its name, y year, h hour, mm "
        "minutes after the hour, ss seconds, AM for a 12-hour clock"
    )
