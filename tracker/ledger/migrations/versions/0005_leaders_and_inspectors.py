"""What leaders and inspectors add: instructions, saved lists, findings with their steps, sealed quarters."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_view_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("person_id", "name", name=op.f("uq_saved_view_person_id_name")),
    )
    op.create_table(
        "look",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plan_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_look_person_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_look_plan_id")),
        sa.PrimaryKeyConstraint("person_id", "plan_id", name=op.f("pk_look")),
    )
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sealed_on", sa.Date(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_by_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_snapshot_organisation_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_snapshot_plan_id")),
        sa.ForeignKeyConstraint(["sealed_by_id"], ["person.id"], name=op.f("fk_snapshot_sealed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sa.UniqueConstraint("plan_id", "quarter", "number", name=op.f("uq_snapshot_plan_id_quarter_number")),
    )
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_snapshot_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "inspection",
                "superior",
                "deputies",
                "public",
                "media",
                "monitoring",
                name="findingsource",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("criterion", sa.String(length=50), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("demand", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "notified",
                "planned",
                "submitted",
                "returned",
                "closed",
                name="findingstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("found_by_id", sa.Integer(), nullable=True),
        sa.Column("notified_on", sa.Date(), nullable=True),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column(
            "verified_class",
            sa.Enum(
                "completed",
                "ahead",
                "on_schedule",
                "behind",
                "other",
                name="progressclass",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("objected_on", sa.Date(), nullable=True),
        sa.Column("unfounded", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["found_by_id"], ["person.id"], name=op.f("fk_finding_found_by_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_finding_item_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_finding_organisation_id")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["person.id"], name=op.f("fk_finding_submitted_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_finding_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("organisation_id", "year", "number", name=op.f("uq_finding_organisation_id_year_number")),
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_finding_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_finding_organisation_id_finding_state"), ["organisation_id", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_finding_unit_id_finding_criterion_finding_kind"),
            ["unit_id", "criterion", "kind"],
            unique=False,
        )

    op.create_table(
        "instruction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("about", sa.String(length=300), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_instruction_item_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_instruction_made_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_instruction_organisation_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_instruction_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instruction")),
        sa.UniqueConstraint("organisation_id", "key", name=op.f("uq_instruction_organisation_id_key")),
    )
    with op.batch_alter_table("instruction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instruction_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_instruction_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_instruction_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "finding_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "record",
                "edit",
                "drop",
                "notify",
                "plan",
                "submit",
                "return",
                "close",
                "object",
                "uphold",
                "dismiss",
                name="findingact",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "notified",
                "planned",
                "submitted",
                "returned",
                "closed",
                name="findingstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_finding_step_file_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_finding_step_finding_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_finding_step_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_step")),
    )
    with op.batch_alter_table("finding_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_step_finding_id"), ["finding_id"], unique=False)

    op.create_table(
        "instruction_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instruction_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("close_note", sa.Text(), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_instruction_share_answered_by_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"], name=op.f("fk_instruction_share_closed_by_id")),
        sa.ForeignKeyConstraint(
            ["instruction_id"], ["instruction.id"], name=op.f("fk_instruction_share_instruction_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_instruction_share_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instruction_share")),
        sa.UniqueConstraint("instruction_id", "unit_id", name=op.f("uq_instruction_share_instruction_id_unit_id")),
    )
    with op.batch_alter_table("instruction_share", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_instruction_share_unit_id_instruction_share_closed_on"),
            ["unit_id", "closed_on"],
            unique=False,
        )

    op.create_table(
        "instruction_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("share_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.Enum("answer", "close", "return", name="stepkind", native_enum=False, length=32), nullable=False
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["share_id"], ["instruction_share.id"], name=op.f("fk_instruction_step_share_id")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["person.id"], name=op.f("fk_instruction_step_taken_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instruction_step")),
    )
    with op.batch_alter_table("instruction_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instruction_step_share_id"), ["share_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("instruction_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_instruction_step_share_id"))

    op.drop_table("instruction_step")
    with op.batch_alter_table("instruction_share", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_instruction_share_unit_id_instruction_share_closed_on"))

    op.drop_table("instruction_share")
    with op.batch_alter_table("finding_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_step_finding_id"))

    op.drop_table("finding_step")
    with op.batch_alter_table("instruction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_instruction_plan_id"))
        batch_op.drop_index(batch_op.f("ix_instruction_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_instruction_item_id"))

    op.drop_table("instruction")
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_unit_id_finding_criterion_finding_kind"))
        batch_op.drop_index(batch_op.f("ix_finding_organisation_id_finding_state"))
        batch_op.drop_index(batch_op.f("ix_finding_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_finding_item_id"))

    op.drop_table("finding")
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_snapshot_organisation_id"))

    op.drop_table("snapshot")
    op.drop_table("look")
    op.drop_table("saved_view")
