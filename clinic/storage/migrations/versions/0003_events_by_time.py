"""An index of Rasa's `events` by time, for deleting what has been kept long enough."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_index("ix_events_timestamp", "events", ["timestamp"])


def downgrade() -> None:
    """Go back to 0002."""
    op.drop_index("ix_events_timestamp", table_name="events")
