"""Inspections as records: plan, team, each unit's part, verdicts with what proves them; and verified classes."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inspection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "notified",
                "self_check",
                "on_site",
                "concluded",
                "published",
                "cancelled",
                name="inspectionstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("methods", sa.JSON(), nullable=False),
        sa.Column(
            "reach", sa.Enum("all", "chosen", "sample", name="reach", native_enum=False, length=32), nullable=False
        ),
        sa.Column("sample_size", sa.Integer(), nullable=True),
        sa.Column("by_group", sa.Boolean(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("roster", sa.JSON(), nullable=False),
        sa.Column("algorithm", sa.String(length=200), nullable=False),
        sa.Column("draws", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("self_check_due", sa.Date(), nullable=True),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("planned_by_id", sa.Integer(), nullable=True),
        sa.Column("notified_on", sa.Date(), nullable=True),
        sa.Column("notified_by_id", sa.Integer(), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("concluded_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("published_at", sa.String(length=500), nullable=False),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["notified_by_id"], ["person.id"], name=op.f("fk_inspection_notified_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_inspection_organisation_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_inspection_plan_id")),
        sa.ForeignKeyConstraint(["planned_by_id"], ["person.id"], name=op.f("fk_inspection_planned_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
        sa.UniqueConstraint(
            "organisation_id", "year", "number", name=op.f("uq_inspection_organisation_id_year_number")
        ),
    )
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspection_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_inspection_organisation_id_inspection_quarter"), ["organisation_id", "quarter"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_inspection_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "inspection_checker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=50), nullable=False),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f("fk_inspection_checker_inspection_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_inspection_checker_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_checker")),
        sa.UniqueConstraint("inspection_id", "person_id", name=op.f("uq_inspection_checker_inspection_id_person_id")),
    )
    with op.batch_alter_table("inspection_checker", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspection_checker_person_id"), ["person_id"], unique=False)

    op.create_table(
        "inspection_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("checker_id", sa.Integer(), nullable=True),
        sa.Column("visit_on", sa.Date(), nullable=True),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("excused", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("received_by", sa.String(length=64), nullable=False),
        sa.Column("self_check", sa.Text(), nullable=False),
        sa.Column("self_checked_on", sa.Date(), nullable=True),
        sa.Column("self_checked_by_id", sa.Integer(), nullable=True),
        sa.Column("results", sa.Integer(), nullable=False),
        sa.Column("facts_on", sa.Date(), nullable=True),
        sa.Column("answer_due", sa.Date(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("objected_on", sa.Date(), nullable=True),
        sa.Column("objection", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_inspection_part_answered_by_id")),
        sa.ForeignKeyConstraint(["checker_id"], ["person.id"], name=op.f("fk_inspection_part_checker_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_inspection_part_confirmed_by_id")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f("fk_inspection_part_inspection_id")),
        sa.ForeignKeyConstraint(
            ["self_checked_by_id"], ["person.id"], name=op.f("fk_inspection_part_self_checked_by_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_inspection_part_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_part")),
        sa.UniqueConstraint("inspection_id", "unit_id", name=op.f("uq_inspection_part_inspection_id_unit_id")),
    )
    with op.batch_alter_table("inspection_part", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_inspection_part_checker_id_inspection_part_visit_on"),
            ["checker_id", "visit_on"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_inspection_part_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "inspection_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("cell", sa.String(length=100), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum("met", "mostly_met", "not_met", "not_applicable", name="verdict", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("taken", sa.Boolean(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_inspection_entry_made_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_inspection_entry_organisation_id")
        ),
        sa.ForeignKeyConstraint(["part_id"], ["inspection_part.id"], name=op.f("fk_inspection_entry_part_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_entry")),
        sa.UniqueConstraint("organisation_id", "key", name=op.f("uq_inspection_entry_organisation_id_key")),
    )
    with op.batch_alter_table("inspection_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspection_entry_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inspection_entry_part_id"), ["part_id"], unique=False)

    op.create_table(
        "verified_class",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column(
            "progress_class",
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
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f("fk_verified_class_inspection_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_verified_class_item_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_verified_class_organisation_id")
        ),
        sa.ForeignKeyConstraint(["said_by_id"], ["person.id"], name=op.f("fk_verified_class_said_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_verified_class_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verified_class")),
        sa.UniqueConstraint("organisation_id", "key", name=op.f("uq_verified_class_organisation_id_key")),
    )
    with op.batch_alter_table("verified_class", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_verified_class_inspection_id"), ["inspection_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_verified_class_item_id_verified_class_quarter"), ["item_id", "quarter"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_verified_class_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_verified_class_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "inspection_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("cell", sa.String(length=100), nullable=False),
        sa.Column("by_unit", sa.Boolean(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("criterion", sa.String(length=50), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum("met", "mostly_met", "not_met", "not_applicable", name="verdict", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_inspection_result_finding_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_inspection_result_item_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_inspection_result_made_by_id")),
        sa.ForeignKeyConstraint(["part_id"], ["inspection_part.id"], name=op.f("fk_inspection_result_part_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_result")),
        sa.UniqueConstraint("part_id", "cell", name=op.f("uq_inspection_result_part_id_cell")),
    )
    with op.batch_alter_table("inspection_result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspection_result_finding_id"), ["finding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inspection_result_item_id"), ["item_id"], unique=False)

    op.create_table(
        "inspection_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_inspection_file_file_id")),
        sa.ForeignKeyConstraint(["result_id"], ["inspection_result.id"], name=op.f("fk_inspection_file_result_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_file")),
    )
    with op.batch_alter_table("inspection_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspection_file_result_id"), ["result_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("inspection_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inspection_file_result_id"))

    op.drop_table("inspection_file")
    with op.batch_alter_table("inspection_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inspection_result_item_id"))
        batch_op.drop_index(batch_op.f("ix_inspection_result_finding_id"))

    op.drop_table("inspection_result")
    with op.batch_alter_table("verified_class", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_verified_class_unit_id"))
        batch_op.drop_index(batch_op.f("ix_verified_class_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_verified_class_item_id_verified_class_quarter"))
        batch_op.drop_index(batch_op.f("ix_verified_class_inspection_id"))

    op.drop_table("verified_class")
    with op.batch_alter_table("inspection_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inspection_entry_part_id"))
        batch_op.drop_index(batch_op.f("ix_inspection_entry_organisation_id"))

    op.drop_table("inspection_entry")
    with op.batch_alter_table("inspection_part", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inspection_part_unit_id"))
        batch_op.drop_index(batch_op.f("ix_inspection_part_checker_id_inspection_part_visit_on"))

    op.drop_table("inspection_part")
    with op.batch_alter_table("inspection_checker", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inspection_checker_person_id"))

    op.drop_table("inspection_checker")
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inspection_plan_id"))
        batch_op.drop_index(batch_op.f("ix_inspection_organisation_id_inspection_quarter"))
        batch_op.drop_index(batch_op.f("ix_inspection_organisation_id"))

    op.drop_table("inspection")
