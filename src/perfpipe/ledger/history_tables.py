"""The tables of the ledger on what audiences saw and who did what; a change needs a revision under `migrations`."""

from __future__ import annotations

import sqlalchemy as sa

from perfpipe.frames.frame import Frame, FrameColumn
from perfpipe.ledger.column_types import DayText, Instant, MonthText, metadata, one_of
from perfpipe.ledger.history_records import EventKind, ReleasedBy
from perfpipe.ledger.records import PackAudience
from perfpipe.measures.figure import FIGURES, STATES

backfills = sa.Table(
    "backfills", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("first_month", MonthText, nullable=False),
    sa.Column("last_month", MonthText, nullable=False),
    sa.Column("reason", sa.String(64), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("login", sa.Text, nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("finished_at", Instant),
)  # fmt: skip
SHOWN = (
    FrameColumn("state", "str", "whether there was a value", words=STATES),
    FrameColumn("status", "str", "how it stood to its target; empty where an older pack did not say"),
    FrameColumn("number", "str", "the number at the decimals that were shown; empty where there was none"),
    FrameColumn("shown", "str", "what was shown: the number with its unit, or the marker of a figure without"),
)
CELLS = Frame("published cells", (*(FIGURES.column(name) for name in FIGURES.key), *SHOWN), FIGURES.key)
published_cells = sa.Table(
    "published_cells", metadata,
    sa.Column("pack_id", sa.ForeignKey("packs.id"), primary_key=True),
    *(sa.Column(name, sa.String(64), primary_key=True) for name in FIGURES.key),
    *(sa.Column(column.name, sa.Text, nullable=False) for column in SHOWN),
    sqlite_with_rowid=False,
)  # fmt: skip
releases = sa.Table(
    "releases", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("pack_id", sa.ForeignKey("packs.id"), nullable=False),
    sa.Column("audience", one_of(PackAudience), nullable=False),
    sa.Column("released_on", DayText, nullable=False),
    sa.Column("released_by", one_of(ReleasedBy), nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("login", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("reopened_at", Instant),
    sa.Column("reopened_reason", sa.Text, nullable=False),
)  # fmt: skip
FIRST = ("state", "unit", "value", "numerator", "denominator", "definition_version")
FIRST_FIGURES = Frame(
    "first figures",
    (
        FrameColumn("cut", "str", "the month at whose due day they were known, YYYY-MM"),
        *(FIGURES.column(name) for name in (*FIGURES.key, *FIRST)),
    ),
    ("cut", *FIGURES.key),
)
first_figures = sa.Table(
    "first_figures", metadata,
    sa.Column("cut", MonthText, primary_key=True),
    *(sa.Column(name, sa.String(64), primary_key=True) for name in FIGURES.key),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("value", sa.Float),
    sa.Column("numerator", sa.Float),
    sa.Column("denominator", sa.Float),
    sa.Column("definition_version", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip
events = sa.Table(
    "events", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("login", sa.Text, nullable=False),
    sa.Column("what", one_of(EventKind), nullable=False),
    sa.Column("month", MonthText),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
)  # fmt: skip
notices = sa.Table(
    "notices", metadata,
    sa.Column("told", sa.String(64), primary_key=True),  # a hash of the channel and of what was told
    sa.Column("occasion", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)  # fmt: skip
