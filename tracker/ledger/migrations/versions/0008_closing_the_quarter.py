"""Closing the quarter: the day that a snapshot seals, corrections, papers with their files, and who may close."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Snapshots were never made before: the table is empty, and every row of it will name its day.
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("as_of", sa.Date(), nullable=False))
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sealing_levels", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.alter_column("sealing_levels", server_default=None)

    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name=op.f("fk_correction_opened_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_correction_organisation_id")),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_correction_snapshot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_correction_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_correction_snapshot_id"), ["snapshot_id"], unique=False)

    op.create_table(
        "corrected_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("version_before", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["correction_id"], ["correction.id"], name=op.f("fk_corrected_share_correction_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_corrected_share_item_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_corrected_share_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrected_share")),
        sa.UniqueConstraint(
            "correction_id", "item_id", "unit_id", name=op.f("uq_corrected_share_correction_id_item_id_unit_id")
        ),
    )
    op.create_table(
        "paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "leaders-report",
                "circular",
                "summary",
                "inspection",
                "breakdown",
                "ledger",
                "rectification-register",
                "rectification-notice",
                "report-form",
                name="paperkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("received_by", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_paper_organisation_id")),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_paper_snapshot_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_paper_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint(
            "organisation_id",
            "kind",
            "year",
            "number",
            "version",
            name=op.f("uq_paper_organisation_id_kind_year_number_version"),
        ),
        sa.UniqueConstraint("snapshot_id", "kind", "subject", name=op.f("uq_paper_snapshot_id_kind_subject")),
    )
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_paper_organisation_id_paper_kind"), ["organisation_id", "kind"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_paper_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "paper_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("ending", sa.String(length=5), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_paper_file_file_id")),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_paper_file_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_file")),
        sa.UniqueConstraint("paper_id", "ending", name=op.f("uq_paper_file_paper_id_ending")),
    )


def downgrade() -> None:
    op.drop_table("paper_file")
    op.drop_table("paper")
    op.drop_table("corrected_share")
    op.drop_table("correction")
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_column("sealing_levels")
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.drop_column("as_of")
