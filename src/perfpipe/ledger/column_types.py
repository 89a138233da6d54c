"""How the ledger keeps what is no text or number: instants, days, months, hashes, notes, words of a list."""

from __future__ import annotations

import json
from dataclasses import asdict, astuple
from datetime import UTC, date, datetime
from enum import StrEnum

import sqlalchemy as sa

from perfpipe.datasets.extract_part import ExtractPart
from perfpipe.datasets.seen_column import SeenColumn
from perfpipe.dates.months import Month
from perfpipe.ledger.records import ReadingNotes

metadata = sa.MetaData()


class Instant(sa.TypeDecorator[datetime]):
    """An instant, kept as ISO 8601 text in UTC with Z."""

    impl = sa.String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> str | None:
        """Aware instants only."""
        return None if value is None else iso(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> datetime | None:
        """Aware, in UTC."""
        return None if value is None else datetime.fromisoformat(value)


class MonthText(sa.TypeDecorator[Month]):
    """A month, kept as YYYY-MM: in their order as texts, too."""

    impl = sa.String(7)
    cache_ok = True

    def process_bind_param(self, value: Month | None, dialect: sa.Dialect) -> str | None:
        """As it is written."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Month | None:
        """As it is read."""
        return None if value is None else Month.parse(value)


class MonthsText(sa.TypeDecorator[tuple[Month, ...]]):
    """Months, kept as YYYY-MM with blanks between them."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: tuple[Month, ...] | None, dialect: sa.Dialect) -> str | None:
        """As they are written."""
        return None if value is None else " ".join(map(str, value))

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> tuple[Month, ...] | None:
        """As they are read."""
        return None if value is None else tuple(map(Month.parse, value.split()))


class NotesText(sa.TypeDecorator[ReadingNotes]):
    """The notes of a reading, kept as JSON."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: ReadingNotes | None, dialect: sa.Dialect) -> str | None:
        """Each column that was seen as a list; parts only where there are some, `turned` only where it is so."""
        if value is None:
            return None
        notes = asdict(value) | {"seen": [astuple(each) for each in value.seen]}
        return json.dumps({key: note for key, note in notes.items() if key not in ("parts", "turned") or note})

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> ReadingNotes | None:
        """None for a reading made before notes were kept."""
        notes = json.loads(value or "null")
        if notes is None:
            return None
        seen, accepted = (tuple(SeenColumn(*each) for each in notes["seen"]), tuple(notes.get("accepted", ())))
        parts = tuple(ExtractPart(**each) for each in notes.get("parts", []))
        return ReadingNotes(**notes | {"seen": seen, "accepted": accepted, "parts": parts})


class DayText(sa.TypeDecorator[date]):
    """A day, kept as YYYY-MM-DD."""

    impl = sa.String(10)
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: sa.Dialect) -> str | None:
        """As it is written."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> date | None:
        """As it is read."""
        return None if value is None else date.fromisoformat(value)


class HashesText(sa.TypeDecorator[dict[str, str]]):
    """Hashes by the names of files, kept as JSON; none where a run was made before they were kept."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: dict[str, str] | None, dialect: sa.Dialect) -> str | None:
        """In the order of the names."""
        return json.dumps(dict(value or {}), sort_keys=True)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> dict[str, str]:
        """By name."""
        return dict(json.loads(value or "{}"))


class IdsText(sa.TypeDecorator[tuple[int, ...]]):
    """Ids of rows, kept with blanks between them; None where a run was made before they were kept."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: tuple[int, ...] | None, dialect: sa.Dialect) -> str | None:
        """In their order."""
        return None if value is None else " ".join(map(str, value))

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> tuple[int, ...] | None:
        """In their order."""
        return None if value is None else tuple(map(int, value.split()))


def one_of(words: type[StrEnum]) -> sa.Enum:
    """One of a few words, kept as text."""
    return sa.Enum(words, native_enum=False, length=32, values_callable=lambda each: [word.value for word in each])


def iso(moment: datetime) -> str:
    """An aware instant as ISO 8601 in UTC with Z."""
    text = moment.astimezone(UTC).isoformat(timespec="microseconds" if moment.microsecond else "seconds")
    return text.replace("+00:00", "Z")
