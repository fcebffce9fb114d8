"""A review says whose it is: each desk's last reviews are found by an index, however many reports there are."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

FILL = """
    UPDATE review SET organisation_id = (
        SELECT quarter_report.organisation_id FROM report_version
        JOIN quarter_report ON quarter_report.id = report_version.report_id
        WHERE report_version.id = review.version_id)
"""


def upgrade() -> None:
    op.add_column("review", sa.Column("organisation_id", sa.Integer(), nullable=True))
    op.execute(FILL)
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.alter_column("organisation_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key(op.f("fk_review_organisation_id"), "organisation", ["organisation_id"], ["id"])
        batch_op.create_index("ix_review_organisation_id_review_level_review_id", ["organisation_id", "level", "id"])


def downgrade() -> None:
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index("ix_review_organisation_id_review_level_review_id")
        batch_op.drop_constraint(batch_op.f("fk_review_organisation_id"), type_="foreignkey")
        batch_op.drop_column("organisation_id")
