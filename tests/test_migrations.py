"""Migrations: a fresh database and a migrated one are the same, and there is one head."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, select

from tracker import MIGRATIONS
from tracker.ledger.db import Record, db


def test_the_migrated_database_is_what_the_tables_say(bare_app):
    with bare_app.app_context(), db.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Record.metadata) == []


def test_there_is_one_head():
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1


def test_every_migration_can_be_taken_back_and_run_again(bare_app):
    with bare_app.app_context():
        downgrade(revision="base")
        upgrade()


def test_a_ledger_in_use_is_migrated_with_all_its_rows(app):
    """The third migration copies tables that others point at."""
    with app.app_context():
        before = {table.name: _rows(table) for table in Record.metadata.sorted_tables if table.name in _KEPT}
        downgrade(revision="0002")
        upgrade()
        assert {table.name: _rows(table) for table in Record.metadata.sorted_tables if table.name in _KEPT} == before
        assert all(before.values())


_KEPT = ("organisation", "person", "plan", "item", "item_deadline", "duty", "event")


def _rows(table):
    with db.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table))
