"""Which commentary of owners a run showed. Runs made before it was taken in showed none."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the column, blank in older rows, which copies no row."""
    op.add_column("runs", sa.Column("commentary_sha256", sa.String(64), nullable=False, server_default=""))
