"""The tables of the ledger on what was erased; a change needs a revision under `migrations`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from perfpipe.ledger.column_types import DayText, Instant, MonthText, metadata, one_of
from perfpipe.ledger.erasure_records import ErasureKind, ErasureWork


class WorkText(sa.TypeDecorator[ErasureWork]):
    """What an erasure has to do, kept as JSON."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: ErasureWork | None, dialect: sa.Dialect) -> str:
        """Every field by its name."""
        return json.dumps(asdict(value)) if value else "{}"

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> ErasureWork:
        """As it was recorded."""
        found = json.loads(value or "{}")
        records = {dataset: tuple(names) for dataset, names in found.pop("records", {}).items()}
        rows = tuple((each[0], each[1], each[2], each[3]) for each in found.pop("rows", ()))
        lists: dict[str, Any] = {name: tuple(each) if isinstance(each, list) else each for name, each in found.items()}
        return ErasureWork(rows=rows, records=records, **lists)


erasures = sa.Table(
    "erasures", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", one_of(ErasureKind), nullable=False),
    sa.Column("person", sa.String(64), nullable=False),
    sa.Column("reason", sa.String(64), nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("login", sa.Text, nullable=False),
    sa.Column("begun_at", Instant, nullable=False),
    sa.Column("finished_at", Instant),
    sa.Column("work", WorkText, nullable=False),
)  # fmt: skip
erased_files = sa.Table(
    "erased_files", metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("erasure_id", sa.ForeignKey("erasures.id"), primary_key=True),
    sa.Column("kept_sha256", sa.String(64), nullable=False),  # empty: nothing is kept
)  # fmt: skip
erased_outputs = sa.Table(
    "erased_outputs", metadata,
    sa.Column("pack_id", sa.ForeignKey("packs.id"), primary_key=True),
    sa.Column("name", sa.String(255), primary_key=True),
    sa.Column("erasure_id", sa.ForeignKey("erasures.id"), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("note_sha256", sa.String(64), nullable=False),
)  # fmt: skip
erased_corrections = sa.Table(
    "erased_corrections", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("erasure_id", sa.ForeignKey("erasures.id"), nullable=False),
    sa.Column("dataset", sa.String(64), nullable=False),
    sa.Column("column", sa.String(64), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("declared_on", DayText, nullable=False),
)  # fmt: skip
frozen_figures = sa.Table(
    "frozen_figures", metadata,
    sa.Column("measure_id", sa.String(64), primary_key=True),
    sa.Column("month", MonthText, primary_key=True),
    sa.Column("period", sa.String(64), primary_key=True),
    sa.Column("erasure_id", sa.ForeignKey("erasures.id"), primary_key=True),
)  # fmt: skip
