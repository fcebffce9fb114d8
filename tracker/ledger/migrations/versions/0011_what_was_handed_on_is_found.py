"""What was handed on is found by an index: an item's page asks which duty goes on from another."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("duty") as duty:
        duty.create_index("ix_duty_handed_from_id", ["handed_from_id"])


def downgrade() -> None:
    with op.batch_alter_table("duty") as duty:
        duty.drop_index("ix_duty_handed_from_id")
