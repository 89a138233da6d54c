"""The tables of the ledger. A change here needs a revision under `migrations`."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

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
    sa.Column("first_month", sa.String(7), nullable=False),
    sa.Column("last_month", sa.String(7), nullable=False),
    sa.Column("selects_by", sa.String(16), nullable=False),
    sa.Column("declared", sa.Boolean, nullable=False),
    sa.Column("sheet", sa.String(255), nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("content_sha256", sa.String(64)),
    sa.Column("columns", sa.JSON),
)  # fmt: skip
FAULT_FIELDS = (
    "dataset", "file", "sheet", "row", "column", "rule", "severity", "found", "expected", "what_to_do",
    "defect", "identity", "held_until",
)  # fmt: skip
faults = sa.Table(
    "faults", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("reading_id", sa.ForeignKey("readings.id"), index=True),
    sa.Column("run_id", sa.ForeignKey("runs.id"), index=True),
    *(sa.Column(name, sa.Integer if name == "row" else sa.Text, nullable=False) for name in FAULT_FIELDS),
)  # fmt: skip
reading_corrections = sa.Table(
    "reading_corrections", metadata,
    sa.Column("reading_id", sa.ForeignKey("readings.id"), primary_key=True),
    sa.Column("correction", sa.String(16), primary_key=True),
    sa.Column("row", sa.Integer, primary_key=True),
    sa.Column("outcome", sa.String(16), nullable=False),
)  # fmt: skip
runs = sa.Table(
    "runs", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("month", sa.String(7), nullable=False, index=True),
    sa.Column("first_month", sa.String(7), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
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
    sa.Column("months", sa.Text, nullable=False),
)  # fmt: skip
FIGURE_KEY = ("measure_id", "month", "period", "breakdown", "group")
FIGURE_TEXT = ("code", "state", "state_reason", "unit", "target", "status")
FIGURE_NUMBERS = ("numerator", "denominator", "value", "lower", "upper")
FIGURE_FIELDS = (*FIGURE_TEXT, *FIGURE_NUMBERS, "provisional", "definition_version", "known_at")
figures = sa.Table(
    "figures", metadata,
    *(sa.Column(name, sa.String(64), primary_key=True) for name in FIGURE_KEY),
    sa.Column("run_id", sa.ForeignKey("runs.id"), primary_key=True),
    *(sa.Column(name, sa.Text) for name in FIGURE_TEXT),
    *(sa.Column(name, sa.Float) for name in FIGURE_NUMBERS),
    sa.Column("provisional", sa.Boolean, nullable=False),
    sa.Column("definition_version", sa.Integer, nullable=False),
    sa.Column("known_at", Instant),
    sa.Column("retracted", sa.Boolean, nullable=False),
)  # fmt: skip
packs = sa.Table(
    "packs", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("run_id", sa.ForeignKey("runs.id"), nullable=False),
    sa.Column("month", sa.String(7), nullable=False),
    sa.Column("audience", sa.String(16), nullable=False),
    sa.Column("edition", sa.Integer, nullable=False),
    sa.Column("manifest_sha256", sa.String(64), nullable=False),
    sa.UniqueConstraint("month", "audience", "edition"),
)  # fmt: skip
