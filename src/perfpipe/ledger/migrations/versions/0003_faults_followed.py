"""Faults that can be followed from one extract to the next, and what declared corrections met in each reading."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add what names a fault and until when it is held, and the table of corrections."""
    op.add_column("faults", sa.Column("identity", sa.Text(), nullable=False, server_default=""))
    op.add_column("faults", sa.Column("held_until", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "reading_corrections",
        sa.Column("reading_id", sa.String(length=64), nullable=False),
        sa.Column("correction", sa.String(length=16), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["reading_id"],
            ["readings.id"],
        ),
        sa.PrimaryKeyConstraint("reading_id", "correction", "row"),
    )
