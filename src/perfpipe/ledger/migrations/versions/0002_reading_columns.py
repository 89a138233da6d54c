"""What a reading held, to compare it with the next: the hash of its records, its headers and kinds of cells."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns; readings made before have none, and are made again as the code changed."""
    with op.batch_alter_table("readings") as table:
        table.add_column(sa.Column("content_sha256", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("columns", sa.JSON(), nullable=True))
