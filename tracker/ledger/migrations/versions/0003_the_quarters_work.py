"""The quarter's work: registered events, levels of review, extensions, handovers, what a rate was computed from."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("successor_post_id", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_handover_made_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_handover_organisation_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_handover_post_id")),
        sa.ForeignKeyConstraint(["successor_post_id"], ["post.id"], name=op.f("fk_handover_successor_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handover_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_handover_post_id"), ["post_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_handover_successor_post_id"), ["successor_post_id"], unique=False)

    op.create_table(
        "occurrence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.String(length=32), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=True),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("link", sa.String(length=500), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("revoke_reason", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["deadline_id"], ["item_deadline.id"], name=op.f("fk_occurrence_deadline_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_occurrence_file_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_occurrence_item_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_occurrence_organisation_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_occurrence_plan_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_occurrence_recorded_by_id")),
        sa.ForeignKeyConstraint(["target_id"], ["item_target.id"], name=op.f("fk_occurrence_target_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_occurrence_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrence")),
    )
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_occurrence_item_id_occurrence_unit_id"), ["item_id", "unit_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_occurrence_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_occurrence_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "report_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_report_comment_made_by_id")),
        sa.ForeignKeyConstraint(["report_id"], ["quarter_report.id"], name=op.f("fk_report_comment_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_comment")),
    )
    with op.batch_alter_table("report_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_comment_report_id"), ["report_id"], unique=False)

    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "applied",
                "unit_approved",
                "office_agreed",
                "approved",
                "refused",
                "withdrawn",
                name="extensionstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("new_due", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["applied_by_id"], ["person.id"], name=op.f("fk_extension_applied_by_id")),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name=op.f("fk_extension_duty_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_extension_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extension_duty_id"), ["duty_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_extension_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_extension_organisation_id_extension_state"), ["organisation_id", "state"], unique=False
        )

    op.create_table(
        "extension_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("extension_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum("unit", "office", "leader", name="extensionlevel", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("verdict", sa.Enum("accept", "return", name="verdict", native_enum=False, length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judged_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["extension_id"], ["extension.id"], name=op.f("fk_extension_step_extension_id")),
        sa.ForeignKeyConstraint(["judged_by_id"], ["person.id"], name=op.f("fk_extension_step_judged_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension_step")),
    )
    with op.batch_alter_table("extension_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extension_step_extension_id"), ["extension_id"], unique=False)

    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.add_column(sa.Column("target_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("occurrence_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("handed_from_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_duty_occurrence_id"), ["occurrence_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_duty_target_id"), "item_target", ["target_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_duty_occurrence_id"), "occurrence", ["occurrence_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_duty_handed_from_id"), "duty", ["handed_from_id"], ["id"])

    with op.batch_alter_table("fulfilment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("note", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("recorded_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("occurrence_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_fulfilment_occurrence_id"), ["occurrence_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_fulfilment_recorded_by_id"), "person", ["recorded_by_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_fulfilment_occurrence_id"), "occurrence", ["occurrence_id"], ["id"])

    with op.batch_alter_table("item_deadline", schema=None) as batch_op:
        batch_op.add_column(sa.Column("office_due", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("office_due_on", sa.Date(), nullable=True))

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("review_levels", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("extension_levels", sa.Integer(), nullable=False, server_default="2"))

    with op.batch_alter_table("quarter_report", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unchanged", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("missing_note", sa.Text(), nullable=False, server_default=""))

    with op.batch_alter_table("report_figure", schema=None) as batch_op:
        batch_op.alter_column("value", existing_type=sa.String(length=32), nullable=True)
        batch_op.add_column(sa.Column("basis", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.Text(), nullable=False, server_default=""))

    with op.batch_alter_table("report_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("levels", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("left_on", sa.Date(), nullable=True))
    op.execute("UPDATE report_version SET left_on = submitted_on")

    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "level",
                sa.Enum("unit", "office", "leader", name="reviewlevel", native_enum=False, length=32),
                nullable=False,
                server_default="office",
            )
        )
        batch_op.add_column(sa.Column("marks", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_column("marks")
        batch_op.drop_column("level")

    with op.batch_alter_table("report_version", schema=None) as batch_op:
        batch_op.drop_column("left_on")
        batch_op.drop_column("levels")

    op.execute("DELETE FROM report_figure WHERE value IS NULL")
    with op.batch_alter_table("report_figure", schema=None) as batch_op:
        batch_op.drop_column("reason")
        batch_op.drop_column("basis")
        batch_op.alter_column("value", existing_type=sa.String(length=32), nullable=False)

    with op.batch_alter_table("quarter_report", schema=None) as batch_op:
        batch_op.drop_column("missing_note")
        batch_op.drop_column("unchanged")

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_column("extension_levels")
        batch_op.drop_column("review_levels")

    with op.batch_alter_table("item_deadline", schema=None) as batch_op:
        batch_op.drop_column("office_due_on")
        batch_op.drop_column("office_due")

    with op.batch_alter_table("fulfilment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_fulfilment_occurrence_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_fulfilment_recorded_by_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_fulfilment_occurrence_id"))
        batch_op.drop_column("occurrence_id")
        batch_op.drop_column("recorded_by_id")
        batch_op.drop_column("note")

    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_duty_handed_from_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_duty_occurrence_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_duty_target_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_duty_occurrence_id"))
        batch_op.drop_column("handed_from_id")
        batch_op.drop_column("occurrence_id")
        batch_op.drop_column("target_id")

    with op.batch_alter_table("extension_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_extension_step_extension_id"))

    op.drop_table("extension_step")
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_extension_organisation_id_extension_state"))
        batch_op.drop_index(batch_op.f("ix_extension_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_extension_duty_id"))

    op.drop_table("extension")
    with op.batch_alter_table("report_comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_comment_report_id"))

    op.drop_table("report_comment")
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_occurrence_unit_id"))
        batch_op.drop_index(batch_op.f("ix_occurrence_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_occurrence_item_id_occurrence_unit_id"))

    op.drop_table("occurrence")
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handover_successor_post_id"))
        batch_op.drop_index(batch_op.f("ix_handover_post_id"))
        batch_op.drop_index(batch_op.f("ix_handover_organisation_id"))

    op.drop_table("handover")
