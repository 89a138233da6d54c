"""What was erased, what is kept in its place, and which figures stay as they were published."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.String(32), nullable=False),
        sa.Column("finished_at", sa.String(32)),
        sa.Column("work", sa.Text(), nullable=False),
    )
    erasure = sa.ForeignKey("erasures.id")
    op.create_table(
        "erased_files",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("erasure_id", sa.Integer(), erasure, primary_key=True),
        sa.Column("kept_sha256", sa.String(64), nullable=False),
    )
    op.create_table(
        "erased_outputs",
        sa.Column("pack_id", sa.Integer(), sa.ForeignKey("packs.id"), primary_key=True),
        sa.Column("name", sa.String(255), primary_key=True),
        sa.Column("erasure_id", sa.Integer(), sa.ForeignKey("erasures.id"), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("note_sha256", sa.String(64), nullable=False),
    )
    op.create_table(
        "erased_corrections",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("erasure_id", sa.Integer(), sa.ForeignKey("erasures.id"), nullable=False),
        sa.Column("dataset", sa.String(64), nullable=False),
        sa.Column("column", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("declared_on", sa.String(10), nullable=False),
    )
    op.create_table(
        "frozen_figures",
        sa.Column("measure_id", sa.String(64), primary_key=True),
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("period", sa.String(64), primary_key=True),
        sa.Column("erasure_id", sa.Integer(), sa.ForeignKey("erasures.id"), primary_key=True),
    )
