"""What was told, so that it is told once."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "notices",
        sa.Column("told", sa.String(64), primary_key=True),
        sa.Column("occasion", sa.String(32), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
    )
