"""The office"s own steps of alerts, and tidings: what was decided about a unit"s matter is told to it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_alert_rule_made_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_alert_rule_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_rule")),
        sa.UniqueConstraint("organisation_id", "starts_on", name=op.f("uq_alert_rule_organisation_id_starts_on")),
    )
    with op.batch_alter_table("alert_rule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_rule_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "tiding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "extension",
                "report",
                "instruction",
                "notice",
                "finding",
                name="tidingkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=400), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_tiding_organisation_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_tiding_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tiding")),
    )
    with op.batch_alter_table("tiding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tiding_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tiding_unit_id_tiding_told_at"), ["unit_id", "told_at"], unique=False)

    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alert_told"))
        batch_op.create_index(
            "ix_alert_told", ["organisation_id", "audience", "raised_on", "unit_id", "due"], unique=False
        )

    with op.batch_alter_table("preference", schema=None) as batch_op:
        batch_op.add_column(sa.Column("at_once", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("tidings_seen_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("preference", schema=None) as batch_op:
        batch_op.drop_column("tidings_seen_at")
        batch_op.drop_column("at_once")

    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.drop_index("ix_alert_told")
        batch_op.create_index(
            batch_op.f("ix_alert_told"), ["organisation_id", "audience", "raised_on", "unit_id"], unique=False
        )

    with op.batch_alter_table("tiding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tiding_unit_id_tiding_told_at"))
        batch_op.drop_index(batch_op.f("ix_tiding_organisation_id"))

    op.drop_table("tiding")
    with op.batch_alter_table("alert_rule", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alert_rule_organisation_id"))

    op.drop_table("alert_rule")
