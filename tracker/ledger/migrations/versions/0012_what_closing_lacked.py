"""What closing a quarter lacked: leaders of items, corrections that are withdrawn, circulars that are sent."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None

STATES = ("draft", "in_unit", "submitted", "unit_approved", "office_agreed", "returned", "accepted")


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

    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("withdrawal_reason", sa.Text(), nullable=False, server_default=""))
        batch_op.create_foreign_key(op.f("fk_correction_withdrawn_by_id"), "person", ["withdrawn_by_id"], ["id"])
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.alter_column("withdrawal_reason", server_default=None)
    with op.batch_alter_table("corrected_share", schema=None) as batch_op:
        state = sa.Enum(*STATES, name="reportstate", native_enum=False, length=32)
        batch_op.add_column(sa.Column("state_before", state, nullable=True))

    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("sent_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_paper_sent_by_id"), "person", ["sent_by_id"], ["id"])
    op.create_table(
        "paper_receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("received_by", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_paper_receipt_paper_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_paper_receipt_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_receipt")),
        sa.UniqueConstraint("paper_id", "unit_id", name=op.f("uq_paper_receipt_paper_id_unit_id")),
    )
    with op.batch_alter_table("paper_receipt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_receipt_unit_id"), ["unit_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("paper_receipt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_receipt_unit_id"))

    op.drop_table("paper_receipt")
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_paper_sent_by_id"), type_="foreignkey")
        batch_op.drop_column("sent_by_id")
        batch_op.drop_column("sent_at")

    with op.batch_alter_table("corrected_share", schema=None) as batch_op:
        batch_op.drop_column("state_before")
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_correction_withdrawn_by_id"), type_="foreignkey")
        batch_op.drop_column("withdrawal_reason")
        batch_op.drop_column("withdrawn_by_id")
        batch_op.drop_column("withdrawn_at")

    with op.batch_alter_table("item_leader", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_leader_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_item_leader_item_id"))

    op.drop_table("item_leader")
