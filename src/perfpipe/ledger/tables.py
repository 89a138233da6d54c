"""The tables of the ledger. A change here needs a revision under `migrations`."""

from __future__ import annotations

import json
from dataclasses import asdict, astuple
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from perfpipe.datasets.definition import Selects
from perfpipe.datasets.extract_part import ExtractPart
from perfpipe.datasets.seen_column import SeenColumn
from perfpipe.dates.months import Month
from perfpipe.faults.fault import FAULT_COLUMNS
from perfpipe.frames import FrameColumn
from perfpipe.ledger.records import CorrectionResult, PackAudience, ReadingNotes, RunState
from perfpipe.measures.figure import FIGURES, STATUS, TARGET
from perfpipe.rules.rule import Severity

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


def _one_of(words: type[StrEnum]) -> sa.Enum:
    """One of a few words, kept as text."""
    return sa.Enum(words, native_enum=False, length=16, values_callable=lambda each: [word.value for word in each])


def iso(moment: datetime) -> str:
    """An aware instant as ISO 8601 in UTC with Z."""
    text = moment.astimezone(UTC).isoformat(timespec="microseconds" if moment.microsecond else "seconds")
    return text.replace("+00:00", "Z")


extracts = sa.Table(
    "extracts", metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("dataset", sa.String(64), nullable=False),
    sa.Column("withdrawn_at", Instant),
    sa.Column("withdrawn_reason", sa.Text),
)  # fmt: skip
extract_files = sa.Table(
    "extract_files", metadata,
    sa.Column("extract_id", sa.ForeignKey("extracts.id"), primary_key=True),
    sa.Column("name", sa.String(255), primary_key=True),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("bytes", sa.Integer, nullable=False),
)  # fmt: skip
deliveries = sa.Table(
    "deliveries", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("extract_id", sa.ForeignKey("extracts.id"), nullable=False),
    sa.Column("folder", sa.String(64), nullable=False),
    sa.Column("main_file", sa.String(255), nullable=False),
    sa.Column("declared_at", Instant),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
)  # fmt: skip
readings = sa.Table(
    "readings", metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("extract_id", sa.ForeignKey("extracts.id"), nullable=False),
    sa.Column("dataset", sa.String(64), nullable=False),
    sa.Column("layout", sa.String(64), nullable=False),
    sa.Column("extracted_at", Instant, nullable=False),
    sa.Column("first_month", MonthText, nullable=False),
    sa.Column("last_month", MonthText, nullable=False),
    sa.Column("selects_by", _one_of(Selects), nullable=False),
    sa.Column("declared", sa.Boolean, nullable=False),
    sa.Column("sheet", sa.String(255), nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("content_sha256", sa.String(64)),
    sa.Column("columns", NotesText, key="notes"),
)  # fmt: skip
# the others are texts
OF_FAULTS: dict[str, sa.types.TypeEngine[Any]] = {"row": sa.Integer(), "severity": _one_of(Severity)}
faults = sa.Table(
    "faults", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("reading_id", sa.ForeignKey("readings.id"), index=True),
    sa.Column("run_id", sa.ForeignKey("runs.id"), index=True),
    *(sa.Column(name, OF_FAULTS.get(name, sa.Text()), nullable=False) for name in FAULT_COLUMNS),
)  # fmt: skip
reading_corrections = sa.Table(
    "reading_corrections", metadata,
    sa.Column("reading_id", sa.ForeignKey("readings.id"), primary_key=True),
    sa.Column("correction", sa.String(16), primary_key=True),
    sa.Column("row", sa.Integer, primary_key=True),
    sa.Column("outcome", _one_of(CorrectionResult), nullable=False),
)  # fmt: skip
runs = sa.Table(
    "runs", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("month", MonthText, nullable=False, index=True),
    sa.Column("first_month", MonthText, nullable=False),
    sa.Column("state", _one_of(RunState), nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("same_as", sa.ForeignKey("runs.id")),
    sa.Column("known_at", Instant),
    sa.Column("run_at", Instant, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("code_version", sa.String(32), nullable=False),
    sa.Column("plan_sha256", sa.String(64), nullable=False),
)  # fmt: skip
run_readings = sa.Table(
    "run_readings", metadata,
    sa.Column("run_id", sa.ForeignKey("runs.id"), primary_key=True),
    sa.Column("reading_id", sa.ForeignKey("readings.id"), primary_key=True),
    sa.Column("months", MonthsText, nullable=False),
)  # fmt: skip
KNOWN_AT = FrameColumn(
    "known_at", "datetime64[us, UTC]", "when the last extract it could come from arrived", blanks=True
)
FIGURE_COLUMNS = (*FIGURES.columns, TARGET, STATUS, KNOWN_AT)
OF_FIGURES: dict[str, sa.types.TypeEngine[Any]] = {
    "str": sa.Text(), "float64": sa.Float(), "bool": sa.Boolean(), "int64": sa.Integer(), KNOWN_AT.dtype: Instant(),
}  # fmt: skip
figures = sa.Table(
    "figures", metadata,
    *(sa.Column(name, sa.String(64), primary_key=True) for name in FIGURES.key),
    sa.Column("run_id", sa.ForeignKey("runs.id"), primary_key=True),
    *(sa.Column(c.name, OF_FIGURES[c.dtype]) for c in FIGURE_COLUMNS if c.name not in FIGURES.key),
    sa.Column("retracted", sa.Boolean, nullable=False),
)  # fmt: skip
packs = sa.Table(
    "packs", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("run_id", sa.ForeignKey("runs.id"), nullable=False),
    sa.Column("month", MonthText, nullable=False),
    sa.Column("audience", _one_of(PackAudience), nullable=False),
    sa.Column("edition", sa.Integer, nullable=False),
    sa.Column("manifest_sha256", sa.String(64), nullable=False),
    sa.UniqueConstraint("month", "audience", "edition"),
)  # fmt: skip
cached_files = sa.Table(
    "cached_files", metadata,
    sa.Column("path", sa.String(255), primary_key=True),
    sa.Column("sha256", sa.String(64), nullable=False),
)  # fmt: skip
