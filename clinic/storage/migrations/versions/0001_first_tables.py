"""The clinic's tables, and Rasa's `events` with an index for reading a conversation in order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    _health_checks()
    _consultation_requests()
    _handoffs()
    _feedback()
    _erasures()
    _events()


def downgrade() -> None:
    """Go back to an empty database; `events` stays, for Rasa keeps its conversations there."""
    op.drop_index("ix_events_sender_id_timestamp", table_name="events")
    for table in ("erasures", "feedback", "handoffs", "consultation_requests", "health_checks"):
        op.drop_table(table)


def _health_checks() -> None:
    op.create_table(
        "health_checks",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("conversation_id", sa.String(255), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("consent_version", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
    )
    _indexes("health_checks", "conversation_id", "created_at")


def _consultation_requests() -> None:
    op.create_table(
        "consultation_requests",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("reference", sa.String(16), nullable=False, unique=True),
        sa.Column("conversation_id", sa.String(255), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("phone", sa.String(32)),
        sa.Column("email", sa.String(254)),
        sa.Column("preferred_words", sa.Text(), nullable=False),
        sa.Column("preferred_day", sa.Date()),
        sa.Column("preferred_time", sa.Time()),
        sa.Column("preferred_part", sa.String(16)),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("request_key", sa.String(64), unique=True),
        sa.Column(
            "health_check_id", sa.Integer(), sa.ForeignKey("health_checks.id", ondelete="SET NULL")
        ),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
    )
    _indexes("consultation_requests", "conversation_id", "status", "created_at")


def _handoffs() -> None:
    op.create_table(
        "handoffs",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("conversation_id", sa.String(255), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("name", sa.String(120)),
        sa.Column("phone", sa.String(32)),
        sa.Column("email", sa.String(254)),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("open_key", sa.String(64), unique=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
    )
    _indexes("handoffs", "conversation_id", "status", "created_at")


def _feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("conversation_id", sa.String(255), nullable=False),
        sa.Column("topic", sa.String(64)),
        sa.Column("rating", sa.String(8), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
    )
    _indexes("feedback", "conversation_id", "topic", "created_at")


def _erasures() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("conversation_hash", sa.String(12), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
    )
    _indexes("erasures", "conversation_hash")


def _events() -> None:
    # As in rasa.core.tracker_store.SQLTrackerStore.SQLEvent of Rasa 3.6.21. Rasa makes the table
    # itself at its first start, so it may be there already.
    if not sa.inspect(op.get_bind()).has_table("events"):
        op.create_table(
            "events",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("sender_id", sa.String(255), nullable=False),
            sa.Column("type_name", sa.String(255), nullable=False),
            sa.Column("timestamp", sa.Float()),
            sa.Column("intent_name", sa.String(255)),
            sa.Column("action_name", sa.String(255)),
            sa.Column("data", sa.Text()),
        )
        _indexes("events", "sender_id")
    present = {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("events")}
    if "ix_events_sender_id_timestamp" not in present:
        op.create_index("ix_events_sender_id_timestamp", "events", ["sender_id", "timestamp"])


def _indexes(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])
