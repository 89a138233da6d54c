"""What each figure lost to faults. Of figures made before it is not known, and stands as none."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the columns with what older figures have there, which copies no row."""
    for name in ("left_out", "left_out_of"):
        op.add_column("figures", sa.Column(name, sa.Integer(), nullable=True, server_default="0"))
    op.add_column("figures", sa.Column("left_out_why", sa.Text(), nullable=True, server_default=""))
