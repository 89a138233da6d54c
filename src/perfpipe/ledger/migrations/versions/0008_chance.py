"""How much chance moves each figure. Of figures made before it is not known."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the columns, blank in older rows, which copies no row."""
    for name in ("design_effect", "spread"):
        op.add_column("figures", sa.Column(name, sa.Float(), nullable=True))
