"""The inbox of accepted messages, and ratings of single messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "inbox_messages",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("message_id", sa.String(128), nullable=False),
        sa.Column("conversation_id", sa.String(255), nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("is_payload", sa.Boolean(), nullable=False),
        sa.Column("replies", sa.JSON()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.UniqueConstraint("channel", "conversation_id", "message_id"),
    )
    for column in ("conversation_id", "created_at"):
        op.create_index(f"ix_inbox_messages_{column}", "inbox_messages", [column])
    op.add_column("feedback", sa.Column("message_key", sa.String(340)))
    op.create_index("ix_feedback_message_key", "feedback", ["message_key"], unique=True)


def downgrade() -> None:
    """Go back to 0001; messages that wait for an answer are lost."""
    op.drop_index("ix_feedback_message_key", table_name="feedback")
    with op.batch_alter_table("feedback") as table:
        table.drop_column("message_key")
    op.drop_table("inbox_messages")
