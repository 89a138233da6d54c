"""Dates that are text, read without guessing: by a declared form or order, or because nothing else can be meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal, NamedTuple

from perfpipe.dates.date_formats import HALF, MONTH_NAME, TIME, WEEKDAY, DateFormat
from perfpipe.dates.months import LONDON

DateOrder = Literal["day_first", "month_first", "iso"]
MIDNIGHT = datetime.min.time()
PIVOT = 50  # two-digit years below it are of this century: 00 to 49 are 2000 to 2049, 50 to 99 are 1950 to 1999
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

NUMERIC = re.compile(
    r"(?:(?P<d>\d{1,2})(?P<mark>[/.-])(?P<m>\d{1,2})(?P=mark)(?P<y>\d{4})|(?P<iy>\d{4})-(?P<im>\d{2})-(?P<id>\d{2}))"
    rf"(?:[ T](?P<H>\d{{1,2}}):(?P<M>\d{{2}})(?::(?P<S>\d{{2}})(?:\.(?P<F>\d+))?)?{HALF}?)?",
    re.ASCII | re.IGNORECASE,
)
_MARK, _YEAR, _DAY = "[ ./-]?", r"(?P<y>\d{4}|\d{2})", r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
NAMED = tuple(  # the month has a name: never ambiguous
    re.compile(rf"(?:{WEEKDAY}\.?,? )?{dates}(?:(?: | at |, ?|T|:){TIME}?)?", re.ASCII | re.IGNORECASE)
    for dates in (
        rf"{_DAY}{_MARK}(?:of )?{MONTH_NAME}\.?,?{_MARK}{_YEAR}",
        rf"{MONTH_NAME}\.?{_MARK}{_DAY},?[ /-](?P<y>\d{{4}})",
        rf"(?P<y>\d{{4}}){_MARK}{MONTH_NAME}\.?{_MARK}{_DAY}",
    )
)
ZONED = re.compile(  # a time with its distance from UTC: 2017-05-01T09:30:00Z, 2017-05-01 10:30 +01:00
    r"(?P<local>.*\d[:.]\d{2}.*?) ?(?:(?P<utc>Z|UTC)|(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>\d{2})?)",
    re.ASCII | re.IGNORECASE,
)
NAMED_MONTH = tuple(
    re.compile(dates, re.ASCII | re.IGNORECASE)
    for dates in (rf"{MONTH_NAME}\.?,?{_MARK}'?{_YEAR}", rf"(?P<y>\d{{4}}){_MARK}{MONTH_NAME}\.?")
)


class WrittenDate(NamedTuple):
    """A naive local time, whether the text gave a time of day, and whether that was 24:00 of the day before.

    `utc`: the instant, where the text says how far its time is from UTC.
    """

    moment: datetime
    timed: bool
    at_24: bool = False
    utc: datetime | None = None

    @property
    def day(self) -> datetime:
        """The midnight of the day that was written."""
        return datetime.combine((self.moment - timedelta(days=1) if self.at_24 else self.moment).date(), MIDNIGHT)


def written_date(text: str, order: DateOrder | None, form: DateFormat | None) -> WrittenDate | None:
    """The date of a text; None if it cannot be read without guessing. Raises ValueError if there is no such date.

    `form` and `order` as declared. yyyy-mm-dd and months with a name are always read. A time with Z or an offset is
    turned into the local time.
    """
    text = " ".join(text.split())
    zoned = ZONED.fullmatch(text)
    in_zone = _in_local_time(_written(zoned["local"], order, form), zoned) if zoned else None
    return in_zone or _written(text, order, form)


def without_zone(text: str) -> str:
    """The date and time of a text, without the offset from UTC that it may end with. Spaces count as one."""
    text = " ".join(text.split())
    zoned = ZONED.fullmatch(text)
    return zoned["local"] if zoned else text


def _in_local_time(there: WrittenDate | None, zoned: re.Match[str]) -> WrittenDate | None:
    if there is None or not there.timed:
        return None
    offset = timedelta(0)
    if not zoned["utc"]:
        offset = timedelta(hours=int(zoned["hours"]), minutes=int(zoned["minutes"] or 0))
    zone = timezone(-offset if zoned["sign"] == "-" else offset)
    utc = there.moment.replace(tzinfo=zone).astimezone(UTC)
    return WrittenDate(utc.astimezone(LONDON).replace(tzinfo=None), True, utc=utc)


def _written(text: str, order: DateOrder | None, form: DateFormat | None) -> WrittenDate | None:
    if form and (moment := form.counted(text)):
        return WrittenDate(moment, moment.time() != MIDNIGHT)
    match = (form.match(text) if form else None) or NUMERIC.fullmatch(text)
    if match is None:
        match = next((found for pattern in NAMED if (found := pattern.fullmatch(text))), None)
        if match is None or (form and form.twelve_hours and match["H"] and not match["half"]):
            return None
        return _date_of(match.groupdict())
    part = match.groupdict()
    if match.re is not NUMERIC:
        return _date_of(part)
    if part["iy"]:
        part |= {"y": part["iy"], "m": part["im"], "d": part["id"]}
    else:
        if form is not None or order not in ("day_first", "month_first"):
            return None
        if order == "month_first":
            part |= {"d": part["m"], "m": part["d"]}
    return _date_of(part)


def written_month(text: str) -> datetime | None:
    """The first day of a month that is written by name, such as Apr-17 or April 2017; None if it is not."""
    match = next((m for pattern in NAMED_MONTH if (m := pattern.fullmatch(" ".join(text.split())))), None)
    return _date_of(match.groupdict()).moment if match else None


def _date_of(part: Mapping[str, str | None]) -> WrittenDate:
    written = part["y"] or ""
    year = int(written)
    if len(written) == 2:
        year += 2000 if year < PIVOT else 1900
    name = part.get("mon")
    month = MONTHS.index(name[:3].lower()) + 1 if name else int(part["m"] or 0)
    day = int(part.get("d") or 1)
    hours = part.get("H")
    if hours is None:
        return WrittenDate(datetime(year, month, day), False)  # noqa: DTZ001 (local; the zone is for who reads it)
    hour, minute, second = int(hours), int(part["M"] or 0), int(part["S"] or 0)
    if hour == 24 and minute == second == int(part.get("F") or 0) == 0 and not part.get("half"):
        return WrittenDate(datetime(year, month, day) + timedelta(days=1), True, at_24=True)  # noqa: DTZ001
    if half := part.get("half"):
        hour = _hour(hour, half.lower())
    return WrittenDate(datetime(year, month, day, hour, minute, second), True)  # noqa: DTZ001


def _hour(hour: int, half: str) -> int:
    """The hour of a 12-hour clock; one that already counts 24 keeps its own where the half agrees."""
    if (half == "a" and hour > 12) or (half == "p" and hour == 0):
        raise ValueError("no such time")
    return hour % 12 if half == "a" else hour + 12 if hour < 12 else hour
