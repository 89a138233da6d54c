"""The tables of the ledger: what was received, read, computed and published.

A change needs a revision under `migrations`. Those of releases and of what was shown are in `history_tables.py`.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from perfpipe.datasets.definition import Selects
from perfpipe.faults.fault import FAULT_COLUMNS
from perfpipe.ledger.column_types import (
    HashesText,
    IdsText,
    Instant,
    MonthsText,
    MonthText,
    NotesText,
    metadata,
    one_of,
)
from perfpipe.ledger.figure_frames import FIGURE_COLUMNS, KNOWN_AT
from perfpipe.ledger.records import CorrectionResult, EditionKind, PackAudience, RunState
from perfpipe.measures.figure import FIGURES
from perfpipe.rules.rule import Severity

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
    sa.Column("selects_by", one_of(Selects), nullable=False),
    sa.Column("declared", sa.Boolean, nullable=False),
    sa.Column("sheet", sa.String(255), nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("content_sha256", sa.String(64)),
    sa.Column("columns", NotesText, key="notes"),
)  # fmt: skip
# the others are texts
OF_FAULTS: dict[str, sa.types.TypeEngine[Any]] = {"row": sa.Integer(), "severity": one_of(Severity)}
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
    sa.Column("outcome", one_of(CorrectionResult), nullable=False),
)  # fmt: skip
runs = sa.Table(
    "runs", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("month", MonthText, nullable=False, index=True),
    sa.Column("first_month", MonthText, nullable=False),
    sa.Column("state", one_of(RunState), nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("same_as", sa.ForeignKey("runs.id")),
    sa.Column("known_at", Instant),
    sa.Column("run_at", Instant, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("code_version", sa.String(32), nullable=False),
    sa.Column("plan_sha256", sa.String(64), nullable=False),
    sa.Column("kept", HashesText),
    sa.Column("seen", IdsText),
    sa.Column("login", sa.Text, nullable=False),
    sa.Column("backfill_id", sa.ForeignKey("backfills.id")),
    sa.Column("commentary_sha256", sa.String(64), nullable=False, server_default=""),
)  # fmt: skip
run_readings = sa.Table(
    "run_readings", metadata,
    sa.Column("run_id", sa.ForeignKey("runs.id"), primary_key=True),
    sa.Column("reading_id", sa.ForeignKey("readings.id"), primary_key=True),
    sa.Column("months", MonthsText, nullable=False),
)  # fmt: skip
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
    sa.Column("audience", one_of(PackAudience), nullable=False),
    sa.Column("edition", sa.Integer, nullable=False),
    sa.Column("manifest_sha256", sa.String(64), nullable=False),
    sa.Column("kind", one_of(EditionKind), nullable=False),
    sa.UniqueConstraint("month", "audience", "kind", "edition"),
)  # fmt: skip
cached_files = sa.Table(
    "cached_files", metadata,
    sa.Column("path", sa.String(255), primary_key=True),
    sa.Column("sha256", sa.String(64), nullable=False),
)  # fmt: skip
