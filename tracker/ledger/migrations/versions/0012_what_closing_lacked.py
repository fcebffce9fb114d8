"""What closing a quarter lacked: the leaders who answer for items."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "item_leader",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("named_on", sa.Date(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named_by_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_leader_item_id")),
        sa.ForeignKeyConstraint(["named_by_id"], ["person.id"], name=op.f("fk_item_leader_named_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_item_leader_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_leader")),
    )
    with op.batch_alter_table("item_leader", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_leader_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_leader_organisation_id"), ["organisation_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("item_leader", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_leader_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_item_leader_item_id"))

    op.drop_table("item_leader")
