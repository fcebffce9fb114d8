"""The office's own days for the steps of a quarter, by date; the night's alerts are counted in their index alone."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TOLD = ["organisation_id", "audience", "raised_on", "unit_id", "due"]


def upgrade() -> None:
    op.create_table(
        "quarter_course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_quarter_course_made_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_quarter_course_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarter_course")),
        sa.UniqueConstraint("organisation_id", "starts_on", name=op.f("uq_quarter_course_organisation_id_starts_on")),
    )
    with op.batch_alter_table("quarter_course", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quarter_course_organisation_id"), ["organisation_id"], unique=False)

    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alert_organisation_id"))
        batch_op.drop_index("ix_alert_told")
        batch_op.create_index("ix_alert_told", [*TOLD, "kind"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.drop_index("ix_alert_told")
        batch_op.create_index("ix_alert_told", TOLD, unique=False)
        batch_op.create_index(batch_op.f("ix_alert_organisation_id"), ["organisation_id"], unique=False)

    with op.batch_alter_table("quarter_course", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quarter_course_organisation_id"))

    op.drop_table("quarter_course")
